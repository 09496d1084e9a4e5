/** Where a value stands among the commands of a script. */
import type { Expression, Job, ShellRead, Step, Text } from "../model.ts";
import { shellReads } from "../shell-read.ts";
import type { SecretUse } from "../use.ts";
import { type ModelView, resolvePart } from "./scope-value.ts";
import { type Pipeline, pipelinesOf } from "./shell-command.ts";

/** One place of a script where the value stands: the pipeline, and the offset in the script; no offset where the pipeline is only given a file that holds the value. */
export type CommandPlace = { pipeline: Pipeline; offset: number | undefined };

/** The expression of a text that holds a byte of the file; they are in order. */
export function expressionAt(text: Text, byte: number): Expression | undefined {
  const { expressions } = text;
  let low = 0;
  let high = expressions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((expressions[middle]?.span.end ?? 0) <= byte) low = middle + 1;
    else high = middle;
  }
  const found = expressions[low];
  return found !== undefined && found.span.start <= byte ? found : undefined;
}

/** A script with more pipelines than this is not searched for files that a value is written to. */
const mostPipelines = 500;

/**
 * Where the value stands in the step's script: the expression itself, or every read of a name that carries it; and, where it is written
 * to a file there, the commands that are given that file.
 */
export function commandPlaces(view: ModelView, use: SecretUse, step: Step, job: Job | undefined): CommandPlace[] {
  const script = step.run;
  if (script === undefined) return [];
  const pipelines = scriptPipelines(view, step, job);
  const places = offsetsOf(script, use).flatMap((offset) => {
    const pipeline = pipelineAt(pipelines, offset);
    return pipeline === undefined ? [] : [{ pipeline, offset }];
  });
  if (pipelines.length > mostPipelines) return places;
  const files = new Set(places.flatMap(({ pipeline }) => writtenFiles(pipeline)));
  const later = [...files].flatMap((file) =>
    pipelines.filter((pipeline) => !places.some((place) => place.pipeline === pipeline) && names(pipeline, file)),
  );
  return [...places, ...new Set(later)].map((one) => ("pipeline" in one ? one : { pipeline: one, offset: undefined }));
}

function offsetsOf(script: Text, use: SecretUse): number[] {
  const own = expressionAt(script, use.place.start);
  if (own !== undefined) return [own.at];
  const carriers = use.flow.map((hop) => hop.name.slice(hop.name.lastIndexOf(" ") + 1));
  if (use.binding.kind === "env") carriers.push(use.binding.key);
  const offsets: number[] = [];
  for (const read of shellReads(script)) {
    if (carriers.some((name) => readsName(read, name))) offsets.push(read.at);
  }
  for (const expression of script.expressions) {
    if (expression.references.some((one) => one.context === "env" && carriers.includes(one.path[0] ?? "")))
      offsets.push(expression.at);
  }
  // Some programs are told the name of the variable: `--key env://SIGN_KEY`.
  for (const name of carriers) {
    const at = script.value.indexOf(`env://${name}`);
    if (at >= 0) offsets.push(at);
  }
  return offsets;
}

/** The pipeline that an offset stands in; they are in order. */
function pipelineAt(pipelines: readonly Pipeline[], offset: number): Pipeline | undefined {
  let low = 0;
  let high = pipelines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pipelines[middle]?.end ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  const found = pipelines[low];
  return found !== undefined && found.start <= offset ? found : undefined;
}

/** Files that a pipeline writes to by `>` or `tee`. */
function writtenFiles(pipeline: Pipeline): string[] {
  return pipeline.commands.flatMap(({ words }) =>
    words.flatMap((word, at) => {
      const before = words[at - 1]?.text;
      const file = before === ">" || before === ">>" || before === "tee" ? word.text : word.text.replace(/^>{1,2}/, "");
      return file !== "" && (file !== word.text || before?.startsWith(">") || before === "tee") && isFile(file)
        ? [file]
        : [];
    }),
  );
}

function isFile(text: string): boolean {
  return (
    text.length > 2 &&
    !text.startsWith("$GITHUB") &&
    !text.startsWith("${GITHUB") &&
    !text.startsWith("/dev/") &&
    !text.startsWith("&")
  );
}

function names(pipeline: Pipeline, file: string): boolean {
  return pipeline.commands.some(({ words }) =>
    words.some((word) => word.text === file || word.text.endsWith(`=${file}`)),
  );
}

/** Whether a read means a variable of that name; PowerShell and cmd do not tell letter case apart. */
function readsName(read: ShellRead, name: string): boolean {
  return read.name === name || (read.anyCase && read.name.toUpperCase() === name.toUpperCase());
}

/** The pipelines of a step's script, with expressions and variables replaced where their value is written in the file. */
export function scriptPipelines(view: ModelView, step: Step, job: Job | undefined): Pipeline[] {
  let found = view.pipelines.get(step);
  if (found === undefined) {
    found = step.run === undefined ? [] : pipelinesOf(step.run.value, (text) => resolvePart(view, text, step, job));
    view.pipelines.set(step, found);
  }
  return found;
}
