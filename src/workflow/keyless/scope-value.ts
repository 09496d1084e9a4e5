/** Values of names as far as the file itself writes them: inputs, and env variables in scope. */
import type { KeylessRule } from "../keyless-rule.ts";
import type { Env, Job, Model, Step, Text, Variable } from "../model.ts";
import type { Pipeline } from "./shell-command.ts";

/** What is worked out once per model. */
export type ModelView = {
  model: Model;
  jobs: Map<string, Job>;
  pipelines: Map<Step, Pipeline[]>;
  /** What a step says, and which literals were found in it. */
  stepTexts: Map<Step, Said>;
  company: Map<Step, Map<KeylessRule, string>>;
};

export function viewOf(model: Model): ModelView {
  const jobs = model.kind === "workflow" ? model.jobs : [];
  return {
    model,
    jobs: new Map(jobs.map((job) => [job.id, job])),
    pipelines: new Map(),
    stepTexts: new Map(),
    company: new Map(),
  };
}

const wholeExpression = /^\$\{\{\s*env\.([A-Za-z_][\w-]{0,100})\s*\}\}$/;
const wholeVariable = /^\$(?:\{?env:)?\{?([A-Za-z_]\w{0,100})\}?$/;

/** One expression or variable by its literal value in an `env` of the file; as written where it has none. */
export function resolvePart(view: ModelView, text: string, step: Step | undefined, job: Job | undefined): string {
  const name = (text.startsWith("${{") ? wholeExpression : wholeVariable).exec(text)?.[1];
  const value = name === undefined ? undefined : envValue(view, name, step, job);
  return value === undefined || value.includes("${{") ? text : value;
}

/** A text with every `${{ env.X }}` of a known value replaced. */
export function resolveText(view: ModelView, text: string, step: Step | undefined, job: Job | undefined): string {
  let result = "";
  let from = 0;
  for (let open = text.indexOf("${{"); open >= 0; open = text.indexOf("${{", from)) {
    const close = text.indexOf("}}", open);
    if (close < 0) break;
    result += text.slice(from, open) + resolvePart(view, text.slice(open, close + 2), step, job);
    from = close + 2;
  }
  return result + text.slice(from);
}

/** The value of an env variable in the scope of a step or job; undefined when it is not bound. */
export function envValue(
  view: ModelView,
  name: string,
  step: Step | undefined,
  job: Job | undefined,
): string | undefined {
  const scopes: (Env | undefined)[] = [
    step?.env,
    job?.env,
    view.model.kind === "dependabot" ? undefined : view.model.env,
  ];
  for (const env of scopes) {
    const variable = env?.variables.find((one: Variable) => one.name.toLowerCase() === name.toLowerCase());
    if (variable !== undefined) return variable.value.value;
  }
  return undefined;
}

/** What a step says in lower case: whatever happens, and with what it only says where an expression chooses it. `holds`: which literals were found. */
type Said = { text: string; always: string; holds: Map<string, boolean> };

/**
 * Whether a literal, in lower case, stands in what a step says: its script and values; for a job that calls a workflow its inputs.
 * `always`: what stands only inside an expression that may choose something else does not count.
 */
export function stepSays(
  view: ModelView,
  literal: string,
  step: Step | undefined,
  job: Job | undefined,
  always = false,
): boolean {
  if (step === undefined)
    return (job?.with ?? []).some(({ value }) =>
      (always ? withoutChoices(value) : value.value).toLowerCase().includes(literal),
    );
  let said = view.stepTexts.get(step);
  if (said === undefined) {
    const values = [...step.with, ...(step.env?.variables ?? [])].map((variable) => variable.value);
    const texts = step.run === undefined ? values : [step.run, ...values];
    const joined = (textOf: (text: Text) => string): string => texts.map(textOf).join("\n").toLowerCase();
    said = { text: joined((text) => text.value), always: joined(withoutChoices), holds: new Map() };
    view.stepTexts.set(step, said);
  }
  if (always && !said.always.includes(literal)) return false;
  let holds = said.holds.get(literal);
  if (holds === undefined) {
    holds = said.text.includes(literal);
    said.holds.set(literal, holds);
  }
  return holds;
}

/** A text without the expressions whose value depends on something: `a && 'x' || 'y'`, calls. */
function withoutChoices(text: Text): string {
  let result = "";
  let from = 0;
  for (const { ast, at, source } of text.expressions) {
    if (ast?.type !== "binary" && ast?.type !== "call") continue;
    result += text.value.slice(from, at);
    from = at + "${{".length + source.length + "}}".length;
  }
  return result + text.value.slice(from);
}
