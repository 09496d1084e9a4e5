/** Concludes a check that could not be judged, with a number under which the operator finds what went wrong. */
import { randomBytes } from "node:crypto";
import { updateCheckRun } from "../github/check-run.ts";
import { modeOn } from "../policy/policy.ts";
import { readSteering } from "../scan/steering.ts";
import { readSteeringFiles } from "../scan/steering-files.ts";
import { saveCheckRun, saveIncident } from "../store/check-runs.ts";
import type { CheckConclusion } from "../store/schema.ts";
import { type AppAccess, can } from "./access.ts";
import { beginCheck, withCheck } from "./check.ts";
import { type Place, type Subject, withContent } from "./content.ts";
import { organisationFloor } from "./trusted-policy.ts";

/** In: the commit, what was to be judged, the code of the error. */
export type Failure = { headSha: string; subjects: readonly Subject[]; code: string };

/**
 * Keep an incident and conclude the check with its number: as failed where the policy enforces or cannot be told, since what was not looked at is not
 * clean; as neutral where it observes or there is none.
 */
export async function concludeWithIncident(access: AppAccess, place: Place, failure: Failure): Promise<string> {
  const { store, now } = access;
  const { repository, installation } = place;
  const id = `INC-${randomBytes(5).toString("hex").toUpperCase()}`;
  await saveIncident(store, {
    ...{ id, code: failure.code, job: "check", installationId: installation.id, repositoryId: repository.id },
    happenedAt: now(),
  });
  if (!can(installation.permissions, "checks:write")) return id;
  const conclusion = await conclusionOfFailure(access, place, failure.subjects);
  await withCheck(access, place, async (port) => {
    const { run } = await beginCheck(access, port, place, failure.headSha, false);
    await updateCheckRun(port, repository, run.checkRunId, {
      ...{ status: "completed", conclusion, completed_at: now().toISOString(), actions: [] },
      output: {
        title: `not judged: incident ${id}`,
        summary: `## ⚠️ Leasehold: no verdict\n\nSomething failed on our side, ${failure.code === "watchdog" ? "or took longer than ten minutes" : "after four tries"}, so this commit was not judged. Re-run this check to try again, and name the incident \`${id}\` to who runs the App.\n`,
      },
    });
    await saveCheckRun(store, { ...run, state: "completed", conclusion, concludedAt: now(), incidentId: id });
  });
  return id;
}

async function conclusionOfFailure(
  access: AppAccess,
  place: Place,
  subjects: readonly Subject[],
): Promise<CheckConclusion> {
  const [subject] = subjects;
  if (subject === undefined) return "failure";
  try {
    const { policy: organisation } = await organisationFloor(access, place);
    const told = await withContent(access, place, subject, async ({ repository, scope }) => {
      if (scope.steering === undefined) return "observe";
      const files = await readSteeringFiles({ kind: "commit", repository, commit: scope.steering });
      if (files.policy === undefined && organisation === undefined) return "observe";
      return modeOn(readSteering(files, organisation).policy, access.now().toISOString().slice(0, 10));
    });
    return told === "observe" ? "neutral" : "failure";
  } catch {
    // Whatever went wrong before goes wrong here too.
    return "failure";
  }
}
