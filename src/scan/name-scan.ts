/** Looks for secrets in the names of files and folders. */
import type { RuleSet } from "../leak/rule-set.ts";
import { scanBlob } from "../leak/scan-blob.ts";
import type { Found } from "./blob-scanner.ts";

/** What a token is at least: sixteen characters in a row that tokens are made of. */
const longRun = /[A-Za-z0-9_-]{16}/;

/** Whether a path may hold a token. Cheap, and true for few paths. */
export function mayNameSecret(path: string): boolean {
  return longRun.test(path) && /\d/.test(path);
}

/**
 * The secrets in a path. In: rules, the path from the root, the repository's salt. Out: findings at the path, without a line (line 0). Only tokens with a
 * mark of their own count: names are full of hashes, and every name stands near some other name.
 */
export function nameFindings(set: RuleSet, path: string, salt: string): Found[] {
  if (!mayNameSecret(path)) return [];
  const found = new Map<string, Found>();
  // What stands beside a token must not hide it: `ghp_….txt`.
  for (const part of new Set([path, ...path.split("/"), ...path.split(/[/.]/)])) {
    if (!longRun.test(part)) continue;
    const { findings, digests } = scanBlob(set, undefined, Buffer.from(part, "utf8"), salt);
    findings.forEach((finding, at) => {
      const rule = set.rules[set.bySlug.get(finding.rule.slice("leak/".length))!]!.rule;
      const digest = digests[at]!;
      if (rule.near !== undefined || rule.id === set.rules[set.generic]!.rule.id || found.has(digest)) return;
      found.set(digest, {
        finding: {
          ...finding,
          place: { path, start: 0, end: 0, line: 0, column: 0, endLine: 0, endColumn: 0 },
          message: `${finding.message}, in the name of the file`,
          excerpt: "",
        },
        digest,
        related: 0,
      });
    });
  }
  return [...found.values()];
}
