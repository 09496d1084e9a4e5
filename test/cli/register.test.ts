import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCli } from "../../src/cli/dispatch.ts";
import { evidenceCommand } from "../../src/cli/evidence.ts";
import { fingerprintCommand } from "../../src/cli/fingerprint.ts";
import { offboardCommand } from "../../src/cli/offboard.ts";
import { registerCommand } from "../../src/cli/register.ts";
import { whoCanCommand } from "../../src/cli/who-can.ts";
import { nextRecord, recordLine } from "../../src/register/evidence.ts";
import { inventory, listed, repository, secret } from "../register/sample.ts";
import { fakeIo, tableOf } from "./fake-io.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leasehold-register-"));
  mkdirSync(join(folder, ".github/workflows"), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const table = tableOf(registerCommand, whoCanCommand, offboardCommand, evidenceCommand, fingerprintCommand);

type Change = { env?: Record<string, string>; stdin?: string; tty?: boolean };

async function run(words: string[], change: Change = {}) {
  const stdin = (async function* () {
    if (change.stdin !== undefined) yield Buffer.from(change.stdin);
  })();
  const io = fakeIo({ cwd: folder, env: change.env ?? {}, stdin, tty: change.tty ?? false, columns: 100 });
  const git = words[0] === "evidence" || words[0] === "fingerprint" ? [] : ["--no-git"];
  const code = await runCli([...words, ...git], io, table);
  return { code, ...io.written };
}

function write(path: string, text: string): void {
  writeFileSync(join(folder, path), text);
}

const read = (path: string) => readFileSync(join(folder, path), "utf8");
const register = (text: string) => write(".github/secrets.yml", `version: 1\nsecrets:\n${text}`);

const workflow = `on: [push]
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: make
        env:
          KEY: \${{ secrets.SAAS_KEY }}
          OWN: \${{ secrets.GITHUB_TOKEN }}
`;

describe("register check", () => {
  test("without a register: one line of information, exit 0", async () => {
    write(".github/workflows/ci.yml", workflow);
    const { code, stdout } = await run(["register", "check"]);
    expect(code).toBe(0);
    expect(stdout).toContain("register/absent");
    expect(stdout).toContain("0 blocking, 1 warning");
  });

  test("a use without an entry fails with the block to paste, and passes once it is pasted and filled in", async () => {
    write(".github/workflows/ci.yml", workflow);
    register("  - { name: OTHER, not-a-secret: true }\n");
    const before = await run(["register", "check"]);
    expect(before.code).toBe(1);
    expect(before.stdout).toContain("register/undeclared");
    const block = before.stdout.slice(before.stdout.indexOf("  - name: SAAS_KEY"));
    expect(block).toContain('    owner: # "@login" or "@org/team"\n');
    write(".github/secrets.yml", read(".github/secrets.yml") + block);
    const pasted = await run(["register", "check", "--at", "2026-11-21"]);
    expect(pasted.code).toBe(0);
    expect(pasted.stdout).toContain("register/owner-missing");
    const filled = block
      .replace("owner: #", 'owner: "@alice" #')
      .replace("purpose: #", "purpose: Posts results to the status page #")
      .replace("expires: #", "expires: 2027-01-31 #");
    register(`  - { name: OTHER, not-a-secret: true }\n${filled}`);
    const clean = await run(["register", "check", "--at", "2026-11-21"]);
    expect(clean.stdout).toContain("nothing found");
    expect(clean.code).toBe(0);
  });

  test("an error in the file comes first, with line and column, exit 2", async () => {
    register("  - name: A\n    ownr: '@a'\n");
    const { code, stderr, stdout } = await run(["register", "check"]);
    expect(code).toBe(2);
    expect(stderr).toContain('.github/secrets.yml:4:5: unknown key "ownr"; did you mean "owner"?');
    expect(stdout).toBe("");
  });

  test("two registers are an error", async () => {
    register("  - name: A\n");
    write(".github/secrets.yaml", "version: 1\n");
    const { code, stderr } = await run(["register", "check"]);
    expect(code).toBe(2);
    expect(stderr).toContain("are both there");
  });

  test("with a snapshot, on a day: what ended blocks, a waiver holds through its day", async () => {
    register(
      "  - { name: AWS_KEY, owner: '@alice', backup: '@bob', purpose: Deploys the shop to its cluster, expires: 2026-12-31, revoke: { how: x } }\n",
    );
    write(
      "snapshot.json",
      JSON.stringify(inventory([repository({ actions: listed(secret("AWS_KEY", "2026-12-30")) })])),
    );
    const check = (day: string) =>
      run(["register", "check", "--inventory", "snapshot.json", "--at", day, "--format", "json"]);
    expect((await check("2026-12-31")).code).toBe(0);
    const over = await check("2027-01-14");
    expect(over.code).toBe(1);
    const expired = JSON.parse(over.stdout).findings.find(({ rule }: { rule: string }) => rule === "register/expired");
    expect(expired).toMatchObject({ blocking: true, facts: { tier: "T1", target: "actions/AWS_KEY" } });
    write(
      ".github/leasehold-waivers.yml",
      "waivers:\n  - rule: register/expired\n    target: actions/AWS_KEY\n    reason: migration\n    why: Moves to OIDC (T-1)\n    approved-by: '@carol'\n    until: 2027-01-20\n",
    );
    expect((await check("2027-01-20")).code).toBe(0);
    expect((await check("2027-01-21")).code).toBe(1);
  });

  test("no value in a workflow reaches the report", async () => {
    const value = createHash("sha256").update("value").digest("hex");
    write(".github/workflows/ci.yml", workflow.replace("make", `curl -H "token: ${value}"`));
    register(`  - { name: SAAS_KEY, purpose: '${value}' }\n`);
    for (const format of ["text", "json", "sarif", "markdown", "html"]) {
      const { stdout, stderr } = await run(["register", "check", "--format", format]);
      expect(stdout + stderr).not.toContain(value);
    }
  });
});

describe("register add, list, explain, diff and import", () => {
  test("flags are enough, and nothing is asked", async () => {
    const { code } = await run([
      "register",
      "add",
      "npm_token",
      "--owner",
      "alice",
      "--purpose",
      "Publishes the packages",
      "--expires",
      "2026-12-31",
      "--rotate",
      "30d",
      "--environment",
      "release",
    ]);
    expect(code).toBe(0);
    expect(read(".github/secrets.yml")).toContain(`  - name: npm_token
    scope: { environment: release }
    owner: "@alice"
    purpose: Publishes the packages
    expires: 2026-12-31
    rotate: { every: 30d }
`);
    const again = await run([
      "register",
      "add",
      "NPM_TOKEN",
      "--environment",
      "Release",
      "--owner",
      "a",
      "--purpose",
      "p",
      "--expires",
      "2026-12-31",
    ]);
    expect(again.code).toBe(2);
    expect(again.stderr).toContain("is declared already");
  });

  test("on a terminal what is missing is asked for, until the answer fits", async () => {
    const { code, stderr } = await run(["register", "add", "A"], {
      tty: true,
      stdin: "acme\n@acme/web\nKeeps the lights on\n2026-02-30\n2027-01-31\n",
    });
    expect(stderr).toContain("expected a login or team");
    expect(stderr).toContain("exists in the calendar");
    expect(code).toBe(0);
    expect(read(".github/secrets.yml")).toContain(
      'owner: "@acme/web"\n    purpose: Keeps the lights on\n    expires: 2027-01-31\n',
    );
  });

  test("without one the flags are named; an end of input is an error", async () => {
    const { code, stderr } = await run(["register", "add", "A", "--owner", "a"]);
    expect(code).toBe(2);
    expect(stderr).toContain("--purpose, --expires are missing");
    const ended = await run(["register", "add", "A"], { tty: true, stdin: "@a\n" });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain("no answer to");
  });

  test("list and explain", async () => {
    write(".github/workflows/ci.yml", workflow);
    register("  - { name: SAAS_KEY, owner: '@alice', expires: 2026-12-31 }\n");
    const list = await run(["register", "list", "--at", "2026-12-30"]);
    expect(list.stdout).toMatch(/^actions\/SAAS_KEY +due +T2 +@alice +1 +1$/m);
    expect(list.stdout).toContain("expiry: 1 declared, 0 observed, 0 verified, 0 unknown");
    const json = JSON.parse((await run(["register", "list", "--json", "--at", "2026-12-30"])).stdout);
    expect(json.rows).toEqual([
      {
        target: "actions/SAAS_KEY",
        state: "due",
        tier: "T2",
        owner: "@alice",
        daysLeft: 1,
        standing: "declared",
        uses: 1,
      },
    ]);
    expect((await run(["register", "explain", "saas_key"])).stdout).toContain("missing links: approval");
    const none = await run(["register", "explain", "SAS_KEY"]);
    expect(none.code).toBe(3);
    expect(none.stderr).toContain('did you mean "SAAS_KEY"?');
  });

  test("diff", async () => {
    write("a.yml", "version: 1\nsecrets:\n  - { name: A, owner: '@a' }\n");
    write("b.yml", "version: 1\nsecrets:\n  - { name: A, owner: '@b' }\n  - name: B\n");
    expect((await run(["register", "diff", "a.yml", "b.yml"])).stdout).toBe(
      "~ actions/A  owner: @a -> @b\n+ actions/B\n",
    );
    expect((await run(["register", "diff", "a.yml", "a.yml"])).stdout).toBe("both say the same\n");
    expect((await run(["register", "diff", "a.yml"])).code).toBe(2);
  });

  test("import from a snapshot, with owners from CODEOWNERS, and from CSV", async () => {
    write(".github/workflows/ci.yml", workflow);
    write("CODEOWNERS", ".github/ @acme/web\n");
    write(
      "snapshot.json",
      JSON.stringify(inventory([repository({ actions: listed(secret("SAAS_KEY"), secret("FREE_R30")) })])),
    );
    const first = await run(["register", "import", "snapshot.json"]);
    expect(first.stderr).toContain("2 added, 0 declared already");
    expect(read(".github/secrets.yml")).toContain(
      '  - name: SAAS_KEY # owner: a guess, from CODEOWNERS\n    owner: "@acme/web"\n',
    );
    expect(read(".github/secrets.yml")).toContain("  - name: FREE_R30\n    rotate: { every: 30d }\n");
    write("more.csv", "name,owner\nSAAS_KEY,@x\nNEW,@y\n");
    expect((await run(["register", "import", "more.csv"])).stderr).toContain("1 added, 1 declared already");
  });
});

describe("who-can and offboard", () => {
  test("everything is handed over, and the rest is said", async () => {
    register(
      "  - { name: A, owner: '@alice', backup: '@bob' } # keep\n  - { name: B, owner: '@bob', review: { last: 2026-10-01, by: '@alice' } }\n",
    );
    const who = await run(["who-can", "alice", "--expect-none"]);
    expect(who.code).toBe(1);
    expect(who.stdout).toMatch(/^owns +actions\/A/m);
    expect(who.stdout).toContain("who last wrote each secret: GitHub does not tell");
    const off = await run(["offboard", "@alice", "--to", "acme/web"]);
    expect(off.code).toBe(0);
    expect(read(".github/secrets.yml")).toContain(`{ name: A, owner: "@acme/web", backup: '@bob' } # keep`);
    expect(off.stderr).toContain("1 value handed from @alice to @acme/web");
    expect(off.stderr).toContain("left: @alice last reviewed B");
    expect((await run(["who-can", "zoe", "--expect-none"])).code).toBe(0);
  });
  test("usage", async () => {
    register("  - { name: A, owner: '@alice' }\n");
    expect((await run(["offboard", "alice"])).code).toBe(2);
    expect((await run(["offboard", "alice", "--to", "Alice"])).stderr).toContain("the person who leaves");
    expect((await run(["offboard", "alice", "--to", "a b"])).stderr).toContain("expected a login or team");
  });
});

describe("evidence", () => {
  const first = nextRecord(
    {
      at: "2026-11-21T09:00:00Z",
      kind: "finding",
      standing: "observed",
      rule: "register/expired",
      target: "actions/A",
    },
    undefined,
  );
  const second = nextRecord(
    {
      at: "2026-12-21T09:00:00Z",
      kind: "revocation",
      standing: "verified",
      rule: "register/expired",
      target: "actions/A",
      decision: "revoked",
      proof: "404",
    },
    first,
  );
  test("verify: whole, broken, and with a head a missing tail", async () => {
    write("log.jsonl", recordLine(first) + recordLine(second));
    expect(await run(["evidence", "verify", "log.jsonl", "--head", second.hash])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`whole  2 records, head ${second.hash}`),
    });
    expect((await run(["evidence", "verify", "log.jsonl"])).stdout).toContain("without --head a tail");
    write("log.jsonl", recordLine(first));
    expect(await run(["evidence", "verify", "log.jsonl", "--head", second.hash])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("tail is missing"),
    });
    write("log.jsonl", recordLine(first).replace("actions/A", "actions/B") + recordLine(second));
    expect(await run(["evidence", "verify", "log.jsonl"])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("log.jsonl:1: record 1: its body was changed"),
    });
    expect((await run(["evidence", "export", "log.jsonl"])).code).toBe(2);
    expect((await run(["evidence", "verify", "log.jsonl", "--head", "abc"])).code).toBe(2);
  });
  test("export by control and window, in words that claim nothing", async () => {
    write("log.jsonl", recordLine(first) + recordLine(second));
    const text = await run(["evidence", "export", "log.jsonl", "--control", "NHI7:2025"]);
    expect(text.stdout).toMatch(/^owasp-nhi:NHI7:2025 +register\/expired +0 +1 +1$/m);
    expect(text.stdout).toContain("support the controls named");
    expect(text.stdout).not.toMatch(/\bcompliant\b/i);
    const part = await run([
      "evidence",
      "export",
      "log.jsonl",
      "--from",
      "2026-12-01",
      "-f",
      "jsonl",
      "-o",
      "out.jsonl",
    ]);
    expect(part.code).toBe(0);
    expect((await run(["evidence", "verify", "out.jsonl", "--head", second.hash])).stdout).toContain(
      "2 records, 1 of them without their body",
    );
    expect((await run(["evidence", "export", "log.jsonl", "-f", "markdown"])).stdout).toContain(
      "| control | supported by | declared | observed | verified |",
    );
    expect((await run(["evidence", "export", "log.jsonl", "-f", "csv"])).stdout).toContain(
      '"owasp-nhi:NHI7:2025","register/expired","0","1","1"\r\n',
    );
    expect((await run(["evidence", "export", "log.jsonl", "--from", "2026-02-30"])).code).toBe(2);
  });
});

describe("fingerprint", () => {
  const key = createHash("sha256").update("key").digest("hex");
  const value = createHash("sha256").update("value").digest("hex");
  const env = { LEASEHOLD_FINGERPRINT_KEY: key, TOKEN: value };
  test("from a variable or standard input, and never the value or the key", async () => {
    const one = await run(["fingerprint", "--env", "TOKEN"], { env });
    const two = await run(["fingerprint"], { env, stdin: `${value}\n` });
    expect(one).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^lhf1:[0-9a-f]{8}:[0-9a-z]{26}\n$/),
      stderr: "",
    });
    expect(two.stdout).toBe(one.stdout);
    const same = await run(["fingerprint", "--env", "TOKEN", "--compare", one.stdout.trim()], { env });
    expect(same).toMatchObject({ code: 1, stdout: expect.stringContaining("not rotated") });
    const other = await run(["fingerprint", "--compare", one.stdout.trim()], { env, stdin: `${value}x` });
    expect(other).toMatchObject({ code: 0, stdout: expect.stringContaining("another value") });
  });
  test.each([
    ["no key", { TOKEN: value }, undefined, "is not set"],
    ["a short key", { ...env, LEASEHOLD_FINGERPRINT_KEY: "short-key-9x7" }, undefined, "shorter than 32 bytes"],
    ["a guessable value", { ...env, TOKEN: "hunter2-hunter2" }, undefined, "found by trying"],
    ["no variable", { LEASEHOLD_FINGERPRINT_KEY: key }, undefined, 'there is no variable "TOKEN"'],
  ])("%s is refused without a word of the value", async (_what, given, _stdin, sentence) => {
    const { code, stdout, stderr } = await run(["fingerprint", "--env", "TOKEN"], { env: given });
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain(sentence);
    for (const secret of [value, key, "hunter2", "short-key-9x7"]) expect(stderr).not.toContain(secret);
  });
  test("the key itself, and more than any secret holds, are refused", async () => {
    expect((await run(["fingerprint", "--env", "LEASEHOLD_FINGERPRINT_KEY"], { env })).stderr).toContain(
      "holds the key itself",
    );
    expect((await run(["fingerprint"], { env, stdin: "x".repeat(70_000) })).stderr).toContain("64 KB");
  });
});
