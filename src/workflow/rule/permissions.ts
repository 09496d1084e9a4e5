/** What the job's own token may do: not said, or more than is used. */
import type { Job, Permissions, Step } from "../model.ts";
import type { SecretUse } from "../use.ts";
import { actionName, usesOfJob } from "./reach.ts";
import type { Draft, RuleInput, WorkflowRule } from "./rule.ts";

export const permissionsMissing: WorkflowRule = {
  id: "workflow/permissions-missing",
  title: "No permissions for the job's token",
  why: "Without `permissions` the token has whatever the repository's or organisation's setting gives, in older ones write access to everything.",
  silent:
    "Jobs with a block of their own; reusable workflows, which have what the caller grants. One finding per workflow.",
  bad: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo hello
`,
  good: `on: push
permissions: {}
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo hello
`,
  check: ({ model }) => {
    if (model.kind !== "workflow" || model.permissions !== undefined) return [];
    if (model.on.length > 0 && model.on.every((trigger) => trigger.event === "workflow_call")) return [];
    const without = model.jobs.filter((job) => job.permissions === undefined);
    const [first] = without;
    if (first === undefined) return [];
    const all = without.length === model.jobs.length;
    return [
      {
        span: first.key.span,
        name: "permissions",
        severity: "low",
        confidence: "certain",
        message: `${all ? "The workflow says" : `Job ${first.id} says`} nothing of permissions, so the repository's setting decides; name the ones it needs.`,
        preview: first.id,
        facts: { jobs: without.map((job) => job.id).join(" ") },
      },
    ];
  },
};

export const permissionsTooWide: WorkflowRule = {
  id: "workflow/permissions-too-wide",
  title: "The job's token may do more than is used",
  why: "Every step of the job holds the token. What it may write, an action that was taken over may write too.",
  silent:
    "Scopes that some step may use: a job with an unknown action, a program that takes a token, or a push leaves the question open, so nothing is said.",
  bad: `on: push
permissions: write-all
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: echo hello
`,
  good: `on: push
permissions:
  contents: read
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: echo hello
`,
  check: (input) => {
    const { model } = input;
    if (model.kind !== "workflow") return [];
    const inheriting = model.jobs.filter((job) => job.permissions === undefined);
    return [
      ...wide(input, model.permissions, inheriting, undefined),
      ...model.jobs.flatMap((job) => wide(input, job.permissions, [job], job.id)),
    ];
  },
};

function wide(
  input: RuleInput,
  permissions: Permissions | undefined,
  jobs: readonly Job[],
  job: string | undefined,
): Draft[] {
  if (permissions === undefined) return [];
  if (permissions.all !== undefined) {
    const write = permissions.all === "write";
    return [
      {
        span: permissions.entry.span,
        ...(job !== undefined && { job }),
        name: "permissions",
        severity: write ? "medium" : "info",
        confidence: "certain",
        message: `permissions: ${permissions.all}-all gives the token every scope; name the ones it needs.`,
        preview: `permissions: ${permissions.all}-all`,
      },
    ];
  }
  if (jobs.length === 0 || jobs.some((one) => mayUseToken(one, input.uses))) return [];
  return permissions.scopes.flatMap((scope): Draft[] => {
    if (scope.level !== "write" || scope.name === "id-token") return [];
    return [
      {
        span: scope.entry.span,
        ...(job !== undefined && { job }),
        name: scope.name,
        severity: "low",
        confidence: "likely",
        message: `No step writes with the token, so ${scope.name}: write is not used.`,
        preview: `${scope.name}: write`,
      },
    ];
  });
}

/** GitHub's own actions that only read with the token, or take none. */
const readers =
  /^actions\/(?:checkout|cache|cache\/(?:save|restore)|setup-[a-z-]+|upload-artifact|download-artifact|upload-pages-artifact)$/;

/** Whether some step of the job may write with the token: a script that pushes, calls gh or runs code of its own; an action that is not known; a use of the token. */
function mayUseToken(job: Job, uses: readonly SecretUse[]): boolean {
  if (job.uses !== undefined) return true;
  if (usesOfJob(uses, job.id).some((use) => use.form === "token")) return true;
  return job.steps.some(mayWrite);
}

function mayWrite(step: Step): boolean {
  if (step.uses) return !readers.test(actionName(step.uses));
  // Without a token in its environment a script can write only with what the checkout left for git.
  return (
    step.run !== undefined &&
    /\bgit\b|\bgh\b|release|publish|\.\/|\.sh\b|make|npm|yarn|pnpm|mvn|gradle|python|node\b|cargo|extraheader/i.test(
      step.run.value,
    )
  );
}
