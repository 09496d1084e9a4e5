/** What is known beside a content while it is scanned. */
import type { Lockfile } from "../workflow/lockfile.ts";
import type { WorkflowContext } from "../workflow/rule/rule.ts";

/** Plain data, so that any thread can have it. */
export type BlobContext = {
  /** The public salt of finding ids. */
  salt: string;
  /** Owner of the repository, where it is known. */
  owner?: string | undefined;
  /** The repository's workflow lockfile, where it has one. */
  lockfile?: Lockfile | undefined;
};

/** The same as the rules about workflows ask for it. */
export function workflowContext({ owner, lockfile }: BlobContext): WorkflowContext {
  return { ...(owner !== undefined && { owner }), ...(lockfile !== undefined && { lockfile }) };
}
