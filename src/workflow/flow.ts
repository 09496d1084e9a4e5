/**
 * Where secrets go: every reference to a secret in a file, followed to what receives it — by `with`, `env` of any level, run text,
 * containers, calls, conditions, outputs, and one hop through `GITHUB_ENV` or `GITHUB_OUTPUT`.
 */
import { followName, stepVariable, writtenToFile } from "./flow-follow.ts";
import {
  add,
  type Common,
  carriedBy,
  hop,
  type Scope,
  type StepView,
  type Table,
  textUses,
  viewsOf,
} from "./flow-table.ts";
import { eventsOf, runnerOf } from "./job-facts.ts";
import type {
  ActionFile,
  Container,
  DependabotFile,
  Env,
  Job,
  Model,
  Reference,
  Source,
  Text,
  Workflow,
} from "./model.ts";
import { contentOffsets } from "./scalar-offsets.ts";
import { type SecretReference, secretOf } from "./secret-reference.ts";
import type { Binding, Hop, SecretUse } from "./use.ts";

/** Every use of a secret in a file, in document order of the references. */
export function secretUses(model: Model): SecretUse[] {
  return usesOf(model, secretOf);
}

/**
 * The same for what a caller hands to a reusable workflow or a composite action as inputs.
 * In: the called file, and which secrets each input gets, by its name in lower case. Out: uses of those secrets, their places in the called file.
 */
export function inputUses(model: Model, given: ReadonlyMap<string, SecretReference>): SecretUse[] {
  return usesOf(model, ({ context, path }) =>
    context === "inputs" && path[0] !== undefined ? given.get(path[0].toLowerCase()) : undefined,
  );
}

/** The same for a variable that the caller's step has in its env: the programs of a composite action see it. */
export function variableUses(action: ActionFile, name: string, secret: SecretReference): SecretUse[] {
  const table = tableOf(action, () => undefined);
  const scope: Scope = { common: { triggers: [], runner: [] }, steps: viewsOf(action.steps, undefined, []) };
  const place = { start: 0, end: 0 };
  const reference: Reference = { context: "env", path: [name], span: place, source: name, within: [], role: "value" };
  const binding: Binding = { kind: "env", level: "step", key: name };
  const flow: Hop[] = [{ kind: "env", name, span: place }];
  followName(table, { secret, reference, binding, flow }, name, scope, 0);
  // It is written in the caller's file; here it stands where it is read.
  return sorted(table.uses.map((use) => ({ ...use, place: use.flow.at(-1)?.span ?? place })));
}

function usesOf(model: Model, meaning: Table["meaning"]): SecretUse[] {
  const table = tableOf(model, meaning);
  if (model.kind === "workflow") workflowUses(table, model);
  else if (model.kind === "action") actionUses(table, model);
  else dependabotUses(table, model);
  return sorted(table.uses);
}

function tableOf({ source }: Model, meaning: Table["meaning"]): Table {
  return { source, meaning, uses: [], seen: new Set() };
}

function sorted(uses: SecretUse[]): SecretUse[] {
  return uses.sort((a, b) => a.place.start - b.place.start || (a.step?.index ?? -1) - (b.step?.index ?? -1));
}

function workflowUses(table: Table, workflow: Workflow): void {
  const triggers = eventsOf(workflow);
  const scopes = workflow.jobs.map((job): Scope => {
    const runner = runnerOf(job);
    return {
      job,
      common: { job: job.id, triggers, runner, ...(job.environment && { environment: job.environment.name.value }) },
      steps: viewsOf(job.steps, job.shell ?? workflow.shell, runner),
    };
  });
  const outside = { triggers, runner: [] };
  if (workflow.env) envUses(table, workflow.env, "workflow", scopes, outside);
  otherUses(table, workflow.other, "workflow", outside);
  outputUses(table, workflow.call?.outputs ?? [], "workflow", outside);
  for (const scope of scopes) jobUses(table, scope);
}

function outputUses(table: Table, outputs: ActionFile["outputs"], level: "workflow" | "action", common: Common): void {
  for (const { name, entry, value } of outputs) {
    if (value)
      textUses(
        table,
        value,
        { kind: "output", level, key: name, entry },
        () => ({ kind: "output", name, level }),
        common,
      );
  }
}

function actionUses(table: Table, action: ActionFile): void {
  const common = { triggers: [], runner: [] };
  const scope: Scope = { common, steps: viewsOf(action.steps, undefined, []) };
  if (action.env) envUses(table, action.env, "action", [scope], common);
  for (const input of action.inputs) {
    if (input.default)
      textUses(
        table,
        input.default,
        { kind: "default", level: "action", key: input.name, entry: input.entry },
        () => ({ kind: "other", key: "default" }),
        common,
      );
  }
  outputUses(table, action.outputs, "action", common);
  otherUses(table, action.other, "action", common);
  stepsUses(table, scope);
}

function dependabotUses(table: Table, file: DependabotFile): void {
  for (const registry of file.registries) {
    for (const variable of registry.fields) {
      const binding: Binding = { kind: "registry", level: "file", key: variable.name, entry: variable.entry, variable };
      textUses(
        table,
        variable.value,
        binding,
        () => ({ kind: "registry", name: registry.name, type: registry.type, field: variable.name }),
        { triggers: [], runner: [] },
      );
    }
  }
}

function jobUses(table: Table, scope: Scope): void {
  const { job, common } = scope;
  if (job === undefined) return;
  if (job.if) textUses(table, job.if, { kind: "if", level: "job", key: "if" }, () => ({ kind: "condition" }), common);
  if (job.env) envUses(table, job.env, "job", [scope], common);
  otherUses(table, job.other, "job", common);
  for (const text of [job.name, job.environment?.name, job.environment?.url, ...job.runsOn]) {
    if (text)
      textUses(table, text, { kind: "other", level: "job", key: "job" }, () => ({ kind: "other", key: "job" }), common);
  }
  if (job.container) containerUses(table, job.container, "container", common);
  for (const service of job.services) containerUses(table, service, "service", common);
  callUses(table, job, common);
  for (const output of job.outputs) {
    const binding: Binding = { kind: "output", level: "job", key: output.name, entry: output.entry, variable: output };
    textUses(table, output.value, binding, () => ({ kind: "output", name: output.name, level: "job" }), common);
  }
  stepsUses(table, scope);
}

function callUses(table: Table, job: Job, common: Common): void {
  const { uses } = job;
  if (uses === undefined) return;
  for (const variable of job.with) {
    textUses(
      table,
      variable.value,
      { kind: "with", level: "job", key: variable.name, entry: variable.entry, variable },
      () => ({ kind: "workflow", uses, input: variable.name }),
      common,
    );
  }
  for (const variable of job.secrets?.variables ?? []) {
    textUses(
      table,
      variable.value,
      { kind: "secrets", level: "job", key: variable.name, entry: variable.entry, variable },
      () => ({ kind: "workflow", uses, secret: variable.name }),
      common,
    );
  }
  if (job.secrets?.inherit !== true) return;
  const { entry } = job.secrets;
  table.uses.push({
    form: "inherit",
    name: "*",
    written: "inherit",
    place: entry.alias?.span ?? entry.value.span,
    role: "value",
    binding: { kind: "secrets", level: "job", key: "secrets", entry },
    consumer: { kind: "workflow", uses },
    flow: [],
    ...common,
  });
}

function containerUses(table: Table, container: Container, kind: "container" | "service", common: Common): void {
  const named = {
    ...(container.name !== undefined && { name: container.name }),
    ...(container.image && { image: container.image.value }),
  };
  for (const [field, variable] of [
    ["username", container.username],
    ["password", container.password],
  ] as const) {
    if (variable)
      textUses(
        table,
        variable.value,
        { kind: "credentials", level: kind, key: field, entry: variable.entry, variable },
        () => ({ kind, ...named, field }),
        common,
      );
  }
  for (const variable of container.env?.variables ?? []) {
    const binding: Binding = {
      kind: "env",
      level: kind,
      key: variable.name,
      entry: variable.entry,
      variable,
      ...(container.env && { env: container.env }),
    };
    textUses(table, variable.value, binding, () => ({ kind, ...named, field: "env", variable: variable.name }), common);
  }
  if (container.image)
    textUses(
      table,
      container.image,
      { kind: "other", level: kind, key: "image" },
      () => ({ kind: "other", key: "image" }),
      common,
    );
  otherUses(table, container.other, kind, common);
}

function otherUses(
  table: Table,
  texts: readonly { key: string; text: Text }[],
  level: Binding["level"],
  common: Common,
): void {
  for (const { key, text } of texts)
    textUses(table, text, { kind: "other", level, key }, () => ({ kind: "other", key }), common);
}

/** Uses of an env block: to every step of the scopes that reads a variable; to the environment as such where none does. */
function envUses(
  table: Table,
  env: Env,
  level: "workflow" | "job" | "action",
  scopes: readonly Scope[],
  common: Common,
): void {
  for (const variable of env.variables) {
    const binding: Binding = { kind: "env", level, key: variable.name, entry: variable.entry, variable, env };
    for (const carried of carriedBy(table, variable.value, binding)) {
      if (carried.reference.role === "condition") add(table, carried, { kind: "condition" }, common);
      else {
        const flow: Hop[] = [{ kind: "env", name: variable.name, span: variable.key.span }];
        let reached = false;
        for (const scope of scopes)
          reached = followName(table, { ...carried, flow }, variable.name, scope, 0) || reached;
        if (!reached) add(table, { ...carried, flow }, { kind: "env", name: variable.name }, common);
      }
    }
  }
  if (env.text)
    textUses(
      table,
      env.text,
      { kind: "env", level, key: "env", entry: env.entry, env },
      () => ({ kind: "env", name: "*" }),
      common,
    );
}

function stepsUses(table: Table, scope: Scope): void {
  for (const view of scope.steps) {
    for (const site of view.sites) {
      for (const carried of carriedBy(table, site.text, site.binding)) {
        add(
          table,
          carried,
          carried.reference.role === "condition" ? { kind: "condition" } : site.consumer(carried.reference.span),
          scope.common,
          view.step,
        );
        if (site.binding.kind === "run")
          writtenToFile(table, carried, contentAt(table.source, site.text, carried.reference.span.start), view, scope);
      }
    }
    stepEnvUses(table, view, scope);
  }
}

/** The offset in a text's content of a byte of the file: the expression it stands in begins there. */
function contentAt(source: Source, text: Text, byte: number): number {
  const offsets = contentOffsets(source, text.node);
  const expression = text.expressions.find(({ span }) => span.start <= byte && byte < span.end);
  return expression?.at ?? (offsets(0) <= byte ? 0 : text.value.length);
}

function stepEnvUses(table: Table, view: StepView, scope: Scope): void {
  const { env } = view.step;
  if (env === undefined) return;
  for (const variable of env.variables) {
    const binding: Binding = { kind: "env", level: "step", key: variable.name, entry: variable.entry, variable, env };
    for (const carried of carriedBy(table, variable.value, binding)) {
      if (carried.reference.role === "condition") add(table, carried, { kind: "condition" }, scope.common, view.step);
      else stepVariable(table, hop(carried, "env", variable.name, variable.key.span), variable, view, scope);
    }
  }
  if (env.text)
    textUses(
      table,
      env.text,
      { kind: "env", level: "step", key: "env", entry: env.entry, env },
      () => ({ kind: "env", name: "*" }),
      scope.common,
      view.step,
    );
}
