/** What the jobs of a workflow log in with: OIDC, something stored, or both. */
import type { WorkflowScan } from "../workflow/scan-workflow.ts";

export type JobLogins = { oidc: number; stored: number; both: number };

/**
 * In: what was read of one file. Out: how many of its jobs may ask for an OIDC token and read no stored secret, read one alone, or do both.
 * Jobs that do neither are not counted; the job's own token is neither.
 */
export function jobLogins({ facts, uses }: WorkflowScan): JobLogins {
  const storedIn = new Set(uses.flatMap(({ form, job }) => (form === "token" || job === undefined ? [] : [job])));
  const counts: JobLogins = { oidc: 0, stored: 0, both: 0 };
  for (const { job, idToken } of facts) {
    const stored = storedIn.has(job);
    if (idToken && stored) counts.both++;
    else if (idToken) counts.oidc++;
    else if (stored) counts.stored++;
  }
  return counts;
}
