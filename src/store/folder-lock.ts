/** One process a data folder: PGlite has no server that could keep two apart. */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { LeaseholdError } from "../error.ts";

/** Since when a process runs, so that its number, given again after a restart, is not taken for it; empty where /proc is not there. */
function startOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program stands in brackets and may hold spaces.
    return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function isAlive(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  return startOf(pid) === start;
}

/**
 * Take the lock of a folder. A lock whose process is gone, as after `kill -9`, is taken over.
 * Out: what gives it back. Throws LeaseholdError("config") while another process has it.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, "lock");
  for (let tries = 0; ; tries++) {
    try {
      const file = openSync(path, "wx", 0o600);
      writeSync(file, `${process.pid} ${startOf(process.pid)}\n`);
      closeSync(file);
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const [pid = "", start = ""] = readLock(path).trim().split(" ");
    const held = /^\d+$/.test(pid) && isAlive(Number(pid), start);
    if (held || tries > 2)
      throw new LeaseholdError(
        "config",
        `${folder} is in use by process ${pid}: stop that one first; several processes at once need PostgreSQL (DATABASE_URL)`,
      );
    rmSync(path, { force: true });
  }
}

function readLock(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
