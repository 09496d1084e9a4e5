/** The facts of each job that decide what a secret in it is worth: who starts it, where it runs, what its token may do. */
import type { Job, PermissionLevel, Permissions, Workflow } from "./model.ts";
import type { JobFacts, StepRef } from "./use.ts";

/** The facts of every job, in document order. */
export function jobFacts(workflow: Workflow): JobFacts[] {
  return workflow.jobs.map((job) => factsOf(workflow, job));
}

function factsOf(workflow: Workflow, job: Job): JobFacts {
  // A block on the job replaces the workflow's; the two are never merged.
  const block = job.permissions ?? workflow.permissions;
  const permissions = block === undefined ? {} : permissionTable(block);
  return {
    job: job.id,
    triggers: eventsOf(workflow),
    ...(job.environment && { environment: job.environment.name.value }),
    runner: runnerOf(job),
    selfHosted: selfHosted(job),
    permissionsFrom: job.permissions ? "job" : workflow.permissions ? "workflow" : "default",
    permissions,
    idToken: permissions["id-token"] === "write" || permissions["*"] === "write",
    uses: [
      ...(job.uses ? [{ uses: job.uses }] : []),
      ...job.steps.flatMap((step) => (step.uses ? [{ uses: step.uses, step: stepRef(step) }] : [])),
    ],
  };
}

/** Names of the events that start a workflow. */
export function eventsOf(workflow: Workflow): string[] {
  return workflow.on.map((trigger) => trigger.event);
}

export function runnerOf(job: Job): string[] {
  return job.runsOn.map((label) => label.value);
}

export function stepRef(step: Job["steps"][number]): StepRef {
  return {
    index: step.index,
    ...(step.id && { id: step.id.value }),
    ...(step.name && { name: step.name.value }),
    step,
  };
}

export function permissionTable(block: Permissions): Record<string, PermissionLevel> {
  if (block.all !== undefined) return { "*": block.all };
  return Object.fromEntries(block.scopes.map((scope) => [scope.name, scope.level]));
}

// https://docs.github.com/actions/reference/runners/github-hosted-runners: the labels begin with the system's name.
const hosted = /^(?:ubuntu|windows|macos)-/i;

function selfHosted(job: Job): JobFacts["selfHosted"] {
  if (job.runsOn.some((label) => label.value.toLowerCase() === "self-hosted")) return "yes";
  if (job.uses !== undefined || job.runnerGroup !== undefined || job.runsOn.length === 0) return "unknown";
  return job.runsOn.every((label) => label.expressions.length === 0 && hosted.test(label.value)) ? "no" : "unknown";
}
