/** Steps of a job or a composite action, `parallel` groups opened. */
import type { Source, Step, Text, YamlEntry, YamlNode } from "./model.ts";
import { addTexts, entryOf, envAt, variablesOf } from "./node.ts";
import { asText, conditionOf } from "./text.ts";
import { usesOf } from "./uses.ts";

/** More steps than any real file has; aliases of aliases would otherwise multiply without end. */
const mostSteps = 5_000;

/** How many steps of a file have been read, over all its jobs. */
export type StepBudget = { left: number };

export function stepBudget(): StepBudget {
  return { left: mostSteps };
}

/** Reads a `steps` sequence. What is no mapping is passed over; steps beyond the budget are left out. */
export function readSteps(source: Source, node: YamlNode | undefined, budget: StepBudget): Step[] {
  const steps: Step[] = [];
  addSteps(source, node, budget, steps, undefined);
  return steps;
}

function addSteps(
  source: Source,
  node: YamlNode | undefined,
  budget: StepBudget,
  steps: Step[],
  group: number | undefined,
): void {
  if (node?.kind !== "seq") return;
  for (const item of node.items) {
    if (item.value.kind !== "map") continue;
    if (budget.left-- <= 0) {
      source.cut = true;
      return;
    }
    const step = readStep(source, item.value, steps.length, item.span);
    if (group !== undefined) step.group = group;
    steps.push(step);
    // A group within a group is refused by GitHub; reading one level keeps a group that holds itself from going on for ever.
    if (group === undefined) addSteps(source, entryOf(item.value, "parallel")?.value, budget, steps, step.index);
  }
}

function readStep(source: Source, map: Step["map"], index: number, span: Step["span"]): Step {
  const step: Step = { index, kind: "unknown", map, span, background: false, with: [], other: [] };
  for (const entry of map.entries) readEntry(source, step, entry);
  return step;
}

/** One key of a step. Of two with one name (which GitHub refuses) the first counts. */
function readEntry(source: Source, step: Step, entry: YamlEntry): void {
  const { value } = entry;
  const key = entry.key.text;
  switch (key) {
    case "id":
    case "name":
    case "run":
    case "shell":
      setText(step, key, asText(source, value));
      break;
    case "working-directory":
      setText(step, "workingDirectory", asText(source, value));
      break;
    case "if":
      if (value.kind === "scalar") step.if ??= conditionOf(source, value);
      break;
    case "uses": {
      const text = asText(source, value);
      if (text !== undefined) step.uses ??= usesOf(source, text);
      break;
    }
    case "with":
      if (step.withEntry === undefined) {
        step.withEntry = entry;
        step.with = variablesOf(source, value);
      }
      break;
    case "env":
      step.env ??= envAt(source, entry);
      break;
    case "background":
      step.background = value.kind === "scalar" && value.value === true;
      break;
    case "parallel":
      break;
    default:
      addTexts(source, value, key, step.other);
  }
  if (step.kind === "unknown") step.kind = kinds.get(key) ?? "unknown";
}

function setText(step: Step, key: "id" | "name" | "run" | "shell" | "workingDirectory", text: Text | undefined): void {
  if (text !== undefined) step[key] ??= text;
}

/** Keys that say what a step is. */
const kinds = new Map<string, Step["kind"]>([
  ["run", "run"],
  ["uses", "uses"],
  ["wait", "wait"],
  ["wait-all", "wait"],
  ["cancel", "cancel"],
  ["parallel", "parallel"],
]);
