/** Secrets in jobs that strangers can start, or that run on machines of one's own. */
import type { SecretUse } from "../use.ts";
import { listed, secretName, storedUses, usesOfJob } from "./reach.ts";
import type { Draft, RuleInput, WorkflowRule } from "./rule.ts";
import { eventsReaching } from "./trigger.ts";

/** One finding per job, at its first secret: the trigger or the runner is what is to be changed. */
function perJob(
  input: RuleInput,
  draft: (job: string, uses: readonly SecretUse[], events: string[]) => Omit<Draft, "span" | "job"> | undefined,
): Draft[] {
  const { model } = input;
  if (model.kind !== "workflow") return [];
  return model.jobs.flatMap((job) => {
    const uses = storedUses(usesOfJob(input.uses, job.id));
    const [first] = uses;
    if (first === undefined) return [];
    const made = draft(job.id, uses, eventsReaching(model, job));
    return made === undefined ? [] : [{ ...made, span: first.place, job: job.id }];
  });
}

function namesOf(uses: readonly SecretUse[]): string {
  return [...new Set(uses.map((use) => use.name))].join(" ");
}

export const secretForOutsiders: WorkflowRule = {
  id: "workflow/secret-with-privileged-trigger",
  title: "Secret in a job that a stranger can start",
  why: "`pull_request_target` and `workflow_run` run with the secrets of the repository for events that come from forks. One step that reads anything of the fork is enough to lose them.",
  silent:
    "Jobs whose condition excludes the event by name; the job's own GITHUB_TOKEN. (A checkout of the fork's code is a rule of its own, and worse.)",
  bad: `on: pull_request_target
jobs:
  label:
    runs-on: ubuntu-latest
    steps:
      - uses: acme-tools/label@0123456789abcdef0123456789abcdef01234567
        with:
          token: \${{ secrets.BOT_TOKEN }}
`,
  good: `on: pull_request_target
jobs:
  label:
    runs-on: ubuntu-latest
    permissions:
      pull-requests: write
    steps:
      - uses: acme-tools/label@0123456789abcdef0123456789abcdef01234567
        with:
          token: \${{ secrets.GITHUB_TOKEN }}
`,
  check: (input) =>
    perJob(input, (job, uses, events) => {
      const event = events.find((name) => name === "pull_request_target" || name === "workflow_run");
      if (event === undefined) return undefined;
      const names = listed(uses.map(secretName));
      return {
        severity: event === "pull_request_target" ? "medium" : "low",
        confidence: "certain",
        message: `Job ${job} holds ${names} and runs on ${event}, which events from forks start with this repository's rights.`,
        preview: names,
        facts: { event, secrets: namesOf(uses) },
      };
    }),
};

export const secretOnSelfHosted: WorkflowRule = {
  id: "workflow/secret-on-self-hosted-runner",
  title: "Secret on a self-hosted runner",
  why: "A runner that is kept between jobs keeps files, processes and credentials of the job before. A later job, or what an earlier one left behind, can read the secret.",
  silent:
    "Runners without the label `self-hosted`: groups, larger runners and expressions may be either, so nothing is said of them.",
  bad: `on: push
jobs:
  a:
    runs-on: [self-hosted, linux]
    steps:
      - run: ./deploy.sh "$KEY"
        env:
          KEY: \${{ secrets.DEPLOY_KEY }}
`,
  good: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy.sh "$KEY"
        env:
          KEY: \${{ secrets.DEPLOY_KEY }}
`,
  check: (input) =>
    perJob(input, (job, uses, events) => {
      const fact = input.facts.find((one) => one.job === job);
      if (fact?.selfHosted !== "yes") return undefined;
      const names = listed(uses.map(secretName));
      const outside = events.includes("pull_request_target") || events.includes("workflow_run");
      return {
        severity: outside ? "medium" : "low",
        confidence: "likely",
        message: `Job ${job} holds ${names} on a self-hosted runner; use runners that are thrown away after each job.`,
        preview: names,
        facts: { runner: fact.runner.join(" "), secrets: namesOf(uses) },
      };
    }),
};
