/**
 * The `sub` claims that a job's OIDC tokens carry (https://docs.github.com/actions/reference/security/oidc): the environment decides, then the
 * pull request, then the ref. Repositories created or renamed after 2026-07-15 emit the form with ids, older ones the form with names.
 */
import type { Trigger } from "../workflow/model.ts";

/** What is known of the repository; what is not is shown as a marked placeholder. */
export type Repository = {
  owner: string;
  repo: string;
  ownerId?: string;
  repoId?: string;
  immutable?: boolean;
  defaultBranch?: string;
};

export type Subjects = {
  legacy: string[];
  immutable: string[];
};

/** A colon within a value is sent as `%3A`. */
function escaped(value: string): string {
  return value.replaceAll(":", "%3A");
}

/**
 * Every subject that a job can have under its triggers.
 * In: the repository, the job's environment if it has one, the workflow's triggers. Expressions give a marked placeholder.
 */
export function subjectsOf(
  repository: Repository,
  environment: string | undefined,
  triggers: readonly Trigger[],
): Subjects {
  const contexts = contextsOf(repository, environment, triggers);
  const { owner, repo, ownerId = "<OWNER_ID>", repoId = "<REPOSITORY_ID>" } = repository;
  return {
    legacy: contexts.map((context) => `repo:${owner}/${repo}:${context}`),
    immutable: contexts.map((context) => `repo:${owner}@${ownerId}/${repo}@${repoId}:${context}`),
  };
}

function contextsOf(repository: Repository, environment: string | undefined, triggers: readonly Trigger[]): string[] {
  if (environment !== undefined)
    return [environment.includes("${{") ? "environment:<ENVIRONMENT>" : `environment:${escaped(environment)}`];
  const branch = repository.defaultBranch ?? "main";
  const contexts = new Set<string>();
  for (const { event, config } of triggers) {
    if (event === "pull_request") contexts.add("pull_request");
    else if (event === "release") contexts.add("ref:refs/tags/<TAG>");
    else if (event === "push") for (const ref of pushRefs(config, branch)) contexts.add(ref);
    else if (event !== "workflow_call") contexts.add(`ref:refs/heads/${branch}`);
  }
  if (contexts.size === 0) contexts.add(`ref:refs/heads/${branch}`);
  return [...contexts];
}

function pushRefs(config: Trigger["config"], branch: string): string[] {
  const named = (key: string): string[] => {
    const value = config?.entries.find((entry) => entry.key.text === key)?.value;
    return value?.kind === "seq"
      ? value.items.flatMap((item) => (item.value.kind === "scalar" ? [item.value.text] : []))
      : value?.kind === "scalar"
        ? [value.text]
        : [];
  };
  const branches = named("branches").filter((name) => !name.startsWith("!"));
  const tags = named("tags").filter((name) => !name.startsWith("!"));
  const refs = [
    ...branches.map((name) => `ref:refs/heads/${isPattern(name) ? "<BRANCH>" : name}`),
    ...tags.map((name) => `ref:refs/tags/${isPattern(name) ? "<TAG>" : name}`),
  ];
  return refs.length > 0 ? refs : [`ref:refs/heads/${branch}`];
}

function isPattern(name: string): boolean {
  return /[*?+[\]!]/.test(name);
}
