/**
 * What a job does with its own token, as far as its steps tell: the scopes that a `permissions` block must name once there is one,
 * because GitHub sets every scope that is not listed to none
 * (https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#permissions).
 */
import type { Job, PermissionLevel, Step } from "../workflow/model.ts";

export type Scopes = Record<string, PermissionLevel>;

export type TokenUse = {
  scopes: Scopes;
  /** Steps that get the token for something that is not known: their names. */
  unsure: string[];
  /** Actions that are not known and are not given the token; some take it by themselves. */
  silent: string[];
};

/** Scopes that actions need, from their own documentation. An action with `{}` gets no token or only one that needs no scope. */
const actions: Record<string, Scopes> = {
  "actions/checkout": { contents: "read" },
  "actions/attest-build-provenance": { "id-token": "write", attestations: "write" },
  "actions/configure-pages": { pages: "read" },
  "actions/deploy-pages": { pages: "write", "id-token": "write" },
  "actions/labeler": { contents: "read", "pull-requests": "write" },
  "actions/stale": { issues: "write", "pull-requests": "write" },
  "actions/first-interaction": { issues: "write", "pull-requests": "write" },
  "actions/dependency-review-action": { contents: "read" },
  "changesets/action": { contents: "write", "pull-requests": "write" },
  "codecov/codecov-action": {},
  "docker/build-push-action": {},
  "golangci/golangci-lint-action": { contents: "read" },
  "googleapis/release-please-action": { contents: "write", issues: "write", "pull-requests": "write" },
  "goreleaser/goreleaser-action": { contents: "write" },
  "github/codeql-action/analyze": { contents: "read", "security-events": "write" },
  "github/codeql-action/init": { contents: "read", "security-events": "write" },
  "github/codeql-action/upload-sarif": { contents: "read", "security-events": "write" },
  "ncipollo/release-action": { contents: "write" },
  "peaceiris/actions-gh-pages": { contents: "write" },
  "pre-commit/action": {},
  "pyo3/maturin-action": {},
  "peter-evans/create-pull-request": { contents: "write", "pull-requests": "write" },
  "softprops/action-gh-release": { contents: "write" },
  "svenstaro/upload-release-action": { contents: "write" },
};

/** Actions whose default for a token input is the job's token, of which the scopes depend on what they are told to do. */
const open = new Set(["actions/github-script"]);

/** Owners whose actions log in or set something up, and take no token of GitHub. */
const tokenless =
  /^(?:aws-actions|azure|google-github-actions|docker|hashicorp|pulumi|rust-lang|dtolnay|nuget|rubygems|ruby|oven-sh|pnpm|denoland|gradle|astral-sh|pypa|octo-sts|jfrog|snowflakedb|swatinem|step-security|coursier|opentofu|depot|chainguard-dev|tailscale|octopusdeploy|sigstore)\//;

const tokenText = /\bsecrets\.GITHUB_TOKEN\b|\bgithub\.token\b|secrets\[\s*'GITHUB_TOKEN'\s*\]/i;

/** What the steps of a job need of its token. */
export function tokenUse(job: Job): TokenUse {
  const use: TokenUse = { scopes: {}, unsure: [], silent: [] };
  if (job.uses !== undefined) use.unsure.push(job.uses.raw);
  for (const variable of job.env?.variables ?? [])
    if (tokenText.test(variable.value.value)) use.unsure.push(`env ${variable.name}`);
  for (const step of job.steps) addStep(use, step);
  return use;
}

function addStep(use: TokenUse, step: Step): void {
  const name = nameOf(step);
  const known = actions[name];
  if (known !== undefined) raise(use.scopes, known);
  else if (name.startsWith("actions/") && !open.has(name)) return;
  else if (registryLogin(step)) raise(use.scopes, { packages: "write" });
  else if (step.uses?.local || open.has(name) || givenToken(step))
    use.unsure.push(step.name?.value ?? (name || `step ${step.index + 1}`));
  else if (name !== "" && !tokenless.test(name)) use.silent.push(name);
  if (step.run !== undefined && /\bgit\s+push\b/.test(step.run.value)) raise(use.scopes, { contents: "write" });
}

function nameOf(step: Step): string {
  const { uses } = step;
  if (uses?.owner === undefined) return "";
  return `${uses.owner}/${uses.repo}${uses.path === undefined ? "" : `/${uses.path}`}`.toLowerCase();
}

/** A login to GitHub's own registry with the job's token. */
function registryLogin(step: Step): boolean {
  const value = (name: string): string => step.with.find((variable) => variable.name === name)?.value.value ?? "";
  return (
    nameOf(step) === "docker/login-action" &&
    /ghcr\.io|pkg\.github\.com/.test(value("registry")) &&
    tokenText.test(value("password"))
  );
}

function givenToken(step: Step): boolean {
  const texts = [...step.with, ...(step.env?.variables ?? [])].map((variable) => variable.value.value);
  return [...texts, step.run?.value ?? ""].some((text) => tokenText.test(text));
}

/** Raises scopes to at least the levels of `more`. */
export function raise(scopes: Scopes, more: Scopes): void {
  const rank: Record<PermissionLevel, number> = { none: 0, read: 1, write: 2 };
  for (const [name, level] of Object.entries(more)) {
    if (rank[level] > rank[scopes[name] ?? "none"]) scopes[name] = level;
  }
}
