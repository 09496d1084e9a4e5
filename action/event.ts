/** From the event of a workflow run to what is to be scanned, before any commit is looked up. */
import { z } from "zod";
import { LeaseholdError } from "../src/error.ts";
import type { EventScope } from "../src/scan/event-scope.ts";

/** Events that work, for the sentence that says so. */
export const eventNames = ["pull_request", "merge_group", "push", "schedule", "workflow_dispatch"] as const;

const commit = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
// git-check-ref-format(1): none of these can stand in a name.
const refName = z.string().regex(/^[^\s~^:?*[\\]+$/);
const repository = z.object({ default_branch: refName, private: z.boolean() });

/** What is read of an event; the rest of a payload is dropped. Forms by GitHub's description of its webhooks. */
const payloads = {
  pull_request: z.object({
    pull_request: z.object({
      number: z.int(),
      base: z.object({ sha: commit, ref: refName }),
      head: z.object({ sha: commit }),
    }),
  }),
  merge_group: z.object({ merge_group: z.object({ base_sha: commit, base_ref: refName, head_sha: commit }) }),
  push: z.object({ ref: refName, before: commit, after: commit, repository }),
  // Of a scheduled run the repository is not promised.
  everything: z.object({ repository: repository.optional() }),
};

/**
 * In: the event's name (`GITHUB_EVENT_NAME`) and its payload.
 * Throws LeaseholdError("usage") for an event that does not work here, with those that do, and for a payload of another form.
 */
export function scopeOfEvent(name: string, payload: unknown): EventScope {
  switch (name) {
    case "pull_request": {
      const { number, base, head } = parsed(payloads.pull_request, name, payload).pull_request;
      return { kind: "pull-request", number, base: base.sha, head: head.sha, target: base.ref };
    }
    case "merge_group": {
      const group = parsed(payloads.merge_group, name, payload).merge_group;
      return { kind: "merge-group", base: group.base_sha, head: group.head_sha, target: shortBranch(group.base_ref) };
    }
    case "push": {
      const { ref, before, after, repository } = parsed(payloads.push, name, payload);
      if (isZero(after)) return { kind: "deletion", ref };
      return {
        kind: "push",
        ref,
        before: isZero(before) ? undefined : before,
        after,
        defaultBranch: repository.default_branch,
      };
    }
    case "schedule":
    case "workflow_dispatch": {
      const { repository } = parsed(payloads.everything, name, payload);
      return { kind: "everything", defaultBranch: repository?.default_branch, open: repository?.private !== true };
    }
    case "pull_request_target":
      throw new LeaseholdError(
        "usage",
        "pull_request_target is refused: such a run holds the target's secrets and a token that may write, and has a stranger's commits at hand. Use pull_request, which needs neither here",
      );
    default:
      throw new LeaseholdError(
        "usage",
        `the event ${JSON.stringify(name)} names no commits to scan; those that work are ${eventNames.join(", ")}`,
      );
  }
}

function parsed<T extends z.ZodType>(form: T, name: string, payload: unknown): z.output<T> {
  const read = form.safeParse(payload);
  if (read.success) return read.data;
  const where = read.error.issues[0]?.path.join(".") ?? "";
  throw new LeaseholdError(
    "usage",
    `the payload of the event ${name} has a form that is not known here${where === "" ? "" : `: ${where}`}`,
  );
}

/** `refs/heads/main` as `main`. */
function shortBranch(ref: string): string {
  return ref.replace(/^refs\/heads\//, "");
}

/** What stands for no commit in the event of a new or deleted ref. */
function isZero(oid: string): boolean {
  return /^0+$/.test(oid);
}
