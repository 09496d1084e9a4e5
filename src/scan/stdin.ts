/** Scans what comes on a stream. */
import { pieceCutter } from "../git/piece.ts";
import { addPiece, type Found, scanPiece } from "./blob-scanner.ts";
import type { Engine } from "./engine.ts";
import { addToCoverage, ambiguousIdsOf, emptyCoverage, type Progress, type ScanOutcome } from "./outcome.ts";
import type { RepositoryFacts } from "./repository-facts.ts";
import { emptyResult } from "./task.ts";
import { auditTree } from "./trust-scan.ts";

/** What stands for the path of standard input. */
export const stdinPath = "stdin";

/**
 * Scan a stream of any length as one content. A workflow is known by its keys; a trust policy only as JSON, which is what the clouds' tools print
 * (`aws iam get-role`).
 */
export async function scanStream(
  engine: Engine,
  input: AsyncIterable<Uint8Array>,
  about: RepositoryFacts,
  onProgress?: ((progress: Progress) => void) | undefined,
): Promise<ScanOutcome> {
  const result = { ...emptyResult(), contents: 1 };
  let policy: Uint8Array | undefined;
  const cutter = pieceCutter((piece) => {
    const scan = scanPiece(engine.ruleSet(), stdinPath, piece, engine.context, true);
    addPiece(result, "", stdinPath, scan);
    if (piece.offset === 0 && piece.last && scan.mentions.has("trust") && startsAsJson(piece.bytes))
      policy = Uint8Array.from(piece.bytes);
  });
  for await (const chunk of input) {
    cutter.push(chunk);
    result.bytes += chunk.length;
    onProgress?.({ blobs: 0, bytes: result.bytes, findings: result.byPath.length });
  }
  cutter.end();
  const coverage = emptyCoverage();
  addToCoverage(coverage, result);
  const trust = policy === undefined ? [] : await auditJson(policy, engine.context.salt, about);
  const found = [...result.byPath.flatMap((content) => content.found), ...trust];
  return {
    findings: found.map((one) => one.finding),
    allows: result.byPath.flatMap((content) => content.allows),
    coverage,
    ambiguousIds: ambiguousIdsOf(found),
  };
}

function startsAsJson(bytes: Buffer): boolean {
  return /^(?:\xef\xbb\xbf)?[ \t\r\n]{0,100}[{[]/.test(bytes.toString("latin1", 0, 110));
}

async function auditJson(bytes: Uint8Array, salt: string, about: RepositoryFacts): Promise<Found[]> {
  const path = `${stdinPath}.json`;
  const parts = [{ oid: "", path, hint: "speaks" as const }];
  const found = await auditTree({ parts, logins: [], read: async () => [{ path, bytes }], whole: false }, salt, about);
  return found.map((one) => ({
    ...one,
    finding: { ...one.finding, place: { ...one.finding.place, path: stdinPath } },
  }));
}
