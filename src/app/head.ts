/** The check of one commit is told again because something about it changed: a policy, or what is known of its pull requests. */
import type { AppAccess } from "./access.ts";
import type { JobHandler } from "./job.ts";
import { placeOf } from "./place.ts";
import { recheck } from "./recheck.ts";

export function headHandler(access: AppAccess): JobHandler<"head"> {
  return async ({ repository, headSha }, context) => {
    const place = await placeOf(access, repository, context);
    return place === undefined ? undefined : await recheck(access, place, headSha, context);
  };
}
