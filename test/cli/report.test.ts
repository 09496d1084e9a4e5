import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCli } from "../../src/cli/dispatch.ts";
import { reportCommand } from "../../src/cli/report.ts";
import { nextRecord, recordLine } from "../../src/register/evidence.ts";
import { inventory, listed, repository, secret } from "../register/sample.ts";
import { fakeIo, tableOf } from "./fake-io.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leasehold-report-"));
  mkdirSync(join(folder, ".github/workflows"), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(...words: string[]) {
  const io = fakeIo({ cwd: folder });
  const code = await runCli(["report", ...words], io, tableOf(reportCommand));
  return { code, ...io.written };
}
const write = (path: string, text: string) => writeFileSync(join(folder, path), text);

const job = (name: string, extra: string, env: string) =>
  `  ${name}:\n    runs-on: ubuntu-latest\n${extra}    steps:\n      - run: make\n        env:\n          ${env}\n`;
const oidc = "    permissions: { id-token: write }\n";
const stored = "KEY: $" + "{{ secrets.SAAS_KEY }}";
const workflow = `on: push\njobs:\n${job("a", oidc, "A: b")}${job("b", oidc, stored)}${job("c", "", stored)}${job("d", "", "A: b")}`;
const register = `version: 1\nsecrets:\n  - { name: SAAS_KEY, owner: "@alice", purpose: sends mail, expires: 2026-12-01 }\n`;

describe("report", () => {
  test("joins register, workflows, stores and evidence", async () => {
    write(".github/workflows/ci.yml", workflow);
    write(".github/secrets.yml", register);
    write(
      "stores.json",
      JSON.stringify(inventory([repository({ actions: listed(secret("SAAS_KEY"), secret("LOOSE")) })])),
    );
    const record = nextRecord(
      { at: "2026-11-01T08:00Z", kind: "finding", standing: "observed", finding: "LH-7F3A9C" },
      undefined,
    );
    write("log.jsonl", recordLine(record));
    const words = ["--inventory", "stores.json", "--evidence", "log.jsonl", "--at", "2026-11-21", "--no-git"];
    const { code, stdout } = await run(...words);
    expect(code).toBe(0);
    expect(stdout).toContain("## Standing credentials left: 2\n");
    expect(stdout).toMatch(/\| &#64;&#8203;alice \|.* 1 \|\n/);
    expect(stdout).toContain("| 0 to 30 days | 2 |\n");
    expect(stdout).toContain("| OIDC alone | 1 | 33 % |\n");
    expect(stdout).toContain("| OIDC and a stored credential | 1 | 33 % |\n");
    expect(stdout).toContain("| 2026-11 | 1 | 1 | 0 |\n");
    await run(...words, "-f", "html", "-o", "report.html");
    expect(readFileSync(join(folder, "report.html"), "utf8")).toContain("<svg");
  });

  test("at a commit: its files, and its day", async () => {
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
        cwd: folder,
        env: { ...process.env, GIT_COMMITTER_DATE: "2026-12-01T23:30:00Z", GIT_AUTHOR_DATE: "2020-01-01T00:00:00Z" },
      });
    git("init", "-q");
    write(".github/workflows/ci.yml", workflow);
    write(".github/secrets.yml", register);
    git("add", ".");
    git("commit", "-q", "-m", "x");
    write(".github/secrets.yml", "version: 1\nsecrets: []\n");
    rmSync(join(folder, ".github/workflows/ci.yml"));
    expect((await run()).stdout).toContain("## Standing credentials left: 0\n");
    const { stdout } = await run("--at", "HEAD");
    expect(stdout).toContain("## Standing credentials left: 1\n");
    expect(stdout).toContain("As of 2026-12-01. ");
    expect(stdout).toContain("Nothing is overdue.");
    expect(await run("--at", "nowhere")).toMatchObject({ code: 3, stdout: "" });
  });

  test("a workflow that cannot be understood is named, and no secret counts as unused for it", async () => {
    write(".github/workflows/ci.yml", "on: push\njobs: [\n");
    expect((await run("--no-git")).stdout).toContain("not counted: .github/workflows/ci.yml.");
  });

  test.each([
    ["--at", "2026-02-30", /expected a day/],
    ["--at", "HEAD", /no git repository here/],
    ["--evidence", "broken.jsonl", /the log is not whole/],
  ])("%s %s is refused", async (flag, value, message) => {
    write("broken.jsonl", "{}\n");
    const { code, stderr } = await run(flag, value);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
