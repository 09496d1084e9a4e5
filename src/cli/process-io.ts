/** The real process as a command sees it. */
import { rmSync } from "node:fs";
import type { WriteStream } from "node:tty";
import { exitCodes } from "../exit-code.ts";
import { columnsFor, type Io, type Output, wantsColor } from "./io.ts";

/** What became of stdout: `failed` when the report could not be written for another reason than a reader who went away. */
export type StreamState = { failed: Error | undefined };

/**
 * The process's streams, clock and signals.
 * Out: the io, and the state of stdout for the exit code. A closed pipe (`| head`) is quiet: what follows is dropped.
 * SIGINT, SIGTERM and SIGHUP remove half-written files and end the process with 130.
 */
export function processIo(): { io: Io; stdoutState: StreamState } {
  const abort = new AbortController();
  const pending = new Set<string>();
  const stdoutState: StreamState = { failed: undefined };
  const stderrState: StreamState = { failed: undefined };
  const stdout = output(process.stdout, stdoutState);
  const stderr = output(process.stderr, stderrState);
  const interrupted = (): void => {
    abort.abort();
    for (const file of pending) rmSync(file, { force: true });
    if (stderr.isTTY) stderr.write("\r\x1b[2K");
    process.exit(exitCodes.interrupted);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupted);
  const io: Io = {
    cwd: process.cwd(),
    env: process.env,
    stdout,
    stderr,
    get stdin() {
      return process.stdin;
    },
    now: () => performance.now(),
    signal: abort.signal,
    pending,
  };
  return { io, stdoutState };
}

function output(stream: WriteStream & { fd: number }, state: StreamState): Output {
  let gone = false;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    gone = true;
    if (error.code !== "EPIPE") state.failed = error;
  });
  const isTTY = stream.isTTY === true;
  return {
    write: (text) => {
      if (!gone) stream.write(text);
    },
    isTTY,
    columns: columnsFor(process.env, isTTY ? stream.columns : undefined),
    color: wantsColor(process.env, isTTY),
  };
}
