import { describe, expect, it } from "vitest";
import { leasehold, scanJson, tokenOf } from "../e2e/leasehold.ts";
import { commit, git, initialise, temporaryFolder, write } from "../git/temporary-repository.ts";

const pat = (seed: number) => tokenOf("github-pat", seed);
const policyFile = ".github/leasehold.yml";
const later = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);

function waiver(id: string, approver = '    approved-by: "@carol"\n'): string {
  return `waivers:\n  - id: ${id}\n    reason: test-data\n    why: sample\n${approver}    until: ${later}\n`;
}

describe("the trust rule", () => {
  it("judges a range by the policy of its base, and says what the change weakens", async () => {
    const folder = initialise();
    commit(folder, { [policyFile]: "version: 1\nfail-on: { severity: high }\n" });
    commit(folder, {
      [policyFile]: 'version: 1\nmode: observe\npaths: { ignore: ["**"] }\nrules: { leak/github-pat: off }\n',
      "a.txt": `${pat(1)}\n`,
    });
    const { code, report } = await scanJson(folder, ["HEAD~1..HEAD"]);
    expect(code).toBe(1);
    expect(report.mode).toBe("enforce");
    const notes = report.notes.join("\n");
    expect(notes).toContain("this change weakens the policy: mode goes from enforce to observe");
    expect(notes).toContain("rule leak/github-pat");
    expect(notes).toContain("paths.ignore also leaves out **");
    // Once it is the base, it counts.
    commit(folder, { "b.txt": `${pat(2)}\n` });
    expect((await scanJson(folder, ["HEAD~1..HEAD"])).code).toBe(0);
  });

  it("takes a waiver that the range adds as requested, and one of the base as given", async () => {
    const folder = initialise();
    const base = commit(folder, { "a.txt": "a\n" });
    commit(folder, { "b.txt": `${pat(3)}\n` });
    const found = await scanJson(folder, [`${base}..HEAD`]);
    const id = found.report.findings[0]!.id;
    commit(folder, { ".github/leasehold-waivers.yml": waiver(id) });
    const asked = await scanJson(folder, [`${base}..HEAD`]);
    expect([asked.code, asked.report.findings[0]!.state, asked.report.counts.requested]).toEqual([
      1,
      "waiver-requested",
      1,
    ]);
    expect((await scanJson(folder, ["--history"])).code).toBe(0);
    git(folder, ["checkout", "-q", "-b", "other", base]);
    commit(folder, { ".github/leasehold-waivers.yml": waiver(id) });
    const trusted = git(folder, ["rev-parse", "HEAD"]);
    commit(folder, { "c.txt": `${pat(3)}\n` });
    expect((await scanJson(folder, [`${trusted}..HEAD`])).report.findings[0]!.state).toBe("waived");
  });

  it("takes the baseline of the base, not one that the change brings", async () => {
    const folder = initialise();
    commit(folder, { "a.txt": "a\n" });
    write(folder, "b.txt", `${pat(4)}\n`);
    expect((await leasehold(folder, ["baseline", "create"])).code).toBe(0);
    git(folder, ["add", "-A"]);
    expect((await scanJson(folder, ["--staged"])).code).toBe(1);
    expect((await scanJson(folder)).code).toBe(0);
    git(folder, ["commit", "-q", "-m", "both"]);
    expect((await scanJson(folder, ["HEAD~1..HEAD"])).code).toBe(1);
    expect((await scanJson(folder, ["--history"])).code).toBe(0);
    expect((await scanJson(folder, ["--history", "--no-config"])).code).toBe(1);
    expect((await scanJson(folder, ["--no-config", "--baseline", ".github/leasehold-baseline.txt"])).code).toBe(0);
  });

  it("says of the index what it would weaken, and reads a wrong policy of the index as an error", async () => {
    const folder = initialise();
    commit(folder, { [policyFile]: "version: 1\n" });
    write(folder, policyFile, "version: 1\nfail-on: { severity: critical }\n");
    git(folder, ["add", "-A"]);
    expect((await scanJson(folder, ["--staged"])).report.notes.join()).toContain(
      "fail-on.severity goes from high to critical",
    );
    write(folder, policyFile, "version: 2\n");
    git(folder, ["add", "-A"]);
    const wrong = await leasehold(folder, ["scan", "--staged"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain(".github/leasehold.yml (in the index):1:10: ");
  });
});

describe("steering files", () => {
  it("are an error that names both when two serve one purpose", async () => {
    const folder = initialise();
    commit(folder, { [policyFile]: "version: 1\n", ".github/leasehold.yaml": "version: 1\n" });
    for (const words of [["."], ["--staged"], ["--history"], ["HEAD..HEAD"]]) {
      const { code, stderr } = await leasehold(folder, ["scan", ...words]);
      expect([words, code]).toEqual([words, 2]);
      expect(stderr).toContain(".github/leasehold.yml and .github/leasehold.yaml are both there");
    }
    expect((await leasehold(folder, ["scan", "--no-config"])).code).toBe(0);
  });

  it("place a misspelt key at its line and column, with the name that was meant", async () => {
    const folder = initialise();
    write(folder, policyFile, "version: 1\nfail-on:\n  severty: high\n");
    const { code, stdout, stderr } = await leasehold(folder, ["scan"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^leasehold: \.github\/leasehold\.yml:3:3: .*severity/);
  });

  it("place an error in a detector's shape inside the shape", async () => {
    const folder = initialise();
    write(
      folder,
      policyFile,
      `version: 1\ndetectors:\n  - id: acme\n    severity: high\n    shape: '"acme_" base99{32}'\n`,
    );
    const { code, stderr } = await leasehold(folder, ["scan"]);
    expect(code).toBe(2);
    expect(stderr).toContain(".github/leasehold.yml:5:21: ");
  });

  it("add rules of their own, which count in files and in a range", async () => {
    const folder = initialise();
    const detector = `version: 1\ndetectors:\n  - id: acme-token\n    severity: critical\n    shape: '"acme_" base62{32}'\n`;
    commit(folder, { [policyFile]: detector });
    const token = `acme_${pat(5).slice(4, 36)}`;
    commit(folder, { "a.txt": `use ${token}\n` });
    for (const words of [["."], ["HEAD~1..HEAD"], ["--history"]]) {
      const { code, report } = await scanJson(folder, words);
      expect([words, code, report.findings[0]?.rule]).toEqual([words, 1, "leak/acme-token"]);
    }
    expect((await leasehold(folder, ["explain", "leak/acme-token"])).code).toBe(0);
  });

  it("must be regular files of a bounded size", async () => {
    const folder = temporaryFolder();
    write(folder, `${policyFile}/inside`, "");
    const { code, stderr } = await leasehold(folder, ["scan"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("this is not a regular file")]);
  });

  it("of two folders that each have some cannot both count", async () => {
    const folder = temporaryFolder();
    write(folder, `one/${policyFile}`, "version: 1\n");
    write(folder, `two/${policyFile}`, "version: 1\n");
    write(folder, "two/a.txt", `${pat(6)}\n`);
    expect((await leasehold(folder, ["scan", "one", "two"])).code).toBe(2);
    expect((await leasehold(folder, ["scan", "one", "two", "--no-config"])).code).toBe(1);
  });
});

describe("--only and --skip", () => {
  it("choose rules by id and by pattern, and refuse what is no rule", async () => {
    const folder = temporaryFolder();
    write(folder, "a.txt", `${pat(7)}\n${tokenOf("slack-bot-token", 7)}\n`);
    const rules = async (...words: string[]) =>
      (await scanJson(folder, words)).report.findings.map(({ rule }) => rule).sort();
    expect(await rules()).toEqual(["leak/github-pat", "leak/slack-bot-token"]);
    expect(await rules("--only", "leak/github-*")).toEqual(["leak/github-pat"]);
    expect(await rules("--skip", "leak/*pat,leak/npm-*")).toEqual(["leak/slack-bot-token"]);
    expect(await rules("--only", "*", "--skip", "leak/slack-bot-token")).toEqual(["leak/github-pat"]);
    const { code, stderr } = await leasehold(folder, ["scan", "--only", "leak/github-pta"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('did you mean "leak/github-pat"?')]);
  });
});
