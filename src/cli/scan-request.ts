/** From flags to what is scanned and by what it is judged; shared by every command that scans. */
import { LeaseholdError } from "../error.ts";
import type { Confidence } from "../finding.ts";
import type { ScanRequest, ScanRun } from "../scan/run.ts";
import { today } from "../scan/run-info.ts";
import type { NamedSource } from "../scan/source.ts";
import type { Io } from "./io.ts";
import { progressLine } from "./progress.ts";

/** The flags that such commands have, each where the command has it. */
export type ScanFlags = {
  staged?: boolean;
  history?: boolean;
  since?: string | undefined;
  "no-git"?: boolean;
  jobs?: number | undefined;
  "min-confidence"?: Confidence | undefined;
  only?: string[];
  skip?: string[];
  baseline?: string | undefined;
  "no-config"?: boolean;
};

/**
 * In: the flags, what else was named, the io. Out: a request without thresholds and progress.
 * Throws LeaseholdError("usage") for flags that do not go together.
 */
export function scanRequest(flags: ScanFlags, words: readonly string[], io: Io): ScanRequest {
  return {
    cwd: io.cwd,
    source: namedSource(flags, words, io),
    git: flags["no-git"] !== true,
    config: flags["no-config"] !== true,
    baseline: flags.baseline,
    minConfidence: flags["min-confidence"],
    only: flags.only ?? [],
    skip: flags.skip ?? [],
    jobs: flags.jobs,
    today: today(),
  };
}

function namedSource(flags: ScanFlags, words: readonly string[], io: Io): NamedSource {
  const asked = [
    ...(flags.staged === true ? ["--staged"] : []),
    ...(flags.history === true ? ["--history"] : []),
    ...(words.includes("-") ? ["-"] : []),
  ];
  if (asked.length > 1) throw new LeaseholdError("usage", `${asked.join(" and ")} do not go together`);
  if (flags.since !== undefined && flags.history !== true)
    throw new LeaseholdError(
      "usage",
      "--since goes with --history; for the commits of a branch name a range: main..HEAD",
    );
  if (asked.length === 1 && flags["no-git"] === true && asked[0] !== "-")
    throw new LeaseholdError("usage", `${asked[0]} and --no-git do not go together`);
  if (words.includes("-")) {
    if (words.length > 1) throw new LeaseholdError("usage", "- (standard input) stands alone");
    return { kind: "stream", input: io.stdin };
  }
  if (asked.length === 1 && words.length > 0) {
    throw new LeaseholdError(
      "usage",
      `${asked[0]} takes no path or range${asked[0] === "--history" ? "; --since REF leaves out what REF has" : ""}`,
    );
  }
  if (flags.staged === true) return { kind: "staged" };
  if (flags.history === true) return { kind: "history", since: flags.since };
  return { kind: "words", words };
}

/** Scan with a line of progress on a terminal. */
export async function scanWithProgress(request: ScanRequest, io: Io): Promise<ScanRun> {
  const { runScan } = await import("../scan/run.ts");
  const line = progressLine(io);
  try {
    return await runScan({
      ...request,
      onProgress: ({ blobs, bytes, findings, blobsTotal, bytesTotal }) =>
        line.update({
          blobs,
          bytes,
          findings,
          ...(blobsTotal === undefined ? {} : { totalBlobs: blobsTotal }),
          ...(bytesTotal === undefined ? {} : { totalBytes: bytesTotal }),
        }),
    });
  } finally {
    line.stop();
  }
}
