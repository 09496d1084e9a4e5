/** Scans git blobs with the paths they have, each blob and path once. */
import type { ObjectSource } from "../git/object.ts";
import type { Engine } from "./engine.ts";
import type { PathsTask, TaskProgress, TaskResult } from "./task.ts";

/** From how many blobs on threads are worth their start. */
const threadsFrom = 2_000;
/** Shares for each thread: enough that the last ones finish together, few enough that delta bases are shared. */
const sharesPerWorker = 2;

/** What some blobs are called: for each full id the paths it is scanned with. */
export type PathsByBlob = ReadonlyMap<string, ReadonlySet<string>>;

/** In: the engine; where the blobs are; their paths; whether threads run already. Out: one result for each share. */
export async function scanBlobsAtPaths(
  engine: Engine,
  source: ObjectSource,
  paths: PathsByBlob,
  options: { warm?: boolean; onProgress?: TaskProgress | undefined } = {},
): Promise<TaskResult[]> {
  if (paths.size === 0) return [];
  const work = [...paths].map(([oid, set]): PathsTask["paths"][number] => [oid, [...set]]);
  const threads = engine.workers > 1 && (options.warm === true || work.length >= threadsFrom);
  const share = threads ? Math.max(64, Math.ceil(work.length / (engine.workers * sharesPerWorker))) : work.length;
  const tasks: PathsTask[] = [];
  for (let at = 0; at < work.length; at += share)
    tasks.push({ kind: "paths", source, paths: work.slice(at, at + share) });
  return engine.run(tasks, threads, options.onProgress);
}

/** Adds a path to a blob's. */
export function addPath(paths: Map<string, Set<string>>, oid: string, path: string): void {
  const set = paths.get(oid);
  if (set === undefined) paths.set(oid, new Set([path]));
  else set.add(path);
}
