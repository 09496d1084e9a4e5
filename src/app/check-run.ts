/** A check of ours is asked for again, or one of its buttons was pressed. */
import type { AppAccess } from "./access.ts";
import { answerButton } from "./button.ts";
import type { JobHandler } from "./job.ts";
import { placeOf } from "./place.ts";
import { recheck } from "./recheck.ts";

export function checkRunHandler(access: AppAccess): JobHandler<"check-run"> {
  return async ({ repository, action, headSha, checkRunId, identifier }, context) => {
    const place = await placeOf(access, repository, context);
    if (place === undefined) return undefined;
    if (action === "rerequested") return await recheck(access, place, headSha, context, { again: true });
    if (identifier !== undefined) await answerButton(access, place, checkRunId, identifier);
    return undefined;
  };
}
