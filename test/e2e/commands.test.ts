import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commit, initialise, temporaryFolder, write } from "../git/temporary-repository.ts";
import { leasehold, scanJson, tokenOf } from "./leasehold.ts";

const pat = (seed: number) => tokenOf("github-pat", seed);
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

async function idOf(folder: string): Promise<string> {
  return (await scanJson(folder)).report.findings[0]!.id;
}

describe("explain", () => {
  it("says of a finding what, where, by which tests, and what to do", async () => {
    const folder = temporaryFolder();
    write(folder, "a.env", `# x\nTOKEN=${pat(1)}\n`);
    write(folder, "b.env", `T=${pat(1)}\n`);
    const id = await idOf(folder);
    const { code, stdout } = await leasehold(folder, ["explain", id.toLowerCase()]);
    expect(code).toBe(0);
    for (const part of [
      id,
      "leak/github-pat",
      "critical, certain",
      "a.env:2:7",
      "b.env:1:3",
      "1. holds",
      "checksum holds",
      "open, blocking",
      "Revoke first.",
      `leasehold waive ${id}`,
    ])
      expect(stdout).toContain(part);
  });

  it("takes a finding from a report, and says where else to look when it is in none", async () => {
    const folder = initialise();
    commit(folder, { "a.env": `TOKEN=${pat(2)}\n` });
    commit(folder, { "a.env": "gone\n" });
    await leasehold(folder, ["scan", "--history", "-f", "json", "-o", "r.json"]);
    const id = JSON.parse(readFileSync(join(folder, "r.json"), "utf8")).findings[0].id;
    const missed = await leasehold(folder, ["explain", id]);
    expect([missed.code, missed.stderr]).toEqual([3, expect.stringContaining("--history")]);
    expect((await leasehold(folder, ["explain", id, "--history"])).stdout).toContain(
      "gone from the files, not from the history",
    );
    expect((await leasehold(folder, ["explain", id, "--report", "r.json"])).code).toBe(0);
    write(folder, "r.json", "{}");
    expect((await leasehold(folder, ["explain", id, "--report", "r.json"])).code).toBe(2);
  });

  it("knows rules with and without their family, the generic one, and those about exceptions", async () => {
    const folder = temporaryFolder();
    for (const rule of ["leak/github-pat", "github-pat", "leak/generic-assigned-secret", "policy/waiver-expired"])
      expect([rule, (await leasehold(folder, ["explain", rule])).code]).toEqual([rule, 0]);
    expect((await leasehold(folder, ["explain", "leak/github-pta"])).stderr).toContain(
      'did you mean "leak/github-pat"?',
    );
  });
});

describe("waive", () => {
  it("writes a block that holds, and names who must approve it", async () => {
    const folder = initialise();
    commit(folder, { "a.env": `TOKEN=${pat(3)}\n`, ".github/CODEOWNERS": "* @acme/dev\n/.github/ @acme/security\n" });
    const id = await idOf(folder);
    const asked = await leasehold(folder, [
      "waive",
      id,
      "--reason",
      "accepted-risk",
      "--why",
      "TICKET-1",
      "--until",
      day(30),
    ]);
    expect([asked.code, asked.stdout]).toEqual([0, ""]);
    expect(asked.stderr).toContain("who must approve: @acme/security");
    const text = readFileSync(join(folder, ".github/leasehold-waivers.yml"), "utf8");
    expect(text).toContain(`  - id: ${id}\n    reason: accepted-risk\n    why: TICKET-1\n    until: ${day(30)}\n`);
    // Nobody has approved it: it is requested.
    expect((await scanJson(folder)).report.findings[0]!.state).toBe("waiver-requested");
    const again = await leasehold(folder, ["waive", id, "--reason", "fix-later", "--why", "x"]);
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining("has a waiver until")]);
    write(folder, ".github/leasehold-waivers.yml", text.replace("    until", '    approved-by: "@carol"\n    until'));
    expect((await scanJson(folder)).code).toBe(0);
  });

  it("prints the file instead with -o -", async () => {
    const folder = initialise();
    commit(folder, { "a.env": `TOKEN=${pat(4)}\n` });
    const id = await idOf(folder);
    const { code, stdout } = await leasehold(folder, [
      "waive",
      id,
      "--reason",
      "test-data",
      "--why",
      "x",
      "--approved-by",
      "carol",
      "-o",
      "-",
    ]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('approved-by: "@carol"')]);
    expect(existsSync(join(folder, ".github"))).toBe(false);
  });
});

describe("baseline", () => {
  it("lists what is there, so that only what is new blocks, and drops what is gone", async () => {
    const folder = initialise();
    commit(folder, { "src/a.env": `TOKEN=${pat(5)}\n`, "src/b.env": `TOKEN=${pat(6)}\n` });
    const made = await leasehold(join(folder, "src"), ["baseline", "create"]);
    expect([made.code, made.stdout]).toEqual([0, ""]);
    expect(made.stderr).toContain("2 findings written to .github/leasehold-baseline.txt");
    expect((await scanJson(folder)).report.counts).toMatchObject({ blocking: 0, baseline: 2 });
    write(folder, "src/c.env", `TOKEN=${pat(7)}\n`);
    expect((await scanJson(folder)).report.counts).toMatchObject({ blocking: 1, baseline: 2 });
    write(folder, "src/b.env", "gone\n");
    expect((await leasehold(folder, ["baseline", "prune"])).stderr).toContain("1 line taken out");
    const lines = readFileSync(join(folder, ".github/leasehold-baseline.txt"), "utf8").split("\n");
    expect(lines.filter((line) => line.startsWith("LH-")).map((line) => line.slice(10))).toEqual([
      "leak/github-pat src/a.env",
    ]);
  });
});

describe("init", () => {
  it("writes a policy with a salt of its own that is read without fault, once", async () => {
    const folder = initialise();
    expect((await leasehold(folder, ["init"])).code).toBe(0);
    const text = readFileSync(join(folder, ".github/leasehold.yml"), "utf8");
    expect(text).toMatch(/\nsalt: "[A-Za-z0-9_-]{16}"\n/);
    const check = await leasehold(folder, ["policy", "check"]);
    expect([check.code, check.stdout]).toEqual([0, "ok     .github/leasehold.yml\n"]);
    expect((await leasehold(folder, ["init"])).code).toBe(2);
    expect((await leasehold(folder, ["init", "-o", "-"])).stdout).not.toContain(/salt: .*/.exec(text)![0]);
  });

  it("takes over what another scanner was told to ignore, as waivers that say so", async () => {
    const folder = initialise();
    commit(folder, {
      "a.env": `# x\nTOKEN=${pat(8)}\n`,
      ".gitleaksignore": "a.env:github-pat:2\nnot/there.txt:x:9\nnonsense\n",
    });
    write(folder, ".gitleaks.toml", '[allowlist]\npaths = ["^vendor/"]\n');
    const { code, stderr } = await leasehold(folder, ["init", "--from", ".gitleaksignore", "--from", ".gitleaks.toml"]);
    expect(code).toBe(0);
    expect(stderr).toContain("nothing is found where .gitleaksignore line 2 points: not/there.txt:9");
    expect(stderr).toContain("not taken over: .gitleaksignore line 3");
    expect(readFileSync(join(folder, ".github/leasehold.yml"), "utf8")).toContain('    - "vendor/');
    expect(readFileSync(join(folder, ".github/leasehold-waivers.yml"), "utf8")).toContain(
      "why: imported from .gitleaksignore line 1",
    );
    const { report } = await scanJson(folder);
    expect(report.findings.find(({ rule }) => rule === "leak/github-pat")!.state).toBe("waiver-requested");
  });
});

describe("policy", () => {
  it("show says which file set each key", async () => {
    const folder = temporaryFolder();
    write(folder, ".github/leasehold.yml", "version: 1\nfail-on: { severity: low }\n");
    const { stdout } = await leasehold(folder, ["policy", "show", "--explain"]);
    expect(stdout).toMatch(/^fail-on\.severity +low +\.github\/leasehold\.yml$/m);
    expect(stdout).toMatch(/^fail-on\.confidence +likely +built-in$/m);
    const json = JSON.parse((await leasehold(folder, ["policy", "show", "--json"])).stdout);
    expect(json.keys).toContainEqual({ key: "fail-on.severity", value: "low", source: "repository" });
    expect((await leasehold(folder, ["policy", "show", "--no-config"])).stdout).toMatch(/^fail-on\.severity +high$/m);
  });

  it("check names every file that is wrong", async () => {
    const folder = temporaryFolder();
    write(folder, ".github/leasehold.yml", "version: 1\n");
    write(folder, ".github/leasehold-waivers.yml", "waivers:\n  - id: nonsense\n");
    write(folder, ".github/leasehold-baseline.txt", "nonsense\n");
    const { code, stdout } = await leasehold(folder, ["policy", "check"]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^ok {5}\.github\/leasehold\.yml$/m);
    expect(stdout).toMatch(/^wrong {2}\.github\/leasehold-waivers\.yml:2:\d+: /m);
    expect(stdout).toMatch(/^wrong {2}\.github\/leasehold-baseline\.txt:1:1: /m);
  });

  it("diff says what changes and what that loosens, between commits and before one", async () => {
    const folder = initialise();
    commit(folder, { ".github/leasehold.yml": "version: 1\nwaivers: { max: 30d }\n" });
    expect((await leasehold(folder, ["policy", "diff"])).stdout).toBe("the policy in force does not change\n");
    write(folder, ".github/leasehold.yml", "version: 1\nwaivers: { max: 60d }\n");
    const loosened = "waivers.max: 30d -> 60d\nweakens: waivers.max goes from 30d to 60d\n";
    expect((await leasehold(folder, ["policy", "diff"])).stdout).toBe(loosened);
    commit(folder, {});
    expect((await leasehold(folder, ["policy", "diff", "HEAD~1..HEAD"])).stdout).toBe(loosened);
    expect((await leasehold(folder, ["policy", "diff", "HEAD..HEAD~1"])).stdout).toBe("waivers.max: 60d -> 30d\n");
  });
});
