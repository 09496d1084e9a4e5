/** Reading the tree: entries by key, names and texts under them. Everything takes what is there and passes over what has another form. */
import type { Declaration, Env, Source, Text, Variable, YamlEntry, YamlMap, YamlNode, YamlScalar } from "./model.ts";
import { asText, textOf } from "./text.ts";

/** The entry of a key; the first, where a file (wrongly) has two. */
export function entryOf(map: YamlMap | undefined, key: string): YamlEntry | undefined {
  if (map === undefined) return undefined;
  for (const entry of map.entries) if (entry.key.text === key) return entry;
  return undefined;
}

/** The mapping under a key. */
export function mapAt(map: YamlMap | undefined, key: string): YamlMap | undefined {
  return asMap(entryOf(map, key)?.value);
}

export function asMap(node: YamlNode | undefined): YamlMap | undefined {
  return node?.kind === "map" ? node : undefined;
}

/** The scalar under a key as a text, if it is there. */
export function textAt(source: Source, map: YamlMap | undefined, key: string): Text | undefined {
  return asText(source, entryOf(map, key)?.value);
}

/** The scalars of a node that may be one scalar or a sequence of them. */
export function scalarsOf(node: YamlNode | undefined): YamlScalar[] {
  if (node === undefined) return [];
  if (node.kind === "seq") return node.items.flatMap((item) => (item.value.kind === "scalar" ? [item.value] : []));
  return node.kind === "scalar" && node.style !== "empty" ? [node] : [];
}

/** The entries of a mapping whose values are scalars, as variables. An entry without a value is one with an empty text. */
export function variablesOf(source: Source, node: YamlNode | undefined): Variable[] {
  const variables: Variable[] = [];
  if (node?.kind !== "map") return variables;
  for (const entry of node.entries) {
    if (entry.value.kind === "scalar")
      variables.push({ name: entry.key.text, key: entry.key, value: textOf(source, entry.value), entry });
  }
  return variables;
}

/** The `env` block of a mapping. */
export function envOf(source: Source, map: YamlMap): Env | undefined {
  const entry = entryOf(map, "env");
  return entry === undefined ? undefined : envAt(source, entry);
}

/** The same where the entry is known. */
export function envAt(source: Source, entry: YamlEntry): Env {
  const text = asText(source, entry.value);
  return { entry, variables: variablesOf(source, entry.value), ...(text && { text }) };
}

/** Inputs, outputs or secrets that are declared by name. */
export function declarationsOf(source: Source, node: YamlNode | undefined): Declaration[] {
  if (node?.kind !== "map") return [];
  return node.entries.map((entry) => {
    const map = asMap(entry.value);
    const description = entryOf(map, "description")?.value;
    const preset = textAt(source, map, "default");
    const value = textAt(source, map, "value");
    const required = entryOf(map, "required")?.value;
    return {
      name: entry.key.text,
      entry,
      required: required?.kind === "scalar" && required.value === true,
      ...(description?.kind === "scalar" && { description: description.text }),
      ...(preset && { default: preset }),
      ...(value && { value }),
    };
  });
}

/**
 * Texts with expressions anywhere below the entries whose keys are not in `known`, each with the key of that entry.
 * A node reached again by an alias is read once, so that aliases of aliases cost nothing.
 */
export function otherTexts(source: Source, map: YamlMap, known: ReadonlySet<string>): { key: string; text: Text }[] {
  const found: OtherText[] = [];
  const seen = new Set<YamlNode>();
  for (const entry of map.entries)
    if (!known.has(entry.key.text)) addTexts(source, entry.value, entry.key.text, found, seen);
  return found;
}

type OtherText = { key: string; text: Text };

/** Adds the texts with expressions at and below one node. `seen`: collections that were read already. */
export function addTexts(source: Source, node: YamlNode, key: string, found: OtherText[], seen?: Set<YamlNode>): void {
  if (node.kind === "scalar") {
    if (node.text.includes("${{")) found.push({ key, text: textOf(source, node) });
    return;
  }
  const known = seen ?? new Set();
  if (known.has(node)) return;
  known.add(node);
  if (node.kind === "map") for (const entry of node.entries) addTexts(source, entry.value, key, found, known);
  else for (const item of node.items) addTexts(source, item.value, key, found, known);
}
