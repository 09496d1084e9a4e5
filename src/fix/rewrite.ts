/** Applying a rewrite of a keyless rule to a step: inputs, variables, commands, the login before it, the job's permissions. */
import type { Rewrite, StepTemplate } from "../workflow/keyless-rule.ts";
import type { Env, Step, Text, Variable, YamlMap } from "../workflow/model.ts";
import { asMap } from "../workflow/node.ts";
import { readsIn } from "../workflow/shell-read.ts";
import type { SecretUse } from "../workflow/use.ts";
import { addEntry, isRemoved, removeEntry, setText, setValue } from "./change.ts";
import { namesOf } from "./choose.ts";
import { expressionAt, insideOf, isOnly, onlySecrets } from "./expression-edit.ts";
import { stepCondition } from "./guard.ts";
import { knownValue } from "./known-value.ts";
import { ensureLogin } from "./login.ts";
import { fitsAny } from "./pattern.ts";
import { grant } from "./permission.ts";
import { refuse } from "./refusal.ts";
import { replaceRun, replaceUses } from "./replace-step.ts";
import { addFlags, otherUse, removeCommands, removeFlags, removeHolding } from "./script-edit.ts";
import { requireAllowed } from "./service-limit.ts";
import type { Application, Target } from "./target.ts";
import { raiseVersion } from "./uses-edit.ts";
import { scalarText } from "./yaml-write.ts";

/** Makes the changes of one rewrite. Throws Refused. */
export function applyRewrite(target: Target, application: Application): void {
  const { changes, rule, workflow, checklist } = target;
  const { rewrite, job, step } = application;
  requireAllowed(rule.id, workflow, job, rule.keyless.permissions["id-token"] === "write");
  if (step.uses && step.uses.kind === "expression") refuse("the action is chosen by an expression");
  if (step.withEntry && step.withEntry.value.kind !== "map") refuse("the inputs of the step come from an expression");
  target.handled.add(step);
  target.jobs.add(job);
  const id = login(target, application);
  const withId = (text: string): string =>
    id === undefined || rewrite.insert?.id === undefined
      ? text
      : text.replaceAll(`steps.${rewrite.insert.id}.`, `steps.${id}.`);

  if (rewrite.at === "action" && rewrite.minimum !== undefined && step.uses && rewrite.replaceUses === undefined) {
    const todo = raiseVersion(changes, step.uses, target.pins, rewrite.minimum, rewrite.version ?? rewrite.minimum);
    if (todo !== undefined) checklist.add(todo);
  }
  inputs(target, application, withId);
  variables(target, application, withId);
  if (rewrite.removeLines !== undefined) removeHolding(changes, job, step, rewrite, holdsOf(target, application));
  else if (rewrite.removeStep === true)
    removeCommands(changes, job, step, rewrite.commands, holdsOf(target, application));
  else commands(target, application);
  if (rewrite.replaceUses !== undefined) replaced(target, application, rewrite.replaceUses);
  if (rewrite.replaceValue !== undefined) value(target, application, withId(rewrite.replaceValue));
  for (const line of grant(changes, workflow, job, rule.keyless.permissions, reasonOf(target))) checklist.add(line);
  if (rewrite.note !== undefined) checklist.add(rewrite.note);
}

function reasonOf({ rule }: Target): string {
  if (rule.keyless.permissions["id-token"] !== "write") return `for ${shortName(rule.service)}`;
  return rule.id.startsWith("github") ? "OIDC login" : `OIDC login to ${shortName(rule.service)}`;
}

/** The service's name without what its rule adds in brackets. */
function shortName(service: string): string {
  return service.replace(/\s*\(.*\)$/, "");
}

function login(target: Target, { rewrite, job, step }: Application): string | undefined {
  if (rewrite.insert === undefined) return undefined;
  const { id, todo } = ensureLogin({
    changes: target.changes,
    workflow: target.workflow,
    job,
    step,
    template: rewrite.insert,
    condition: stepCondition(target, step),
    pins: target.pins,
    removed: (name) => fitsAny(rewrite.removeEnv, name),
  });
  if (todo !== undefined) target.checklist.add(`Pin ${rewrite.insert.uses}: ${todo}`);
  return id;
}

function inputs(
  { changes, workflow }: Target,
  { rewrite, step, job }: Application,
  withId: (text: string) => string,
): void {
  const map = asMap(step.withEntry?.value);
  const scope = { workflow, job, step, removed: (name: string) => fitsAny(rewrite.removeEnv, name) };
  const add: [string, string][] = [];
  for (const variable of step.with) {
    if (map === undefined) break;
    if (fitsAny(rewrite.removeInputs, variable.name)) removeEntry(changes, map, variable.entry);
    const renamed = rewrite.renameInputs?.[variable.name];
    if (renamed !== undefined) setText(changes, variable.key.span, renamed);
  }
  for (const [name, value] of Object.entries(rewrite.setInputs ?? {})) {
    const present = step.with.find((variable) => variable.name === name);
    if (present) setValue(changes, present.entry, withId(value), scalarText(withId(value), map?.flow === true));
    else add.push([name, withId(value)]);
  }
  for (const [name, value] of Object.entries(rewrite.addInputs ?? {}))
    if (!step.with.some((variable) => variable.name === name)) add.push([name, knownValue(scope, withId(value))]);
  for (const [key, value] of add) {
    if (map) addEntry(changes, map, { key, value });
    else addEntry(changes, step.map, { key: "with", value: [{ key, value }] });
  }
}

function variables(target: Target, application: Application, withId: (text: string) => string): void {
  const { rewrite, step, job } = application;
  const { changes, workflow } = target;
  const { row } = application;
  const set = Object.entries(rewrite.setEnv ?? {});
  if (
    row.binding.kind === "env" &&
    set.length === 0 &&
    rewrite.replaceValue === undefined &&
    !takesAway(rewrite) &&
    !fitsAny(rewrite.removeEnv, row.binding.key)
  )
    refuse(`${row.binding.key} is a name of this project's own, which no login sets; what reads it has to change too`);
  for (const [name, value] of set) setStepEnv(target, step, name, withId(value));
  const kept = new Set(set.map(([name]) => name));
  for (const [env, map, own] of [
    [step.env, step.map, true],
    [job.env, job.map, false],
    [workflow.env, workflow.root, false],
  ] as [Env | undefined, YamlMap, boolean][]) {
    const inner = asMap(env?.entry.value);
    if (env === undefined || inner === undefined || map === undefined) continue;
    for (const variable of env.variables) {
      const bound = variable.entry === application.row.binding.entry && (set.length > 0 || takesAway(rewrite));
      if (own && kept.has(variable.name)) continue;
      if (!bound && !fitsAny(rewrite.removeEnv, variable.name)) continue;
      if (own || mayLeave(target, variable)) removeEntry(changes, inner, variable.entry);
      else if (bound) refuse(`other steps read ${variable.name} too`);
    }
  }
}

/** Whether a rewrite takes out what reads the value, so that its variable can go under whatever name it has. */
function takesAway({ at, removeLines, removeStep, removeFlags }: Rewrite): boolean {
  return removeLines !== undefined || (at === "command" && (removeStep === true || removeFlags !== undefined));
}

/** Sets a variable of a step's own env. */
function setStepEnv({ changes }: Target, step: Step, name: string, value: string): void {
  const map = asMap(step.env?.entry.value);
  const present = step.env?.variables.find((variable) => variable.name === name);
  if (present) setValue(changes, present.entry, value, scalarText(value, map?.flow === true));
  else if (map) addEntry(changes, map, { key: name, value });
  else if (step.env) refuse("the step's env comes from an expression");
  else addEntry(changes, step.map, { key: "env", value: [{ key: name, value }] });
}

/** Whether a variable of a job or the workflow can go: it holds a stored secret, and only steps of this fix read it. */
function mayLeave(target: Target, variable: Variable): boolean {
  const readers = target.uses.filter(
    (use) => use.binding.variable === variable && use.role === "value" && use.consumer.kind !== "condition",
  );
  if (readers.length === 0 || !onlySecrets(variable.value)) return false;
  return readers.every((use) =>
    use.step
      ? target.handled.has(use.step.step)
      : target.rows.some((row) => row.binding.level === use.binding.level && row.job === use.job),
  );
}

function commands(target: Target, application: Application): void {
  const { rewrite, step, row } = application;
  const { run } = step;
  if (run === undefined) return;
  const holds = holdsOf(target, application);
  const rest =
    rewrite.removeFlags === undefined
      ? undefined
      : removeFlags(target.changes, run, rewrite.commands, rewrite.removeFlags, holds);
  if (rewrite.addFlags !== undefined) addFlags(target.changes, run, rewrite.commands, rewrite.addFlags);
  const read = row.consumer.kind === "run" ? row.consumer.variable : undefined;
  const stays =
    rewrite.replaceValue !== undefined ||
    rewrite.replaceUses !== undefined ||
    (read !== undefined && rewrite.setEnv?.[read] !== undefined);
  // What the script itself writes out would be empty once the variable is gone.
  if (
    row.consumer.kind === "run" &&
    !stays &&
    (rest === undefined || namesOf(row).some((name) => readsName(rest, name)))
  )
    refuse(otherUse);
}

/** Whether a script still reads a variable, or holds the reference itself. */
function readsName(script: string, name: string): boolean {
  if (!/^\w+$/.test(name)) return script.includes(name);
  return readsIn(script).some((read) => read.name === name);
}

function holdsOf(target: Target, { rewrite, row }: Application): (text: string) => boolean {
  const names = [...namesOf(row), ...(rewrite.removeEnv ?? [])];
  const others = target.rows.flatMap(namesOf);
  return (text) => [...names, ...others].some((name) => text.includes(name));
}

function replaced(target: Target, application: Application, template: StepTemplate): void {
  const todo =
    application.step.run === undefined
      ? replaceUses(target, application, template)
      : replaceRun(target, application, template);
  if (todo !== undefined) target.checklist.add(`Pin ${template.uses}: ${todo}`);
}

/** Puts another value in the place of the secret: in the expression, or, where the context does not exist there, in the env of the step. */
function value(target: Target, { row, step, rewrite }: Application, replacement: string): void {
  const inner = insideOf(replacement);
  const wide = row.binding.level === "workflow" || row.binding.level === "job";
  if (wide && /\bsteps\./.test(inner)) {
    moveToStep(target, row, step, replacement);
    return;
  }
  // An App's key makes tokens; a token in its place would be taken for a key.
  if (/PRIVATE_?KEY|_PEM$|APP_?KEY/i.test(row.binding.key.replaceAll("-", "_")))
    refuse("what reads the private key makes a token from it, so a token cannot take its place");
  const text = textOf(row, step);
  if (text === undefined || rewrite.setInputs?.[row.binding.key] !== undefined) return;
  const expression = expressionAt(text, row.place);
  if (expression === undefined || !isOnly(expression))
    refuse("the value is put together by an expression with other parts");
  setText(target.changes, row.place, inner);
}

function textOf(row: SecretUse, step: Step): Text | undefined {
  return row.binding.variable?.value ?? (row.binding.kind === "run" ? step.run : undefined);
}

function moveToStep(target: Target, row: SecretUse, step: Step, replacement: string): void {
  const { variable, env } = row.binding;
  const map = asMap(env?.entry.value);
  if (variable === undefined || map === undefined) refuse("the variable cannot be moved to the step that reads it");
  if (row.consumer.kind === "action" && row.consumer.input !== undefined)
    refuse("an input reads the variable through env; bind it in the step first");
  setStepEnv(target, step, variable.name, replacement);
  if (!isRemoved(target.changes, map, variable.entry)) removeEntry(target.changes, map, variable.entry);
}
