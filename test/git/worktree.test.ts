import { execFileSync } from "node:child_process";
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { readFiles } from "../../src/git/file.ts";
import { worktreeFiles } from "../../src/git/worktree.ts";
import { commit, git, initialise, open, temporaryFolder, write } from "./temporary-repository.ts";

afterEach(() => void vi.unstubAllEnvs());

async function list(folder: string, paths?: string[]) {
  const { files, nested, skipped, gaps, unmatched } = await worktreeFiles(await open(folder), paths);
  return {
    files: files.toSorted(),
    nested: nested.toSorted(),
    skipped: skipped.map(({ subject, kind }) => `${kind} ${subject}`).toSorted(),
    gaps,
    unmatched,
  };
}

test("tracked and untracked files, not ignored ones", async () => {
  const folder = initialise();
  commit(folder, { "src/a": "x", ".gitignore": "out/\n*.log\n", "kept.log": "x" });
  git(folder, ["add", "-f", "kept.log"]);
  write(folder, "new", "x");
  write(folder, "out/b", "x");
  write(folder, "c.log", "x");
  expect((await list(folder)).files).toEqual([".gitignore", "kept.log", "new", "src/a"]);
});

test("what is named is read although it is ignored", async () => {
  const folder = initialise();
  commit(folder, { ".gitignore": "out/\n.env\n", "a/b": "x" });
  write(folder, ".env", "x");
  write(folder, "out/deep/b", "x");
  expect(await list(folder, [".env", "out", "a", "none"])).toMatchObject({
    files: [".env", "a/b", "out/deep/b"],
    unmatched: ["none"],
  });
  expect((await list(folder, ["a", "a/b", ""])).files).toEqual([".gitignore", "a/b"]);
});

test("the user's own ignore file counts, the repository's `core.excludesFile` does not", async () => {
  const folder = initialise();
  const home = temporaryFolder();
  write(home, ".config/git/ignore", "by-user\n");
  write(home, "other", "by-config\n");
  write(folder, "hide", "*\n");
  git(folder, ["config", "core.excludesFile", join(folder, "hide")]);
  for (const name of ["by-user", "by-config", "seen"]) write(folder, name, "x");
  vi.stubEnv("HOME", home);
  vi.stubEnv("XDG_CONFIG_HOME", "");
  vi.stubEnv("GIT_CONFIG_GLOBAL", undefined);
  expect((await list(folder)).files).toEqual(["by-config", "hide", "seen"]);
  write(home, ".gitconfig", "[core]\n\texcludesFile = ~/other\n");
  expect((await list(folder)).files).toEqual(["by-user", "hide", "seen"]);
});

test("a pattern is no pattern but a name", async () => {
  const folder = initialise();
  commit(folder, { "*": "star", a: "x", "--others": "x", ":(top)b": "x" });
  expect((await list(folder, ["*"])).files).toEqual(["*"]);
  expect((await list(folder, ["--others", ":(top)b"])).files).toEqual(["--others", ":(top)b"]);
});

test("submodules and nested repositories are named and not entered", async () => {
  const inner = initialise();
  commit(inner, { secret: "x" });
  const folder = initialise();
  commit(folder, { a: "x" });
  git(folder, ["submodule", "--quiet", "add", inner, "module"]);
  git(folder, ["clone", "-q", inner, "vendored"]);
  expect(await list(folder)).toMatchObject({
    files: [".gitmodules", "a"],
    nested: ["module", "vendored"],
    skipped: ["submodule module"],
  });
  expect((await open(join(folder, "module"))).root).toBe(join(folder, "module"));
});

test("deleted, sparse, unmerged and linked entries", async () => {
  const folder = initialise();
  commit(folder, { gone: "x", both: "base", far: "x" });
  git(folder, ["checkout", "-q", "-b", "side"]);
  commit(folder, { both: "side" });
  git(folder, ["checkout", "-q", "main"]);
  commit(folder, { both: "main" });
  expect(() => git(folder, ["merge", "-q", "side"])).toThrow();
  symlinkSync("/etc", join(folder, "link"));
  git(folder, ["add", "link"]);
  git(folder, ["update-index", "--skip-worktree", "far"]);
  for (const name of ["gone", "far"]) rmSync(join(folder, name));
  const { files } = await list(folder);
  expect(files).toEqual(["both", "far", "gone", "link"]);
  const read = readFiles(folder, files, () => {});
  expect(read).toMatchObject({ files: 1, absent: ["far", "gone"], gaps: [] });
  expect(read.skipped.map(({ subject, kind }) => [subject, kind])).toEqual([["link", "symlink"]]);
});

test("hostile names come through unchanged", async () => {
  const folder = initialise();
  const names = ["line\nbreak", "\u001b[31mred", "**bold** <b>`x`", "::error::x", "tab\there", 'quo"te', "\\back"];
  for (const name of names) write(folder, name, name);
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0x78])]), "stray");
  git(folder, ["add", names[0]!]);
  const { files } = await list(folder);
  expect(files).toEqual([...names, "\udcffx"].toSorted());
  const contents = new Map<string, string>();
  expect(readFiles(folder, files, ({ path, bytes }) => contents.set(path, bytes.toString())).files).toBe(files.length);
  for (const name of names) expect(contents.get(name)).toBe(name);
  expect(contents.get("\udcffx")).toBe("stray");
});

test("a tracked file that became a FIFO is a gap", async () => {
  const folder = initialise();
  commit(folder, { pipe: "x" });
  rmSync(join(folder, "pipe"));
  execFileSync("mkfifo", [join(folder, "pipe")]);
  const read = readFiles(folder, (await list(folder)).files, () => {});
  expect(read.gaps.map(({ subject, kind }) => [subject, kind])).toEqual([["pipe", "unreadable"]]);
});

test("an empty repository and a broken index", async () => {
  const folder = initialise();
  expect(await list(folder)).toEqual({ files: [], nested: [], skipped: [], gaps: [], unmatched: [] });
  write(folder, ".git/index", "not an index");
  await expect(list(folder)).rejects.toMatchObject({ code: "git", message: expect.stringContaining("--no-git") });
  const bare = initialise("--bare");
  await expect(list(bare)).rejects.toMatchObject({ code: "git", message: expect.stringContaining("--history") });
});
