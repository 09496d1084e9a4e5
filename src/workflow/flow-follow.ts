/** Following a secret that has a name in the environment or as an output: to the scripts, texts and containers that read it. */
import { fileWriteAt } from "./file-command.ts";
import {
  add,
  type Carried,
  hop,
  outputReadersOf,
  readersOf,
  readsOf,
  type Scope,
  type StepView,
  type Table,
} from "./flow-table.ts";
import type { Container, Job, Reference, Span, Text, Variable } from "./model.ts";
import { spanWithin } from "./shell-read.ts";

/** Follows a variable of the environment to the steps from `first` on that read it by name. Returns whether one does. */
export function followName(table: Table, carried: Carried, name: string, scope: Scope, first: number): boolean {
  let reached = false;
  for (const view of readersOf(scope, name)) {
    if (
      view.step.index < first ||
      view.step.env?.variables.some((variable) => variable.name === name && !readsEnv(variable.value, name))
    )
      continue;
    reached = followInStep(table, carried, name, view, scope) || reached;
  }
  for (const [container, kind] of containersOf(scope.job)) {
    for (const [field, variable] of [
      ["username", container.username],
      ["password", container.password],
    ] as const) {
      if (variable === undefined || !readsEnv(variable.value, name)) continue;
      add(
        table,
        hop(carried, "expression", name, variable.value.span),
        { kind, ...(container.name !== undefined && { name: container.name }), field },
        scope.common,
      );
      reached = true;
    }
  }
  return reached;
}

function containersOf(job: Job | undefined): [Container, "container" | "service"][] {
  if (job === undefined) return [];
  return [
    ...(job.container ? [[job.container, "container"] as [Container, "container"]] : []),
    ...job.services.map((service): [Container, "service"] => [service, "service"]),
  ];
}

function readsEnv(text: Text, name: string): boolean {
  return text.expressions.some((expression) =>
    expression.references.some((reference) => reference.context === "env" && reference.path[0] === name),
  );
}

/** One step: its script by `$NAME`, its texts by `env.NAME`, its own env variables that copy it. */
function followInStep(table: Table, carried: Carried, name: string, view: StepView, scope: Scope): boolean {
  let reached = readByShell(table, carried, name, view, scope);
  for (const site of view.sites) {
    for (const expression of site.text.expressions) {
      for (const reference of expression.references) {
        if (reference.context !== "env" || reference.path[0] !== name) continue;
        const next = hop(carried, "expression", name, reference.span);
        add(
          table,
          next,
          reference.role === "condition" ? { kind: "condition" } : site.consumer(reference.span),
          scope.common,
          view.step,
        );
        reached = true;
        if (site.binding.kind === "run") writtenToFile(table, next, expression.at, view, scope);
      }
    }
  }
  for (const variable of view.step.env?.variables ?? []) {
    if (!readsEnv(variable.value, name)) continue;
    const copied = hop(hop(carried, "expression", name, variable.value.span), "env", variable.name, variable.key.span);
    stepVariable(table, copied, variable, view, scope);
    reached = true;
  }
  return reached;
}

function readByShell(table: Table, carried: Carried, name: string, view: StepView, scope: Scope): boolean {
  const { script } = view;
  if (script === undefined) return false;
  const found = readsOf(view, name);
  for (const read of found) {
    const span = spanWithin(table.source, script, read.at, read.to);
    const next = hop(carried, "shell", name, span);
    add(table, next, { kind: "run", shell: view.shell, span, variable: name }, scope.common, view.step);
    writtenToFile(table, next, read.at, view, scope);
  }
  return found.length > 0;
}

/** A variable of a step's own env: to the script that reads it, to the texts of the step, else to the action or the programs of the step. */
export function stepVariable(table: Table, carried: Carried, variable: Variable, view: StepView, scope: Scope): void {
  let reached = readByShell(table, carried, variable.name, view, scope);
  for (const site of view.sites) {
    if (site.binding.kind === "if" || !readsEnv(site.text, variable.name)) continue;
    add(
      table,
      hop(carried, "expression", variable.name, site.text.span),
      site.consumer(site.text.span),
      scope.common,
      view.step,
    );
    reached = true;
  }
  if (reached) return;
  const { uses } = view.step;
  add(
    table,
    carried,
    uses ? { kind: "action", uses, env: variable.name } : { kind: "env", name: variable.name },
    scope.common,
    view.step,
  );
}

/** One hop through a file command: from a write to the later steps that read the name. Goes no further, so it ends. */
export function writtenToFile(table: Table, carried: Carried, at: number, view: StepView, scope: Scope): void {
  if (view.step.run === undefined || carried.flow.some((done) => done.kind === "file")) return;
  const write = fileWriteAt(view.step.run.value, at);
  if (write === undefined) return;
  const next = hop(carried, "file", `${write.file} ${write.name}`, carried.flow.at(-1)?.span ?? carried.reference.span);
  if (write.file === "GITHUB_ENV") followName(table, next, write.name, scope, view.step.index + 1);
  else if (view.step.id) followOutput(table, next, view.step.id.value, write.name, scope);
}

function followOutput(table: Table, carried: Carried, step: string, name: string, scope: Scope): void {
  const isRead = (reference: Reference): boolean => {
    const [id, outputs, output] = reference.path;
    return (
      reference.context === "steps" &&
      id?.toLowerCase() === step.toLowerCase() &&
      outputs === "outputs" &&
      output?.toLowerCase() === name.toLowerCase()
    );
  };
  for (const view of outputReadersOf(scope, step, name)) {
    for (const site of view.sites) {
      for (const span of spansOf(site.text, isRead))
        add(table, hop(carried, "output", `${step}.${name}`, span), site.consumer(span), scope.common, view.step);
    }
    for (const variable of view.step.env?.variables ?? []) {
      for (const span of spansOf(variable.value, isRead))
        stepVariable(table, hop(carried, "output", `${step}.${name}`, span), variable, view, scope);
    }
  }
  for (const output of scope.job?.outputs ?? []) {
    for (const span of spansOf(output.value, isRead))
      add(
        table,
        hop(carried, "output", `${step}.${name}`, span),
        { kind: "output", name: output.name, level: "job" },
        scope.common,
      );
  }
}

function spansOf(text: Text, wanted: (reference: Reference) => boolean): Span[] {
  return text.expressions.flatMap((expression) =>
    expression.references.filter(wanted).map((reference) => reference.span),
  );
}
