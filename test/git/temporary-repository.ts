import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { openRepository, type Repository } from "../../src/git/repository.ts";

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "leasehold-git-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs git in a folder with fixed names and dates and without the machine's configuration. Out: its output without the last line break. */
export function git(folder: string, args: string[], input?: string | Uint8Array): string {
  const output = execFileSync("git", args, {
    cwd: folder,
    input: input ?? "",
    stdio: ["pipe", "pipe", "pipe"],
    maxBuffer: 1 << 28,
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_COUNT: "2",
      GIT_CONFIG_KEY_0: "protocol.file.allow",
      GIT_CONFIG_VALUE_0: "always",
      GIT_CONFIG_KEY_1: "init.defaultBranch",
      GIT_CONFIG_VALUE_1: "main",
      GIT_AUTHOR_NAME: "Ada",
      GIT_AUTHOR_EMAIL: "ada@example.com",
      GIT_AUTHOR_DATE: "1700000000 +0100",
      GIT_COMMITTER_NAME: "Ada",
      GIT_COMMITTER_EMAIL: "ada@example.com",
      GIT_COMMITTER_DATE: "1700000000 +0100",
    },
  });
  return output.toString("utf8").replace(/\n$/, "");
}

/** An empty repository in a folder of its own. */
export function initialise(...args: string[]): string {
  const folder = temporaryFolder();
  git(folder, ["init", "-q", ...args]);
  return folder;
}

export function write(folder: string, path: string, content: string | Uint8Array): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** Writes files, adds everything and commits. Out: the commit's id. */
export function commit(folder: string, files: Record<string, string | Uint8Array>, message = "change"): string {
  for (const [path, content] of Object.entries(files)) write(folder, path, content);
  git(folder, ["add", "-A"]);
  git(folder, ["commit", "-q", "--allow-empty", "-m", message]);
  return git(folder, ["rev-parse", "HEAD"]);
}

/** Opens a repository that must be there. */
export async function open(folder: string, env: NodeJS.ProcessEnv = {}): Promise<Repository> {
  const repository = await openRepository(folder, env);
  if (repository === undefined) throw new Error(`${folder} is not a repository`);
  return repository;
}
