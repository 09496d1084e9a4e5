/** A candidate on its way to a finding: it still points at the value, and never leaves src/leak. */
import type { Confidence, Severity } from "../finding.ts";

export type Hit = {
  /** Index of the rule in the rule set. */
  rule: number;
  /** The secret value, as bytes of the blob, end exclusive. */
  start: number;
  end: number;
  /** What found it: a shape with a literal or a parsed document outrank a name nearby, which outranks the generic tier. */
  tier: "format" | "shape" | "near" | "generic";
  confidence: Confidence;
  severity: Severity;
  facts: Record<string, string>;
  gates: string[];
  /** The name it is assigned under, where there is one. */
  name?: string;
  /** The value itself when it is not the bytes at [start, end) (it was decoded). */
  decoded?: string;
  /** Line of the id that this secret was joined with. */
  pairLine?: number;
};
