/** Entry of the CLI and, in a bundle, of its scan threads. Loads little, so that `--version` and mistakes answer at once. */
import { isMainThread } from "node:worker_threads";
import { exitCodes } from "../exit-code.ts";
import { commandTable } from "./command-table.ts";
import { runCli } from "./dispatch.ts";
import { processIo } from "./process-io.ts";

if (isMainThread) await main();
// This program starts no other threads; loading this module makes the thread serve.
else await import("../scan/worker.ts");

async function main(): Promise<void> {
  const { io, stdoutState } = processIo();
  process.on("exit", () => {
    // A write that failed is told after the command has ended; blocking findings stay the louder news.
    if (stdoutState.failed === undefined) return;
    io.stderr.write(`leasehold: the report could not be written (${stdoutState.failed.message})\n`);
    if (process.exitCode !== exitCodes.blocking) process.exitCode = exitCodes.incomplete;
  });
  process.exitCode = await runCli(process.argv.slice(2), io, commandTable);
}
