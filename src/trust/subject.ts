/**
 * The `sub` claim of GitHub's tokens: how it is put together and what it says.
 * Source: GitHub docs, "OpenID Connect reference" (formats, precedence, custom templates); changelog of 2026-04-23 (immutable subjects).
 */

/** Owner and repository as a subject names them; the ids only in the immutable form. */
export type NamedRepository = { owner: string; repo: string; ownerId?: string; repoId?: string };

/** What a run is for, in GitHub's order of precedence: environment, then pull request, then ref. */
export type SubjectContext =
  | { kind: "environment"; name: string }
  | { kind: "pull-request" }
  | { kind: "branch"; name: string }
  | { kind: "tag"; name: string }
  | { kind: "other"; text: string };

/** A subject read back. `pairs` is what a custom template gives: no repository in front. */
export type Subject =
  | { kind: "repository"; named: NamedRepository; context: SubjectContext }
  | { kind: "pairs"; pairs: [key: string, value: string][] }
  | { kind: "none" };

/** The two forms that a repository may emit; which of them is a setting of the repository. */
export const subjectForms = ["legacy", "immutable"] as const;
export type SubjectForm = (typeof subjectForms)[number];

const ownerName = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?$/;
const repositoryName = /^[A-Za-z0-9._-]{1,100}$/;
const digits = /^[0-9]{1,20}$/;

/** Whether a text can be the name of an account (letters, digits, single hyphens inside; 39 characters). */
export function isOwnerName(text: string): boolean {
  return ownerName.test(text) && !text.includes("--");
}

/** Whether a text can be the name of a repository. */
export function isRepositoryName(text: string): boolean {
  return repositoryName.test(text) && text !== "." && text !== "..";
}

/** Whether git takes a text as the name of a branch or tag (git-check-ref-format). */
export function isRefName(text: string): boolean {
  if (text === "" || text === "@" || text.length > 250 || text.startsWith("-")) return false;
  if (/[\0-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\.$|\/$/.test(text)) return false;
  return text.split("/").every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"));
}

function isFullRef(text: string): boolean {
  const match = /^refs\/(?:heads|tags|pull)\/(.+)$/.exec(text);
  return match !== null && isRefName(match[1]!);
}

/** Keys that a custom template may be made of, as far as a subject can be read back by them. */
export const templateKeys: ReadonlySet<string> = new Set([
  "actor", "actor_id", "base_ref", "environment", "enterprise", "enterprise_id", "event_name", "head_ref", "job_workflow_ref",
  "job_workflow_sha", "ref", "ref_type", "repository", "repository_id", "repository_owner", "repository_owner_id",
  "repository_visibility", "run_attempt", "run_id", "run_number", "runner_environment", "workflow", "workflow_ref", "workflow_sha",
]); // biome-ignore format: a list of words

/** `repo:O/R` or `repo:O@OID/R@RID`. */
export function repositoryPart(named: NamedRepository, form: SubjectForm): string {
  return form === "legacy"
    ? `repo:${named.owner}/${named.repo}`
    : `repo:${named.owner}@${named.ownerId}/${named.repo}@${named.repoId}`;
}

/** The part after the repository. A colon inside a value is sent as `%3A`. */
export function contextPart(context: SubjectContext): string {
  switch (context.kind) {
    case "environment":
      return `environment:${context.name.replaceAll(":", "%3A")}`;
    case "pull-request":
      return "pull_request";
    case "branch":
      return `ref:refs/heads/${context.name}`;
    case "tag":
      return `ref:refs/tags/${context.name}`;
    default:
      return context.text;
  }
}

/** The subject of the default template. */
export function subjectOf(named: NamedRepository, context: SubjectContext, form: SubjectForm): string {
  return `${repositoryPart(named, form)}:${contextPart(context)}`;
}

/** Reads a subject. `none`: no token of GitHub can carry it (an owner or ref that cannot exist, an unknown key). */
export function parseSubject(text: string): Subject {
  const repository = /^repo:([^/:]{1,80})\/([^/:]{1,140}):/.exec(text);
  if (repository) {
    const named = readNames(repository[1]!, repository[2]!);
    const context = readContext(text.slice(repository[0].length));
    return named && context ? { kind: "repository", named, context } : { kind: "none" };
  }
  return readPairs(text);
}

function readNames(ownerText: string, repoText: string): NamedRepository | undefined {
  const [owner, ownerId, moreOwner] = ownerText.split("@");
  const [repo, repoId, moreRepo] = repoText.split("@");
  if (moreOwner !== undefined || moreRepo !== undefined) return undefined;
  if (!isOwnerName(owner!) || !isRepositoryName(repo!)) return undefined;
  if (ownerId === undefined && repoId === undefined) return { owner: owner!, repo: repo! };
  if (ownerId === undefined || repoId === undefined || !digits.test(ownerId) || !digits.test(repoId)) return undefined;
  return { owner: owner!, repo: repo!, ownerId, repoId };
}

function readContext(text: string): SubjectContext | undefined {
  if (text === "pull_request") return { kind: "pull-request" };
  if (text.startsWith("environment:")) {
    const name = text.slice("environment:".length);
    // After an environment a custom template may go on; the default one has no colon here.
    if (name !== "" && name.length <= 255 && !name.includes(":")) {
      return { kind: "environment", name: name.replaceAll("%3A", ":") };
    }
  } else if (text.startsWith("ref:refs/heads/")) {
    const name = text.slice("ref:refs/heads/".length);
    if (isRefName(name)) return { kind: "branch", name };
  } else if (text.startsWith("ref:refs/tags/")) {
    const name = text.slice("ref:refs/tags/".length);
    if (isRefName(name)) return { kind: "tag", name };
  }
  // A template that goes on after `repo`: `repo:O/R:job_workflow_ref:…`, `repo:O/R:ref:refs/heads/x:workflow:…`.
  const rest = text.startsWith("pull_request:") ? text.slice("pull_request:".length) : text;
  return readPairs(rest).kind === "pairs" ? { kind: "other", text } : undefined;
}

function readPairs(text: string): Subject {
  const parts = text.split(":");
  const pairs: [string, string][] = [];
  for (let at = 0; at < parts.length; at += 2) {
    const key = parts[at]!;
    const value = parts[at + 1];
    if (key === "pull_request" && pairs.every(([name]) => name !== "pull_request")) {
      pairs.push([key, ""]);
      at -= 1;
      continue;
    }
    if (value === undefined || value === "" || pairs.some(([name]) => name === key)) return { kind: "none" };
    if (key === "ref" && !isFullRef(value)) return { kind: "none" };
    if (!templateKeys.has(key) && !key.startsWith("repo_property_") && key !== "repo") return { kind: "none" };
    pairs.push([key, value.replaceAll("%3A", ":")]);
  }
  return { kind: "pairs", pairs };
}
