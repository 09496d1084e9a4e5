/** The line on a terminal that says how far a scan is. */
import { duration } from "../report/run-info.ts";
import { type Io, isCi } from "./io.ts";

/** How far a scan is; totals when they are known. */
export type ScanProgress = { blobs: number; bytes: number; findings: number; totalBlobs?: number; totalBytes?: number };

/** `update` may be called as often as one likes. `stop` takes the line away; nothing is drawn afterwards. */
export type ProgressLine = { update(progress: ScanProgress): void; stop(): void };

/** Nothing is drawn for what is over at once. */
const firstAfter = 300;
const betweenDraws = 100;

/** The progress of a run: drawn on stderr where that is a terminal and no CI job, else silent. */
export function progressLine(io: Pick<Io, "stderr" | "env" | "now">): ProgressLine {
  if (!io.stderr.isTTY || isCi(io.env) || io.env.TERM === "dumb") return { update() {}, stop() {} };
  const started = io.now();
  let drawn: number | undefined;
  let stopped = false;
  return {
    update(progress) {
      const now = io.now();
      if (stopped || now - started < firstAfter || (drawn !== undefined && now - drawn < betweenDraws)) return;
      drawn = now;
      io.stderr.write(`\r\x1b[2K${progressText(progress, now - started, io.stderr.columns)}`);
    },
    stop() {
      if (drawn !== undefined && !stopped) io.stderr.write("\r\x1b[2K");
      stopped = true;
    },
  };
}

/**
 * `1,204 of 5,120 blobs · 12.3 of 45.6 MB · 2 findings · 8 s left`.
 * In: progress, milliseconds so far, columns; out: a line that is shorter than the terminal is wide, so that it never wraps.
 */
export function progressText(progress: ScanProgress, elapsed: number, columns: number): string {
  const { blobs, bytes, findings, totalBlobs, totalBytes } = progress;
  const parts = [
    totalBlobs === undefined ? `${grouped(blobs)} blobs` : `${grouped(blobs)} of ${grouped(totalBlobs)} blobs`,
    totalBytes === undefined ? `${megabytes(bytes)} MB` : `${megabytes(bytes)} of ${megabytes(totalBytes)} MB`,
    `${grouped(findings)} ${findings === 1 ? "finding" : "findings"}`,
  ];
  const left = secondsLeft(progress, elapsed);
  if (left !== undefined) parts.push(`${duration(left).replace(/\.\d/, "")} left`);
  while (parts.length > 1 && parts.join(" · ").length >= columns) parts.pop();
  return parts.join(" · ").slice(0, Math.max(0, columns - 1));
}

/** From the share of bytes done; not before a second has passed, when the share says little. */
function secondsLeft({ bytes, totalBytes }: ScanProgress, elapsed: number): number | undefined {
  if (totalBytes === undefined || bytes <= 0 || bytes > totalBytes || elapsed < 1_000) return undefined;
  return Math.ceil(((elapsed / bytes) * (totalBytes - bytes)) / 1_000);
}

function megabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
