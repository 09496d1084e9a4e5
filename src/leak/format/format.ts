/** A document format that is parsed as what it is, rather than matched as a token. */
import type { Confidence, Severity } from "../../finding.ts";

/** One value a parser found. Offsets are bytes in the input, end exclusive, of the secret value itself. */
export type FormatHit = {
  /** Rule slug (`npmrc-auth-token`), one of the rules whose `format` names the parser. */
  rule: string;
  start: number;
  end: number;
  /** The name it is assigned under, when there is one (`_authToken`, `clients.password`). */
  name?: string;
  facts: Record<string, string>;
  confidence: Confidence;
  /** Overrides the rule's severity, e.g. an encrypted private key. */
  severity?: Severity;
  /** Why it fired, for `explain`, without the value. */
  reason: string;
};

export type FormatInput = {
  /** Path from the root with forward slashes; undefined while a history is scanned and paths are not yet known: then a parser that needs it must go by the content alone and be generous. */
  path: string | undefined;
  bytes: Uint8Array;
  /** The same bytes, one char a byte (latin1), so that string offsets are byte offsets. */
  text: string;
};

export type Format = {
  id: string;
  /** Paths it is meant for (tested against the whole path, lower-cased); undefined: any path. */
  path?: RegExp;
  /** Lower-case literals of which one must stand in the bytes (letter case ignored); empty: none needed, then `path` or `sniff` must say it is this format. Three bytes or more each. */
  keywords: string[];
  /** For formats without a keyword, when the path is unknown: whether the first 256 bytes look like it. Cheap. */
  sniff?: (head: string) => boolean;
  /** All hits in the input. Never throws on any bytes; linear in their number. `at`: where keywords of this format were hit, ascending, for parsers that only look around them. */
  parse: (input: FormatInput, at: number[]) => FormatHit[];
};
