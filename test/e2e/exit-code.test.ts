import { chmodSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commit, git, initialise, temporaryFolder, write } from "../git/temporary-repository.ts";
import { leasehold, scanJson, spawned, tokenOf } from "./leasehold.ts";

const pat = (seed: number) => tokenOf("github-pat", seed);
const asRoot = process.getuid?.() === 0;

describe("exit code 0", () => {
  it.each([["scan"], ["scan", "--staged"], ["scan", "--history"], ["scan", "--no-git"]])(
    "%j in a repository without commits",
    async (...words) => {
      const folder = initialise();
      const { code, stdout, stderr } = await leasehold(folder, words);
      expect([code, stderr]).toEqual([0, ""]);
      expect(stdout).toMatch(/^nothing found in 0 files · .* · coverage complete\n$/);
    },
  );

  it("for an empty range, an empty folder and an empty stream", async () => {
    const folder = initialise();
    commit(folder, { "a.txt": "a\n" });
    expect((await leasehold(folder, ["scan", "HEAD..HEAD"])).code).toBe(0);
    expect((await leasehold(temporaryFolder(), ["scan"])).code).toBe(0);
    expect((await leasehold(folder, ["scan", "-"])).code).toBe(0);
  });

  it("in observe, whatever is found, and below the threshold", async () => {
    const folder = temporaryFolder();
    write(folder, "a.txt", `${pat(1)}\n`);
    expect((await leasehold(folder, ["scan"])).code).toBe(1);
    expect((await leasehold(folder, ["scan", "--skip", "leak/github-pat"])).code).toBe(0);
    write(folder, ".github/leasehold.yml", "version: 1\nmode: observe\n");
    const { code, report } = await scanJson(folder);
    expect([code, report.result, report.findings.length]).toEqual([0, "warn", 1]);
  });
});

describe("exit code 2", () => {
  it.each([
    [["scan", "--history", "--staged"], "--staged and --history do not go together"],
    [["scan", "--history", "src"], "--history takes no path or range"],
    [["scan", "--since", "main"], "--since goes with --history"],
    [["scan", "--staged", "--no-git"], "--staged and --no-git do not go together"],
    [["scan", "-", "src"], "- (standard input) stands alone"],
    [["scan", "HEAD..HEAD", "src"], "HEAD..HEAD is a range of commits, which stands alone"],
    [["scan", "--fail-on", "hihg"], 'did you mean "high"?'],
    [["explain", "LH-XYZ"], "expected a finding id like LH-7F3A9C"],
    [["waive", "LH-7F3A9C"], "a waiver has a reason"],
    [
      ["waive", "LH-7F3A9C", "--reason", "fix-later", "--why", "x", "--until", "2020-01-01"],
      "--until: the policy allows 180 days",
    ],
    [["policy", "show", "main"], "policy show takes no other word"],
    [["scan", "--baseline", "nothing.txt"], "nothing.txt: there is no such file"],
  ])("%j", async (words, sentence) => {
    const folder = initialise();
    commit(folder, { "src/a.txt": "a\n" });
    const { code, stdout, stderr } = await leasehold(folder, words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(sentence);
  });

  it("for what needs a repository where there is none", async () => {
    const folder = temporaryFolder();
    for (const words of [["--staged"], ["--history"]])
      expect((await leasehold(folder, ["scan", ...words])).code).toBe(2);
  });
});

describe("exit code 3", () => {
  it.each([
    [["scan", "nothing/here"]],
    [["scan", "no-such..HEAD"]],
    [["scan", "--history", "--since", "no-such"]],
    [["explain", "LH-000000"]],
    [["explain", "leak/nothing"]],
    [["rules", "no such rule"]],
  ])("%j", async (words) => {
    const folder = initialise();
    commit(folder, { "a.txt": "a\n" });
    const { code, stdout } = await leasehold(folder, words);
    expect([code, stdout]).toEqual([3, ""]);
  });
});

describe("exit code 4", () => {
  function shallow(): string {
    const folder = initialise();
    commit(folder, { "a.txt": "a\n" });
    commit(folder, { "a.txt": "b\n" });
    const clone = temporaryFolder();
    git(clone, ["clone", "-q", "--depth", "1", `file://${folder}`, "clone"]);
    return join(clone, "clone");
  }

  it("for a history that is cut off, with what to do", async () => {
    const { code, stdout } = await leasehold(shallow(), ["scan", "--history"]);
    expect(code).toBe(4);
    expect(stdout).toContain("git fetch --unshallow");
    expect(stdout).toContain("coverage partial");
  });

  it("is outranked by blocking findings", async () => {
    const folder = shallow();
    commit(folder, { "b.txt": `${pat(2)}\n` });
    expect((await leasehold(folder, ["scan", "--history"])).code).toBe(1);
  });

  it("for a missing object, also where nothing is found", async () => {
    const folder = initialise();
    commit(folder, { "a.txt": "unlike any other\n" });
    const oid = git(folder, ["rev-parse", "HEAD:a.txt"]);
    rmSync(join(folder, ".git/objects", oid.slice(0, 2), oid.slice(2)));
    const { code, report } = await scanJson(folder, ["--history"]);
    expect([code, report.findings, report.coverage.gaps.map(({ subject, kind }) => `${kind} ${subject}`)]).toEqual([
      4,
      [],
      [`missing-object ${oid}`],
    ]);
  });

  it.skipIf(asRoot)("for a file and a folder that may not be read", async () => {
    const folder = temporaryFolder();
    write(folder, "closed.txt", "a\n");
    write(folder, "inside/b.txt", "b\n");
    chmodSync(join(folder, "closed.txt"), 0);
    chmodSync(join(folder, "inside"), 0);
    try {
      const { code, report } = await scanJson(folder);
      expect(code).toBe(4);
      expect(report.coverage.gaps.map(({ subject }) => subject).sort()).toEqual(["closed.txt", "inside"]);
    } finally {
      chmodSync(join(folder, "inside"), 0o755);
    }
  });
});

describe("the program", () => {
  it("answers with its exit code, its report on stdout and nothing else there", async () => {
    const folder = initialise();
    commit(folder, { "a.txt": `${pat(3)}\n` });
    const [clean, found, history, wrong] = await Promise.all([
      spawned(folder, ["scan", ".git/HEAD", "--no-git"]),
      spawned(folder, ["scan", "-o", "out/../report.txt"]),
      spawned(folder, ["scan", "--history", "--format", "jsonl", "--jobs", "2"]),
      spawned(folder, ["scna"]),
    ]);
    expect([clean.code, clean.stderr]).toEqual([0, ""]);
    expect([found.code, found.stdout, found.stderr]).toEqual([1, "", ""]);
    expect(readFileSync(join(folder, "report.txt"), "utf8")).toContain("leak/github-pat");
    expect(history.code).toBe(1);
    expect(
      history.stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).type),
    ).toEqual(["finding", "summary"]);
    expect([wrong.code, wrong.stdout]).toEqual([2, ""]);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("does not follow a symbolic link that leads round in a circle, and says so", async () => {
    const folder = initialise();
    write(folder, "a/b.txt", `${pat(4)}\n`);
    symlinkSync("..", join(folder, "a/up"));
    symlinkSync("self", join(folder, "self"));
    for (const words of [[], ["--no-git"]]) {
      const { code, report } = await scanJson(folder, words);
      expect(code).toBe(1);
      expect(report.findings).toHaveLength(1);
      expect(report.coverage.skipped.map(({ subject, kind }) => `${kind} ${subject}`).sort()).toEqual([
        "symlink a/up",
        "symlink self",
      ]);
    }
  });
});
