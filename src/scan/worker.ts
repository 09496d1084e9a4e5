/** Entry of a scan's worker threads. In a bundle the same file is the program's own entry, which hands over here. */
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { type ErrorCode, LeaseholdError } from "../error.ts";
import type { LeakRule } from "../leak/rule.ts";
import type { BlobContext } from "./blob-context.ts";
import { loadRuleSet } from "./load-rules.ts";
import { runTask, type ScanTask, type TaskResult } from "./task.ts";

/** What a worker is started with. */
export type WorkerStart = { leaseholdWorker: true; detectors: LeakRule[]; context: BlobContext };

/** What a worker sends. */
export type WorkerMessage =
  | { kind: "progress"; contents: number; bytes: number; candidates: number }
  | { kind: "done"; result: TaskResult }
  | { kind: "failed"; code: ErrorCode | undefined; message: string; stack: string };

/** Whether this thread is one of a scan's workers. */
export function isScanWorker(): boolean {
  return !isMainThread && (workerData as Partial<WorkerStart> | null)?.leaseholdWorker === true;
}

/** Serve tasks until the pool ends the thread. */
export function serveScanTasks(): void {
  const { detectors, context } = workerData as WorkerStart;
  const set = loadRuleSet(detectors);
  parentPort!.on("message", (task: ScanTask) => {
    const send = (message: WorkerMessage) => parentPort!.postMessage(message);
    runTask(set, context, task, (contents, bytes, candidates) =>
      send({ kind: "progress", contents, bytes, candidates }),
    ).then(
      (result) => send({ kind: "done", result }),
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
