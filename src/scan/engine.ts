/** The compiled rules of one scan, and threads beside this one that know the same rules, started when the work is worth it. */
import { availableParallelism } from "node:os";
import type { LeakRule } from "../leak/rule.ts";
import type { RuleSet } from "../leak/rule-set.ts";
import type { BlobContext } from "./blob-context.ts";
import { type Pool, startPool, type TaskRunner } from "./pool.ts";
import { runTask, type ScanTask, type TaskProgress, type TaskResult } from "./task.ts";

export type Engine = {
  context: BlobContext;
  /** How many threads there may be, this one among them. */
  workers: number;
  /** The rules in this thread, compiled on first use. */
  ruleSet(): RuleSet;
  /** Start the threads, so that they read their rules while the caller does something else. */
  warm(): void;
  /** Do tasks, in all threads or in this one. Out: results in the order of the tasks. `onProgress` is told sums over all. */
  run(tasks: readonly ScanTask[], threads: boolean, onProgress?: TaskProgress): Promise<TaskResult[]>;
  /** End the threads. */
  close(): Promise<void>;
};

/** In: the rules; the policy's own ones for the threads; what is known of the repository; how many threads (one a processor, at most 8, when left out). */
export function createEngine(
  ruleSet: () => RuleSet,
  detectors: readonly LeakRule[],
  context: BlobContext,
  jobs: number | undefined,
): Engine {
  const workers = jobs ?? Math.min(8, availableParallelism());
  let pool: Pool | undefined;
  const started = (): Pool => {
    pool ??= startPool(workers - 1, [...detectors], context);
    return pool;
  };
  return {
    context,
    workers,
    ruleSet,
    warm() {
      if (workers > 1) started();
    },
    async run(tasks, threads, onProgress) {
      const here: TaskRunner = (task, tell) => runTask(ruleSet(), context, task, tell);
      if (threads && workers > 1) return started().run(tasks, here, onProgress);
      const results: TaskResult[] = [];
      const done = { contents: 0, bytes: 0, candidates: 0 };
      for (const task of tasks) {
        const last = { contents: 0, bytes: 0, candidates: 0 };
        const result = await here(task, (contents, bytes, candidates) => {
          Object.assign(last, { contents, bytes, candidates });
          onProgress?.(done.contents + contents, done.bytes + bytes, done.candidates + candidates);
        });
        done.contents += last.contents;
        done.bytes += last.bytes;
        done.candidates += last.candidates;
        results.push(result);
      }
      return results;
    },
    async close() {
      await pool?.close();
    },
  };
}
