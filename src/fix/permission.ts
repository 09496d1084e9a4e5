/** Permissions of a job, changed by the rules that decide whether a rewrite works: a block on the job replaces the workflow's, and what a block does not list is none. */
import type { Job, PermissionLevel, Permissions, Workflow, YamlEntry } from "../workflow/model.ts";
import { addEntry, type Changes, replaceAdded, setText } from "./change.ts";
import { refuse } from "./refusal.ts";
import { raise, type Scopes, tokenUse } from "./token-scopes.ts";
import type { NewEntry } from "./yaml-write.ts";

/** Scopes in the order that GitHub's examples use; the rest by name. */
function inOrder(scopes: Scopes): [string, PermissionLevel][] {
  const rank = (name: string): string => (name === "contents" ? "0" : name === "id-token" ? "1" : `2${name}`);
  return Object.entries(scopes).sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1));
}

/**
 * Lets a job have scopes beside those it has.
 * In: the changes, the workflow, the job, the scopes, and why, as the comment behind what is written. Out: what a person should look at.
 * Throws Refused where it is not known what the job would lose.
 */
export function grant(changes: Changes, workflow: Workflow, job: Job, needed: Scopes, reason: string): string[] {
  if (Object.keys(needed).length === 0) return [];
  if (job.permissions !== undefined) {
    extend(changes, job.permissions, needed, reason, `job ${job.id}`);
    return [];
  }
  const { permissions } = workflow;
  if (permissions === undefined) {
    addBlock(changes, job, used(job), needed, reason);
    const { silent } = tokenUse(job);
    return silent.length === 0
      ? []
      : [
          `Job ${job.id} had the repository's default permissions and now has only those it names; see whether ${[...new Set(silent)].join(", ")} needs more.`,
        ];
  }
  if (lacking(permissions, needed).length === 0) return [];
  if (permissions.all === "read")
    refuse(
      `the workflow's permissions are read-all, which a block on job ${job.id} would replace; list the scopes that the job uses first`,
    );
  // With one job there is nobody else to whom the workflow's block would give more; an empty one says that each job names its own.
  if (workflow.jobs.length === 1 && permissions.scopes.length > 0)
    extend(changes, permissions, needed, reason, "the workflow");
  else
    addBlock(
      changes,
      job,
      Object.fromEntries(permissions.scopes.map((scope) => [scope.name, scope.level])),
      needed,
      reason,
    );
  return [];
}

/** What the job uses of its token under the repository's default permissions. Throws Refused when a step's use is not known. */
function used(job: Job): Scopes {
  const { scopes, unsure } = tokenUse(job);
  if (unsure.length > 0)
    refuse(
      `job ${job.id} has no permissions block, and what ${unsure.join(", ")} needs of the job's token is not known; add a block with those scopes, then run this again`,
    );
  return scopes;
}

function lacking(permissions: Permissions, needed: Scopes): string[] {
  if (permissions.all === "write") return [];
  const rank: Record<PermissionLevel, number> = { none: 0, read: 1, write: 2 };
  return Object.keys(needed).filter((name) => {
    const has = permissions.scopes.find((scope) => scope.name === name)?.level ?? "none";
    const base = permissions.all === "read" && name !== "id-token" ? "read" : has;
    return rank[base] < rank[needed[name] ?? "none"];
  });
}

function extend(changes: Changes, permissions: Permissions, needed: Scopes, reason: string, whose: string): void {
  const names = lacking(permissions, needed);
  if (names.length === 0) return;
  const { value } = permissions.entry;
  if (permissions.all === "read" || value.kind !== "map")
    refuse(`the permissions of ${whose} are written as a word; list the scopes that are used first`);
  if (permissions.entry.alias) refuse(`the permissions of ${whose} are a YAML alias`);
  for (const [name, level] of inOrder(Object.fromEntries(names.map((one) => [one, needed[one] ?? "none"])))) {
    const present = permissions.scopes.find((scope) => scope.name === name);
    if (present === undefined) addEntry(changes, value, scopeEntry(name, level, reason));
    else setText(changes, present.entry.alias?.span ?? present.entry.value.span, level);
  }
}

function addBlock(changes: Changes, job: Job, has: Scopes, needed: Scopes, reason: string): void {
  if (job.entry.alias) refuse(`job ${job.id} is a YAML alias`);
  const present = blockAdded(changes, job);
  const scopes: Scopes = { ...has };
  const comments = new Map<string, string>();
  for (const entry of present) {
    raise(scopes, { [entry.key]: entry.value as PermissionLevel });
    if (entry.comment !== undefined) comments.set(entry.key, entry.comment);
  }
  raise(scopes, needed);
  for (const name of Object.keys(needed)) {
    comments.set(name, bothReasons(comments.get(name), reason));
  }
  const value = inOrder(scopes).map(([name, level]) => {
    const comment = comments.get(name);
    return { key: name, value: level, ...(comment !== undefined && { comment }) };
  });
  replaceAdded(changes, job.map, { key: "permissions", value }, firstOf(job));
}

const login = "OIDC login to ";

/** One comment for two fixes: `OIDC login to A and B`. */
function bothReasons(said: string | undefined, reason: string): string {
  if (said === undefined || said === reason || reason === "OIDC login") return said ?? reason;
  if (said === "OIDC login") return reason;
  if (!said.startsWith(login) || !reason.startsWith(login)) return `${said}, ${reason}`;
  const services = said.slice(login.length).split(" and ");
  return services.includes(reason.slice(login.length)) ? said : `${said} and ${reason.slice(login.length)}`;
}

function firstOf(job: Job): YamlEntry {
  return job.map.entries[0] ?? refuse(`job ${job.id} is empty`);
}

/** The scopes of a block that another fix has already put on the job. */
function blockAdded(changes: Changes, job: Job): NewEntry[] {
  const entry = changes.maps
    .get(job.map)
    ?.above.get(firstOf(job))
    ?.find((one) => one.key === "permissions");
  return entry === undefined || typeof entry.value === "string" ? [] : entry.value;
}

function scopeEntry(name: string, level: PermissionLevel, reason: string): NewEntry {
  return { key: name, value: level, comment: reason };
}
