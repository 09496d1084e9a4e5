/** Entry of a scan's worker threads. In a bundle the same file is the program's own entry, which hands over here. */
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { type ErrorCode, LeaseholdError } from "../error.ts";
import type { LeakRule } from "../leak/rule.ts";
import type { BlobContext } from "./blob-context.ts";
import { shippedRuleSet } from "./shipped-rules.ts";
import { runTask, type ScanTask, type TaskResult } from "./task.ts";

/** What a worker is started with. */
export type WorkerStart = { leaseholdWorker: true; detectors: LeakRule[]; context: BlobContext };

/** Tasks for all threads, and how many of them are taken: plain data and memory that the threads share. */
export type SharedWork = { tasks: readonly ScanTask[]; taken: Int32Array };

/** What a worker sends; `index`: which task. */
export type WorkerMessage =
  | { kind: "progress"; index: number; contents: number; bytes: number; candidates: number }
  | { kind: "done"; index: number; result: TaskResult }
  | { kind: "idle" }
  | { kind: "failed"; code: ErrorCode | undefined; message: string; stack: string };

/** Take the next task; its index is beyond the last one when there is none left. */
export function nextTask(taken: Int32Array): number {
  return Atomics.add(taken, 0, 1);
}

/** Whether this thread is one of a scan's workers. */
export function isScanWorker(): boolean {
  return !isMainThread && (workerData as Partial<WorkerStart> | null)?.leaseholdWorker === true;
}

/** Serve tasks until the pool ends the thread. */
export function serveScanTasks(): void {
  const { detectors, context } = workerData as WorkerStart;
  const set = shippedRuleSet(detectors);
  const send = (message: WorkerMessage) => parentPort!.postMessage(message);
  const serve = async ({ tasks, taken }: SharedWork) => {
    for (let index = nextTask(taken); index < tasks.length; index = nextTask(taken)) {
      const result = await runTask(set, context, tasks[index]!, (contents, bytes, candidates) =>
        send({ kind: "progress", index, contents, bytes, candidates }),
      );
      send({ kind: "done", index, result });
    }
  };
  parentPort!.on("message", (work: SharedWork) => {
    serve(work).then(
      () => send({ kind: "idle" }),
      (error: Error) =>
        send({
          kind: "failed",
          code: error instanceof LeaseholdError ? error.code : undefined,
          message: error.message,
          stack: error.stack ?? "",
        }),
    );
  });
}

if (isScanWorker()) serveScanTasks();
