/** A push: the commit that a branch now ends at gets its check. */
import { findCheckRun } from "../store/check-runs.ts";
import { savePush } from "../store/pushes.ts";
import type { AppAccess } from "./access.ts";
import type { JobHandler } from "./job.ts";
import { placeOf } from "./place.ts";
import { recheck } from "./recheck.ts";

/** Branches that a merge queue makes: their check comes with the merge group. */
const queueBranch = "refs/heads/gh-readonly-queue/";

export function pushHandler(access: AppAccess): JobHandler<"push"> {
  return async ({ repository, ref, before, after, deleted }, context) => {
    if (deleted || !ref.startsWith("refs/heads/") || ref.startsWith(queueBranch)) return undefined;
    const place = await placeOf(access, repository, context);
    if (place === undefined) return undefined;
    const { id } = place.repository;
    const push = { repositoryId: id, headSha: after, kind: "push", ref, beforeSha: before } as const;
    const isNew = await savePush(access.store, push, access.now());
    const run = await findCheckRun(access.store, id, after);
    // Delivered again, and judged before.
    if (!isNew && run?.state === "completed" && run.incidentId === undefined) return undefined;
    return await recheck(access, place, after, context);
  };
}
