/** Finds what an id stands for: in a report, or by a new scan. */
import { LeaseholdError, nearestName } from "../error.ts";
import { isFindingId } from "../finding-id.ts";
import type { Judged } from "../verdict.ts";
import type { Io } from "./io.ts";
import { readReportFile } from "./report-file.ts";
import { type ScanFlags, scanRequest, scanWithProgress } from "./scan-request.ts";

/** An id as people type it: letters of either case. Throws LeaseholdError("usage") for what is none. */
export function typedId(word: string): string {
  const id = word.toUpperCase();
  if (!isFindingId(id))
    throw new LeaseholdError("usage", `expected a finding id like LH-7F3A9C, found ${JSON.stringify(word)}`);
  return id;
}

/**
 * The places of a finding.
 * In: its id; the flags of the command. Out: at least one. Throws LeaseholdError("nothing-matched") when it is not there.
 */
export async function findingById(
  id: string,
  flags: ScanFlags & { report?: string | undefined },
  io: Io,
): Promise<Judged[]> {
  const judged =
    flags.report === undefined
      ? (await scanWithProgress({ ...scanRequest(flags, [], io), minConfidence: "weak" }, io)).verdict.judged
      : await readReportFile(io.cwd, flags.report);
  const found = judged.filter(({ finding }) => finding.id === id);
  if (found.length > 0) return found;
  const nearest = nearestName(
    id,
    judged.map(({ finding }) => finding.id),
  );
  const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
  const where =
    flags.report === undefined
      ? flags.history
        ? "the history"
        : flags.staged
          ? "what is staged"
          : "the files here"
      : flags.report;
  const way =
    flags.report === undefined && flags.history !== true
      ? `. A finding of a range or the history: --history, or --report with its JSON report`
      : "";
  throw new LeaseholdError("nothing-matched", `${id} is not in ${where}${hint}${hint === "" ? way : ""}`);
}
