/** The places of a step where an expression may stand, each with what receives its value. */
import type { Span, Step, Text } from "./model.ts";
import type { Binding, Consumer } from "./use.ts";

/** One text of a step. */
export type Site = { text: Text; binding: Binding; consumer: (span: Span) => Consumer };

/** Every text of a step, in the order of the model. `shell`: the shell of a run step that names none itself. */
export function sitesOf(step: Step, shell: string): Site[] {
  const sites: Site[] = [];
  const other = (key: string, text: Text | undefined): void => {
    if (text !== undefined)
      sites.push({ text, binding: { kind: "other", level: "step", key }, consumer: () => ({ kind: "other", key }) });
  };
  if (step.if)
    sites.push({
      text: step.if,
      binding: { kind: "if", level: "step", key: "if" },
      consumer: () => ({ kind: "condition" }),
    });
  if (step.run) {
    sites.push({
      text: step.run,
      binding: { kind: "run", level: "step", key: "run" },
      consumer: (span) => ({ kind: "run", shell, span }),
    });
  }
  for (const variable of step.with) {
    const { uses } = step;
    sites.push({
      text: variable.value,
      binding: { kind: "with", level: "step", key: variable.name, entry: variable.entry, variable },
      consumer: () => (uses ? { kind: "action", uses, input: variable.name } : { kind: "other", key: "with" }),
    });
  }
  other("name", step.name);
  other("shell", step.shell);
  other("working-directory", step.workingDirectory);
  if (step.uses) other("uses", step.uses.text);
  for (const { key, text } of step.other) other(key, text);
  return sites;
}

/** The shell a run step runs in: its own, the job's, the workflow's, or what the runner takes. */
export function shellOf(step: Step, fallback: Text | undefined, runner: readonly string[]): string {
  const named = step.shell?.value ?? fallback?.value;
  if (named !== undefined) return named;
  return runner.some((label) => /^windows/i.test(label)) ? "pwsh" : "bash";
}
