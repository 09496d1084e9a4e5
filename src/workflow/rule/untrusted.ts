/** Input of strangers in jobs that hold a secret: pasted into a script, or checked out and run. */
import type { Job, Reference, Step, Text, Workflow } from "../model.ts";
import { actionName, listed, secretName, storedUses, usesOfJob } from "./reach.ts";
import type { Draft, RuleInput, WorkflowRule } from "./rule.ts";
import { eventsReaching, outsiderEvents } from "./trigger.ts";

/**
 * Fields of the event whose text somebody without write access chooses (https://docs.github.com/actions/reference/security/secure-use#good-practices-for-mitigating-script-injection-attacks).
 * A `*` stands for any one name; a field holds what is below it too.
 */
const untrustedFields: readonly (readonly string[])[] = [
  "issue.title",
  "issue.body",
  "pull_request.title",
  "pull_request.body",
  "pull_request.head.ref",
  "pull_request.head.label",
  "pull_request.head.repo.default_branch",
  "pull_request.head.repo.description",
  "pull_request.head.repo.homepage",
  "comment.body",
  "review.body",
  "discussion.title",
  "discussion.body",
  "pages.*.page_name",
  "commits.*.message",
  "commits.*.author.email",
  "commits.*.author.name",
  "head_commit.message",
  "head_commit.author.email",
  "head_commit.author.name",
  "head_commit.committer.email",
  "head_commit.committer.name",
  "workflow_run.head_branch",
  "workflow_run.head_commit.message",
  "workflow_run.head_commit.author.email",
  "workflow_run.head_commit.author.name",
  "workflow_run.display_title",
  "workflow_run.head_repository.description",
  "forkee.description",
].map((field) => field.split("."));

/** Whether a reference reads text that a stranger may have written: one of the fields, `github.head_ref`, or the whole event as JSON. */
export function isUntrusted(reference: Reference): boolean {
  if (reference.context !== "github") return false;
  const [first, ...rest] = reference.path.map((name) => name?.toLowerCase());
  if (first === "head_ref") return true;
  if (first === undefined || first !== "event")
    return reference.path.length === 0 && reference.within.includes("tojson");
  if (rest.length === 0) return reference.within.includes("tojson");
  return untrustedFields.some(
    (field) =>
      field.every((name, at) => rest[at] === undefined || name === "*" || rest[at] === "*" || name === rest[at]) &&
      (rest.length >= field.length || reference.within.includes("tojson")),
  );
}

/** What a job holds: names of stored secrets, and whether its own token may write. */
type Holding = { stored: string[]; writes: boolean };

function holdingOf(input: RuleInput, job: Job): Holding {
  const uses = usesOfJob(input.uses, job.id).filter((use) => use.role === "value");
  const fact = input.facts.find((one) => one.job === job.id);
  const token = uses.some((use) => use.form === "token");
  const writes =
    fact !== undefined &&
    (fact.permissionsFrom === "default" ? token : Object.values(fact.permissions).includes("write"));
  return { stored: [...new Set(storedUses(uses).map(secretName))], writes };
}

function held(holding: Holding): string {
  return holding.stored.length > 0 ? listed(holding.stored) : "a token that may write";
}

export const untrustedInput: WorkflowRule = {
  id: "workflow/untrusted-input",
  title: "A stranger's text in a script of a job that holds a secret",
  why: "An expression in `run` is pasted into the script before it runs, so a title like `\"; curl … #` becomes a command, with the job's secrets at hand.",
  silent:
    "Jobs that hold neither a stored secret nor a writing token; fields that only people with write access choose; text bound to an env variable, which the shell does not execute.",
  bad: `on: issues
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: ./notify.sh "\${{ github.event.issue.title }}"
        env:
          KEY: \${{ secrets.CHAT_KEY }}
`,
  good: `on: issues
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: ./notify.sh "$TITLE"
        env:
          TITLE: \${{ github.event.issue.title }}
          KEY: \${{ secrets.CHAT_KEY }}
`,
  check: (input) => {
    const { model } = input;
    if (model.kind !== "workflow") return [];
    return model.jobs.flatMap((job) => {
      const holding = holdingOf(input, job);
      if (holding.stored.length === 0 && !holding.writes) return [];
      return job.steps.flatMap((step) =>
        scriptsOf(step).flatMap((script) => injected(model, job, step, script, holding)),
      );
    });
  },
};

/** Texts of a step that are run as code. */
function scriptsOf(step: Step): Text[] {
  if (step.run) return [step.run];
  const name = actionName(step.uses);
  const inputs =
    name === "actions/github-script"
      ? ["script"]
      : name === "azure/cli" || name === "azure/powershell"
        ? ["inlinescript", "inlineScript"]
        : [];
  return step.with.filter((variable) => inputs.includes(variable.name)).map((variable) => variable.value);
}

function injected(workflow: Workflow, job: Job, step: Step, script: Text, holding: Holding): Draft[] {
  const events = eventsReaching(workflow, job);
  const outside = events.some((event) => outsiderEvents.has(event));
  // On a push only people with write access choose the text, and a run for a fork's pull request is given no secret.
  const inside = events.some((event) => event === "pull_request" || event === "push");
  if (!outside && !inside) return [];
  return script.expressions.flatMap((expression) =>
    expression.references.flatMap((reference): Draft[] => {
      if (reference.role !== "value" || !isUntrusted(reference)) return [];
      return [
        {
          span: expression.span,
          job: job.id,
          step,
          name: reference.source,
          severity: outside ? (holding.stored.length > 0 ? "high" : "medium") : "low",
          confidence: "likely",
          message: `${reference.source} is text that others choose, and it is pasted into a script of a job that holds ${held(holding)}; bind it to an env variable and read that.`,
          preview: reference.source,
          facts: { events: events.join(" "), secrets: holding.stored.join(" ") },
        },
      ];
    }),
  );
}

export const untrustedCheckout: WorkflowRule = {
  id: "workflow/untrusted-checkout",
  title: "Code of a fork in a job that holds a secret",
  why: "On `pull_request_target`, `workflow_run` and comments the job has this repository's secrets. When it checks out the pull request and runs anything of it — a build, a test, an install script — the fork's author runs code with them.",
  silent:
    "Plain `pull_request`, where a fork's run is given no secrets; a checkout of the base; jobs that run nothing afterwards; jobs that hold neither a stored secret nor a writing token.",
  bad: `on: pull_request_target
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          ref: \${{ github.event.pull_request.head.sha }}
      - run: make test
        env:
          KEY: \${{ secrets.TEST_KEY }}
`,
  good: `on: pull_request
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make test
`,
  check: (input) => {
    const { model } = input;
    if (model.kind !== "workflow") return [];
    return model.jobs.flatMap((job) => {
      const events = eventsReaching(model, job).filter((event) => outsiderEvents.has(event));
      const holding = holdingOf(input, job);
      if (events.length === 0 || (holding.stored.length === 0 && !holding.writes)) return [];
      return job.steps.flatMap((step): Draft[] => {
        const span = headCheckout(step);
        if (span === undefined || !job.steps.some((later) => later.index > step.index && runsCode(later))) return [];
        return [
          {
            span,
            job: job.id,
            step,
            severity: holding.stored.length > 0 ? "high" : "medium",
            confidence: "likely",
            message: `The pull request's code is checked out and run in a job with ${held(holding)}, which ${listed(events)} can start; build it on pull_request, without secrets, instead.`,
            preview: step.uses?.raw ?? "gh pr checkout",
            facts: { events: events.join(" "), secrets: holding.stored.join(" ") },
          },
        ];
      });
    });
  },
};

/** Where a step checks out the head of a pull request: the input that says so, or the script. */
function headCheckout(step: Step): Draft["span"] | undefined {
  if (step.run) {
    const match = /\bgh\s+pr\s+checkout\b|\bgit\s+fetch\b[^\n]{0,200}\bpull\/|\brefs\/pull\//.exec(step.run.value);
    return match === null ? undefined : step.run.span;
  }
  if (actionName(step.uses) !== "actions/checkout") return undefined;
  for (const variable of step.with) {
    if (variable.name !== "ref" && variable.name !== "repository") continue;
    if (
      /refs\/pull\//.test(variable.value.value) ||
      variable.value.expressions.some((expression) => expression.references.some(isHead))
    )
      return variable.value.span;
  }
  return undefined;
}

/** `github.head_ref`, `github.event.pull_request.head.*`, `…merge_commit_sha`, `github.event.workflow_run.head_*`. */
function isHead(reference: Reference): boolean {
  if (reference.context !== "github") return false;
  const path = reference.path.map((name) => name?.toLowerCase());
  if (path[0] === "head_ref") return true;
  if (path[0] !== "event") return false;
  if (path[1] === "pull_request") return path[2] === "head" || path[2] === "merge_commit_sha";
  return path[1] === "workflow_run" && (path[2]?.startsWith("head_") ?? false);
}

/** Whether a step may execute what is in the working copy. */
function runsCode(step: Step): boolean {
  if (step.run) return true;
  return step.uses !== undefined && (step.uses.local || !actionName(step.uses).startsWith("actions/"));
}
