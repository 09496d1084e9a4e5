/** Which rewrite of a rule fits a use of the secret, and in which step. */
import { matchesGlob } from "../workflow/keyless/glob.ts";
import type { Rewrite } from "../workflow/keyless-rule.ts";
import type { Job, Step } from "../workflow/model.ts";
import { actionName } from "../workflow/rule/reach.ts";
import type { SecretUse } from "../workflow/use.ts";
import { refuse } from "./refusal.ts";
import { holdsCommand, linesOf, programIn } from "./script.ts";
import type { Application, Target } from "./target.ts";

/** The rewrites for one use: one, or one for each step that needs a variable which no step reads by name. Throws Refused where none fits. */
export function applicationsOf(target: Target, row: SecretUse): Application[] {
  const { consumer } = row;
  if (row.flow.some((hop) => hop.kind === "file" || hop.kind === "output"))
    refuse("the value goes on through GITHUB_ENV or GITHUB_OUTPUT; where it is read later cannot all be seen");
  switch (consumer.kind) {
    case "workflow":
      return refuse(
        `it is handed to the reusable workflow ${consumer.uses.raw}; that workflow has to log in by itself first`,
      );
    case "container":
    case "service":
      return refuse(
        "a job's containers are pulled before any step, so no login step can give them a short-lived credential",
      );
    case "condition":
    case "output":
    case "registry":
    case "other":
      return refuse("the value is used in a place that cannot be rewritten");
    case "action":
    case "run":
      return [inStep(target, row)];
    default:
      return row.step ? [inStep(target, row)] : unread(target, row);
  }
}

function jobOf(target: Target, id: string | undefined): Job {
  return target.workflow.jobs.find((job) => job.id === id) ?? refuse("the job of this use is not known");
}

function inStep(target: Target, row: SecretUse): Application {
  const job = jobOf(target, row.job);
  const step = row.step?.step;
  if (step === undefined) refuse("the step of this use is not known");
  if (step.uses?.local)
    refuse(
      `the local action ${step.uses.raw} takes it; that action has to change first, and every job that uses it needs the permission`,
    );
  const rewrite = target.rule.rewrites.find((one) => fits(one, row, step));
  return rewrite === undefined
    ? refuse("the rule of this service has no rewrite for this use; see its documentation")
    : { rewrite, job, step, row };
}

/** Whether a rewrite is meant for a use in a step. */
function fits(rewrite: Rewrite, row: SecretUse, step: Step): boolean {
  const { consumer } = row;
  if (rewrite.at === "action")
    return (
      consumer.kind === "action" && (rewrite.uses === undefined || matchesGlob(rewrite.uses, actionName(step.uses)))
    );
  if (consumer.kind === "action" || step.run === undefined) return false;
  if (rewrite.at === "env")
    return row.binding.kind === "env" && (rewrite.commands === undefined || holdsCommand(step.run, rewrite.commands));
  if (consumer.kind !== "run") return false;
  return rewrite.commands === undefined || (holdsCommand(step.run, rewrite.commands) && onThatLine(rewrite, row, step));
}

/** Whether the value stands in a command that the rewrite names, or is piped into it. */
function onThatLine(rewrite: Rewrite, row: SecretUse, step: Step): boolean {
  const script = step.run?.value ?? "";
  const names = namesOf(row);
  return linesOf(script).some((line) => {
    if (programIn(line, rewrite.commands ?? []) < 0) return false;
    return names.some((name) => script.slice(line.at, line.to).includes(name));
  });
}

/** How the value is written in a script: the reference itself, or the variables it is bound to. */
export function namesOf(row: SecretUse): string[] {
  return [row.written, ...row.flow.filter((hop) => hop.kind === "env" || hop.kind === "shell").map((hop) => hop.name)];
}

/**
 * A variable of a job or the workflow that no step reads by name: some program does. The steps are those that the rule's commands and actions name.
 * Throws Refused where a job might need it and no such step tells where.
 */
function unread(target: Target, row: SecretUse): Application[] {
  const { workflow, rule } = target;
  const jobs = row.job === undefined ? workflow.jobs.filter((job) => job.uses === undefined) : [jobOf(target, row.job)];
  const found = jobs.flatMap((job): Application[] => {
    const steps = job.steps.filter((step) => isContext(target, step));
    return steps.flatMap((step) => {
      const rewrite = rule.rewrites.find((one) =>
        step.run !== undefined
          ? one.at === "env" && (one.commands === undefined || holdsCommand(step.run, one.commands))
          : one.at === "action" && (one.uses === undefined || matchesGlob(one.uses, actionName(step.uses))),
      );
      return rewrite === undefined ? [] : [{ rewrite, job, step, row }];
    });
  });
  if (found.length === 0)
    refuse(
      `no step reads ${row.binding.key} by name, and none runs a command of this service, so it cannot be told where to log in`,
    );
  const served = new Set(found.map((one) => one.job));
  const open = jobs.find(
    (job) => !served.has(job) && job.steps.some((step) => step.run !== undefined || step.uses?.local),
  );
  if (open !== undefined)
    refuse(
      `${row.binding.key} is in the environment of job ${open.id} too, and it cannot be told whether a program there reads it`,
    );
  return found;
}

function isContext(target: Target, step: Step): boolean {
  // A step with a variable of that name in its own env does not see the wider one.
  if (step.env?.variables.some((variable) => target.rows.some((row) => row.binding.key === variable.name)))
    return false;
  const { context, commands } = target.rule.static;
  if (step.run !== undefined) return holdsCommand(step.run, [...context.commands, ...commands.map((one) => one.run)]);
  const action = actionName(step.uses);
  return action !== "" && context.uses.some((glob) => matchesGlob(glob, action));
}
