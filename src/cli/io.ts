/** What a command may touch of the process around it. Tests hand in their own. */

/** One of the two streams a command writes to. */
export type Output = {
  /** Never throws; after the reader has gone it does nothing. */
  write(text: string): void;
  isTTY: boolean;
  /** Columns of a line. */
  columns: number;
  color: boolean;
};

export type Io = {
  /** Where relative paths start: the working directory, or what `-C` named. */
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  /** The report and nothing else. */
  stdout: Output;
  /** Progress and diagnostics. */
  stderr: Output;
  stdin: AsyncIterable<Uint8Array>;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
  /** Aborted by SIGINT and SIGTERM. */
  signal: AbortSignal;
  /** Temporary files that are to go when the process is interrupted. */
  pending: Set<string>;
};

/** Columns of a line where nobody says: wide enough for a log, narrow enough to read. */
const defaultColumns = 100;

/**
 * Whether a stream gets colours. FORCE_COLOR decides when it is set (`0` and `false` switch off), then NO_COLOR (set and not empty
 * switches off, no-color.org), then whether it is a terminal that can.
 */
export function wantsColor(env: Io["env"], isTTY: boolean): boolean {
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== "") return false;
  return isTTY && env.TERM !== "dumb";
}

/** Columns of a stream: what the terminal says, else COLUMNS, else 100. */
export function columnsFor(env: Io["env"], columns: number | undefined): number {
  const told = columns ?? Number.parseInt(env.COLUMNS ?? "", 10);
  return Number.isInteger(told) && told >= 20 && told <= 10_000 ? told : defaultColumns;
}

/** Whether this is a CI job: no progress is drawn there, even on what looks like a terminal. */
export function isCi(env: Io["env"]): boolean {
  return env.CI !== undefined && env.CI !== "" && env.CI !== "0" && env.CI !== "false";
}
