/** Starts the bundle of the Action as GitHub's runner does: inputs in the environment, an event file, command files. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { JsonReport } from "../../src/report/json.ts";
import { actionPath } from "../e2e/leasehold.ts";
import { commit, git, initialise, temporaryFolder } from "../git/temporary-repository.ts";

/** A run of the Action: where, on what event, with which inputs. */
export type ActionRun = {
  workspace: string;
  event: string;
  payload: unknown;
  inputs?: Record<string, string>;
  env?: Record<string, string>;
  /** Also run the post step, as at the end of a job. */
  post?: boolean;
};

/** What a step leaves. `report`: the JSON report, when there is one. */
export type StepResult = {
  code: number;
  stdout: string;
  stderr: string;
  outputs: Record<string, string>;
  summary: string;
  report: JsonReport | undefined;
  sarif: { runs: { results: { ruleId: string }[] }[] } | undefined;
  /** Whether the report is still there at the end. */
  leftBehind: boolean;
};

/** Run the main step, as a job does. */
export async function runAction(run: ActionRun): Promise<StepResult> {
  const runner = realpathSync(mkdtempSync(join(tmpdir(), "leasehold-runner-")));
  onTestFinished(() => rmSync(runner, { recursive: true, force: true }));
  const file = (name: string, content = ""): string => {
    writeFileSync(join(runner, name), content);
    return join(runner, name);
  };
  const temp = join(runner, "temp");
  mkdirSync(temp);
  const files = { GITHUB_OUTPUT: file("output"), GITHUB_STATE: file("state"), GITHUB_STEP_SUMMARY: file("summary") };
  const inputs = Object.entries(run.inputs ?? {}).map(([name, value]) => [
    `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`,
    value,
  ]);
  const env = {
    PATH: process.env.PATH,
    HOME: runner,
    CI: "true",
    GITHUB_ACTIONS: "true",
    GITHUB_EVENT_NAME: run.event,
    GITHUB_EVENT_PATH: file("event.json", JSON.stringify(run.payload)),
    GITHUB_WORKSPACE: run.workspace,
    GITHUB_REPOSITORY: "octo-org/octo-repo",
    GITHUB_WORKFLOW: "Gate",
    GITHUB_JOB: "leasehold",
    RUNNER_TEMP: temp,
    ...files,
    ...Object.fromEntries(inputs),
    ...run.env,
  };
  const main = await started(env);
  const outputs = commandFile(readFileSync(files.GITHUB_OUTPUT, "utf8"));
  const read = (path: string | undefined) =>
    path !== undefined && path !== "" ? JSON.parse(readFileSync(path, "utf8")) : undefined;
  const [report, sarif] = [read(outputs["report-path"]), read(outputs["sarif-path"])];
  if (run.post === true) {
    const state = Object.entries(commandFile(readFileSync(files.GITHUB_STATE, "utf8")));
    const saved = Object.fromEntries(state.map(([name, value]) => [`STATE_${name}`, value]));
    const post = await started({ ...env, ...saved });
    if (post.code !== 0 || post.stdout + post.stderr !== "") throw new Error(`the post step failed: ${post.stderr}`);
  }
  const leftBehind = outputs["report-path"] !== undefined && existsSync(outputs["report-path"]);
  return { ...main, outputs, summary: readFileSync(files.GITHUB_STEP_SUMMARY, "utf8"), report, sarif, leftBehind };
}

function started(env: NodeJS.ProcessEnv): Promise<{ code: number; stdout: string; stderr: string }> {
  // The runner starts actions from a folder of its own.
  const child = spawn(process.execPath, [actionPath()], { cwd: tmpdir(), env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}

/** `name<<DELIMITER`, lines, `DELIMITER` (GitHub Docs, "Workflow commands"). Throws where a line belongs to no value. */
function commandFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    if (lines[at] === "") continue;
    const [, name, delimiter] = /^([\w-]+)<<(ghadelimiter_[0-9a-f-]{36})$/.exec(lines[at]!) ?? [];
    const end = lines.indexOf(delimiter ?? "", at + 1);
    if (name === undefined || end === -1) throw new Error(`no command: ${lines[at]}`);
    values[name] = lines.slice(at + 1, end).join("\n");
    at = end;
  }
  return values;
}

/** An origin with a `main` that has one commit, and more on top when named. Out: its folder, checked out on main. */
export function origin(files: Record<string, string> = { "readme.txt": "hello\n" }): string {
  const folder = initialise();
  commit(folder, files, "first");
  return folder;
}

/** A branch of commits that begins at main, or at what `from` names. Out: the last commit. */
export function branch(
  folder: string,
  name: string,
  commits: readonly Record<string, string | Uint8Array>[],
  from = "main",
): string {
  git(folder, ["checkout", "-q", "-B", name, from]);
  for (const files of commits) commit(folder, files, `change on ${name}`);
  return git(folder, ["rev-parse", "HEAD"]);
}

/** What actions/checkout leaves: a detached commit, every branch and tag as remote ones, or only so many commits of one. */
export function checkout(from: string, commitish: string, depth?: number): string {
  const folder = temporaryFolder();
  const oid = git(from, ["rev-parse", commitish]);
  git(folder, ["init", "-q"]);
  git(folder, ["remote", "add", "origin", from]);
  git(from, ["config", "uploadpack.allowAnySHA1InWant", "true"]);
  if (depth === undefined)
    git(folder, [
      "fetch",
      "-q",
      "--prune",
      "origin",
      "+refs/heads/*:refs/remotes/origin/*",
      "+refs/tags/*:refs/tags/*",
    ]);
  const cut = depth === undefined ? [] : [`--depth=${depth}`];
  git(folder, ["fetch", "-q", "--no-tags", ...cut, "origin", `+${oid}:refs/remotes/checked-out`]);
  git(folder, ["checkout", "-q", "--detach", oid]);
  return folder;
}

/** A pull request from a branch of `folder` to main: the commit that GitHub makes to try the merge, and the event. */
export function pullRequest(
  folder: string,
  head: string,
): { merge: string; base: string; head: string; payload: object } {
  const base = git(folder, ["rev-parse", "main"]);
  const tip = git(folder, ["rev-parse", head]);
  git(folder, ["checkout", "-q", "--detach", base]);
  git(folder, ["merge", "-q", "--no-ff", "-m", "try the merge", tip]);
  const merge = git(folder, ["rev-parse", "HEAD"]);
  git(folder, ["checkout", "-q", "main"]);
  return { merge, base, head: tip, payload: pullRequestPayload(base, tip) };
}

export function pullRequestPayload(base: string, head: string): object {
  return {
    action: "synchronize",
    number: 7,
    pull_request: { number: 7, base: { sha: base, ref: "main" }, head: { sha: head, ref: "topic" } },
    repository: { default_branch: "main", private: true },
  };
}

export function pushPayload(ref: string, before: string, after: string): object {
  return { ref, before, after, repository: { default_branch: "main", private: true } };
}

export const zero = "0".repeat(40);
