/** A few worker threads that each run one task at a time. */
import { Worker } from "node:worker_threads";
import { LeaseholdError } from "../error.ts";
import type { LeakRule } from "../leak/rule.ts";
import type { BlobContext } from "./blob-context.ts";
import { embeddedRules } from "./embedded-rules.ts";
import type { ScanTask, TaskProgress, TaskResult } from "./task.ts";
import type { WorkerMessage, WorkerStart } from "./worker.ts";

/** Runs tasks; `close` ends the threads. */
export type Pool = {
  size: number;
  /** Run tasks side by side. Out: results in their order. Rejects with the first failure. `onProgress` gets sums over all running tasks. */
  run: (tasks: readonly ScanTask[], onProgress?: TaskProgress) => Promise<TaskResult[]>;
  close: () => Promise<void>;
};

/** Start worker threads. In: how many; own rules of the policy; what is known of the repository. */
export function startPool(size: number, detectors: LeakRule[], context: BlobContext): Pool {
  // In a bundle everything is one file, and this module's address is that file's.
  const entry = embeddedRules === undefined ? new URL("./worker.ts", import.meta.url) : new URL(import.meta.url);
  const start: WorkerStart = { leaseholdWorker: true, detectors, context };
  // Scanning needs little memory of its own; a small young generation keeps the peak low.
  const workers = Array.from(
    { length: size },
    () => new Worker(entry, { workerData: start, resourceLimits: { maxYoungGenerationSizeMb: 16 } }),
  );
  for (const worker of workers) worker.unref();

  function runOn(worker: Worker, task: ScanTask, onProgress: TaskProgress): Promise<TaskResult> {
    return new Promise((resolve, reject) => {
      const onError = (error: Error) => settle(() => reject(error));
      const onExit = (code: number) => settle(() => reject(new Error(`a scan thread ended with code ${code}`)));
      const onMessage = (message: WorkerMessage) => {
        if (message.kind === "progress") onProgress(message.contents, message.bytes, message.candidates);
        else if (message.kind === "done") settle(() => resolve(message.result));
        else settle(() => reject(failureOf(message)));
      };
      // Only these: node listens on a worker itself, and without its own listeners no further message arrives.
      const settle = (act: () => void) => {
        worker.off("error", onError).off("exit", onExit).off("message", onMessage);
        worker.unref();
        act();
      };
      worker.ref();
      worker.on("error", onError).on("exit", onExit).on("message", onMessage);
      worker.postMessage(task);
    });
  }

  return {
    size,
    async run(tasks, onProgress) {
      const results: TaskResult[] = new Array(tasks.length);
      const progress = tasks.map(() => [0, 0, 0] as [number, number, number]);
      let next = 0;
      await Promise.all(
        workers.map(async (worker) => {
          while (next < tasks.length) {
            const index = next++;
            results[index] = await runOn(worker, tasks[index]!, (...now) => {
              progress[index] = now;
              onProgress?.(
                ...(progress.reduce((a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]]) as [number, number, number]),
              );
            });
          }
        }),
      );
      return results;
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

/** The error of a thread, as it was there. */
function failureOf({ code, message, stack }: Extract<WorkerMessage, { kind: "failed" }>): Error {
  return code === undefined ? Object.assign(new Error(message), { stack }) : new LeaseholdError(code, message);
}
