/** The permission to ask for OIDC tokens: missing, in too many jobs, or for nothing. */
import type { Job, Workflow } from "../model.ts";
import { certainLogin, oidcNeed } from "./oidc-need.ts";
import type { Draft, WorkflowRule } from "./rule.ts";

export const idTokenMissing: WorkflowRule = {
  id: "workflow/id-token-missing",
  title: "Keyless login without id-token: write",
  why: "Without `id-token: write` the job gets no OIDC token, and the login fails. A job's `permissions` replace the workflow's, so a grant further up does not help.",
  silent:
    "Reusable workflows without a block of their own, which have what the caller grants; logins that chain from credentials of an earlier step or of the environment; self-hosted runners, which may have a role of their own.",
  bad: `on: push
permissions:
  contents: read
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with:
          role-to-assume: \${{ vars.AWS_ROLE_ARN }}
          aws-region: eu-central-1
`,
  good: `on: push
permissions:
  contents: read
jobs:
  a:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: aws-actions/configure-aws-credentials@v5
        with:
          role-to-assume: \${{ vars.AWS_ROLE_ARN }}
          aws-region: eu-central-1
`,
  check: (input) => {
    const { model, facts } = input;
    if (model.kind !== "workflow") return [];
    return model.jobs.flatMap((job, at): Draft[] => {
      const fact = facts[at];
      const step = certainLogin(job);
      if (fact === undefined || step?.uses === undefined || fact.idToken || fact.selfHosted !== "no") return [];
      if (fact.permissionsFrom === "default" && model.call !== undefined) return [];
      if (hasCredentials(model, job, step.index)) return [];
      return [
        {
          span: step.uses.text.span,
          job: job.id,
          step,
          severity: "medium",
          confidence: "likely",
          message: `${step.uses.raw} asks for an OIDC token, but job ${job.id} has no id-token: write, so this login fails.`,
          preview: step.uses.raw,
          facts: { permissionsFrom: fact.permissionsFrom },
        },
      ];
    });
  },
};

/** Access keys in the environment, or an earlier step of the same kind: the login then uses those. */
function hasCredentials(workflow: Workflow, job: Job, before: number): boolean {
  const names = [workflow.env, job.env, job.steps[before]?.env]
    .flatMap((env) => env?.variables ?? [])
    .map((variable) => variable.name);
  if (names.some((name) => /^AWS_(?:ACCESS_KEY_ID|WEB_IDENTITY_TOKEN_FILE)$/.test(name))) return true;
  const kind = job.steps[before]?.uses?.owner;
  return job.steps.some(
    (step) =>
      step.index < before &&
      kind !== undefined &&
      step.uses?.owner === kind &&
      step.with.some((variable) => /key|creds|secret|token/i.test(variable.name)),
  );
}

export const idTokenTooBroad: WorkflowRule = {
  id: "workflow/id-token-too-broad",
  title: "id-token: write for more jobs than need it",
  why: "Every step of every job, third-party actions included, can ask for a token for any service that trusts this repository. Grant it to the job that logs in.",
  silent: "Granted on a job; workflows with one job; workflows in which every job logs in or might.",
  bad: `on: push
permissions:
  contents: read
  id-token: write
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: echo lint
  deploy:
    runs-on: ubuntu-latest
    steps:
      - uses: google-github-actions/auth@v3
        with:
          workload_identity_provider: \${{ vars.GCP_PROVIDER }}
`,
  good: `on: push
permissions:
  contents: read
jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: echo lint
  deploy:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: google-github-actions/auth@v3
        with:
          workload_identity_provider: \${{ vars.GCP_PROVIDER }}
`,
  check: ({ model }) => {
    if (model.kind !== "workflow") return [];
    const grant = model.permissions?.scopes.find((scope) => scope.name === "id-token" && scope.level === "write");
    const inheriting = model.jobs.filter((job) => job.permissions === undefined);
    const idle = inheriting.filter((job) => oidcNeed(job) === "no");
    if (grant === undefined || idle.length === 0 || idle.length === inheriting.length) return [];
    return [
      {
        span: grant.entry.span,
        name: "id-token",
        severity: "low",
        confidence: "likely",
        message: `id-token: write holds for the whole workflow, but ${idle.length === 1 ? `job ${idle[0]?.id} does` : `${idle.length} of its jobs do`} not log in anywhere; grant it to the job that does.`,
        preview: "id-token: write",
        facts: { jobs: idle.map((job) => job.id).join(" ") },
      },
    ];
  },
};

export const idTokenUnneeded: WorkflowRule = {
  id: "workflow/id-token-unneeded",
  title: "id-token: write that nothing uses",
  why: "The permission lets every step of the job ask for a token for any service that trusts this repository. Where nothing logs in, it is only a risk.",
  silent: "Jobs with a third-party action, a called workflow or a program that might ask for a token by itself.",
  bad: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    permissions:
      contents: read
      id-token: write
    steps:
      - uses: actions/checkout@v4
      - run: echo hello
`,
  good: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v4
      - run: echo hello
`,
  check: ({ model }) => {
    if (model.kind !== "workflow") return [];
    const blocks = [
      {
        permissions: model.permissions,
        jobs: model.jobs.filter((job) => job.permissions === undefined),
        job: undefined,
      },
      ...model.jobs.map((job) => ({ permissions: job.permissions, jobs: [job], job: job.id })),
    ];
    return blocks.flatMap(({ permissions, jobs, job }): Draft[] => {
      const grant = permissions?.scopes.find((scope) => scope.name === "id-token" && scope.level === "write");
      if (grant === undefined || jobs.length === 0 || jobs.some((one) => oidcNeed(one) !== "no")) return [];
      return [
        {
          span: grant.entry.span,
          ...(job !== undefined && { job }),
          name: "id-token",
          severity: "low",
          confidence: "likely",
          message: "Nothing here asks for an OIDC token; take id-token: write away.",
          preview: "id-token: write",
        },
      ];
    });
  },
};
