/** Types of the leak rules as written in `rules/leak/*.yml` and under `detectors:` of a policy. See docs/rule-format.md. */
import type { Severity } from "../finding.ts";

/** How long such a credential lives when nobody ends it. */
export type Lifetime = "long" | "long-expiring" | "short" | "none";

/** How to end the credential. `self`: whoever holds the value can revoke it with the value alone. */
export type Revocation = { text: string; url?: string; self?: boolean };

/** One type of credential. Exactly one of `shape`, `pattern` and `format` is set. */
export type LeakRule = {
  /** Slug without the family: `github-pat` for `leak/github-pat`. */
  id: string;
  provider: string;
  name: string;
  severity: Severity;
  lifetime: Lifetime;
  docs?: string;
  /** Id of the keyless catalogue entry that replaces this credential. */
  keyless?: string;
  revoke: Revocation;
  /** The token in the shape language. */
  shape?: string;
  /** An RE2 expression: only rules of users; needs `keyword`. */
  pattern?: string;
  /** Literals of which one must stand in the text before `pattern` is tried. */
  keyword?: string[];
  /** A whole-file or embedded format that code parses: `gcp-service-account`, `pem-private-key`. */
  format?: string;
  /** Names of which one must stand within 40 bytes before the value, or in the key path, section, host or file name. */
  near?: string[];
  /** A proof of `src/leak/proof` over the whole token, besides the checksums inside the shape. */
  proof?: string;
  /** Confidence without a proof: `likely` by default; `weak` for shapes a scanner cannot stand behind alone; `certain` only where the shape itself proves it. */
  confidence?: "certain" | "likely" | "weak";
  /** `identifier`: not a secret of its own, reported only as half of a pair. */
  part?: "identifier" | "secret";
  /** Rule ids (slugs) that make a pair with this one when they stand within `pairWithin` lines. */
  pair?: string[];
  /** Rule ids (slugs) whose samples this rule may also match; the more specific one wins. */
  overlaps?: string[];
  /** Where it stays silent or why it is what it is: for `explain` and the docs. */
  notes?: string;
};
