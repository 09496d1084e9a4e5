import { copyFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { objectSource, packObjectIds, readObjects } from "../../src/git/object.ts";
import { stagedBlobs } from "../../src/git/staged.ts";
import { commit, git, initialise, open, temporaryFolder, write } from "./temporary-repository.ts";

async function staged(folder: string, env: NodeJS.ProcessEnv = {}) {
  const repository = await open(folder, env);
  const { changes, gaps, skipped } = await stagedBlobs(repository);
  const contents = new Map<string, string>();
  const read = await readObjects(
    objectSource(repository),
    packObjectIds(new Set(changes.map(({ oid }) => oid))),
    ({ oid, bytes }) => contents.set(oid, bytes.toString()),
  );
  expect(read.gaps).toEqual([]);
  return {
    contents: Object.fromEntries(changes.map(({ path, oid }) => [path, contents.get(oid)])),
    changes,
    gaps,
    skipped,
  };
}

test("what is staged counts, not what lies in the work tree", async () => {
  const folder = initialise();
  commit(folder, { a: "1\n", b: "1\n", c: "1\n" });
  const old = git(folder, ["rev-parse", "HEAD:a"]);
  write(folder, "a", "staged\n");
  write(folder, "new", "new\n");
  rmSync(join(folder, "c"));
  git(folder, ["add", "-A"]);
  write(folder, "a", "later\n");
  write(folder, "b", "not staged\n");
  const { contents, changes } = await staged(folder);
  expect(contents).toEqual({ a: "staged\n", new: "new\n" });
  expect(changes.map(({ olds }) => olds)).toEqual([[old], [undefined]]);
});

test("an index without any commit", async () => {
  for (const format of ["sha1", "sha256"]) {
    const folder = initialise(`--object-format=${format}`);
    expect((await staged(folder)).changes).toEqual([]);
    write(folder, "a", "1\n");
    git(folder, ["add", "a"]);
    expect((await staged(folder)).contents).toEqual({ a: "1\n" });
  }
});

test("an entry that is only intended adds nothing; submodules are named; conflicts are gaps", async () => {
  const inner = initialise();
  commit(inner, { x: "1\n" });
  const folder = initialise();
  commit(folder, { both: "1\n" });
  git(folder, ["checkout", "-q", "-b", "side"]);
  commit(folder, { both: "side\n" });
  git(folder, ["checkout", "-q", "main"]);
  commit(folder, { both: "main\n" });
  expect(() => git(folder, ["merge", "-q", "side"])).toThrow();
  write(folder, "intended", "x\n");
  git(folder, ["add", "-N", "intended"]);
  git(folder, ["submodule", "--quiet", "add", inner, "module"]);
  const { contents, skipped, gaps } = await staged(folder);
  expect(Object.keys(contents)).toEqual([".gitmodules"]);
  expect(skipped.map(({ subject, kind }) => [subject, kind])).toEqual([["module", "submodule"]]);
  expect(gaps.map(({ subject, kind }) => [subject, kind])).toEqual([["both", "unreadable"]]);
});

test("a hook's own index counts, one outside the git directory does not", async () => {
  const folder = initialise();
  commit(folder, { a: "1\n" });
  write(folder, "a", "for the hook\n");
  git(folder, ["add", "a"]);
  copyFileSync(join(folder, ".git/index"), join(folder, ".git/next-index-1.lock"));
  git(folder, ["reset", "-q"]);
  expect((await staged(folder)).contents).toEqual({});
  expect((await staged(folder, { GIT_INDEX_FILE: join(folder, ".git/next-index-1.lock") })).contents).toEqual({
    a: "for the hook\n",
  });
  expect((await staged(folder, { GIT_INDEX_FILE: ".git/next-index-1.lock" })).contents).toEqual({
    a: "for the hook\n",
  });
  const outside = join(temporaryFolder(), "index");
  copyFileSync(join(folder, ".git/next-index-1.lock"), outside);
  expect((await staged(folder, { GIT_INDEX_FILE: outside })).contents).toEqual({});
});

test("a broken index is an error", async () => {
  const folder = initialise();
  commit(folder, { a: "1\n" });
  writeFileSync(join(folder, ".git/index"), "broken");
  await expect(staged(folder)).rejects.toMatchObject({ code: "git" });
});
