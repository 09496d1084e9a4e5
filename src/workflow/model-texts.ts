/** Every text of a model that may hold expressions. */
import type { Container, Env, Model, Step, Text, Variable } from "./model.ts";

export type PlacedText = { text: Text; job?: string; step?: Step };

/** All texts, in no particular order; those of a job or step say which. */
export function workflowTextsOf(model: Model): PlacedText[] {
  if (model.kind === "dependabot")
    return model.registries.flatMap((registry) => variables(registry.fields)).map((text) => ({ text }));
  if (model.kind === "action") {
    const own = [
      model.image,
      ...env(model.env),
      ...model.other.map(({ text }) => text),
      ...model.inputs.map((input) => input.default),
      ...model.outputs.map((output) => output.value),
    ];
    return [...placed(own), ...model.steps.flatMap((step) => placed(stepTexts(step), undefined, step))];
  }
  const own = [
    model.name,
    ...env(model.env),
    ...model.other.map(({ text }) => text),
    ...(model.call?.outputs ?? []).map((output) => output.value),
  ];
  return [
    ...placed(own),
    ...model.jobs.flatMap((job) => [
      ...placed(
        [
          job.name,
          job.if,
          job.shell,
          job.runnerGroup,
          job.environment?.name,
          job.environment?.url,
          job.uses?.text,
          ...job.runsOn,
          ...env(job.env),
          ...variables(job.outputs),
          ...variables(job.with),
          ...variables(job.secrets?.variables ?? []),
          ...(job.container ? containerTexts(job.container) : []),
          ...job.services.flatMap(containerTexts),
          ...job.other.map(({ text }) => text),
        ],
        job.id,
      ),
      ...job.steps.flatMap((step) => placed(stepTexts(step), job.id, step)),
    ]),
  ];
}

function placed(texts: readonly (Text | undefined)[], job?: string, step?: Step): PlacedText[] {
  return texts.flatMap((text) =>
    text === undefined || text.expressions.length === 0
      ? []
      : [{ text, ...(job !== undefined && { job }), ...(step && { step }) }],
  );
}

function variables(list: readonly Variable[]): Text[] {
  return list.map((variable) => variable.value);
}

function env(block: Env | undefined): Text[] {
  return block === undefined ? [] : [...variables(block.variables), ...(block.text ? [block.text] : [])];
}

function containerTexts(container: Container): (Text | undefined)[] {
  return [
    container.image,
    container.username?.value,
    container.password?.value,
    ...env(container.env),
    ...container.other.map(({ text }) => text),
  ];
}

function stepTexts(step: Step): (Text | undefined)[] {
  return [
    step.if,
    step.name,
    step.run,
    step.shell,
    step.workingDirectory,
    step.uses?.text,
    ...variables(step.with),
    ...env(step.env),
    ...step.other.map(({ text }) => text),
  ];
}
