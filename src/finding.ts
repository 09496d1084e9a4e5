/**
 * The one vocabulary that every part of Leasehold shares: what a finding is.
 * Nothing here knows where a finding comes from or what is done with it.
 */

/** Family, slash, slug: `leak/github-pat`, `workflow/secrets-inherit`. Stable for ever once released. */
export type RuleId = `${RuleFamily}/${string}`;

/** The part of a rule id before the slash. */
export type RuleFamily = "leak" | "keyless" | "workflow" | "trust" | "register" | "policy";

/** `LH-` and six Crockford base32 characters (30 bits of an HMAC); see `findingId` in finding-id.ts. */
export type FindingId = `LH-${string}`;

/** How bad it is if the finding is true; most severe first. */
export const severities = ["critical", "high", "medium", "low", "info"] as const;
export type Severity = (typeof severities)[number];

/**
 * How sure the tool is, surest first. `certain`: a checksum, decode, parse or structure proves it.
 * Only `certain` and `likely` may block; `weak` never blocks by default.
 */
export const confidences = ["certain", "likely", "weak"] as const;
export type Confidence = (typeof confidences)[number];

/** Where in a tree a finding stands. Offsets are bytes in the blob, end exclusive; lines and columns start at 1; columns count UTF-16 units. */
export type Place = {
  /** Path from the scanned root, with forward slashes, exactly as the source gave it (untrusted text). */
  path: string;
  start: number;
  end: number;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
};

/** Who brought a finding into the history, when the source is a history or a range. All of it is untrusted text. */
export type Origin = {
  /** Full object id of the commit that introduced it. */
  commit: string;
  author: string;
  /** ISO date of the commit's author, `YYYY-MM-DD`. */
  date: string;
  /** Whether the same finding id is still present at HEAD. */
  atHead?: boolean;
  /** True when the finding stands in a commit or tag message, not in a file. */
  inMessage?: boolean;
};

/** Replace bytes [start, end) of the original file by `text`. */
export type Edit = { path: string; start: number; end: number; text: string };

/** One way out of a finding: what to do, and the edit if the tool can write it. */
export type Fix = { title: string; edits: Edit[] };

/** One thing that is wrong. Never holds the secret's value. */
export type Finding = {
  rule: RuleId;
  id: FindingId;
  place: Place;
  severity: Severity;
  confidence: Confidence;
  /** One sentence, without the value, that says what was found. May quote untrusted text; encode it where it is shown. */
  message: string;
  /** The value masked (`ghp_████████`), or the offending text for findings that hold no secret. Untrusted. */
  preview: string;
  /** The source line with every secret on it masked, for excerpts; empty when there is none. Untrusted. */
  excerpt: string;
  /** What a proof or decode told: `{ account: "123456789012", allocated: "2025-03" }`. Untrusted. */
  facts: Record<string, string>;
  /** The gates it passed, in order, for `explain`: `keyword "ghp_"`, `shape of 40 bytes`, `checksum holds`. */
  gates: string[];
  fixes: Fix[];
  origin?: Origin;
};

/** Something that was not scanned, wholly or in part: it makes the coverage partial. */
export type Gap = {
  /** The path, object id or ref concerned (untrusted). */
  subject: string;
  kind: "missing-object" | "shallow" | "unreadable" | "too-large" | "budget" | "corrupt" | "decoder-cap" | "parse-cap";
  /** What was not looked at and what to do next. */
  detail: string;
};

/** Something left out on purpose that a reader should know of, without making the coverage partial: a submodule, an LFS pointer, an archive, a compressed document. */
export type Skipped = {
  subject: string;
  kind: "submodule" | "lfs-pointer" | "symlink" | "archive" | "document";
  detail: string;
};

/** What a source and a scan say of themselves beside the findings. */
export type Coverage = {
  commits: number;
  files: number;
  bytes: number;
  gaps: Gap[];
  skipped: Skipped[];
};

/** Rank of a severity, 0 for critical. */
export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

/** Rank of a confidence, 0 for certain. */
export function confidenceRank(confidence: Confidence): number {
  return confidences.indexOf(confidence);
}

/** Order for reports: worst first, then surest, then by place, so that two runs print the same bytes. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    severityRank(a.severity) - severityRank(b.severity) ||
    confidenceRank(a.confidence) - confidenceRank(b.confidence) ||
    compareText(a.place.path, b.place.path) ||
    a.place.start - b.place.start ||
    compareText(a.rule, b.rule) ||
    compareText(a.id, b.id)
  );
}

/** Code-unit order: the same on every machine, unlike a locale's. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
