/** A few worker threads that each run one task at a time, beside the thread that started them. */
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { LeaseholdError } from "../error.ts";
import type { LeakRule } from "../leak/rule.ts";
import type { BlobContext } from "./blob-context.ts";
import { bundled } from "./rule-source.ts";
import type { ScanTask, TaskProgress, TaskResult } from "./task.ts";
import { nextTask, type SharedWork, type WorkerMessage, type WorkerStart } from "./worker.ts";

/** Does one task in the thread that asks. */
export type TaskRunner = (task: ScanTask, onProgress: TaskProgress) => Promise<TaskResult>;

/** Runs tasks; `close` ends the threads. */
export type Pool = {
  /**
   * Run tasks side by side, `here` beside the threads: each takes the next that nobody has taken.
   * Out: results in the order of the tasks. Rejects with the first failure. `onProgress` gets sums over all running tasks.
   */
  run: (tasks: readonly ScanTask[], here: TaskRunner, onProgress?: TaskProgress) => Promise<TaskResult[]>;
  close: () => Promise<void>;
};

/** Start worker threads. In: how many; own rules of the policy; what is known of the repository. */
export function startPool(size: number, detectors: LeakRule[], context: BlobContext): Pool {
  // In a bundle everything is one file, and this module's address is that file's.
  const entry = bundled ? new URL(import.meta.url) : new URL("./worker.ts", import.meta.url);
  const start: WorkerStart = { leaseholdWorker: true, detectors, context };
  // Scanning needs little memory of its own; a small young generation keeps the peak low.
  const workers = Array.from(
    { length: size },
    () => new Worker(entry, { workerData: start, resourceLimits: { maxYoungGenerationSizeMb: 16 } }),
  );
  for (const worker of workers) worker.unref();

  function runOn(worker: Worker, work: SharedWork, onMessage: (message: WorkerMessage) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const onError = (error: Error) => settle(() => reject(error));
      const onExit = (code: number) => settle(() => reject(new Error(`a scan thread ended with code ${code}`)));
      const onReport = (message: WorkerMessage) => {
        if (message.kind === "idle") settle(resolve);
        else if (message.kind === "failed") settle(() => reject(failureOf(message)));
        else onMessage(message);
      };
      // Only these: node listens on a worker itself, and without its own listeners no further message arrives.
      const settle = (act: () => void) => {
        worker.off("error", onError).off("exit", onExit).off("message", onReport);
        worker.unref();
        act();
      };
      worker.ref();
      worker.on("error", onError).on("exit", onExit).on("message", onReport);
      worker.postMessage(work);
    });
  }

  return {
    async run(tasks, here, onProgress) {
      const results: TaskResult[] = new Array(tasks.length);
      const progress = tasks.map(() => [0, 0, 0] as [number, number, number]);
      const tell = (index: number, ...now: [number, number, number]) => {
        progress[index] = now;
        onProgress?.(
          ...(progress.reduce((a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]]) as [number, number, number]),
        );
      };
      const taken = new Int32Array(new SharedArrayBuffer(4));
      const ownShare = async () => {
        for (let index = nextTask(taken); index < tasks.length; index = nextTask(taken)) {
          results[index] = await here(tasks[index]!, (...now) => tell(index, ...now));
          // What the threads have said is heard between two tasks.
          await setImmediate();
        }
      };
      const theirs = workers.map((worker) =>
        runOn(worker, { tasks, taken }, (message) => {
          if (message.kind === "progress") tell(message.index, message.contents, message.bytes, message.candidates);
          else if (message.kind === "done") results[message.index] = message.result;
        }),
      );
      await Promise.all([...theirs, ownShare()]);
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
