/**
 * The workflow lockfile `.github/workflows/actions.lock` (https://docs.github.com/actions/concepts/security/workflow-dependency-lockfiles):
 * for each onboarded workflow the actions whose commits are recorded. A `uses:` that is listed there runs that commit, whatever its tag says.
 */
import type { Uses } from "./model.ts";
import { asMap, entryOf, mapAt, scalarsOf } from "./node.ts";
import { sourceOf } from "./source.ts";
import { readYaml } from "./yaml-tree.ts";

/** Per workflow path the keys `owner/repo@ref`, in lower case. */
export type Lockfile = ReadonlyMap<string, ReadonlySet<string>>;

/** Reads a lockfile of schema v0.0.1 or v0.0.2. A file of another form gives an empty table, so that nothing counts as locked. */
export function readLockfile(path: string, bytes: Uint8Array): Lockfile {
  const { root, problems } = readYaml(sourceOf(path, bytes));
  const table = new Map<string, ReadonlySet<string>>();
  const map = asMap(root);
  const version = entryOf(map, "version")?.value;
  if (problems.length > 0 || version?.kind !== "scalar" || !/^v0\.0\.\d+$/.test(version.text)) return table;
  for (const entry of mapAt(map, "workflows")?.entries ?? []) {
    // Version 0.0.1 writes the commit behind the key: `owner/repo@v1:sha1-…`.
    const keys = scalarsOf(entry.value).map((scalar) =>
      scalar.text.replace(/:sha(?:1|256)-[0-9a-f]+$/, "").toLowerCase(),
    );
    table.set(entry.key.text, new Set(keys));
  }
  return table;
}

/** Whether the lockfile fixes the commit of an action in a workflow. Reusable workflows and images are not locked by it. */
export function isLocked(lockfile: Lockfile | undefined, workflowPath: string, uses: Uses): boolean {
  const keys = lockfile?.get(workflowPath);
  if (keys === undefined || uses.kind !== "action" || uses.ref === undefined) return false;
  const repository = `${uses.owner}/${uses.repo}`;
  const names = [
    `${repository}@${uses.ref}`,
    ...(uses.path === undefined ? [] : [`${repository}/${uses.path}@${uses.ref}`]),
  ];
  return names.some((name) => keys.has(name.toLowerCase()));
}
