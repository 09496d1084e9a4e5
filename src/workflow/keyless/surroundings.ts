/** What stands round the place where a secret is handed over: the names it goes under, the text beside it, and the values of its neighbours. */
import type { Job, Step, Text } from "../model.ts";
import { actionName } from "../rule/reach.ts";
import type { SecretUse } from "../use.ts";
import { type CommandPlace, commandPlaces, expressionAt } from "./command-place.ts";
import { envValue, type ModelView, resolveText, stepSays } from "./scope-value.ts";
import { itemAt, nameBefore } from "./written-name.ts";

export type Surroundings = {
  use: SecretUse;
  job: Job | undefined;
  /** The name written right before the value within a longer text: `FOO` of `--build-arg FOO=${{ … }}`, `password` of a line of YAML in an input. */
  nested: string | undefined;
  /** Every name the value goes under, nearest first: nested, input, env, called secret. */
  keys: string[];
  /** `owner/repo/path` of the action or reusable workflow that receives it, in lower case; "./" for a local one, "" for none. */
  action: string;
  /** The version after the `@`, or in the comment behind it. */
  version: string | undefined;
  commands: CommandPlace[];
  /** The value stands in a comment of a script: no program gets it. */
  commented: boolean;
  /** The text right beside the value: its pipeline, its line of an input, its item of a list. In lower case. */
  beside: string;
  /** Value of an input of the step, or, for a name in capitals, of an env variable in scope; "" when there is none. */
  valueOf(name: string): string;
  /** Whether a literal in lower case stands in the step's script or values; `always`: whatever its expressions choose. */
  says(literal: string, always?: boolean): boolean;
};

/** The surroundings of one use. */
export function surroundingsOf(view: ModelView, use: SecretUse): Surroundings {
  const job = use.job === undefined ? undefined : view.jobs.get(use.job);
  const step = use.step?.step;
  const direct = directText(use, step);
  const at = direct === undefined ? undefined : expressionAt(direct, use.place.start);
  const line =
    direct !== undefined && at !== undefined && use.binding.kind !== "run" ? itemAt(direct.value, at.at) : undefined;
  const nested = direct !== undefined && at !== undefined ? nameBefore(direct.value, at.at) : undefined;
  const scripted = step?.run !== undefined && (use.consumer.kind === "run" || use.consumer.kind === "env");
  const commands = scripted ? commandPlaces(view, use, step, job) : [];
  const uses = use.consumer.kind === "action" || use.consumer.kind === "workflow" ? use.consumer.uses : undefined;
  const fields = line?.fields;
  const neighbour = (name: string): string => {
    if (name === "registry" && (use.consumer.kind === "container" || use.consumer.kind === "service"))
      return registryOf(use.consumer.image ?? "");
    const inItem = fields?.get(name.toLowerCase());
    if (inItem !== undefined) return inItem;
    if (fields !== undefined && name === name.toLowerCase()) return "";
    const inputs = step?.with ?? job?.with ?? [];
    const input = inputs.find((variable) => variable.name.toLowerCase() === name.toLowerCase());
    if (input !== undefined) return resolveText(view, input.value.value, step, job);
    return name === name.toUpperCase() ? (envValue(view, name, step, job) ?? "") : "";
  };
  return {
    use,
    job,
    nested,
    keys: keysOf(use, nested),
    action: uses === undefined ? "" : uses.local ? "./" : actionName(uses) || uses.raw,
    version: uses === undefined ? undefined : versionOf(uses.ref, uses.comment?.text),
    commands,
    commented: scripted && use.binding.kind === "run" && commands.length === 0,
    beside: (commands.length > 0
      ? commands.map(({ pipeline }) => step?.run?.value.slice(pipeline.start, pipeline.end) ?? "").join("\n")
      : (line?.text ?? "")
    ).toLowerCase(),
    valueOf: neighbour,
    says: (literal, always) => stepSays(view, literal, step, job, always),
  };
}

/** The registry in an image's name; Docker Hub where it names none (https://docs.docker.com/reference/cli/docker/image/tag/). */
function registryOf(image: string): string {
  const host = image.slice(0, Math.max(image.indexOf("/"), 0));
  return /[.:]|^localhost$|^\$/.test(host) ? host : "docker.io";
}

/** The text that holds the reference itself, when the use is of that text. */
function directText(use: SecretUse, step: Step | undefined): Text | undefined {
  if (use.binding.variable !== undefined) return use.binding.variable.value;
  return use.binding.kind === "run" ? step?.run : undefined;
}

function keysOf(use: SecretUse, nested: string | undefined): string[] {
  const { consumer, binding } = use;
  const keys = [nested];
  if (consumer.kind === "action") keys.push(consumer.input, consumer.env);
  if (consumer.kind === "workflow") keys.push(consumer.secret, consumer.input);
  if (consumer.kind === "run") keys.push(consumer.variable);
  if (consumer.kind === "env") keys.push(consumer.name);
  if (consumer.kind === "container" || consumer.kind === "service") keys.push(consumer.variable ?? consumer.field);
  if (consumer.kind === "registry") keys.push(consumer.field);
  if (["env", "with", "secrets", "credentials", "output"].includes(binding.kind)) keys.push(binding.key);
  for (const hop of use.flow) if (hop.kind === "env") keys.push(hop.name);
  return [...new Set(keys.filter((key) => key !== undefined && key !== "" && key !== "*"))] as string[];
}

/** A version from the ref, or from the comment behind a commit id. */
function versionOf(ref: string | undefined, comment: string | undefined): string | undefined {
  const written =
    /^(?:refs\/tags\/)?v?(\d+(?:\.\d+){0,3})$/.exec(ref ?? "") ?? /\bv?(\d+(?:\.\d+){0,3})\b/.exec(comment ?? "");
  return written?.[1];
}
