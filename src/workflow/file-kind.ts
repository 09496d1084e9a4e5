/** Which files are Actions files: by their path, and a workflow also by its content. */
import type { Model, YamlMap } from "./model.ts";
import { entryOf } from "./node.ts";
import { onEntryOf } from "./read-file.ts";

/** The kind a path says: `.github/workflows/*.yml` and `action.yml` anywhere in the tree, `.github/dependabot.yml`. Undefined when it says none. */
export function kindOfPath(path: string): Model["kind"] | undefined {
  if (!/\.ya?ml$/i.test(path)) return undefined;
  const parts = path.split("/");
  const name = parts.at(-1) ?? "";
  const folder = parts.at(-2);
  if (folder === "workflows" && parts.at(-3) === ".github") return "workflow";
  if (name === "action.yml" || name === "action.yaml") return "action";
  if ((name === "dependabot.yml" || name === "dependabot.yaml") && folder === ".github") return "dependabot";
  return undefined;
}

/** Whether a YAML file that no path names may be a workflow: `jobs` and `on` as keys at the beginning of a line. Cheap, to be asked before parsing. */
export function looksLikeWorkflow(path: string, bytes: Uint8Array): boolean {
  return /\.ya?ml$/i.test(path) && hasWorkflowKeys(bytes);
}

/** The same for a content that has no path. */
export function hasWorkflowKeys(bytes: Uint8Array): boolean {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return hasTopKey(view, "jobs") && ["on", '"on"', "'on'", "true"].some((key) => hasTopKey(view, key));
}

function hasTopKey(view: Buffer, key: string): boolean {
  const wanted = `${key}:`;
  for (let at = view.indexOf(wanted); at >= 0; at = view.indexOf(wanted, at + 1)) {
    const before = view[at - 1];
    // The last byte of a byte order mark is 0xBF.
    if (at === 0 || before === 10 || (at === 3 && before === 0xbf)) return true;
  }
  return false;
}

/** Whether a tree is a workflow by its content: a `jobs` mapping and a trigger. */
export function isWorkflowTree(root: YamlMap): boolean {
  return entryOf(root, "jobs")?.value.kind === "map" && onEntryOf(root) !== undefined;
}
