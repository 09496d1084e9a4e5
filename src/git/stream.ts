import { exitOf, type GitTarget, spawnGit } from "./command.ts";
import { socketPair } from "./socket-pair.ts";

/**
 * Run git and take its output as it comes.
 * In: arguments; the target; all of its standard input; `consume`, called synchronously with each chunk, whose bytes are valid only
 * during the call: git waits until it returns.
 * Out: exit code (-1: ended by a signal) and messages. Throws what `consume` throws, and `signal`'s reason when aborted; git is ended
 * then. Throws LeaseholdError `git` when git cannot be started.
 */
export async function streamGit(
  args: readonly string[],
  target: GitTarget,
  input: Uint8Array | string,
  consume: (chunk: Buffer) => void,
  signal?: AbortSignal,
): Promise<{ code: number; stderr: string }> {
  signal?.throwIfAborted();
  let failure: { error: unknown } | undefined;
  let stop = (): void => {};
  function take(chunk: Buffer): void {
    if (failure !== undefined) return;
    try {
      consume(chunk);
    } catch (error) {
      fail(error);
    }
  }
  function fail(error: unknown): void {
    failure ??= { error };
    stop();
  }
  const pair = await socketPair(take);
  const child = spawnGit(args, target, [], pair?.theirs);
  const source = pair?.ours ?? child.stdout;
  pair?.theirs.destroy();
  stop = () => {
    child.kill("SIGKILL");
    source?.destroy();
  };
  const onAbort = () => fail(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  child.stdout?.on("data", take);
  const ended = new Promise<void>((resolve) => {
    if (source === null || source === undefined) resolve();
    else source.once("close", resolve);
  });
  // A connection that breaks ends the output; the exit code tells why.
  source?.on("error", () => {});
  const exit = exitOf(child, target.gitDir);
  child.stdin.end(input);
  try {
    const { code, stderr } = await exit;
    await ended;
    if (failure !== undefined) throw failure.error;
    return { code, stderr };
  } finally {
    signal?.removeEventListener("abort", onAbort);
    source?.destroy();
  }
}
