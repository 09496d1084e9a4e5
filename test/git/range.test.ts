import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseCommit } from "../../src/git/commit.ts";
import { addedLines } from "../../src/git/line-diff.ts";
import { objectSource, packObjectIds, readObjects } from "../../src/git/object.ts";
import { rangeCommits, resolveRange } from "../../src/git/range.ts";
import type { Repository } from "../../src/git/repository.ts";
import { isAncestor, mergeBase, readFileAt, resolveCommit, resolveCommits } from "../../src/git/revision.ts";
import { commit, git, initialise, open, temporaryFolder, write } from "./temporary-repository.ts";

async function commitsOf(repository: Repository, text: string) {
  const range = await resolveRange(repository, text);
  if (range === undefined) throw new Error(`${text} is no range`);
  return rangeCommits(repository, range);
}

/** For each commit of a range, oldest first, its added lines as `path: text`. */
async function added(folder: string, text: string): Promise<string[][]> {
  const repository = await open(folder);
  const { commits } = await commitsOf(repository, text);
  const oids = commits.flatMap(({ changes }) =>
    changes.flatMap(({ oid, olds }) => [oid, ...olds.filter((old) => old !== undefined)]),
  );
  const contents = new Map<string, Buffer>();
  await readObjects(objectSource(repository), packObjectIds(new Set(oids)), ({ oid, bytes }) =>
    contents.set(oid, Buffer.from(bytes)),
  );
  const bytesOf = (oid: string | undefined) =>
    oid === undefined ? Buffer.alloc(0) : (contents.get(oid) ?? Buffer.from("?"));
  return commits.map(({ changes }) =>
    changes.flatMap(({ path, oid, olds }) =>
      addedLines(olds.map(bytesOf), bytesOf(oid)).map(
        ({ start, end }) => `${path}: ${bytesOf(oid).toString("utf8", start, end)}`,
      ),
    ),
  );
}

test("every commit's added content, oldest first, also what a later commit takes away", async () => {
  const folder = initialise();
  const base = commit(folder, { a: "1\n2\n" });
  commit(folder, { a: "1\nsecret\n2\n", b: "new\n" });
  commit(folder, { a: "1\n2\n3\n" });
  rmSync(join(folder, "b"));
  commit(folder, {});
  expect(await added(folder, `${base}..HEAD`)).toEqual([["a: secret\n", "b: new\n"], ["a: 3\n"], []]);
  expect(await added(folder, `${base}..`)).toHaveLength(3);
  expect(await added(folder, "HEAD..HEAD")).toEqual([]);
  expect(await added(folder, `${"0".repeat(40)}..HEAD`)).toHaveLength(4);
});

test("a rename is new content at its new path", async () => {
  const folder = initialise();
  commit(folder, { old: "1\n2\n3\n" });
  git(folder, ["mv", "old", "new"]);
  commit(folder, {});
  expect(await added(folder, "HEAD~1..HEAD")).toEqual([["new: 1\n2\n3\n"]]);
});

/** main and `sides` further branches, each with a line of its own, merged without a commit. */
function branches(folder: string, sides: number): string {
  const base = commit(folder, {
    main: "1\n",
    ...Object.fromEntries(Array.from({ length: sides }, (_, i) => [`side${i}`, "1\n"])),
  });
  for (let i = 0; i < sides; i++) {
    git(folder, ["checkout", "-q", "-b", `side${i}`, base]);
    commit(folder, { [`side${i}`]: `1\nside ${i}\n` });
  }
  git(folder, ["checkout", "-q", "main"]);
  commit(folder, { main: "1\nmain\n" });
  git(folder, ["merge", "-q", "--no-commit", "--no-ff", ...Array.from({ length: sides }, (_, i) => `side${i}`)]);
  return base;
}

test.each([1, 3])("an honest merge of %i branches adds nothing, an evil one its own lines", async (sides) => {
  const honest = initialise();
  const base = branches(honest, sides);
  git(honest, ["commit", "-q", "-m", "merge"]);
  const result = await added(honest, `${base}..main`);
  expect(result).toHaveLength(sides + 2);
  expect(result.at(-1)).toEqual([]);
  expect(result.flat().toSorted()).toEqual(
    ["main: main\n", ...Array.from({ length: sides }, (_, i) => `side${i}: side ${i}\n`)].toSorted(),
  );

  const evil = initialise();
  const evilBase = branches(evil, sides);
  write(evil, "side0", "1\nside 0\nevil\n");
  write(evil, "main", "evil too\n1\nmain\n");
  write(evil, "only-here", "evil file\n");
  git(evil, ["add", "-A"]);
  git(evil, ["commit", "-q", "-m", "merge"]);
  expect((await added(evil, `${evilBase}..main`)).at(-1)).toEqual([
    "main: evil too\n",
    "only-here: evil file\n",
    "side0: evil\n",
  ]);
  const { commits } = await commitsOf(await open(evil), `${evilBase}..main`);
  expect(commits.at(-1)?.parents).toHaveLength(sides + 1);
  expect(commits.at(-1)?.changes.every(({ olds }) => olds.length === sides + 1)).toBe(true);
});

test("a conflict's resolution adds what neither side has", async () => {
  const folder = initialise();
  const base = commit(folder, { a: "x\n" });
  git(folder, ["checkout", "-q", "-b", "side"]);
  commit(folder, { a: "side\n" });
  git(folder, ["checkout", "-q", "main"]);
  commit(folder, { a: "main\n" });
  expect(() => git(folder, ["merge", "-q", "side"])).toThrow();
  commit(folder, { a: "main\nside\nboth\n" });
  expect((await added(folder, `${base}..HEAD`)).at(-1)).toEqual(["a: both\n"]);
});

test("three dots compare with the merge base, two with the left side", async () => {
  const folder = initialise();
  const base = commit(folder, { a: "1\n" });
  git(folder, ["checkout", "-q", "-b", "topic"]);
  const topic = commit(folder, { b: "2\n" });
  git(folder, ["checkout", "-q", "main"]);
  const main = commit(folder, { c: "3\n" });
  const repository = await open(folder);
  expect(await resolveRange(repository, "main...topic")).toEqual({ from: main, base, tip: topic });
  expect(await resolveRange(repository, "main..topic")).toEqual({ from: main, base: main, tip: topic });
  for (const text of ["main", "..", "../a", "a/../b", "a.b"])
    expect(await resolveRange(repository, text)).toBeUndefined();
  await expect(isAncestor(repository, "1".repeat(40), main)).rejects.toMatchObject({ code: "git" });
  await expect(mergeBase(repository, "1".repeat(40), main)).rejects.toMatchObject({ code: "git" });
  expect((await commitsOf(repository, "main...topic")).commits.map(({ oid }) => oid)).toEqual([topic]);
  expect([
    await mergeBase(repository, main, topic),
    await isAncestor(repository, base, topic),
    await isAncestor(repository, main, topic),
  ]).toEqual([base, true, false]);
});

test("several revisions are looked up at once, in their order: tags peeled, and what names no commit left undefined", async () => {
  const folder = initialise();
  const head = commit(folder, { a: "1\n" });
  git(folder, ["tag", "-a", "-m", "t", "v1"]);
  git(folder, ["update-ref", "refs/remotes/origin/a-b", head]);
  const blob = git(folder, ["rev-parse", "HEAD:a"]);
  const asked = ["1".repeat(40), head, "v1", blob, "--all", "refs/remotes/origin/a-b", "gone", ""];
  expect(await resolveCommits(await open(folder), asked)).toEqual([
    undefined,
    head,
    head,
    undefined,
    undefined,
    head,
    undefined,
    undefined,
  ]);
  expect(await resolveCommits(await open(folder), [])).toEqual([]);
});

test("text that looks like an option is a revision, and a wrong one says what to do", async () => {
  const folder = initialise();
  commit(folder, { a: "1\n" });
  const repository = await open(folder);
  for (const text of ["--all", "-h", "--output=/tmp/x", "", "a\0b", "HEAD:a"])
    expect(await resolveCommit(repository, text)).toBeUndefined();
  await expect(resolveRange(repository, "--all..HEAD")).rejects.toMatchObject({ code: "nothing-matched" });
  await expect(resolveRange(repository, "gone..HEAD")).rejects.toMatchObject({
    message: expect.stringContaining("gone names no commit"),
  });
  await expect(resolveRange(await open(initialise()), "HEAD..")).rejects.toMatchObject({ code: "nothing-matched" });
});

test("a shallow boundary in the range is a gap", async () => {
  const origin = initialise();
  commit(origin, { a: "1\n" });
  const second = commit(origin, { a: "1\n2\n" });
  const third = commit(origin, { a: "1\n2\n3\n" });
  const clones = temporaryFolder();
  git(clones, ["clone", "-q", "--depth=2", `file://${origin}`, "clone"]);
  const repository = await open(join(clones, "clone"));
  const { commits, gaps } = await rangeCommits(repository, { from: undefined, base: undefined, tip: third });
  expect(commits.map(({ oid }) => oid)).toEqual([second, third]);
  expect(gaps.map(({ subject, kind }) => [subject, kind])).toEqual([[second, "shallow"]]);
  await expect(resolveRange(repository, "HEAD~2..HEAD")).rejects.toMatchObject({
    message: expect.stringContaining("fetch-depth: 0"),
  });
});

test("submodules are named, odd paths come through, messages can be read", async () => {
  const inner = initialise();
  commit(inner, { x: "1\n" });
  const folder = initialise();
  const base = commit(folder, { a: "1\n" });
  git(folder, ["submodule", "--quiet", "add", inner, "module"]);
  const path = "::error::\n\u001b[31m**x**";
  const oid = commit(folder, { [path]: "1\n" }, "subject\n\nbody\n");
  const repository = await open(folder);
  const { commits, skipped } = await commitsOf(repository, `${base}..HEAD`);
  expect(commits[0]?.changes.map((change) => change.path)).toContain(path);
  expect(skipped.map(({ subject, kind }) => [subject, kind])).toEqual([["module", "submodule"]]);
  await readObjects(objectSource(repository), packObjectIds([oid]), ({ bytes, type }) => {
    const facts = parseCommit(bytes);
    expect(type).toBe("commit");
    expect(facts).toMatchObject({ parents: [base], author: "Ada", email: "ada@example.com", date: "2023-11-14" });
    expect(bytes.toString("utf8", facts.messageStart)).toBe("subject\n\nbody\n");
  });
});

test("a sha256 repository has ranges too", async () => {
  const folder = initialise("--object-format=sha256");
  const base = commit(folder, { a: "1\n" });
  commit(folder, { a: "1\n2\n" });
  expect(await added(folder, `${base}..HEAD`)).toEqual([["a: 2\n"]]);
});

test("a file at a revision is read exactly, never through a link or a submodule", async () => {
  const inner = initialise();
  commit(inner, { file: "inner" });
  const folder = initialise();
  write(folder, "dir/file", "content\0\n");
  symlinkSync("dir/file", join(folder, "link"));
  symlinkSync("dir", join(folder, "linked"));
  git(folder, ["submodule", "--quiet", "add", inner, "module"]);
  commit(folder, { "-o": "dash", "ü*[": "odd" });
  commit(folder, { "dir/file": "later" });
  const repository = await open(join(folder, "dir"));
  const read = async (path: string) => {
    const bytes = await readFileAt(repository, "HEAD~1", path);
    return bytes === undefined ? undefined : Buffer.from(bytes).toString();
  };
  expect(await read("dir/file")).toBe("content\0\n");
  expect([await read("-o"), await read("ü*[")]).toEqual(["dash", "odd"]);
  for (const path of [
    "link",
    "linked/file",
    "module",
    "module/file",
    "dir",
    "dir/",
    "dir//file",
    "./dir/file",
    "none",
    "",
    "*",
  ]) {
    expect(await read(path), path).toBeUndefined();
  }
  await expect(readFileAt(repository, "none", "a")).rejects.toMatchObject({ code: "nothing-matched" });
});
