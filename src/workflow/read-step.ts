/** Steps of a job or a composite action, `parallel` groups opened. */
import type { Source, Step, YamlNode } from "./model.ts";
import { entryOf, envOf, otherTexts, textAt, variablesOf } from "./node.ts";
import { conditionOf } from "./text.ts";
import { usesOf } from "./uses.ts";

const known = new Set([
  "id",
  "name",
  "if",
  "uses",
  "with",
  "run",
  "shell",
  "working-directory",
  "env",
  "background",
  "parallel",
]);

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
  const condition = entryOf(map, "if")?.value;
  const withEntry = entryOf(map, "with");
  const uses = textAt(source, map, "uses");
  const background = entryOf(map, "background")?.value;
  const env = envOf(source, map);
  const id = textAt(source, map, "id");
  const name = textAt(source, map, "name");
  const run = textAt(source, map, "run");
  const shell = textAt(source, map, "shell");
  const workingDirectory = textAt(source, map, "working-directory");
  return {
    index,
    kind: kindOf(map),
    map,
    span,
    background: background?.kind === "scalar" && background.value === true,
    ...(id && { id }),
    ...(name && { name }),
    ...(condition?.kind === "scalar" && { if: conditionOf(source, condition) }),
    ...(uses && { uses: usesOf(source, uses) }),
    with: variablesOf(source, withEntry?.value),
    ...(withEntry && { withEntry }),
    ...(run && { run }),
    ...(shell && { shell }),
    ...(workingDirectory && { workingDirectory }),
    ...(env && { env }),
    other: otherTexts(source, map, known),
  };
}

function kindOf(map: Step["map"]): Step["kind"] {
  for (const { key } of map.entries) {
    if (
      key.text === "run" ||
      key.text === "uses" ||
      key.text === "wait" ||
      key.text === "cancel" ||
      key.text === "parallel"
    )
      return key.text;
    if (key.text === "wait-all") return "wait";
  }
  return "unknown";
}
