/** Everything there is to say of one Actions file: what the rules find, and the stored credentials with their keyless routes. */
import type { Finding } from "../finding.ts";
import type { KeylessRules } from "./keyless/rule-index.ts";
import { findStaticCredentials } from "./keyless.ts";
import { patForToken } from "./rule/github-token.ts";
import type { WorkflowContext } from "./rule/rule.ts";
import { scanWorkflow, type WorkflowScan } from "./scan-workflow.ts";

/** What a keyless rule says better: it knows the route, where the other only knows the name. */
const keylessPat = "keyless/github-pat";

/**
 * Reads one file, checks it and looks for stored credentials.
 * In: its path from the root with forward slashes, its bytes, the salt, the keyless rules (asked for only when the file uses a secret), what is known beside it.
 * Out: as `scanWorkflow`, with `keyless/…` and `workflow/stored-credential` behind the other findings. Never throws for what stands in the file.
 */
export function auditWorkflow(
  path: string,
  bytes: Uint8Array,
  salt: string,
  rules: () => KeylessRules,
  context: WorkflowContext = {},
): WorkflowScan {
  const scan = scanWorkflow(path, bytes, salt, context);
  if (scan.model === undefined || scan.uses.length === 0) return scan;
  const stored = findStaticCredentials(scan.model, scan.uses, rules(), salt);
  return { ...scan, findings: [...withoutRepeats(scan.findings, stored), ...stored] };
}

/** A personal token is one finding, not two. */
function withoutRepeats(findings: readonly Finding[], stored: readonly Finding[]): Finding[] {
  const told = new Set(stored.filter(({ rule }) => rule === keylessPat).map(({ place }) => place.start));
  return findings.filter(({ rule, place }) => rule !== patForToken.id || !told.has(place.start));
}
