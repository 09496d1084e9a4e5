/** A tree as a workflow, an action or a Dependabot file. */
import type {
  ActionFile,
  Declaration,
  DependabotFile,
  Job,
  Model,
  Source,
  Trigger,
  Workflow,
  YamlEntry,
  YamlMap,
} from "./model.ts";
import { asMap, declarationsOf, entryOf, envOf, mapAt, otherTexts, textAt, variablesOf } from "./node.ts";
import { defaultShell, permissionsOf, readJob } from "./read-job.ts";
import { readSteps, stepBudget } from "./read-step.ts";

/** Reads the model of a file whose kind is known. Takes what is there; never throws. */
export function readModel(source: Source, kind: Model["kind"], root: YamlMap): Model {
  return kind === "workflow"
    ? readWorkflow(source, root)
    : kind === "action"
      ? readAction(source, root)
      : readDependabot(source, root);
}

const knownOfWorkflow = new Set(["name", "on", "true", "permissions", "env", "defaults", "jobs"]);

function readWorkflow(source: Source, root: YamlMap): Workflow {
  const onEntry = onEntryOf(root);
  const triggers = onEntry === undefined ? [] : triggersOf(onEntry);
  const called = asMap(onEntry?.value)?.entries.find((entry) => entry.key.text === "workflow_call");
  const callEntry = called ?? (triggers.some((trigger) => trigger.event === "workflow_call") ? onEntry : undefined);
  const callMap = asMap(called?.value);
  const dispatch = triggers.find((trigger) => trigger.event === "workflow_dispatch");
  const permissions = permissionsOf(root);
  const env = envOf(source, root);
  const name = textAt(source, root, "name");
  const shell = defaultShell(source, root);
  const budget = stepBudget();
  const jobs: Job[] = [];
  for (const entry of mapAt(root, "jobs")?.entries ?? []) {
    const job = readJob(source, entry, budget);
    if (job !== undefined) jobs.push(job);
  }
  const declared = (key: string): Declaration[] => declarationsOf(source, entryOf(callMap, key)?.value);
  return {
    kind: "workflow",
    source,
    root,
    ...(name && { name }),
    ...(onEntry && { onEntry }),
    on: triggers,
    ...(callEntry && {
      call: {
        entry: callEntry,
        inputs: declared("inputs"),
        secrets: declared("secrets"),
        outputs: declared("outputs"),
      },
    }),
    dispatchInputs: declarationsOf(source, entryOf(dispatch?.config, "inputs")?.value),
    ...(permissions && { permissions }),
    ...(env && { env }),
    ...(shell && { shell }),
    jobs,
    other: otherTexts(source, root, knownOfWorkflow),
  };
}

/** The `on` entry. A reader of YAML 1.1 takes a bare `on` for true, so some write `true:`. */
export function onEntryOf(root: YamlMap): YamlEntry | undefined {
  return entryOf(root, "on") ?? entryOf(root, "true");
}

function triggersOf(entry: YamlEntry): Trigger[] {
  const { value } = entry;
  if (value.kind === "scalar") return value.style === "empty" ? [] : [{ event: value.text, span: value.span }];
  if (value.kind === "seq")
    return value.items.flatMap((item) =>
      item.value.kind === "scalar" ? [{ event: item.value.text, span: item.value.span }] : [],
    );
  return value.entries.map(({ key, value: config }) => ({
    event: key.text,
    span: key.span,
    ...(config.kind === "map" && { config }),
  }));
}

const knownOfAction = new Set(["name", "description", "author", "inputs", "outputs", "runs", "branding"]);
const knownOfRuns = new Set(["using", "steps", "env", "image"]);

function readAction(source: Source, root: YamlMap): ActionFile {
  const runs = mapAt(root, "runs");
  const using = textAt(source, runs, "using")?.value ?? "";
  const name = textAt(source, root, "name");
  const env = runs && envOf(source, runs);
  const image = textAt(source, runs, "image");
  return {
    kind: "action",
    source,
    root,
    ...(name && { name }),
    inputs: declarationsOf(source, entryOf(root, "inputs")?.value),
    outputs: declarationsOf(source, entryOf(root, "outputs")?.value),
    using,
    runtime:
      using === "composite"
        ? "composite"
        : /^node\d+$/.test(using)
          ? "javascript"
          : using === "docker"
            ? "docker"
            : "unknown",
    steps: readSteps(source, entryOf(runs, "steps")?.value, stepBudget()),
    ...(env && { env }),
    ...(image && { image }),
    other: [...otherTexts(source, root, knownOfAction), ...(runs ? otherTexts(source, runs, knownOfRuns) : [])],
  };
}

function readDependabot(source: Source, root: YamlMap): DependabotFile {
  const registries = (mapAt(root, "registries")?.entries ?? []).flatMap((entry) => {
    const map = asMap(entry.value);
    if (map === undefined) return [];
    return [
      { name: entry.key.text, type: textAt(source, map, "type")?.value ?? "", entry, fields: variablesOf(source, map) },
    ];
  });
  return { kind: "dependabot", source, root, registries };
}
