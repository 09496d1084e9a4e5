/** Feeds contents, whole or in pieces, to the leak engine and gathers what comes out. */
import type { Finding, Gap } from "../finding.ts";
import { isLfsPointer, type Piece, pieceOverlap } from "../git/piece.ts";
import type { RuleSet } from "../leak/rule-set.ts";
import { scanBlob } from "../leak/scan-blob.ts";
import { type InlineAllow, parseInlineAllows } from "../policy/inline-allow.ts";
import type { TaskResult } from "./task.ts";

/** A finding with what only this process may know of it. */
export type Found = {
  finding: Finding;
  /** The whole hash behind its id. */
  digest: string;
  /** Line of its other half, or 0. */
  related: number;
};

/** What the pieces of one content gave. */
export type ContentScan = { found: Found[]; allows: InlineAllow[]; gaps: Gap[]; lfsPointer: boolean };

/**
 * Scan one piece of a content.
 * In: rules, the path (undefined while it is not known), the piece, the salt. Out: findings placed in the whole content; of a later piece only those
 * that do not lie wholly in what the piece before has shown.
 */
export function scanPiece(set: RuleSet, path: string | undefined, piece: Piece, salt: string): ContentScan {
  if (piece.offset === 0 && isLfsPointer(piece.bytes)) return { found: [], allows: [], gaps: [], lfsPointer: true };
  const scan = scanBlob(set, path, piece.bytes, salt);
  const found: Found[] = [];
  scan.findings.forEach((finding, i) => {
    // What ends with the piece may go on in the next, which begins before it.
    if (!piece.last && finding.place.end >= piece.bytes.length) return;
    if (piece.offset > 0 && finding.place.end <= pieceOverlap) return;
    found.push({
      finding: shifted(finding, piece),
      digest: scan.digests[i]!,
      related: scan.related[i] === 0 ? 0 : scan.related[i]! + piece.line,
    });
  });
  const allows =
    scan.mentionsAllow && path !== undefined
      ? parseInlineAllows(piece.bytes.toString("utf8"), path).map((allow) => ({
          ...allow,
          line: allow.line + piece.line,
          lastLine: allow.lastLine + piece.line,
          start: allow.start + piece.offset,
          end: allow.end + piece.offset,
        }))
      : [];
  return { found, allows, gaps: scan.gaps, lfsPointer: false };
}

/** Add what a piece gave to a result; pieces of one content stand one after the other. */
export function addPiece(result: TaskResult, oid: string, path: string, scan: ContentScan): void {
  result.gaps.push(...scan.gaps);
  if (scan.found.length === 0 && scan.allows.length === 0) return;
  const last = result.byPath.at(-1);
  if (last !== undefined && last.oid === oid && last.path === path) {
    last.found.push(...scan.found);
    last.allows.push(...scan.allows);
  } else {
    result.byPath.push({ oid, path, found: scan.found, allows: scan.allows });
  }
}

function shifted(finding: Finding, { offset, line }: Piece): Finding {
  if (offset === 0) return finding;
  const { place } = finding;
  return {
    ...finding,
    place: {
      ...place,
      start: place.start + offset,
      end: place.end + offset,
      line: place.line + line,
      endLine: place.endLine + line,
    },
  };
}
