/** GitHub asks for the checks of a commit: for the first time, beside a push, or again. */
import { findCheckRun } from "../store/check-runs.ts";
import type { AppAccess } from "./access.ts";
import type { JobHandler } from "./job.ts";
import { placeOf } from "./place.ts";
import { recheck } from "./recheck.ts";

export function checkSuiteHandler(access: AppAccess): JobHandler<"check-suite"> {
  return async ({ repository, action, headSha }, context) => {
    const place = await placeOf(access, repository, context);
    if (place === undefined) return undefined;
    if (action === "rerequested") return await recheck(access, place, headSha, context, { again: true });
    // The first request comes beside the push or pull request that says what is to be judged.
    const run = await findCheckRun(access.store, place.repository.id, headSha);
    return run?.state === "completed" ? undefined : await recheck(access, place, headSha, context);
  };
}
