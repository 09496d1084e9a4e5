/** The tree of a file as an editor needs it: what holds what, and which bytes stand for more than one place. */
import type { Span, YamlEntry, YamlMap, YamlNode } from "../workflow/model.ts";

export type Tree = {
  root: YamlMap;
  /** The entry under which a mapping stands and the mapping of that entry. */
  parents: ReadonlyMap<YamlMap, { map: YamlMap; entry: YamlEntry }>;
  /** Spans of anchored nodes that an alias repeats elsewhere: a change there would be a change in two places. */
  shared: readonly Span[];
  /** A `<<` key, which GitHub refuses: such a file is not edited. */
  mergeKey: boolean;
};

/** Walks a tree once. Aliases are not followed. */
export function treeOf(root: YamlMap): Tree {
  const parents = new Map<YamlMap, { map: YamlMap; entry: YamlEntry }>();
  const shared: Span[] = [];
  let mergeKey = false;
  const pending: YamlNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (node.kind === "scalar") continue;
    if (node.kind === "seq") {
      for (const item of node.items) {
        if (item.alias) shared.push(item.value.span);
        else pending.push(item.value);
      }
      continue;
    }
    for (const entry of node.entries) {
      if (entry.key.style === "plain" && entry.key.text === "<<") mergeKey = true;
      if (entry.alias) {
        shared.push(entry.value.span);
        continue;
      }
      if (entry.value.kind === "map") parents.set(entry.value, { map: node, entry });
      pending.push(entry.value);
    }
  }
  return { root, parents, shared, mergeKey };
}

/** Whether changing bytes within a span also changes another place of the file. */
export function isShared(tree: Tree, span: Span): boolean {
  return tree.shared.some((one) => one.start <= span.start && span.end <= one.end);
}

/** Whether a span holds an anchor that another place repeats. */
export function holdsShared(tree: Tree, span: Span): boolean {
  return tree.shared.some((one) => span.start <= one.start && one.end <= span.end);
}
