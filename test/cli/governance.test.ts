/** Requirements on the register that only whole commands can show. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nextRecord, recordLine } from "../../src/register/evidence.ts";
import { leasehold, scanJson } from "../e2e/leasehold.ts";
import { commit, initialise, temporaryFolder, write } from "../git/temporary-repository.ts";

const file = ".github/secrets.yml";
/** T1 by its name and place, so that it blocks two weeks after its end. */
const deployKey = (expires: string) =>
  `version: 1\nsecrets:\n  - { name: DEPLOY_KEY, owner: "@alice", backup: "@bob", purpose: Pushes images to the mirror, expires: ${expires}, revoke: { how: delete it } }\n`;

describe("G36 enforcement begins on its day", () => {
  function folderWith(policy: string): string {
    const folder = temporaryFolder();
    write(folder, file, deployKey("2026-12-01"));
    write(folder, ".github/leasehold.yml", `version: 1\n${policy}`);
    return folder;
  }
  const check = (folder: string, day: string) => leasehold(folder, ["register", "check", "--no-git", "--at", day]);

  test("through the last day of observing a finding is shown and does not fail; from the next day on it does", async () => {
    const folder = folderWith("mode: observe\nenforce-after: 2026-12-31\n");
    for (const [day, code] of [
      ["2026-12-30", 0],
      ["2026-12-31", 0],
      ["2027-01-01", 1],
    ] as const) {
      const answer = await check(folder, day);
      expect([day, answer.code]).toEqual([day, code]);
      expect(answer.stdout).toContain("register/expired");
    }
  });

  test("what the baseline holds does not fail, also after it", async () => {
    const folder = folderWith("mode: enforce\n");
    expect((await check(folder, "2026-12-14")).code).toBe(0);
    const late = await check(folder, "2026-12-15");
    expect(late.code).toBe(1);
    const id = /LH-[0-9A-Z]{6}/.exec(late.stdout)![0];
    write(folder, ".github/leasehold-baseline.txt", `${id} register/expired ${file}\n`);
    expect((await check(folder, "2026-12-15")).code).toBe(0);
  });
});

describe("G32 decisions and changes of the rules leave a trace", () => {
  test("a change that loosens the policy or moves an end says so", async () => {
    const folder = initialise();
    commit(folder, { [file]: deployKey("2999-01-01"), ".github/leasehold.yml": "version: 1\nmode: enforce\n" });
    commit(folder, { ".github/leasehold.yml": "version: 1\nmode: observe\n" });
    const { report } = await scanJson(folder, ["HEAD~1..HEAD"]);
    expect(report.notes).toContainEqual(expect.stringMatching(/^this change weakens the policy: .*observe/));

    write(folder, "before.yml", deployKey("2026-12-31"));
    write(folder, "after.yml", deployKey("2027-12-31"));
    const { stdout } = await leasehold(folder, ["register", "diff", "before.yml", "after.yml"]);
    expect(stdout).toBe("~ actions/DEPLOY_KEY  expires: 2026-12-31 -> 2027-12-31\n");
  });

  test("a decision in the log is bound to its commit; rewriting who decided, or its commit, is found", async () => {
    const folder = temporaryFolder();
    const first = nextRecord(
      {
        ...{
          at: "2026-11-21T09:00Z",
          kind: "decision",
          standing: "observed",
          finding: "LH-7F3A9C",
          decision: "waived",
        },
        ...{ by: "@alice", reason: "accepted risk", commit: "a".repeat(40), policy: "b".repeat(40) },
      },
      undefined,
    );
    const second = nextRecord({ at: "2026-11-22T09:00Z", kind: "snapshot", standing: "observed" }, first);
    const lines = recordLine(first) + recordLine(second);
    writeFileSync(join(folder, "log.jsonl"), lines);
    expect((await leasehold(folder, ["evidence", "verify", "log.jsonl", "--head", second.hash])).code).toBe(0);
    for (const [from, to] of [
      ["@alice", "@carol"],
      ["a".repeat(40), "c".repeat(40)],
      ["b".repeat(40), "d".repeat(40)],
    ] as const) {
      writeFileSync(join(folder, "log.jsonl"), lines.replace(from, to));
      const { code, stdout } = await leasehold(folder, ["evidence", "verify", "log.jsonl"]);
      expect(code).toBe(1);
      expect(stdout).toContain("log.jsonl:1: record 1: its body was changed");
    }
    writeFileSync(join(folder, "log.jsonl"), recordLine(first));
    expect((await leasehold(folder, ["evidence", "verify", "log.jsonl", "--head", second.hash])).stdout).toContain(
      "its tail is missing",
    );
  });
});

test("G14 register check with the log: what was closed without proof is open, and a log that is not whole is an error", async () => {
  const folder = temporaryFolder();
  write(folder, file, deployKey("2999-01-01"));
  const closed = nextRecord(
    {
      ...{ at: "2026-11-21T09:00Z", kind: "decision", standing: "declared", finding: "LH-7F3A9C" },
      ...{ rule: "register/expired", decision: "resolved" },
    },
    undefined,
  );
  const lines = recordLine(closed);
  writeFileSync(join(folder, "log.jsonl"), lines);
  const check = () => leasehold(folder, ["register", "check", "--no-git", "--evidence", "log.jsonl"]);
  expect((await check()).stdout).toContain("register/evidence-gap");
  const proven = nextRecord(
    { ...closed.body!, at: "2026-11-22T09:00Z", standing: "verified", proof: "the store answered 404" },
    closed,
  );
  writeFileSync(join(folder, "log.jsonl"), lines + recordLine(proven));
  expect((await check()).stdout).not.toContain("register/evidence-gap");
  writeFileSync(join(folder, "log.jsonl"), recordLine(proven));
  const broken = await check();
  expect(broken.code).toBe(2);
  expect(broken.stderr).toContain("log.jsonl:1: the log is not whole");
});
