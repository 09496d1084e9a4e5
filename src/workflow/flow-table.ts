/** The table of secret uses while it is made: what is shared by the parts that follow a secret. */
import { stepRef } from "./job-facts.ts";
import type { Job, Reference, ShellRead, Source, Span, Step, Text } from "./model.ts";
import type { SecretReference } from "./secret-reference.ts";
import { shellReads } from "./shell-read.ts";
import { type Site, shellOf, sitesOf } from "./site.ts";
import type { Binding, Consumer, Hop, SecretUse } from "./use.ts";

/** More rows than any real file gives; aliases of steps could otherwise multiply them. */
const mostUses = 20_000;

/** What all uses of a job have in common. */
export type Common = Pick<SecretUse, "job" | "triggers" | "environment" | "runner">;

/** The steps that share an environment. */
export type Scope = { job?: Job; common: Common; steps: StepView[]; readers?: Map<string, Set<StepView>> };

/** A step with its texts, and the variables that its script reads. */
export type StepView = {
  step: Step;
  shell: string;
  sites: Site[];
  script: Text | undefined;
  /** By name as written, and by `any NAME` for reads that do not tell letter case apart. */
  reads: Map<string, ShellRead[]>;
};

/** A secret under way: which, from where, and how far it has come. */
export type Carried = { secret: SecretReference; reference: Reference; binding: Binding; flow: Hop[] };

export type Table = {
  source: Source;
  /** Which secret a reference means, if one. */
  meaning: (reference: Reference) => SecretReference | undefined;
  uses: SecretUse[];
  seen: Set<string>;
};

export function viewsOf(steps: readonly Step[], shell: Text | undefined, runner: readonly string[]): StepView[] {
  return steps.map((step) => {
    const own = shellOf(step, shell, runner);
    const script = scriptOf(step);
    return {
      step,
      shell: own,
      sites: sitesOf(step, own),
      script,
      reads: Map.groupBy(script === undefined ? [] : shellReads(script), readKey),
    };
  });
}

function readKey(read: ShellRead): string {
  return read.anyCase ? anyCaseKey(read.name) : read.name;
}

function anyCaseKey(name: string): string {
  return `any ${name.toUpperCase()}`;
}

/** The places where a step's script reads a variable. */
export function readsOf(view: StepView, name: string): ShellRead[] {
  return [...(view.reads.get(name) ?? []), ...(view.reads.get(anyCaseKey(name)) ?? [])];
}

/** Scripts of a step: its `run`, and the inputs of an action that are run as a script. */
function scriptOf(step: Step): Text | undefined {
  return (
    step.run ?? step.with.find((variable) => variable.name === "script" || variable.name === "inlineScript")?.value
  );
}

/** The steps of a scope that read an env variable by name: in a script, or as `env.NAME` in any text. In the order of the steps. */
export function readersOf(scope: Scope, name: string): StepView[] {
  return stepsBehind(scope, [name, anyCaseKey(name)]);
}

/** The steps of a scope that read an output of another step. */
export function outputReadersOf(scope: Scope, step: string, name: string): StepView[] {
  return stepsBehind(scope, [outputKey(step, name)]);
}

function stepsBehind(scope: Scope, keys: readonly string[]): StepView[] {
  scope.readers ??= indexOf(scope.steps);
  const found = new Set<StepView>();
  for (const key of keys) for (const view of scope.readers.get(key) ?? []) found.add(view);
  return [...found].sort((a, b) => a.step.index - b.step.index);
}

/** Step ids and output names have no letter case at GitHub. */
function outputKey(step: string, name: string): string {
  return `output ${step.toLowerCase()} ${name.toLowerCase()}`;
}

/** Which steps read what, so that following a name costs what it finds and not the length of the file. */
function indexOf(steps: readonly StepView[]): Map<string, Set<StepView>> {
  const index = new Map<string, Set<StepView>>();
  const note = (key: string, view: StepView): void => {
    const views = index.get(key);
    if (views === undefined) index.set(key, new Set([view]));
    else views.add(view);
  };
  for (const view of steps) {
    for (const key of view.reads.keys()) note(key, view);
    const texts = [
      ...view.sites.map((site) => site.text),
      ...(view.step.env?.variables ?? []).map((variable) => variable.value),
    ];
    for (const { context, path } of texts.flatMap((text) =>
      text.expressions.flatMap((expression) => expression.references),
    )) {
      const [first, second, third] = path;
      if (first === undefined) continue;
      if (context === "env") note(first, view);
      else if (context === "steps" && second === "outputs" && third !== undefined) note(outputKey(first, third), view);
    }
  }
  return index;
}

/** The secrets that a text reads. */
export function carriedBy(table: Table, text: Text, binding: Binding): Carried[] {
  const found: Carried[] = [];
  for (const expression of text.expressions) {
    for (const reference of expression.references) {
      const secret = table.meaning(reference);
      if (secret !== undefined) found.push({ secret, reference, binding, flow: [] });
    }
  }
  return found;
}

/** A row for each secret that a text reads. */
export function textUses(
  table: Table,
  text: Text,
  binding: Binding,
  consumer: (span: Span) => Consumer,
  common: Common,
  step?: Step,
): void {
  for (const carried of carriedBy(table, text, binding))
    add(table, carried, consumer(carried.reference.span), common, step);
}

/** One more hop of a secret. */
export function hop(carried: Carried, kind: Hop["kind"], name: string, span: Span): Carried {
  return { ...carried, flow: [...carried.flow, { kind, name, span }] };
}

/** Adds a row unless the same way to the same consumer is there already. */
export function add(table: Table, carried: Carried, consumer: Consumer, common: Common, step?: Step): void {
  const { secret, reference, binding, flow } = carried;
  const place = consumer.kind === "run" ? consumer.span.start : -1;
  const way = flow.map((one) => `${one.kind} ${one.name}`).join(",");
  const key = `${reference.span.start} ${step?.index ?? -1} ${place} ${consumer.kind} ${nameOf(consumer)} ${way} ${common.job ?? ""}`;
  if (table.seen.has(key)) return;
  if (table.uses.length >= mostUses) {
    table.source.cut = true;
    return;
  }
  table.seen.add(key);
  table.uses.push({
    form: secret.form,
    name: secret.name,
    written: reference.source,
    place: reference.span,
    role: reference.role,
    binding,
    consumer,
    flow,
    ...common,
    ...(step && { step: stepRef(step) }),
  });
}

function nameOf(consumer: Consumer): string {
  if (consumer.kind === "action") return consumer.input ?? consumer.env ?? "";
  return consumer.kind === "env" || consumer.kind === "output" ? consumer.name : "";
}
