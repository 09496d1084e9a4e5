/** The uses of secrets in the files of one repository's `.github` folder. */
import type { SecretUse } from "../register/use.ts";
import { auditWorkflow } from "../workflow/audit-workflow.ts";
import { mayBeWorkflow } from "../workflow/scan-workflow.ts";
import type { GithubFolder } from "./github-folder.ts";
import { type JobLogins, jobLogins } from "./job-logins.ts";
import { keylessIndex } from "./keyless-index.ts";
import { registerUses } from "./register-uses.ts";

export type WorkflowUses = {
  rows: SecretUse[];
  /** Files that were read. */
  files: number;
  /** Paths of those that could not be understood, so that their uses are not known. */
  unread: string[];
  /** What the jobs log in with. */
  jobs: JobLogins;
};

/**
 * Uses in workflows and in the configuration of Dependabot. Only what GitHub runs counts: composite actions get no secrets of their own.
 * In: the folder, the salt of finding ids, whose repository it is (its own actions are no third party).
 */
export function usesInFolder(folder: GithubFolder, salt: string, owner: string | undefined): WorkflowUses {
  const found: WorkflowUses = { rows: [], files: 0, unread: [], jobs: { oidc: 0, stored: 0, both: 0 } };
  const about = owner === undefined ? {} : { owner };
  for (const path of folder.paths) {
    if (!path.startsWith(".github/workflows/") && !/^\.github\/dependabot\.ya?ml$/i.test(path)) continue;
    if (!/\.ya?ml$/i.test(path)) continue;
    const bytes = folder.read(path);
    if (bytes === undefined || !mayBeWorkflow(path, bytes)) continue;
    found.files++;
    const scan = auditWorkflow(path, bytes, salt, keylessIndex, about);
    if (scan.model === undefined || scan.gap !== undefined) found.unread.push(path);
    found.rows.push(...registerUses(scan, { ...about, keyless: scan.findings }));
    const logins = jobLogins(scan);
    for (const kind of ["oidc", "stored", "both"] as const) found.jobs[kind] += logins[kind];
  }
  return found;
}
