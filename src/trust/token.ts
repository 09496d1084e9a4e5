/** The claims of a token that a run would get, for matchers to be asked about. Source: GitHub docs, "OpenID Connect reference". */
import { type NamedRepository, type SubjectContext, type SubjectForm, subjectOf } from "./subject.ts";

/** Claims by name, as they would stand in the token. A claim that is not there is absent. */
export type Claims = ReadonlyMap<string, string>;

/** What a run is: whose repository, for what event, under which form of subject. */
export type Run = {
  named: Required<NamedRepository>;
  context: SubjectContext;
  form: SubjectForm;
  /** A subject from a custom template, in place of the default one. */
  subject?: string;
  /** Claims that the runner of a workflow is free to choose: `workflow`, `actor`, a called `job_workflow_ref`, the audience. */
  chosen?: ReadonlyMap<string, string>;
};

/** Branch from which pull requests are opened and to which they go, where nothing says otherwise. */
export const mainBranch = "main";

/** The claims that GitHub's provider would issue for a run. */
export function claimsOf(run: Run, issuer: string): Claims {
  const { named, context } = run;
  const repository = `${named.owner}/${named.repo}`;
  const ref = refOf(context);
  const claims = new Map<string, string>([
    ["iss", issuer],
    ["aud", `https://github.com/${named.owner}`],
    ["sub", run.subject ?? subjectOf(named, context, run.form)],
    ["repository", repository],
    ["repository_id", named.repoId],
    ["repository_owner", named.owner],
    ["repository_owner_id", named.ownerId],
    ["repository_visibility", "public"],
    ["ref", ref],
    ["ref_type", ref.startsWith("refs/tags/") ? "tag" : "branch"],
    ["event_name", context.kind === "pull-request" ? "pull_request" : "push"],
    ["workflow", "Deploy"],
    ["workflow_ref", `${repository}/.github/workflows/deploy.yml@${ref}`],
    ["job_workflow_ref", `${repository}/.github/workflows/deploy.yml@${ref}`],
    ["runner_environment", "github-hosted"],
    ["actor", named.owner],
    ["actor_id", named.ownerId],
    ["run_id", "1000001"],
    ["run_number", "1"],
    ["run_attempt", "1"],
  ]);
  if (context.kind === "environment") claims.set("environment", context.name);
  if (context.kind === "pull-request") {
    claims.set("head_ref", "change");
    claims.set("base_ref", mainBranch);
  }
  for (const [key, value] of run.chosen ?? []) claims.set(key, value);
  return claims;
}

function refOf(context: SubjectContext): string {
  switch (context.kind) {
    case "branch":
      return `refs/heads/${context.name}`;
    case "tag":
      return `refs/tags/${context.name}`;
    case "pull-request":
      return "refs/pull/1/merge";
    default:
      return `refs/heads/${mainBranch}`;
  }
}

/** Claims that tie a token to one owner or repository; no stranger's token has the owner's values. */
export const ownerClaims: ReadonlySet<string> = new Set([
  "repository",
  "repository_id",
  "repository_owner",
  "repository_owner_id",
  "enterprise",
  "enterprise_id",
]);

/** Claims that anyone can give any value, in a repository of their own. */
export const freeClaims: ReadonlySet<string> = new Set([
  "environment",
  "ref",
  "ref_type",
  "head_ref",
  "base_ref",
  "event_name",
  "workflow",
  "runner_environment",
  "repository_visibility",
  "aud",
]);

/** Every claim that GitHub's provider documents, `repo_property_*` aside. */
export const knownClaims: ReadonlySet<string> = new Set([
  ...ownerClaims, ...freeClaims,
  "iss", "sub", "jti", "exp", "iat", "nbf", "actor", "actor_id", "check_run_id", "job_workflow_ref", "job_workflow_sha", "ref_protected",
  "run_id", "run_number", "run_attempt", "workflow_ref", "workflow_sha", "sha",
]); // biome-ignore format: a list of words
