/** Feeds contents, whole or in pieces, to everything that looks at one content alone, and gathers what comes out. */
import type { Finding, Gap } from "../finding.ts";
import { digestOf } from "../finding-id.ts";
import { type NotEntered, notEntered } from "../git/not-entered.ts";
import { type Piece, pieceOverlap } from "../git/piece.ts";
import type { RuleSet } from "../leak/rule-set.ts";
import { scanBlob } from "../leak/scan-blob.ts";
import { type InlineAllow, parseInlineAllows } from "../policy/inline-allow.ts";
import { auditWorkflow } from "../workflow/audit-workflow.ts";
import { mayBeWorkflow } from "../workflow/scan-workflow.ts";
import { type BlobContext, workflowContext } from "./blob-context.ts";
import { keylessIndex } from "./keyless-index.ts";
import { loginsOf, type WorkflowLogins } from "./logins.ts";
import { nameFindings } from "./name-scan.ts";
import { stepRangeAt } from "./step-range.ts";
import type { TaskResult } from "./task.ts";
import { type TrustHint, trustHint } from "./trust-hint.ts";

/** A finding with what only this process may know of it. */
export type Found = {
  finding: Finding;
  /** The whole hash behind its id, or what else tells two things under one id apart. */
  digest: string;
  /** Line of its other half, or 0. */
  related: number;
  /** The bytes [start, end) of the step that it is about: a change of it is a change of the finding's reason. */
  step?: { start: number; end: number } | undefined;
};

/** What the pieces of one content gave. */
export type ContentScan = {
  found: Found[];
  allows: InlineAllow[];
  gaps: Gap[];
  /** What of the content is not looked into; of its first piece only. */
  notEntered?: NotEntered | undefined;
  /** Which of the watched things it mentions. */
  mentions: ReadonlySet<string>;
  /** Where it logs in to clouds; undefined where it is no workflow or does not. */
  logins?: WorkflowLogins | undefined;
  /** Whether it may hold trust policies, by its path and what it mentions. */
  trust?: TrustHint | undefined;
};

const nothing: ReadonlySet<string> = new Set();

/**
 * Scan one piece of a content.
 * In: rules, the path (undefined while it is not known), the piece, what is known beside it. Out: findings placed in the whole content; of a later piece only
 * those that do not lie wholly in what the piece before has shown. `unnamed`: the path is no path, so that only the content can say that it is a workflow.
 */
export function scanPiece(
  set: RuleSet,
  path: string | undefined,
  piece: Piece,
  context: BlobContext,
  unnamed = false,
): ContentScan {
  const closed = piece.offset === 0 ? notEntered(piece.bytes) : undefined;
  // A pointer is text of a fixed form, with a hash in it.
  const named = piece.offset > 0 || path === undefined || unnamed ? [] : nameFindings(set, path, context.salt);
  if (closed?.kind === "lfs-pointer")
    return { found: named, allows: [], gaps: [], notEntered: closed, mentions: nothing };
  const scan = scanBlob(set, path, piece.bytes, context.salt);
  const found = named;
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
  const { mentions, gaps } = scan;
  const content: ContentScan = { found, allows: [], gaps, notEntered: closed, mentions };
  if (path === undefined) return content;
  if (mentions.has("allow")) {
    content.allows = parseInlineAllows(piece.bytes.toString("utf8"), path).map((allow) => ({
      ...allow,
      line: allow.line + piece.line,
      lastLine: allow.lastLine + piece.line,
      start: allow.start + piece.offset,
      end: allow.end + piece.offset,
    }));
  }
  // Files of these kinds that come in pieces are far too large to be read: their first piece says so.
  if (piece.offset > 0) return content;
  content.trust = trustHint(path, mentions.has("trust"));
  if (unnamed ? mentions.has("workflow") : mayBeWorkflow(path, piece.bytes))
    addWorkflow(content, path, piece.bytes, context, unnamed);
  return content;
}

function addWorkflow(content: ContentScan, path: string, bytes: Buffer, context: BlobContext, unnamed: boolean): void {
  const { model, facts, findings, gap } = auditWorkflow(path, bytes, context.salt, keylessIndex, {
    ...workflowContext(context),
    ...(unnamed && { unnamed }),
  });
  if (gap !== undefined) content.gaps.push(gap);
  if (findings.length > 0) {
    const stepAt = stepRangeAt(model);
    for (const finding of findings)
      content.found.push({
        finding,
        digest: digestOf(finding),
        related: 0,
        step: stepAt(finding.place.start),
      });
  }
  if (model?.kind === "workflow") content.logins = loginsOf(model, facts);
}

/** Add what a piece gave to a result; pieces of one content stand one after the other. */
export function addPiece(result: TaskResult, oid: string, path: string, scan: ContentScan): void {
  result.gaps.push(...scan.gaps);
  if (scan.notEntered !== undefined) result.skipped.push({ subject: path, ...scan.notEntered });
  if (scan.logins !== undefined) result.logins.push({ oid, logins: scan.logins });
  if (scan.trust !== undefined) result.trust.push({ oid, path, hint: scan.trust });
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
