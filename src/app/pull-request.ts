/** A pull request was opened, changed or closed: the check of its head shows the worst of all open ones with that head. */

import { findCheckRun } from "../store/check-runs.ts";
import { findPullRequest, savePullRequest } from "../store/pull-requests.ts";
import type { AppAccess } from "./access.ts";
import type { JobHandler } from "./job.ts";
import { placeOf } from "./place.ts";
import { readPullRequest, recheck } from "./recheck.ts";

export function pullRequestHandler(access: AppAccess): JobHandler<"pull-request"> {
  return async ({ repository, number }, context) => {
    const place = await placeOf(access, repository, context);
    if (place === undefined) return undefined;
    const { store } = access;
    const { id } = place.repository;
    const present = await readPullRequest(access, place, number);
    if (present === undefined) return undefined;
    const known = await findPullRequest(store, id, number);
    const run = await findCheckRun(store, id, present.headSha);
    const settled = run?.state === "completed" && run.incidentId === undefined;
    const same =
      known !== undefined &&
      known.open === present.open &&
      known.headSha === present.headSha &&
      known.baseRef === present.baseRef &&
      (!present.open || known.verdict?.sha === present.headSha);
    if (same && settled) {
      await savePullRequest(store, present);
      return undefined;
    }
    // Where it was before, it is no more: that commit's check is told from what is left. The store learns of it last, so that a crash repeats all of it.
    if (known?.open === true && known.headSha !== present.headSha) {
      const waits = await recheck(access, place, known.headSha, context, { changed: present });
      if (waits !== undefined) return waits;
    }
    const waits = await recheck(access, place, present.headSha, context, { changed: present });
    if (waits !== undefined) return waits;
    await savePullRequest(store, present);
    return undefined;
  };
}
