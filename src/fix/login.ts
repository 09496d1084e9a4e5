/** The login step that a keyless rule puts before the step that needs it. */
import type { StepTemplate } from "../workflow/keyless-rule.ts";
import type { Job, Step, Workflow } from "../workflow/model.ts";
import { asMap } from "../workflow/node.ts";
import { addEntry, type Changes, insertStep } from "./change.ts";
import { knownValue } from "./known-value.ts";
import type { Pins } from "./pin.ts";
import { refuse } from "./refusal.ts";
import { newUses, stepsUsing } from "./uses-edit.ts";

export type LoginRequest = {
  changes: Changes;
  workflow: Workflow;
  job: Job;
  /** The step that needs the login. */
  step: Step;
  template: StepTemplate & { afterCheckout?: boolean };
  /** The condition that step will have. */
  condition: string | undefined;
  pins: readonly Pins[];
  /** Env names that the same fix removes: a login may take over their values. */
  removed: (name: string) => boolean;
};

export type Login = { id: string | undefined; todo?: string };

/**
 * Sees to it that a job logs in before a step. Out: the id under which the login's outputs are read, and the command that pins its action if
 * its commit is not known. Throws Refused where there is no right place for it.
 */
export function ensureLogin(request: LoginRequest): Login {
  const { changes, workflow, job, template } = request;
  const before = groupOf(job, request.step);
  for (const present of stepsUsing(job, template.uses, before.index)) {
    if (present.if !== undefined && present.if.value !== request.step.if?.value) continue;
    if (isSameLogin(changes, present, template)) return reuse(changes, present, template);
  }
  if (template.afterCheckout === true && job.steps.some((step) => step.index >= before.index && isCheckout(step)))
    refuse("the login must follow every checkout of the job, and one comes after the step that needs it");
  const written = newUses(workflow, request.pins, template.uses, template.version);
  const id = template.id === undefined ? undefined : freeId(job, template.id);
  const condition = request.condition;
  insertStep(changes, {
    job,
    before,
    step: {
      ...(template.name !== undefined && namesSteps(job) && { name: template.name }),
      ...(id !== undefined && { id }),
      ...(condition !== undefined && { if: condition }),
      uses: written.uses,
      ...(written.comment !== undefined && { pin: written.comment }),
      with: Object.entries(template.with ?? {}).map(([key, value]) => ({ key, value: knownValue(request, value) })),
    },
  });
  return { id, ...(written.todo !== undefined && { todo: written.todo }) };
}

/** A step of a parallel group cannot log in for its neighbours: the login goes before the group. */
function groupOf(job: Job, step: Step): Step {
  return step.group === undefined ? step : (job.steps.find((one) => one.index === step.group) ?? step);
}

function isCheckout(step: Step): boolean {
  return step.uses?.owner?.toLowerCase() === "actions" && step.uses.repo?.toLowerCase() === "checkout";
}

/**
 * Whether a step logs in as the template does, or will once the fixes so far are made: it says who to log in as. Inputs with fixed values
 * (a token format) can be added to it.
 */
function isSameLogin(changes: Changes, step: Step, template: StepTemplate): boolean {
  const map = asMap(step.withEntry?.value);
  const added = (map && changes.maps.get(map)?.add) ?? [];
  const has = new Set([...step.with, ...added.map(({ key }) => ({ name: key }))].map(({ name }) => name));
  const inputs = Object.entries(template.with ?? {});
  if (inputs.some(([name, value]) => value.includes("${{") && !has.has(name))) return false;
  return inputs.every(
    ([name, value]) =>
      value.includes("${{") || step.with.every((one) => one.name !== name || one.value.value === value),
  );
}

function reuse(changes: Changes, step: Step, template: StepTemplate): Login {
  const map = asMap(step.withEntry?.value);
  for (const [key, value] of Object.entries(template.with ?? {})) {
    if (value.includes("${{") || step.with.some((one) => one.name === key)) continue;
    if (map) addEntry(changes, map, { key, value });
    else addEntry(changes, step.map, { key: "with", value: [{ key, value }] });
  }
  if (template.id === undefined) return { id: undefined };
  if (step.id !== undefined) return { id: step.id.value };
  addEntry(changes, step.map, { key: "id", value: template.id });
  return { id: template.id };
}

function freeId(job: Job, wanted: string): string {
  const taken = new Set(job.steps.flatMap((step) => (step.id ? [step.id.value.toLowerCase()] : [])));
  for (let number = 1; ; number++) {
    const id = number === 1 ? wanted : `${wanted}-${number}`;
    if (!taken.has(id.toLowerCase())) return id;
  }
}

/** Whether the job's steps have names: one more without would stand out, as would one with. */
function namesSteps(job: Job): boolean {
  const named = job.steps.filter((step) => step.name !== undefined).length;
  return named * 2 >= job.steps.length;
}
