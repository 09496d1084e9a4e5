import { chmodSync, existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readFiles } from "../../src/git/file.ts";
import { historyObjects, reachableObjects } from "../../src/git/history.ts";
import { introductions, pathsAt } from "../../src/git/introduction.ts";
import { objectSource, packObjectIds, readObjects, unpackObjectIds } from "../../src/git/object.ts";
import { rangeCommits, resolveRange } from "../../src/git/range.ts";
import { defaultBranch } from "../../src/git/repository.ts";
import { readFileAt, resolveCommit } from "../../src/git/revision.ts";
import { stagedBlobs } from "../../src/git/staged.ts";
import { worktreeFiles } from "../../src/git/worktree.ts";
import { commit, git, initialise, open, temporaryFolder, write } from "./temporary-repository.ts";

/** Does everything that the folder can do with a repository. Out: the contents read from its objects, and all gaps. */
async function everything(folder: string) {
  const repository = await open(folder);
  const files = await worktreeFiles(repository);
  const read = readFiles(folder, files.files, () => {});
  const history = await historyObjects(repository);
  const contents: string[] = [];
  const objects = await readObjects(objectSource(repository), history.ids, ({ bytes, type }) => {
    if (type === "blob") contents.push(bytes.toString());
  });
  const ids = new Set(unpackObjectIds(history.ids));
  const reachable = await reachableObjects(repository, ids);
  const introduced = await introductions(repository, ids);
  const there = await pathsAt(repository, repository.head ?? "", ids);
  const range = await resolveRange(repository, "HEAD~1..HEAD");
  const commits = range === undefined ? undefined : await rangeCommits(repository, range);
  const staged = await stagedBlobs(repository);
  await readFileAt(repository, "HEAD", "a");
  await resolveCommit(repository, "HEAD");
  await defaultBranch(repository);
  const since = await historyObjects(repository, { since: range?.from ?? "" });
  const gaps = [files, read, history, objects, reachable, introduced, there, commits, staged, since].flatMap(
    (part) => part?.gaps ?? [],
  );
  return { contents, gaps, commits, staged, introduced };
}

test("nothing that a repository configures is run", async () => {
  const folder = initialise();
  commit(folder, { a: "one\n", ".gitattributes": "* filter=evil diff=evil textconv=evil\n" });
  commit(folder, { a: "two\n" });
  write(folder, "a", "three\n");
  write(folder, "b", "new\n");
  git(folder, ["add", "a"]);
  const marker = join(temporaryFolder(), "marker");
  const program = join(folder, ".git/evil");
  write(folder, ".git/evil", `#!/bin/sh\necho "$0 $@" >> '${marker}'\n`);
  chmodSync(program, 0o700);
  const keys = [
    ...[
      "core.fsmonitor",
      "core.sshCommand",
      "core.pager",
      "core.editor",
      "core.askPass",
      "core.gitProxy",
      "core.alternateRefsCommand",
    ],
    ...[
      "diff.external",
      "diff.evil.textconv",
      "diff.evil.command",
      "filter.evil.clean",
      "filter.evil.smudge",
      "filter.evil.process",
    ],
    ...[
      "gpg.program",
      "gpg.ssh.program",
      "credential.helper",
      "pager.log",
      "pager.rev-list",
      "uploadpack.packObjectsHook",
    ],
    ...["sequence.editor", "interactive.diffFilter", "alias.ls-files", "alias.cat-file"],
  ];
  for (const key of keys) git(folder, ["config", key, key.startsWith("alias") ? `!${program}` : program]);
  for (const [key, value] of [
    ["log.showSignature", "true"],
    ["filter.evil.required", "true"],
    ["diff.orderFile", program],
    ["diff.renames", "copies"],
    ["core.attributesFile", join(folder, ".gitattributes")],
    ["log.showRoot", "false"],
    ["protocol.ext.allow", "always"],
  ] as const)
    git(folder, ["config", key, value]);
  for (const hook of [
    "post-checkout",
    "pre-commit",
    "post-index-change",
    "reference-transaction",
    "fsmonitor-watchman",
    "pre-auto-gc",
  ]) {
    write(folder, `.git/hooks/${hook}`, `#!/bin/sh\necho ${hook} >> '${marker}'\n`);
    chmodSync(join(folder, ".git/hooks", hook), 0o700);
  }
  const result = await everything(folder);
  expect(existsSync(marker)).toBe(false);
  expect(result.gaps).toEqual([]);
  expect(result.contents.toSorted()).toEqual(["* filter=evil diff=evil textconv=evil\n", "one\n", "three\n", "two\n"]);
  // The programs are in place: git on its own would have run one.
  expect(() => git(folder, ["status"])).toThrow();
  expect(existsSync(marker)).toBe(true);
});

test("a partial clone with a missing object fetches nothing and names it", async () => {
  const origin = initialise();
  commit(origin, { a: "one\n", b: "kept\n" });
  commit(origin, { a: "two\n" });
  git(origin, ["config", "uploadpack.allowFilter", "true"]);
  const clones = temporaryFolder();
  git(clones, ["clone", "-q", "--filter=blob:none", `file://${origin}`, "partial"]);
  const folder = join(clones, "partial");
  const missing = git(origin, ["rev-parse", "HEAD~1:a"]);
  const marker = join(clones, "marker");
  write(clones, "evil", `#!/bin/sh\ntouch '${marker}'\nexit 1\n`);
  chmodSync(join(clones, "evil"), 0o700);
  for (const url of ["ssh://example.invalid/x", `ext::${join(clones, "evil")}`, `file://${origin}`]) {
    git(folder, ["config", "remote.origin.url", url]);
    git(folder, ["config", "core.sshCommand", join(clones, "evil")]);
    for (const name of ["ssh", "ext", "file"]) git(folder, ["config", `protocol.${name}.allow`, "always"]);
    const repository = await open(folder);
    const contents: string[] = [];
    const ids = ["HEAD:a", "HEAD:b", "HEAD~1:a"].map((name) => git(origin, ["rev-parse", name]));
    const read = await readObjects(objectSource(repository), packObjectIds(ids), ({ bytes }) =>
      contents.push(bytes.toString()),
    );
    expect(contents).toEqual(["two\n", "kept\n"]);
    expect(read.gaps).toEqual([
      { subject: missing, kind: "missing-object", detail: expect.stringContaining("partial clone") },
    ]);
    // A consumer that thinks the repository whole gets a gap as well, and everything else.
    const unaware = await readObjects(
      { ...objectSource(repository), promisor: false },
      packObjectIds(ids.toReversed()),
      () => {},
    );
    expect(unaware.objects).toBe(2);
    expect(unaware.gaps.map(({ subject }) => subject)).toEqual([missing]);
    const result = await everything(folder);
    expect(result.contents.toSorted()).toEqual(["kept\n", "two\n"]);
    expect(result.gaps.map(({ kind, subject }) => [kind, subject])).toContainEqual(["missing-object", missing]);
    await expect(readFileAt(repository, "HEAD~1", "a")).rejects.toMatchObject({ code: "git" });
  }
  expect(existsSync(marker)).toBe(false);
  expect(() => git(folder, ["cat-file", "-e", `${missing}^{blob}`])).not.toThrow();
});

test("a clone without trees names the commits that it cannot compare", async () => {
  const origin = initialise();
  commit(origin, { a: "one\n" });
  const tip = commit(origin, { a: "two\n" });
  git(origin, ["config", "uploadpack.allowFilter", "true"]);
  const clones = temporaryFolder();
  git(clones, ["clone", "-q", "--no-checkout", "--filter=tree:0", `file://${origin}`, "partial"]);
  const repository = await open(join(clones, "partial"));
  const { commits, gaps } = await rangeCommits(repository, { from: undefined, base: undefined, tip });
  expect(commits.map(({ changes }) => changes)).toEqual([[], []]);
  expect(gaps.map(({ kind, subject }) => [kind, subject])).toEqual(commits.map(({ oid }) => ["missing-object", oid]));
});

test("a grafts file and a replace ref hide no commit", async () => {
  const folder = initialise();
  const first = commit(folder, { a: "one\n" });
  const second = commit(folder, { a: "secret\n" });
  const third = commit(folder, { a: "three\n" });
  write(folder, ".git/info/grafts", `${third} ${first}\n`);
  git(folder, ["replace", "-f", second, first]);
  const repository = await open(folder);
  const range = await resolveRange(repository, `${first}..${third}`);
  if (range === undefined) throw new Error("no range");
  expect((await rangeCommits(repository, range)).commits.map(({ oid }) => oid)).toEqual([second, third]);
});

test("a missing tree costs the commits that need it and no other", async () => {
  const folder = initialise();
  commit(folder, { "d/a": "one\n" });
  const second = commit(folder, { "d/a": "two\n" });
  const third = commit(folder, { "d/a": "three\n" });
  const fourth = commit(folder, { "d/a": "four\n" });
  const tree = git(folder, ["rev-parse", `${second}:d`]);
  rmSync(join(folder, ".git/objects", tree.slice(0, 2), tree.slice(2)));
  const { commits, gaps } = await rangeCommits(await open(folder), { from: undefined, base: undefined, tip: fourth });
  expect(commits.map(({ changes }) => changes.length)).toEqual([1, 0, 0, 1]);
  expect(gaps.map(({ kind, subject }) => [kind, subject])).toEqual([
    ["corrupt", second],
    ["corrupt", third],
  ]);
});
