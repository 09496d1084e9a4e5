/** The hooks of `.pre-commit-hooks.yaml`, run as pre-commit runs them: the script from the clone, in the user's repository, refs in the environment. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { bundlePath, tokenOf } from "../e2e/leasehold.ts";
import { commit, git, initialise, write } from "../git/temporary-repository.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const hooks = parse(readFileSync(join(root, ".pre-commit-hooks.yaml"), "utf8")) as {
  id: string;
  entry: string;
  language: string;
  pass_filenames: boolean;
  stages: string[];
}[];

function run(id: string, cwd: string, env: Record<string, string> = {}) {
  const hook = hooks.find((one) => one.id === id)!;
  const [script, ...args] = hook.entry.split(" ") as [string, ...string[]];
  const { status, stdout } = spawnSync(join(root, script), args, {
    cwd,
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
  return { status, stdout };
}

it("are scripts that can be run, each in its stage", () => {
  expect(hooks.map(({ id, language, stages, pass_filenames }) => [id, language, stages, pass_filenames])).toEqual([
    ["leasehold", "script", ["pre-commit"], false],
    ["leasehold-push", "script", ["pre-push"], false],
  ]);
  for (const { entry } of hooks) accessSync(join(root, entry.split(" ")[0]!), constants.X_OK);
});

it("stop what is staged and what is pushed, and let the rest pass", () => {
  bundlePath();
  const folder = initialise();
  const first = commit(folder, { "a.txt": "fine\n" });
  write(folder, "b.txt", `${tokenOf("github-pat", 91)}\n`);
  expect(run("leasehold", folder).status).toBe(0);
  git(folder, ["add", "-A"]);
  const staged = run("leasehold", folder);
  expect([staged.status, staged.stdout]).toEqual([1, expect.stringContaining("b.txt:1:1")]);
  const second = commit(folder, {});
  const third = commit(folder, { "b.txt": "taken away\n" });
  const pushed = (from: string, to: string) =>
    run("leasehold-push", folder, { PRE_COMMIT_FROM_REF: from, PRE_COMMIT_TO_REF: to }).status;
  expect([pushed(first, third), pushed(second, third)]).toEqual([1, 0]);
  // Where everything is new, pre-commit names no refs.
  expect(run("leasehold-push", folder).status).toBe(1);
});
