/** What the leak engine watches for on the way, so that workflows, trust policies and inline allows cost no pass of their own. */
import { trustKeywords } from "../trust/trust-keyword.ts";

/** Literals by what they hint at; a scan of a blob says which it mentions. */
export const watched = {
  allow: ["leasehold:allow"],
  // The keys without which a file is no workflow (`jobs`), has no steps (`using: composite`) or no registries.
  workflow: ["jobs:", 'jobs":', "jobs':", "composite", "registries:"],
  trust: trustKeywords,
} as const satisfies Readonly<Record<string, readonly string[]>>;
