/** Logs as lines of JSON. What goes in are ids, codes and counts; an error's message stays out, because it may repeat what it was given. */
import { type DestinationStream, type Logger, pino } from "pino";
import { LeaseholdError } from "../error.ts";

/** A value that holds no text of a payload: numbers, states, and words of our own. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

export type Log = {
  info(fields: LogFields, what: string): void;
  warn(fields: LogFields, what: string): void;
  error(fields: LogFields, what: string): void;
  /** What of an error may be written: its code, its kind and where in our code it arose. */
  safe(error: unknown): LogFields;
};

/** In: the least level, and where lines go (stdout without). */
export function createLog(level: string, destination?: DestinationStream): Log {
  const settings = { level, base: null, timestamp: () => `,"time":"${new Date().toISOString()}"` };
  const logger: Logger = destination === undefined ? pino(settings) : pino(settings, destination);
  return {
    info: (fields, what) => logger.info(fields, what),
    warn: (fields, what) => logger.warn(fields, what),
    error: (fields, what) => logger.error(fields, what),
    safe: (error) => ({ code: codeOf(error), kind: kindOf(error), at: placeOf(error) }),
  };
}

/** The code under which an error is kept and counted: lower case with hyphens. */
export function codeOf(error: unknown): string {
  if (error instanceof LeaseholdError) return error.code;
  if (error !== null && typeof error === "object") {
    const { code, status } = error as { code?: unknown; status?: unknown };
    if (typeof status === "number" && status >= 100 && status < 600) return `github-${status}`;
    if (typeof code === "string" && /^[A-Za-z0-9_-]{1,40}$/.test(code)) return code.toLowerCase().replaceAll("_", "-");
  }
  return "internal";
}

function kindOf(error: unknown): string {
  const name = error instanceof Error ? error.constructor.name : typeof error;
  return /^[A-Za-z]{1,40}$/.test(name) ? name : "unknown";
}

/** File and line of the first frame of our own; never the message that stands above the frames. */
function placeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return /\/((?:src|node_modules)\/[\w@./-]{1,200}:\d{1,7})/.exec(
    (error.stack ?? "")
      .split("\n")
      .filter((line) => line.startsWith("    at "))
      .join("\n"),
  )?.[1];
}
