import { chownSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { gitEnvironment } from "../../src/git/command.ts";
import { defaultBranch, openRepository } from "../../src/git/repository.ts";
import { pathInRoot, worktreeFiles } from "../../src/git/worktree.ts";
import { commit, git, initialise, open, temporaryFolder, write } from "./temporary-repository.ts";

afterEach(() => void vi.unstubAllEnvs());

test("a work tree, from its root and from a folder inside", async () => {
  const folder = initialise("-b", "trunk");
  const head = commit(folder, { "src/app/a": "x" });
  expect(await open(folder)).toMatchObject({
    root: folder,
    gitDir: join(folder, ".git"),
    commonDir: join(folder, ".git"),
    prefix: "",
    bare: false,
    objectFormat: "sha1",
    shallow: false,
    promisor: false,
    head,
    headRef: "refs/heads/trunk",
  });
  const inside = await open(join(folder, "src/app"));
  expect(inside).toMatchObject({ root: folder, prefix: "src/app/" });
  expect((await open(join(folder, "src/app/a"))).prefix).toBe("src/app/");
  expect(await defaultBranch(inside)).toBe("refs/heads/trunk");
});

test("a plain folder is no repository, a path that is not there is an error", async () => {
  vi.stubEnv("GIT_CEILING_DIRECTORIES", "/tmp");
  expect(await openRepository(temporaryFolder())).toBeUndefined();
  await expect(openRepository("/nowhere/at/all")).rejects.toMatchObject({ code: "nothing-matched" });
});

test("an unborn HEAD, a detached one, a bare and a sha256 repository", async () => {
  const folder = initialise("-b", "trunk");
  expect(await open(folder)).toMatchObject({ head: undefined, headRef: "refs/heads/trunk" });
  expect(await defaultBranch(await open(folder))).toBeUndefined();
  const head = commit(folder, { a: "x" });
  git(folder, ["checkout", "-q", "--detach"]);
  expect(await open(folder)).toMatchObject({ head, headRef: undefined });
  const bare = initialise("--bare");
  expect(await open(bare)).toMatchObject({ bare: true, root: undefined, gitDir: bare });
  const wide = initialise("--object-format=sha256");
  const wideHead = commit(wide, { a: "x" });
  expect(wideHead).toHaveLength(64);
  expect(await open(wide)).toMatchObject({ objectFormat: "sha256", head: wideHead });
});

test("inside the git directory there is no work tree; an empty `.git` on the way up is none", async () => {
  const folder = initialise();
  expect(await open(join(folder, ".git"))).toMatchObject({ root: undefined, bare: false });
  mkdirSync(join(folder, "sub/.git"), { recursive: true });
  expect(await open(join(folder, "sub"))).toMatchObject({ root: folder, prefix: "sub/" });
});

test("a linked worktree has its own HEAD and shares the rest", async () => {
  const folder = initialise();
  commit(folder, { a: "x" });
  const other = join(temporaryFolder(), "other");
  git(folder, ["worktree", "add", "-q", "-b", "side", other]);
  expect(await open(other)).toMatchObject({ root: other, commonDir: join(folder, ".git"), headRef: "refs/heads/side" });
});

test("the default branch is what the remote says, else main", async () => {
  const origin = initialise("-b", "develop");
  commit(origin, { a: "x" });
  const clone = join(temporaryFolder(), "clone");
  git(origin, ["clone", "-q", origin, clone]);
  expect(await defaultBranch(await open(clone))).toBe("refs/remotes/origin/develop");
  git(origin, ["checkout", "-q", "-b", "topic"]);
  git(origin, ["branch", "-m", "develop", "main"]);
  expect(await defaultBranch(await open(origin))).toBe("refs/heads/main");
});

test("shallow and partial clones say so", async () => {
  const origin = initialise();
  commit(origin, { a: "1" });
  commit(origin, { a: "2" });
  git(origin, ["config", "uploadpack.allowFilter", "true"]);
  const clones = temporaryFolder();
  git(clones, ["clone", "-q", "--depth=1", `file://${origin}`, "shallow"]);
  git(clones, ["clone", "-q", "--no-checkout", "--filter=blob:none", `file://${origin}`, "partial"]);
  expect(await open(join(clones, "shallow"))).toMatchObject({ shallow: true, promisor: false });
  expect(await open(join(clones, "partial"))).toMatchObject({ shallow: false, promisor: true });
});

test("`core.worktree` does not choose which folder is read", async () => {
  const elsewhere = temporaryFolder();
  write(elsewhere, "private", "x");
  const folder = initialise();
  write(folder, "own", "x");
  for (const named of [elsewhere, "/", ".."]) {
    git(folder, ["config", "core.worktree", named]);
    const repository = await open(folder);
    expect(repository.root).toBe(folder);
    expect((await worktreeFiles(repository)).files).toEqual(["own"]);
  }
});

test("another user's repository gives the exact line that trusts it", async ({ skip }) => {
  if (process.getuid?.() !== 0) skip();
  const folder = initialise();
  chownSync(folder, 65_534, 65_534);
  chownSync(join(folder, ".git"), 65_534, 65_534);
  const home = temporaryFolder();
  vi.stubEnv("HOME", home);
  vi.stubEnv("XDG_CONFIG_HOME", home);
  vi.stubEnv("GIT_CONFIG_NOSYSTEM", "1");
  const line = `git config --global --add safe.directory ${folder}`;
  await expect(openRepository(folder)).rejects.toMatchObject({ code: "git", message: expect.stringContaining(line) });
  writeFileSync(join(home, ".gitconfig"), `[safe]\n\tdirectory = ${folder}\n`);
  expect((await open(folder)).root).toBe(folder);
});

test("a `.git` file that points nowhere is an error that offers --no-git", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, ".git"), "gitdir: /nowhere/.git\n");
  await expect(openRepository(folder)).rejects.toMatchObject({
    code: "git",
    message: expect.stringContaining("--no-git"),
  });
});

test("without git the error says so", async () => {
  vi.stubEnv("PATH", "");
  await expect(openRepository(temporaryFolder())).rejects.toMatchObject({
    code: "git",
    message: expect.stringContaining("git was not found on PATH"),
  });
});

test("the caller's git variables are dropped, and so are relative entries of PATH", async () => {
  const caller = {
    PATH: ".:/usr/bin::bin",
    HOME: "/h",
    GIT_DIR: "/x",
    GIT_WORK_TREE: "/x",
    GIT_INDEX_FILE: "/x",
    GIT_EXTERNAL_DIFF: "/x",
    GIT_SSH: "/x",
    GIT_EXEC_PATH: "/x",
    GIT_CONFIG_COUNT: "1",
    LD_PRELOAD: "/x",
  };
  const env = gitEnvironment({ gitDir: "/g" }, caller);
  expect(env.PATH).toBe("/usr/bin");
  expect(env.GIT_DIR).toBe("/g");
  expect(Object.values(env)).not.toContain("/x");
  expect(env.GIT_CONFIG_COUNT).toBeUndefined();
  const folder = initialise();
  const decoy = initialise();
  vi.stubEnv("GIT_DIR", join(decoy, ".git"));
  expect((await open(folder)).root).toBe(folder);
});

test("a path of the user's is placed in the work tree", async () => {
  const folder = initialise();
  write(folder, "a/b", "x");
  symlinkSync("a/b", join(folder, "link"));
  const links = temporaryFolder();
  symlinkSync(folder, join(links, "repo"));
  const repository = await open(folder);
  expect(pathInRoot(repository, folder)).toBe("");
  expect(pathInRoot(repository, join(links, "repo"))).toBe("");
  expect(pathInRoot(repository, join(links, "repo", "a"))).toBe("a");
  expect(pathInRoot(repository, join(folder, "a/b"))).toBe("a/b");
  expect(pathInRoot(repository, join(folder, "link"))).toBe("link");
  expect(pathInRoot(repository, join(folder, ".."))).toBeUndefined();
  expect(pathInRoot(repository, links)).toBeUndefined();
});

test("a repository in a folder with a line break in its name", async () => {
  const folder = join(temporaryFolder(), "two\nlines");
  mkdirSync(folder);
  git(folder, ["init", "-q"]);
  const head = commit(folder, { a: "x" });
  expect(await open(folder)).toMatchObject({ root: realpathSync(folder), head });
  expect(readFileSync(join((await open(folder)).gitDir, "HEAD"), "utf8")).toContain("ref:");
});
