/**
 * Evidence: an append-only log of JSON lines. Each line holds a body, the SHA-256 of the body's canonical JSON, and the hash of
 * the line before; its own hash is over those two and its number. So a line can be shown without its body, and whoever trusts the
 * last hash can tell that no line was changed, left out, added or moved.
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { severities } from "../finding.ts";
import { isFindingId } from "../finding-id.ts";
import { canonicalJson, type Json } from "./canonical-json.ts";
import { standings } from "./draft.ts";

const text = (most: number) => z.string().min(1).max(most);
const momentPattern = /^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?Z$/;

/** What one record says. It binds a finding to what was decided, who approved it, and the commit, run or answer that proves it. */
export const evidenceBodySchema = z.strictObject({
  at: z.string().regex(momentPattern).describe("When, in UTC."),
  kind: z.enum(["snapshot", "finding", "decision", "approval", "use", "revocation", "fingerprint", "drill"]),
  standing: z.enum(standings).describe("What the record rests on."),
  finding: z.string().refine(isFindingId).optional(),
  rule: z
    .string()
    .regex(/^[a-z]+\/[a-z0-9-]{1,80}$/)
    .optional(),
  severity: z.enum(severities).optional(),
  target: text(600).optional().describe("What it is about, as findings name it."),
  controls: z
    .array(z.string().regex(/^[a-z0-9-]{1,30}:[A-Za-z0-9.:()/ -]{1,40}$/))
    .max(40)
    .optional(),
  decision: z.enum(["open", "waived", "approved", "denied", "resolved", "revoked", "false-positive"]).optional(),
  reason: text(1000).optional(),
  by: text(200).optional().describe("Login of who decided."),
  approval: text(60).optional().describe("Id of the approval it rests on."),
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/)
    .optional(),
  run: z
    .strictObject({ id: text(40), job: text(200).optional(), environment: text(255).optional() })
    .optional()
    .describe("The workflow run that did or showed it."),
  proof: text(600).optional().describe("Where an answer of an API is kept, or what it said."),
  fingerprint: z
    .string()
    .regex(/^lhf1:[0-9a-f]{8}:[0-9a-z]{26}$/)
    .optional(),
  policy: z
    .string()
    .regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/)
    .optional()
    .describe("Commit of the policy in force."),
});

export type EvidenceBody = z.output<typeof evidenceBodySchema>;

/** One line. `body` is missing in an export that left it out. */
export type EvidenceRecord = {
  seq: number;
  previous: string;
  digest: string;
  hash: string;
  body?: EvidenceBody;
};

/** The hash before the first record. */
export const noPrevious = "0".repeat(64);

/**
 * The next record of a log.
 * In: what it says, and the record before it (undefined for the first). Out: the record; its line is `recordLine`. Throws a
 * ZodError on a body that is none.
 */
export function nextRecord(
  body: EvidenceBody,
  before: Pick<EvidenceRecord, "seq" | "hash"> | undefined,
): EvidenceRecord {
  const checked = evidenceBodySchema.parse(body);
  const seq = before === undefined ? 1 : before.seq + 1;
  const previous = before?.hash ?? noPrevious;
  const digest = digestOf(checked);
  return { seq, previous, digest, hash: hashOf(seq, previous, digest), body: checked };
}

/** A record as its line of the log, with the line break. */
export function recordLine(record: EvidenceRecord): string {
  return `${canonicalJson(record as unknown as Json)}\n`;
}

/** SHA-256 of a body's canonical JSON, in hex. */
export function digestOf(body: EvidenceBody): string {
  return sha256(canonicalJson(body as unknown as Json));
}

/** The hash of a record: over its number, the hash before it and the digest of its body. */
export function hashOf(seq: number, previous: string, digest: string): string {
  return sha256(canonicalJson({ digest, previous, seq }));
}

function sha256(value: string): string {
  return createHash("sha256").update(value, "utf8").digest("hex");
}

/** What a check of a log found. */
export type EvidenceCheck = {
  ok: boolean;
  records: number;
  /** Records whose body is not in the file; their place in the chain was checked all the same. */
  withoutBody: number;
  /** Hash of the last record that holds, or of nothing. */
  head: string;
  /** The first thing that is wrong. `line` counts from 1. */
  broken?: { line: number; seq: number | undefined; reason: string };
};

const recordSchema = z.strictObject({
  seq: z.int().min(1),
  previous: z.string().regex(/^[0-9a-f]{64}$/),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  body: evidenceBodySchema.optional(),
});

/**
 * Checks a log or an export, offline.
 * In: its lines (empty ones are passed over), and the hash that the last record must have, where somebody wrote it down elsewhere:
 * without it a tail that was cut off cannot be told. Out: whether every link holds, and the first that does not.
 */
export function verifyEvidence(lines: Iterable<string>, expectedHead?: string): EvidenceCheck {
  let before: EvidenceRecord | undefined;
  let records = 0;
  let withoutBody = 0;
  let number = 0;
  let reached = expectedHead === noPrevious;
  const state = () => ({ records, withoutBody, head: before?.hash ?? noPrevious });
  for (const line of lines) {
    number++;
    if (line.trim() === "") continue;
    const record = parseRecord(line);
    const reason = record === undefined ? "this is no record of evidence" : faultOf(record, before);
    if (record === undefined || reason !== undefined)
      return { ok: false, ...state(), broken: { line: number, seq: record?.seq, reason: reason ?? "" } };
    records++;
    if (record.body === undefined) withoutBody++;
    before = record;
    reached ||= record.hash === expectedHead;
  }
  if (expectedHead !== undefined && before?.hash !== expectedHead && !(before === undefined && reached)) {
    const reason = reached
      ? "records were added after the expected head"
      : "the expected head is not in this log: its tail is missing, or this is another log";
    return { ok: false, ...state(), broken: { line: number + 1, seq: (before?.seq ?? 0) + 1, reason } };
  }
  return { ok: true, ...state() };
}

/** A line as a record, or undefined. */
export function parseRecord(line: string): EvidenceRecord | undefined {
  try {
    const checked = recordSchema.safeParse(JSON.parse(line));
    if (!checked.success) return undefined;
    const { body, ...links } = checked.data;
    return body === undefined ? links : { ...links, body };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function faultOf(record: EvidenceRecord, before: EvidenceRecord | undefined): string | undefined {
  const seq = (before?.seq ?? 0) + 1;
  if (record.seq !== seq)
    return `record ${seq} should stand here, and this is record ${record.seq}: one was left out, added or moved`;
  if (record.previous !== (before?.hash ?? noPrevious)) return "it does not follow from the record before it";
  if (record.body !== undefined && digestOf(record.body) !== record.digest) return "its body was changed";
  if (hashOf(record.seq, record.previous, record.digest) !== record.hash) return "its hash does not fit what it says";
  return undefined;
}
