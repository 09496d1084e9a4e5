/** What YAML allows and GitHub refuses: merge keys and keys that stand twice in one mapping. */
import type { SyntaxProblem, YamlEntry, YamlNode } from "./model.ts";

export type TreeCheck = { mergeKeys: YamlEntry[]; duplicates: SyntaxProblem[] };

/**
 * Looks at every mapping once, whatever aliases lead to it.
 * GitHub compares keys without regard to letter case ("'X' is already defined") and knows no merge keys.
 */
export function checkTree(root: YamlNode): TreeCheck {
  const check: TreeCheck = { mergeKeys: [], duplicates: [] };
  const seen = new Set<YamlNode>();
  const pending: YamlNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === "scalar" || seen.has(node)) continue;
    seen.add(node);
    if (node.kind === "seq") {
      for (const item of node.items) pending.push(item.value);
      continue;
    }
    let names: Set<string> | undefined;
    for (const entry of node.entries) {
      if (entry.value.kind !== "scalar") pending.push(entry.value);
      if (entry.key.style === "plain" && entry.key.text === "<<") {
        check.mergeKeys.push(entry);
        continue;
      }
      if (node.entries.length === 1) break;
      names ??= new Set();
      const before = names.size;
      if (names.add(entry.key.text.toUpperCase()).size === before) check.duplicates.push(twice(entry));
    }
  }
  check.duplicates.sort((a, b) => a.span.start - b.span.start);
  check.mergeKeys.sort((a, b) => a.span.start - b.span.start);
  return check;
}

function twice({ key }: YamlEntry): SyntaxProblem {
  return { message: `the key ${key.text.slice(0, 60)} stands twice in this mapping`, span: key.span };
}
