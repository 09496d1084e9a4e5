/** Reads a log of evidence that other commands build on: only one that is whole says anything. */
import { resolve } from "node:path";
import { LeaseholdError } from "../error.ts";
import { type EvidenceRecord, parseRecord, verifyEvidence } from "../register/evidence.ts";
import { readOnDisk } from "../scan/steering-files.ts";

/** In: the folder that a relative path starts from, the path. Throws LeaseholdError("config") at the first broken link. */
export function readEvidenceLog(cwd: string, file: string): EvidenceRecord[] {
  const lines = readOnDisk("/", resolve(cwd, file), file).split("\n");
  const { broken } = verifyEvidence(lines);
  if (broken !== undefined)
    throw new LeaseholdError(
      "config",
      `the log is not whole: ${broken.reason}; what is taken from it would say nothing`,
      {
        file,
        line: broken.line,
      },
    );
  return lines.map(parseRecord).filter((record) => record !== undefined);
}
