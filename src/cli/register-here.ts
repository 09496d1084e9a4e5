/** The register of the folder a command works in, and everything it is judged by. */
import { resolve } from "node:path";
import { LeaseholdError } from "../error.ts";
import { commitDay } from "../git/commit-day.ts";
import { originOf } from "../git/origin.ts";
import { openRepository } from "../git/repository.ts";
import { requireCommit } from "../git/revision.ts";
import { isPlainDate, type PlainDate } from "../plain-date.ts";
import type { Policy } from "../policy/policy.ts";
import { registerLimits } from "../policy/register-limits.ts";
import { parseWaivers } from "../policy/waiver.ts";
import { auditContext } from "../register/audit.ts";
import type { AuditContext } from "../register/draft.ts";
import { type Exceptions, noExceptions } from "../register/exception.ts";
import { type Inventory, parseInventory } from "../register/inventory.ts";
import { type Register, registerPaths } from "../register/register.ts";
import type { SecretUses } from "../register/use.ts";
import { type GithubFolder, githubFolderAt, githubFolderOnDisk } from "../scan/github-folder.ts";
import type { JobLogins } from "../scan/job-logins.ts";
import { registerOf } from "../scan/register-files.ts";
import { today } from "../scan/run-info.ts";
import { readSteering, type Steering } from "../scan/steering.ts";
import { readOnDisk, readSteeringFiles, type SteeringFiles } from "../scan/steering-files.ts";
import { usesInFolder } from "../scan/workflow-uses.ts";
import type { Io } from "./io.ts";
import { steeringHere } from "./steering-here.ts";

/** Flags that say what is looked at; a command has those that make sense for it. */
export type RegisterFlags = {
  inventory?: string | undefined;
  at?: string | undefined;
  "no-git"?: boolean;
  "no-config"?: boolean;
};

export type RegisterHere = {
  /** Top of the repository, or the folder. */
  root: string;
  /** The register's path from the root, whether it is there or not. */
  path: string;
  text: string | undefined;
  register: Register | undefined;
  inventory: Inventory | undefined;
  uses: SecretUses;
  /** Files that were read for uses. */
  files: number;
  /** Paths of those that could not be understood, so that their uses are not known. */
  unread: readonly string[];
  jobs: JobLogins;
  exceptions: Exceptions;
  steering: Steering;
  steeringFiles: SteeringFiles;
  policy: Policy;
  today: PlainDate;
  context: AuditContext;
};

/** Read everything. Throws LeaseholdError("config") for files that are wrong, ("usage") for a day that does not exist. */
export async function registerHere(io: Io, flags: RegisterFlags): Promise<RegisterHere> {
  const day = flags.at ?? today();
  if (!isPlainDate(day))
    throw new LeaseholdError("usage", `--at: expected a day like ${today()}, found ${JSON.stringify(day)}`);
  const {
    root,
    files: steeringFiles,
    steering,
  } = await steeringHere(io.cwd, flags["no-git"] !== true, flags["no-config"] !== true);
  const repository = flags["no-git"] === true ? undefined : await openRepository(io.cwd);
  const owner = repository === undefined ? undefined : (await originOf(repository))?.owner;
  return judgedHere(io, flags, day, { root, steeringFiles, steering, folder: githubFolderOnDisk(root), owner });
}

/**
 * The same as a commit had it, on the day it was made; a snapshot of the stores is still the one that is named.
 * In: a revision. Throws as `registerHere` does, ("nothing-matched") for a revision that names no commit.
 */
export async function registerAtCommit(
  io: Io,
  flags: RegisterFlags,
  revision: string,
): Promise<RegisterHere & { commit: string }> {
  const repository = await openRepository(io.cwd);
  if (repository === undefined)
    throw new LeaseholdError(
      "usage",
      `--at: ${JSON.stringify(revision)} is no day, and there is no git repository here`,
    );
  const commit = await requireCommit(repository, revision);
  const source =
    flags["no-config"] === true ? ({ kind: "none" } as const) : ({ kind: "commit", repository, commit } as const);
  const steeringFiles = await readSteeringFiles(source);
  const folder = await githubFolderAt(repository, commit);
  const found = {
    root: repository.root ?? io.cwd,
    steeringFiles,
    steering: readSteering(steeringFiles),
    folder,
    owner: (await originOf(repository))?.owner,
  };
  return { ...judgedHere(io, flags, await commitDay(repository, commit), found), commit };
}

type FoundHere = Pick<RegisterHere, "root" | "steeringFiles" | "steering"> & {
  folder: GithubFolder;
  /** Owner of the repository, as its remote says. */
  owner: string | undefined;
};

function judgedHere(io: Io, flags: RegisterFlags, day: PlainDate, found: FoundHere): RegisterHere {
  const { root, steeringFiles, steering, folder } = found;
  const read = registerOf(folder);
  const { register, text } = read ?? { register: undefined, text: undefined };
  const path = read?.path ?? registerPaths[0];
  const inventory =
    flags.inventory === undefined
      ? undefined
      : parseInventory(readOnDisk("/", resolve(io.cwd, flags.inventory), flags.inventory), flags.inventory);
  const { policy } = steering;
  const { waivers } = steeringFiles;
  const exceptions = waivers === undefined ? noExceptions : parseWaivers(waivers.text, waivers.name);
  const { rows, files, unread, jobs } = usesInFolder(folder, policy.salt, inventory?.account.login ?? found.owner);
  // A file that cannot be read may use anything.
  const uses: SecretUses = { rows, complete: unread.length === 0 ? "all" : [] };
  const context = auditContext(register, inventory, uses, registerLimits(policy), day);
  return {
    root,
    path,
    text,
    register,
    inventory,
    uses,
    files,
    unread,
    jobs,
    exceptions,
    steering,
    steeringFiles,
    policy,
    today: day,
    context,
  };
}

/** The minute of a verdict: now in UTC, or the last one of a day that was named. */
export function momentOf(flags: RegisterFlags): string {
  return flags.at === undefined ? `${new Date().toISOString().slice(0, 16)}Z` : `${flags.at}T23:59Z`;
}
