/** GitHub's own tokens: personal ones where the job's would do, and those of Apps that may do more than needed. */
import type { Job, Step } from "../model.ts";
import type { SecretUse } from "../use.ts";
import { actionName } from "./reach.ts";
import type { Draft, RuleInput, WorkflowRule } from "./rule.ts";

/** Names by which people store personal access tokens. */
const personal =
  /(?:^|_)(?:PAT|PATS|PERSONAL_ACCESS_TOKEN|PERSONAL_TOKEN|GH_TOKEN|GH_PAT|GITHUB_PAT|GIT_TOKEN|BOT_TOKEN|REPO_TOKEN|RELEASE_TOKEN)(?:_|$)/;

/** Inputs by which actions take a GitHub token. */
const tokenInputs = new Set([
  "token",
  "github-token",
  "github_token",
  "repo-token",
  "repo_token",
  "gh-token",
  "gh_token",
  "access-token",
]);

export const patForToken: WorkflowRule = {
  id: "workflow/pat-instead-of-token",
  title: "Personal access token where a short-lived one may serve",
  why: "A personal token acts as a person, in every repository that person can reach, until somebody ends it. GITHUB_TOKEN ends with the job; for other repositories octo-sts or a GitHub App gives a token for an hour.",
  silent:
    "Secrets whose name does not say that they are a GitHub token. Confidence is weak where the job pushes, because events of GITHUB_TOKEN start no other workflow, which may be why there is a personal one.",
  bad: `on: pull_request
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          token: \${{ secrets.CI_PAT }}
      - run: make test
`,
  good: `on: pull_request
jobs:
  a:
    runs-on: ubuntu-latest
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@v4
      - run: make test
`,
  check: (input) => {
    const { model } = input;
    if (model.kind !== "workflow") return [];
    const jobs = new Map(model.jobs.map((job) => [job.id, job]));
    const seen = new Set<number>();
    return input.uses.flatMap((use): Draft[] => {
      const job = use.job === undefined ? undefined : jobs.get(use.job);
      if (
        job === undefined ||
        use.form !== "named" ||
        use.role !== "value" ||
        !personal.test(use.name) ||
        !takesToken(use) ||
        seen.has(use.place.start)
      )
        return [];
      seen.add(use.place.start);
      const own = needsOnlyOwnRepository(use, job);
      return [
        {
          span: use.place,
          job: job.id,
          ...(use.step && { step: use.step.step }),
          name: use.name,
          severity: "low",
          confidence: own ? "likely" : "weak",
          message: own
            ? `${use.name} looks like a personal access token, and this step only reads this repository: GITHUB_TOKEN serves.`
            : `${use.name} looks like a personal access token: GITHUB_TOKEN may serve, or octo-sts or an App token where it does not.`,
          preview: use.written,
        },
      ];
    });
  },
};

function takesToken(use: SecretUse): boolean {
  if (use.consumer.kind === "action")
    return tokenInputs.has((use.consumer.input ?? "").toLowerCase()) || isTokenVariable(use.consumer.env);
  return use.binding.kind === "env" && isTokenVariable(use.binding.key);
}

function isTokenVariable(name: string | undefined): boolean {
  return name === "GITHUB_TOKEN" || name === "GH_TOKEN" || name === "GITHUB_PAT";
}

/** A checkout of the own repository in a job that pushes nothing and calls nothing that might. */
function needsOnlyOwnRepository(use: SecretUse, job: Job): boolean {
  const step = use.step?.step;
  if (step === undefined || actionName(step.uses) !== "actions/checkout") return false;
  const given = new Set(step.with.map((variable) => variable.name));
  if (given.has("repository") || given.has("submodules")) return false;
  return job.steps.every((other) => other === step || !mayPush(other));
}

function mayPush(step: Step): boolean {
  if (step.run) return /\bgit\b|\bgh\b|release|publish|\.\/|\bmake\b.*(?:push|release)/.test(step.run.value);
  return step.uses !== undefined && !actionName(step.uses).startsWith("actions/");
}

/** Actions that turn an App's private key into a token, and the inputs that narrow it. */
const appTokenActions: Record<string, { narrow: (name: string) => boolean }> = {
  "actions/create-github-app-token": { narrow: (name) => name.startsWith("permission-") },
  "tibdex/github-app-token": { narrow: (name) => name === "permissions" },
  "peter-murray/workflow-application-token-action": { narrow: (name) => name === "permissions" },
  "getsentry/action-github-app-token": { narrow: (name) => name === "scope" },
};

export const appTokenUnscoped: WorkflowRule = {
  id: "workflow/app-token-unscoped",
  title: "App token with all of the App's rights",
  why: "Without permissions named, the token may do whatever the App was installed to do; with an owner and no repositories, in every repository of the installation.",
  silent:
    "Steps that name at least one permission and, with an owner, the repositories; values that are expressions count as named.",
  bad: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/create-github-app-token@v3
        with:
          client-id: \${{ vars.APP_CLIENT_ID }}
          private-key: \${{ secrets.APP_PRIVATE_KEY }}
          owner: acme
`,
  good: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/create-github-app-token@v3
        with:
          client-id: \${{ vars.APP_CLIENT_ID }}
          private-key: \${{ secrets.APP_PRIVATE_KEY }}
          owner: acme
          repositories: site
          permission-contents: read
`,
  check: (input) => stepsOf(input).flatMap(([job, step]) => unscoped(job, step)),
};

function stepsOf({ model }: RuleInput): [string | undefined, Step][] {
  if (model.kind === "workflow")
    return model.jobs.flatMap((job) => job.steps.map((step): [string, Step] => [job.id, step]));
  return model.kind === "action" ? model.steps.map((step): [undefined, Step] => [undefined, step]) : [];
}

function unscoped(job: string | undefined, step: Step): Draft[] {
  const action = appTokenActions[actionName(step.uses)];
  if (action === undefined || step.uses === undefined) return [];
  const given = (name: string): boolean =>
    step.with.some((variable) => variable.name === name && variable.value.value.trim() !== "");
  const narrowed = step.with.some((variable) => action.narrow(variable.name));
  const everywhere = given("owner") && !given("repositories");
  if (narrowed && !everywhere) return [];
  const missing = [...(narrowed ? [] : ["its permissions"]), ...(everywhere ? ["the repositories"] : [])].join(" and ");
  return [
    {
      span: step.uses.text.span,
      ...(job !== undefined && { job }),
      step,
      severity: everywhere && !narrowed ? "medium" : "low",
      confidence: "certain",
      message: `The App token does not name ${missing}, so it may do all that the App may.`,
      preview: step.uses.raw,
      facts: { missing },
    },
  ];
}
