/** Where a report goes: stdout, or a file that is either the old one or the whole new one. */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { LeaseholdError } from "../error.ts";
import type { Io } from "./io.ts";

/**
 * Write a report. In: the io, its parts in order, the file of `-o` or undefined (`-` is stdout too).
 * Throws LeaseholdError("usage") where the file cannot be written.
 */
export function writeReport(io: Io, parts: Iterable<string>, file: string | undefined): void {
  if (file === undefined || file === "-") {
    for (const part of parts) io.stdout.write(part);
    return;
  }
  writeAtomic(resolve(io.cwd, file), parts, io.pending);
}

/**
 * Write a file whole or not at all: into a temporary one beside it, then renamed over it. A symbolic link keeps pointing where it did; what is not a
 * regular file (a pipe, a terminal) is written to directly.
 * In: absolute path, text, the set that an interrupt clears. Throws LeaseholdError("usage") with the reason; the old file is then as it was.
 */
export function writeAtomic(path: string, parts: Iterable<string>, pending: Set<string>): void {
  const present = statSync(path, { throwIfNoEntry: false });
  if (present?.isDirectory()) throw new LeaseholdError("usage", "this is a directory; name a file", { file: path });
  try {
    if (present !== undefined && !present.isFile()) writeFileSync(path, [...parts].join(""));
    else replace(present === undefined ? path : realpathSync(path), parts, pending, present?.mode);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    throw new LeaseholdError("usage", `cannot be written (${code})`, { file: path });
  }
}

function replace(path: string, parts: Iterable<string>, pending: Set<string>, mode: number | undefined): void {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString("hex")}.tmp`);
  const descriptor = openSync(temporary, "wx", mode === undefined ? 0o666 : mode & 0o777);
  pending.add(temporary);
  let open = true;
  try {
    for (const part of parts) writeSync(descriptor, part);
    fsyncSync(descriptor);
    closeSync(descriptor);
    open = false;
    renameSync(temporary, path);
  } catch (error) {
    if (open) closeSync(descriptor);
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    pending.delete(temporary);
  }
}

/** `ENOSPC` of an error that the system gave, or undefined. */
function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}
