/** The kinds of runs that a policy is asked about, and which of them a token belongs to. */
import { type Home, sameName } from "./home.ts";
import type { Run } from "./token.ts";

/**
 * From the intended side outwards. The re-registered ones have the home's names with other ids: under immutable subjects,
 * or (`-legacy`) under name-only ones, which nothing tells apart from the home's.
 */
export const subjectClasses = [
  "own-main",
  "own-branch",
  "own-tag",
  "own-environment",
  "own-other-environment",
  "own-pull-request",
  "own-template",
  "org-other-repository",
  "re-registered-repository",
  "re-registered-owner",
  "re-registered-legacy",
  "prefix-owner",
  "fork",
  "stranger",
  "stranger-template",
  "stranger-caller",
] as const;
export type SubjectClass = (typeof subjectClasses)[number];

/** Classes that any account of github.com can put itself into. */
export const strangerClasses: ReadonlySet<SubjectClass> = new Set([
  "prefix-owner",
  "fork",
  "stranger",
  "stranger-template",
]);

/** The widest kind of stranger among classes that get in; the ones that only call a workflow last. */
export function widestStranger(classes: { has(one: SubjectClass): boolean }): SubjectClass | undefined {
  return (["stranger", "fork", "prefix-owner", "stranger-template", "stranger-caller"] as const).find((one) =>
    classes.has(one),
  );
}

/** Who a class is, for a sentence that begins "can be taken by". */
export function whoIs(subjectClass: SubjectClass, home: Home): string {
  const repository = `${home.named.owner}/${home.named.repo}`;
  switch (subjectClass) {
    case "own-main":
      return `the branch ${home.branch} of ${repository}`;
    case "own-branch":
      return `anyone who can push a branch to ${repository}`;
    case "own-tag":
      return `anyone who can push a tag to ${repository}`;
    case "own-environment":
      return `jobs of ${repository} in the environment ${home.environment}`;
    case "own-other-environment":
      return `jobs of ${repository} in any environment, also one that a writer makes up`;
    case "own-pull-request":
      return `anyone who can open a pull request from a branch of ${repository}`;
    case "own-template":
      return `${repository} under a custom subject template`;
    case "org-other-repository":
      return `other repositories of ${home.named.owner}`;
    case "re-registered-repository":
      return `a new repository under the name ${repository}`;
    case "re-registered-owner":
      return `whoever registers the name ${home.named.owner} after it is given up`;
    case "re-registered-legacy":
      return `whoever takes over the name ${repository} and emits name-only subjects`;
    case "prefix-owner":
      return `any account whose name looks like ${home.named.owner}`;
    case "fork":
      return `any account with a repository named ${home.named.repo}, a fork for one`;
    case "stranger":
      return "any repository on GitHub";
    case "stranger-template":
      return "any repository on GitHub that sets a custom subject template";
    case "stranger-caller":
      return "any repository on GitHub that calls the reusable workflow, if that is public";
  }
}

/** The class of a run as seen from a policy's home. */
export function classOf(run: Run, home: Home): SubjectClass {
  const { named, context } = run;
  const { owner, repo } = home.named;
  const ownerKnown = sameName(named.owner, owner) || home.owners.has(named.owner.toLowerCase());
  if (!ownerKnown && !home.ownerIds.has(named.ownerId)) {
    const called = run.chosen?.get("job_workflow_ref")?.split("/")[0];
    if (called !== undefined && !sameName(called, named.owner)) return "stranger-caller";
    if (run.subject !== undefined) return "stranger-template";
    if (named.owner.toLowerCase().startsWith(owner.toLowerCase())) return "prefix-owner";
    return sameName(named.repo, repo) ? "fork" : "stranger";
  }
  if (sameName(named.owner, owner) && named.ownerId !== home.named.ownerId && !home.ownerIds.has(named.ownerId)) {
    return run.form === "immutable" ? "re-registered-owner" : "re-registered-legacy";
  }
  const repoKnown = sameName(named.repo, repo) || home.repositories.has(`${named.owner}/${named.repo}`.toLowerCase());
  if (!repoKnown && !home.repoIds.has(named.repoId)) return "org-other-repository";
  if (
    sameName(named.repo, repo) &&
    sameName(named.owner, owner) &&
    named.repoId !== home.named.repoId &&
    !home.repoIds.has(named.repoId)
  ) {
    return run.form === "immutable" ? "re-registered-repository" : "re-registered-legacy";
  }
  if (run.subject !== undefined) return "own-template";
  switch (context.kind) {
    case "environment":
      return context.name === home.environment ? "own-environment" : "own-other-environment";
    case "pull-request":
      return "own-pull-request";
    case "tag":
      return "own-tag";
    case "branch":
      return context.name === home.branch ? "own-main" : "own-branch";
    default:
      return "own-template";
  }
}
