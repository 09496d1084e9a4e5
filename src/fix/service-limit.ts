/** Where services refuse a keyless login, from their own documentation: writing the change there would break the job. */
import type { Job, Step, Workflow } from "../workflow/model.ts";
import { refuse } from "./refusal.ts";

type Limit = { hostedOnly?: boolean; noReusable?: boolean; noForkTriggers?: boolean };

const limits: Record<string, Limit> = {
  npm: { hostedOnly: true },
  pypi: { noReusable: true },
  crates: { noForkTriggers: true },
};

/** Throws Refused when the job cannot use the keyless form of a service, or should not get an OIDC token at all. */
export function requireAllowed(service: string, workflow: Workflow, job: Job, needsOidc: boolean): void {
  const limit = limits[service] ?? {};
  const events = workflow.on.map((trigger) => trigger.event);
  if (limit.hostedOnly && job.runsOn.some((label) => label.value.toLowerCase() === "self-hosted"))
    refuse("the service takes OIDC tokens of GitHub-hosted runners only, and this job runs on a self-hosted one");
  if (limit.noReusable && events.length > 0 && events.every((event) => event === "workflow_call"))
    refuse(
      "trusted publishing does not work inside a reusable workflow; move the publish job to the workflow that calls it",
    );
  const fork = events.find((event) => event === "pull_request_target" || event === "workflow_run");
  if (fork === undefined || !needsOidc) return;
  if (limit.noForkTriggers) refuse(`the service refuses trusted publishing from ${fork}`);
  if (job.steps.some(checksOutHead))
    refuse(`the workflow runs on ${fork} and checks out the code of the head branch; it must not get an OIDC token`);
}

function checksOutHead(step: Step): boolean {
  if (step.uses?.repo?.toLowerCase() === "checkout")
    return step.with.some(
      (variable) =>
        /head|pull_request|refs\/pull/.test(variable.value.value) && /^(?:ref|repository)$/.test(variable.name),
    );
  return step.run !== undefined && /gh pr checkout|refs\/pull\/|head\.(?:sha|ref)|head_ref/.test(step.run.value);
}
