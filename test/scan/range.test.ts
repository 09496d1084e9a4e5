import { renameSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { leasehold, scanJson, tokenOf } from "../e2e/leasehold.ts";
import { commit, git, initialise, write } from "../git/temporary-repository.ts";

const pat = (seed: number) => tokenOf("github-pat", seed);
const filler = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}\n`).join("");

function places(report: { findings: { place: { path: string; line: number }; rule: string; blocking: boolean }[] }) {
  return report.findings.map(
    ({ place, rule, blocking }) => `${place.path}:${place.line} ${rule} ${blocking ? "blocks" : "passes"}`,
  );
}

describe("a range", () => {
  it("reports what its commits add, with commit, author and date, and whether it is still there", async () => {
    const folder = initialise();
    commit(folder, { "a.txt": filler(1, 30) });
    const added = commit(folder, { "a.txt": `${filler(1, 9)}token = ${pat(1)}\n${filler(11, 30)}` });
    const gone = commit(folder, { "b.txt": `${pat(2)}\n` });
    commit(folder, { "b.txt": "clean\n", "c.txt": "more\n" });
    const { report, code } = await scanJson(folder, ["HEAD~3..HEAD"]);
    expect(code).toBe(1);
    expect(places(report)).toEqual(["a.txt:10 leak/github-pat blocks", "b.txt:1 leak/github-pat blocks"]);
    expect(report.findings.map(({ origin }) => origin)).toEqual([
      { commit: added, author: "Ada <ada@example.com>", date: "2023-11-14", atHead: true },
      { commit: gone, author: "Ada <ada@example.com>", date: "2023-11-14", atHead: false },
    ]);
    expect(report.coverage).toMatchObject({ complete: true, commits: 3, files: 3 });
  });

  it("leaves alone what a changed file had before, and reports a line that moved within it as not new", async () => {
    const folder = initialise();
    commit(folder, { "a.txt": `${pat(3)}\n${filler(1, 20)}` });
    commit(folder, { "a.txt": `${pat(3)}\n${filler(1, 20)}one more\n` });
    expect((await scanJson(folder, ["HEAD~1..HEAD"])).report.findings).toEqual([]);
    commit(folder, { "a.txt": `${filler(1, 20)}one more\n${pat(3)}\n` });
    const { report, code } = await scanJson(folder, ["HEAD~1..HEAD"]);
    expect(code).toBe(0);
    expect(places(report)).toEqual(["a.txt:22 leak/github-pat passes"]);
    expect(report.findings[0]!.because).toContain("it was there before the change under test");
  });

  it("does not take a renamed file or a copied secret for a new leak, but a swapped secret for one", async () => {
    const folder = initialise();
    commit(folder, { "a.txt": `key ${pat(4)}\n`, "z.txt": "z\n" });
    renameSync(join(folder, "a.txt"), join(folder, "renamed.txt"));
    commit(folder, { "copy.txt": `again ${pat(4)}\n` });
    const moved = await scanJson(folder, ["HEAD~1..HEAD"]);
    expect(moved.code).toBe(0);
    expect(places(moved.report)).toEqual(["copy.txt:1 leak/github-pat passes", "renamed.txt:1 leak/github-pat passes"]);
    commit(folder, { "renamed.txt": `key ${pat(5)}\n` });
    const swapped = await scanJson(folder, ["HEAD~1..HEAD"]);
    expect(swapped.code).toBe(1);
    expect(swapped.report.findings[0]!.id).not.toBe(moved.report.findings[0]!.id);
  });

  it("takes from a merge only the lines that none of its parents has", async () => {
    const folder = initialise();
    const base = commit(folder, { "a.txt": filler(1, 20) });
    git(folder, ["checkout", "-q", "-b", "side"]);
    commit(folder, { "side.txt": `${pat(6)}\n` });
    git(folder, ["checkout", "-q", "main"]);
    commit(folder, { "main.txt": `${pat(7)}\n` });
    git(folder, ["merge", "-q", "--no-ff", "--no-commit", "side"]);
    write(folder, "a.txt", `${filler(1, 20)}${pat(8)}\n`);
    git(folder, ["add", "-A"]);
    git(folder, ["commit", "-q", "-m", "merge"]);
    const onlyMerge = await scanJson(folder, ["main~1...main", "--min-confidence", "likely"]);
    expect(places(onlyMerge.report).sort()).toEqual([
      "a.txt:21 leak/github-pat blocks",
      "side.txt:1 leak/github-pat blocks",
    ]);
    const whole = await scanJson(folder, [`${base}..main`]);
    const merge = git(folder, ["rev-parse", "main"]);
    expect(
      whole.report.findings.filter(({ origin }) => origin?.commit === merge).map(({ place }) => place.path),
    ).toEqual(["a.txt"]);
    expect(whole.report.findings).toHaveLength(3);
  });

  it("finds a pair when only one of its halves is on an added line", async () => {
    const folder = initialise();
    const id = `aws_access_key_id = ${tokenOf("aws-access-key-id", 9)}`;
    const secret = `aws_secret_access_key = ${Buffer.from(pat(9) + pat(10))
      .toString("base64")
      .slice(8, 48)}`;
    commit(folder, { "x.ini": `[default]\n${id}\n` });
    commit(folder, { "x.ini": `[default]\n${id}\n${secret}\n` });
    const { report } = await scanJson(folder, ["HEAD~1..HEAD"]);
    expect(report.findings.map(({ blocking }) => blocking)).toContain(true);
  });

  it("scans the messages of its commits, and those of no others", async () => {
    const folder = initialise();
    commit(folder, { "a.txt": "a\n" }, `old ${pat(11)}`);
    const said = commit(folder, { "a.txt": "b\n" }, `subject\n\ntry ${pat(12)}`);
    const { report, code } = await scanJson(folder, ["HEAD~1..HEAD"]);
    expect(code).toBe(1);
    expect(places(report)).toEqual([`message of ${said.slice(0, 12)}:3 leak/github-pat blocks`]);
    expect(report.findings[0]!.origin).toMatchObject({ commit: said, inMessage: true });
  });

  it("compares with all commits since the first when A is all zeros", async () => {
    const folder = initialise();
    commit(folder, { "a.txt": `${pat(13)}\n` });
    expect((await scanJson(folder, [`${"0".repeat(40)}..HEAD`])).code).toBe(1);
  });

  it("is the range where a file has its name, so that a change cannot be scanned in its own place", async () => {
    const folder = initialise();
    commit(folder, { "a.txt": "a\n" });
    commit(folder, { "b.txt": `${pat(14)}\n`, "main~1..main": "nothing here\n" });
    expect((await scanJson(folder, ["main~1..main"])).code).toBe(1);
    expect((await scanJson(folder, ["./main~1..main"])).code).toBe(0);
  });
});

describe("inline allows and a change", () => {
  const day = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);
  const allow = `leasehold:allow leak/github-pat until=${day} reason="docs"`;
  const policy = "version: 1\nmode: enforce\n";

  it("hold when the base has them, and are only requested when the change adds them", async () => {
    const folder = initialise();
    commit(folder, { ".github/leasehold.yml": policy, "a.txt": `# ${allow}\nkey = none\n` });
    commit(folder, { "a.txt": `# ${allow}\nkey = ${pat(20)}\n` });
    const held = await scanJson(folder, ["HEAD~1..HEAD"]);
    expect([held.code, held.report.findings[0]!.state]).toEqual([0, "waived"]);
    commit(folder, { "b.txt": `# ${allow}\nkey = ${pat(21)}\n` });
    const asked = await scanJson(folder, ["HEAD~1..HEAD"]);
    expect([asked.code, asked.report.findings[0]!.state]).toEqual([1, "waiver-requested"]);
    // A local look at the files takes the work tree's word.
    expect((await scanJson(folder)).code).toBe(0);
    expect((await scanJson(folder, ["--no-config"])).code).toBe(1);
  });

  it("does not cover a secret that stood on its line before it was replaced", async () => {
    const folder = initialise();
    commit(folder, { ".github/leasehold.yml": policy, "a.txt": `x\n# ${allow}\nkey = none\n` });
    commit(folder, { "a.txt": `x\ny\nkey = ${pat(22)}\n` });
    commit(folder, { "a.txt": `x\n# ${allow}\nkey = none\n` });
    expect((await scanJson(folder, ["HEAD~2..HEAD"])).code).toBe(1);
  });

  it("are judged for the index as for a range", async () => {
    const folder = initialise();
    commit(folder, { ".github/leasehold.yml": policy });
    write(folder, "a.txt", `# ${allow}\nkey = ${pat(23)}\n`);
    git(folder, ["add", "-A"]);
    const staged = await scanJson(folder, ["--staged"]);
    expect([staged.code, staged.report.findings[0]!.state]).toEqual([1, "waiver-requested"]);
  });
});

describe("the same content", () => {
  it("gives the same findings as files, in the index, in a range and in the history", async () => {
    const folder = initialise();
    commit(folder, { "readme.md": "hello\n" });
    const files = {
      "src/a.env": `GITHUB_TOKEN=${pat(30)}\nDB_PASSWORD=${pat(31).slice(4, 24)}\n`,
      "src/b.yml": `token: ${tokenOf("slack-bot-token", 32)}\nagain: ${pat(30)}\n`,
      ".npmrc": `//npm.example.com/:_authToken=${pat(33)}\n`,
      "wide.txt": Buffer.from(`\ufeffkey = ${pat(34)}\n`, "utf16le"),
    };
    for (const [path, content] of Object.entries(files)) write(folder, path, content);
    git(folder, ["add", "-A"]);
    const all = ["--min-confidence", "weak"];
    const seen = async (words: string[]) =>
      (await scanJson(folder, [...words, ...all])).report.findings
        .map(({ id, rule, place, confidence, severity, preview }) => ({
          id,
          rule,
          place,
          confidence,
          severity,
          preview,
        }))
        .sort((a, b) => a.place.path.localeCompare(b.place.path) || a.place.start - b.place.start);
    const tree = await seen(["."]);
    expect(tree.length).toBeGreaterThanOrEqual(5);
    expect(await seen(["--staged"])).toEqual(tree);
    git(folder, ["commit", "-q", "-m", "all"]);
    expect(await seen(["HEAD~1..HEAD"])).toEqual(tree);
    expect(await seen(["--history"])).toEqual(tree);
    expect(await seen(["--history", "--jobs", "1"])).toEqual(tree);
    expect(await seen(["--no-git", "."])).toEqual(tree);
  });

  it("from standard input is one content", async () => {
    const folder = initialise();
    const { code, stdout } = await leasehold(folder, ["scan", "-", "-f", "json"], `a\nb ${pat(35)}\n`);
    expect(code).toBe(1);
    expect(places(JSON.parse(stdout))).toEqual(["stdin:2 leak/github-pat blocks"]);
  });
});
