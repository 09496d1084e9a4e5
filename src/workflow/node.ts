/** Reading the tree: entries by key, names and texts under them. Everything takes what is there and passes over what has another form. */
import type { Declaration, Env, Source, Text, Variable, YamlEntry, YamlMap, YamlNode, YamlScalar } from "./model.ts";
import { asText, textOf } from "./text.ts";

/** The entry of a key; the first, where a file (wrongly) has two. */
export function entryOf(map: YamlMap | undefined, key: string): YamlEntry | undefined {
  return map?.entries.find((entry) => entry.key.text === key);
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
  if (node?.kind !== "map") return [];
  return node.entries.flatMap((entry) =>
    entry.value.kind === "scalar"
      ? [{ name: entry.key.text, key: entry.key, value: textOf(source, entry.value), entry }]
      : [],
  );
}

/** The `env` block of a mapping. */
export function envOf(source: Source, map: YamlMap): Env | undefined {
  const entry = entryOf(map, "env");
  if (entry === undefined) return undefined;
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
  const found: { key: string; text: Text }[] = [];
  const seen = new Set<YamlNode>();
  const visit = (node: YamlNode, key: string): void => {
    if (node.kind === "scalar") {
      if (node.text.includes("${{")) found.push({ key, text: textOf(source, node) });
      return;
    }
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind === "map") for (const entry of node.entries) visit(entry.value, key);
    else for (const item of node.items) visit(item.value, key);
  };
  for (const entry of map.entries) if (!known.has(entry.key.text)) visit(entry.value, entry.key.text);
  return found;
}
