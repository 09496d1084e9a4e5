/** Entry of the Action, of its post step and, in the bundle, of its scan threads. */
import { isMainThread } from "node:worker_threads";

if (!isMainThread) await import("../src/scan/worker.ts");
else if (process.env.STATE_started === "true") (await import("./clean-up.ts")).cleanUp();
else await main();

async function main(): Promise<void> {
  const [{ runAction }, { exitCodes }, { errorLines }, { saveState }] = await Promise.all([
    import("./run.ts"),
    import("../src/exit-code.ts"),
    import("../src/scan/error-lines.ts"),
    import("@actions/core"),
  ]);
  try {
    // The runner starts the same file again when the job ends.
    saveState("started", "true");
    process.exitCode = await runAction();
  } catch (error) {
    // Not even the outputs could be written. Node's own code for this is the one that means findings.
    process.exitCode = exitCodes.internal;
    for (const line of await errorLines(error)) process.stderr.write(`${line}\n`);
  }
}
