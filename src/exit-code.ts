/** The exit codes of the CLI, as the README lists them. */
import type { ErrorCode } from "./error.ts";

export const exitCodes = {
  clean: 0,
  blocking: 1,
  usage: 2,
  nothingMatched: 3,
  incomplete: 4,
  network: 5,
  internal: 70,
  interrupted: 130,
} as const;

/** Exit code of an error that a user can mend. Where git gives nothing, nothing was scanned: that is incomplete, not clean. */
const ofError: Record<ErrorCode, number> = {
  usage: exitCodes.usage,
  config: exitCodes.usage,
  "nothing-matched": exitCodes.nothingMatched,
  git: exitCodes.incomplete,
  network: exitCodes.network,
  interrupted: exitCodes.interrupted,
};

/** In: the code of a LeaseholdError. Out: the exit code. */
export function exitCodeOf(code: ErrorCode): number {
  return ofError[code];
}

/** Exit code of a scan: blocking findings outrank an incomplete scan. In: the verdict's result, and the number of gaps. */
export function exitCodeOfVerdict(result: "pass" | "warn" | "fail", gaps: number): number {
  if (result === "fail") return exitCodes.blocking;
  return gaps > 0 ? exitCodes.incomplete : exitCodes.clean;
}
