/** The Actions files of a work tree, scanned, and what is known of their repository. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { LeaseholdError } from "../error.ts";
import { defaultSalt } from "../finding-id.ts";
import type { FixContext } from "../fix/context.ts";
import type { Repository as Named } from "../fix/subject.ts";
import { readFiles, systemCode } from "../git/file.ts";
import { folderFiles } from "../git/folder.ts";
import { originOf } from "../git/origin.ts";
import { defaultBranch, openRepository } from "../git/repository.ts";
import { worktreeFiles } from "../git/worktree.ts";
import { parsePolicy } from "../policy/policy-file.ts";
import { readSteeringFiles } from "../scan/steering-files.ts";
import { auditWorkflow } from "../workflow/audit-workflow.ts";
import { kindOfPath } from "../workflow/file-kind.ts";
import { keylessRules } from "../workflow/keyless/rule-index.ts";
import type { KeylessRule } from "../workflow/keyless-rule.ts";
import { readLockfile } from "../workflow/lockfile.ts";
import type { Model } from "../workflow/model.ts";
import type { WorkflowContext } from "../workflow/rule/rule.ts";

export type ActionsFile = { path: string; bytes: Uint8Array };

export type FixSource = {
  /** The folder that paths start from. */
  root: string;
  files: ActionsFile[];
  lockfile: ActionsFile | undefined;
  salt: string;
  repository: Named | undefined;
  /** The issuer of the host that origin is on. */
  issuer: string;
};

const lockfilePath = ".github/workflows/actions.lock";

/**
 * Reads the workflows and actions of the work tree that a folder belongs to (or of the plain folder).
 * In: the folder, the `--repo` flag, whether the policy file is read for its salt. Throws LeaseholdError for what a user can mend.
 */
export async function fixSource(cwd: string, named: string | undefined, config: boolean): Promise<FixSource> {
  const repository = await openRepository(cwd);
  const root = repository?.root ?? cwd;
  const list = repository?.root === undefined ? folderFiles(cwd, [""]) : await worktreeFiles(repository);
  const files: ActionsFile[] = [];
  let lockfile: ActionsFile | undefined;
  const wanted = list.files.filter((path) => path === lockfilePath || kindOfPath(path) !== undefined);
  readFiles(root, wanted, ({ path, bytes, last, offset }) => {
    // A file in pieces is larger than any workflow that GitHub runs.
    if (!last || offset > 0) return;
    const file = { path, bytes: Uint8Array.from(bytes) };
    if (path === lockfilePath) lockfile = file;
    else files.push(file);
  });
  const origin = repository === undefined ? undefined : await originOf(repository);
  const name = named === undefined ? origin && { owner: origin.owner, repo: origin.repo } : nameOf(named);
  const branch =
    repository === undefined
      ? undefined
      : (await defaultBranch(repository))?.replace(/^refs\/(?:heads|remotes\/origin)\//, "");
  return {
    root,
    files: files.sort((a, b) => (a.path < b.path ? -1 : 1)),
    lockfile,
    salt: config ? await saltOf(root) : defaultSalt,
    repository: name && { ...name, ...(branch !== undefined && { defaultBranch: branch }) },
    issuer: issuerOf(origin?.host ?? "github.com"),
  };
}

async function saltOf(root: string): Promise<string> {
  const { policy } = await readSteeringFiles({ kind: "folder", root });
  return (policy && parsePolicy(policy.text, policy.name).value.salt) ?? defaultSalt;
}

function nameOf(text: string): { owner: string; repo: string } {
  const match = /^([\w.-]{1,100})\/([\w.-]{1,100})$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined)
    throw new LeaseholdError("usage", `--repo ${text}: expected OWNER/REPO`);
  return { owner: match[1], repo: match[2] };
}

/** The issuer of a host's tokens (https://docs.github.com/actions/reference/security/oidc). */
export function issuerOf(host: string): string {
  if (host === "github.com" || host.endsWith(".github.com")) return "https://token.actions.githubusercontent.com";
  if (host.endsWith(".ghe.com")) return `https://token.actions.${host}`;
  return `https://${host}/_services/token`;
}

/** The scan that the planner repeats after each change: workflow rules and stored credentials. */
export function scannerFor(source: FixSource, rules: readonly KeylessRule[]): FixContext["scan"] {
  const index = keylessRules(rules);
  const context: WorkflowContext = {
    ...(source.repository && { owner: source.repository.owner }),
    ...(source.lockfile && { lockfile: readLockfile(source.lockfile.path, source.lockfile.bytes) }),
  };
  const known = new WeakMap<Uint8Array, ReturnType<FixContext["scan"]>>();
  return (path, bytes) => {
    const before = known.get(bytes);
    if (before !== undefined) return before;
    const { findings, model, uses } = auditWorkflow(path, bytes, source.salt, () => index, context);
    const scan = { findings, uses, ...(model && { model }) };
    known.set(bytes, scan);
    return scan;
  };
}

/** The models of all files, for callers and called workflows. */
export function modelsOf(source: FixSource, scan: FixContext["scan"]): Model[] {
  return source.files.flatMap(({ path, bytes }) => scan(path, bytes).model ?? []);
}

/** Reads a file that a flag names. Throws LeaseholdError("usage"). */
export function readNamed(cwd: string, file: string): string {
  try {
    return readFileSync(resolve(cwd, file), "utf8");
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new LeaseholdError("usage", `cannot be read (${code})`, { file });
  }
}
