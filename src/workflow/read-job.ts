/** Jobs of a workflow. */
import type { Container, Environment, Job, PermissionLevel, Permissions, Source, YamlEntry, YamlMap } from "./model.ts";
import { asMap, entryOf, envOf, mapAt, otherTexts, scalarsOf, textAt, variablesOf } from "./node.ts";
import { readSteps, type StepBudget } from "./read-step.ts";
import { asText, conditionOf, textOf } from "./text.ts";
import { usesOf } from "./uses.ts";

const known = new Set([
  "name",
  "if",
  "needs",
  "runs-on",
  "environment",
  "permissions",
  "env",
  "defaults",
  "container",
  "services",
  "outputs",
  "steps",
  "uses",
  "with",
  "secrets",
]);
const knownOfContainer = new Set(["image", "credentials", "env"]);

/** Reads the entry of one job; undefined when it is no mapping. */
export function readJob(source: Source, entry: YamlEntry, budget: StepBudget): Job | undefined {
  const map = asMap(entry.value);
  if (map === undefined) return undefined;
  const condition = entryOf(map, "if")?.value;
  const runsOn = entryOf(map, "runs-on")?.value;
  const runner = asMap(runsOn);
  const runnerGroup = textAt(source, runner, "group");
  const permissions = permissionsOf(map);
  const env = envOf(source, map);
  const name = textAt(source, map, "name");
  const shell = defaultShell(source, map);
  const strategy = entryOf(map, "strategy");
  const environment = environmentOf(source, map);
  const containerEntry = entryOf(map, "container");
  const uses = textAt(source, map, "uses");
  const secrets = entryOf(map, "secrets");
  return {
    id: entry.key.text,
    key: entry.key,
    entry,
    map,
    ...(name && { name }),
    ...(condition?.kind === "scalar" && { if: conditionOf(source, condition) }),
    needs: scalarsOf(entryOf(map, "needs")?.value).map((scalar) => scalar.text),
    runsOn: scalarsOf(runner ? entryOf(runner, "labels")?.value : runsOn).map((scalar) => textOf(source, scalar)),
    ...(runnerGroup && { runnerGroup }),
    ...(environment && { environment }),
    ...(permissions && { permissions }),
    ...(env && { env }),
    ...(shell && { shell }),
    ...(containerEntry && { container: containerOf(source, containerEntry) }),
    services: (mapAt(map, "services")?.entries ?? []).map((service) => ({
      ...containerOf(source, service),
      name: service.key.text,
    })),
    ...(strategy && { strategy }),
    outputs: variablesOf(source, entryOf(map, "outputs")?.value),
    steps: readSteps(source, entryOf(map, "steps")?.value, budget),
    ...(uses && { uses: { ...usesOf(source, uses) } }),
    with: variablesOf(source, entryOf(map, "with")?.value),
    ...(secrets && {
      secrets: {
        entry: secrets,
        inherit: secrets.value.kind === "scalar" && secrets.value.text === "inherit",
        variables: variablesOf(source, secrets.value),
      },
    }),
    other: otherTexts(source, map, known),
  };
}

/** `defaults.run.shell` of a workflow or job. */
export function defaultShell(source: Source, map: YamlMap): Job["shell"] {
  return textAt(source, mapAt(mapAt(map, "defaults"), "run"), "shell");
}

/** The `permissions` of a workflow or job: a word or a mapping. `{}` grants nothing. */
export function permissionsOf(map: YamlMap): Permissions | undefined {
  const entry = entryOf(map, "permissions");
  if (entry === undefined) return undefined;
  const { value } = entry;
  if (value.kind === "scalar") {
    const all = value.text === "read-all" ? "read" : value.text === "write-all" ? "write" : undefined;
    return { entry, ...(all && { all }), scopes: [] };
  }
  if (value.kind !== "map") return { entry, scopes: [] };
  const scopes = value.entries.flatMap((scope) => {
    const level = scope.value.kind === "scalar" ? levelOf(scope.value.text) : undefined;
    return level === undefined ? [] : [{ name: scope.key.text, level, entry: scope }];
  });
  return { entry, scopes };
}

function levelOf(text: string): PermissionLevel | undefined {
  return text === "read" || text === "write" || text === "none" ? text : undefined;
}

function environmentOf(source: Source, map: YamlMap): Environment | undefined {
  const entry = entryOf(map, "environment");
  if (entry === undefined) return undefined;
  const name = asText(source, entry.value) ?? textAt(source, asMap(entry.value), "name");
  if (name === undefined) return undefined;
  const url = textAt(source, asMap(entry.value), "url");
  return { name, entry, ...(url && { url }) };
}

function containerOf(source: Source, entry: YamlEntry): Container {
  const map = asMap(entry.value);
  const image = asText(source, entry.value) ?? textAt(source, map, "image");
  const credentialsEntry = entryOf(map, "credentials");
  const credentials = variablesOf(source, credentialsEntry?.value);
  const username = credentials.find((variable) => variable.name === "username");
  const password = credentials.find((variable) => variable.name === "password");
  const env = map && envOf(source, map);
  return {
    entry,
    ...(image && { image }),
    ...(credentialsEntry && { credentialsEntry }),
    ...(username && { username }),
    ...(password && { password }),
    ...(env && { env }),
    other: map ? otherTexts(source, map, knownOfContainer) : [],
  };
}
