/** A merge queue asks for the check of a commit that it is about to put on a branch. */
import { savePush } from "../store/pushes.ts";
import type { AppAccess } from "./access.ts";
import type { JobHandler } from "./job.ts";
import { placeOf } from "./place.ts";
import { recheck } from "./recheck.ts";

export function mergeGroupHandler(access: AppAccess): JobHandler<"merge-group"> {
  return async ({ repository, headSha, baseSha, baseRef }, context) => {
    const place = await placeOf(access, repository, context);
    if (place === undefined) return undefined;
    const group = { repositoryId: place.repository.id, headSha, kind: "merge-group", ref: baseRef, beforeSha: baseSha };
    await savePush(access.store, { ...group, kind: "merge-group" }, access.now());
    return await recheck(access, place, headSha, context);
  };
}
