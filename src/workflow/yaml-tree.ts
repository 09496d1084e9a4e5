/** Text to tree: the quick reader where it is sure, the full parser for everything else. */
import type { Source } from "./model.ts";
import { readFullYaml, type YamlTree } from "./yaml-full.ts";
import { readPlainYaml } from "./yaml-plain.ts";

/** Reads the YAML of a file. Never throws; what is wrong is in `problems`, in order. */
export function readYaml(source: Source): YamlTree {
  const root = readPlainYaml(source);
  return root === undefined ? readFullYaml(source) : { root, problems: [] };
}
