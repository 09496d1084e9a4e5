/** Says in a check that it waits for GitHub's rate limit. */
import { LeaseholdError } from "../error.ts";
import { updateCheckRun } from "../github/check-run.ts";
import { saveCheckRun } from "../store/check-runs.ts";
import { type AppAccess, can } from "./access.ts";
import { beginCheck, withCheck } from "./check.ts";
import type { Place } from "./content.ts";

/** In: where; the commit; when the limit is full again. Where not even this can be said, the job waits all the same. */
export async function tellQueued(access: AppAccess, place: Place, headSha: string, until: Date): Promise<void> {
  if (!can(place.installation.permissions, "checks:write")) return;
  const time = until.toISOString().slice(11, 16);
  try {
    await withCheck(access, place, async (port) => {
      const { run, present } = await beginCheck(access, port, place, headSha, false);
      if (present?.status === "completed") return;
      await updateCheckRun(port, place.repository, run.checkRunId, {
        status: "queued",
        output: {
          title: `queued, retry at ${time}`,
          summary: `The rate limit that GitHub gives this installation is spent. It is full again at ${time} UTC, and then this commit is judged.\n`,
        },
      });
      // The watchdog counts from then.
      await saveCheckRun(access.store, { ...run, state: "queued", startedAt: until });
    });
  } catch (error) {
    if (!(error instanceof LeaseholdError) || error.code !== "network") throw error;
  }
}
