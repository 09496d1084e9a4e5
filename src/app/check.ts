/** Keeps the check of a commit as it should be: computes it from what is now, and sends GitHub the difference. */
import { randomBytes } from "node:crypto";
import {
  type Annotation,
  type AnnotationAnswer,
  type CheckRunAnswer,
  type CheckRunChange,
  checkLimits,
  createCheckRun,
  getCheckRun,
  listAnnotations,
  listCheckRuns,
  updateCheckRun,
} from "../github/check-run.ts";
import type { GitHubWriter } from "../github/port.ts";
import { type CheckRun, findCheckRun, saveCheckRun } from "../store/check-runs.ts";
import { type AppAccess, can } from "./access.ts";
import { type CheckOutput, checkOutput, type JudgedSubject } from "./check-output.ts";
import type { Place, Subject } from "./content.ts";
import { conclusionOf, judgeSubject } from "./judge-subject.ts";
import { organisationFloor } from "./trusted-policy.ts";

/** The check's name, which a ruleset can require together with the App's number. */
export const checkName = "leasehold";

/** What becomes of a check: what is to be shown, once it is known. */
export type Wanted = {
  subjects: readonly Subject[] /** Told as running again although it has a verdict. */;
  again: boolean;
};

/**
 * Judge the subjects of a commit and let its check say the worst.
 * In: where; the commit; its subjects, at least one. Out: what was judged of each.
 */
export async function reconcileCheck(
  access: AppAccess,
  place: Place,
  headSha: string,
  { subjects, again }: Wanted,
): Promise<JudgedSubject[]> {
  const judge = async (): Promise<JudgedSubject[]> => {
    const floor = await organisationFloor(access, place);
    const judged: JudgedSubject[] = [];
    for (const subject of subjects) {
      const judgement = await judgeSubject(access, place, subject, floor);
      judged.push({ subject, judgement, conclusion: conclusionOf(judgement) });
    }
    return judged;
  };
  if (!can(place.installation.permissions, "checks:write")) return await judge();
  return await withCheck(access, place, async (port) => {
    const begun = await beginCheck(access, port, place, headSha, again);
    const judged = await judge();
    await concludeCheck(access, port, place, begun, checkOutput(judged));
    return judged;
  });
}

/** Work with a token that may write checks of this repository and nothing else. */
export async function withCheck<T>(
  { github }: AppAccess,
  { installation, repository }: Place,
  work: (port: GitHubWriter) => Promise<T>,
): Promise<T> {
  return await github.writing(installation.id, repository.id, { checks: "write" }, work);
}

/** A check that is on GitHub: what we know of it, and how GitHub shows it; undefined when it was made just now. */
export type BegunCheck = { run: CheckRun & { checkRunId: number }; present: CheckRunAnswer | undefined };

/** Find the check of a commit, or make one that runs. */
export async function beginCheck(
  access: AppAccess,
  port: GitHubWriter,
  { repository }: Place,
  headSha: string,
  again: boolean,
): Promise<BegunCheck> {
  const { store, now } = access;
  const known = await findCheckRun(store, repository.id, headSha);
  const present = known === undefined ? undefined : await presentCheck(access, port, repository, known);
  if (known !== undefined && present !== undefined) {
    const run = { ...known, checkRunId: present.id };
    if (present.status !== "completed" || !again) return { run, present };
    const startedAt = now();
    const change = { status: "in_progress", started_at: startedAt.toISOString() } as const;
    const told = await updateCheckRun(port, repository, present.id, change);
    const running = { ...run, state: "in_progress", conclusion: undefined, startedAt, concludedAt: undefined } as const;
    await saveCheckRun(store, running);
    return { run: running, present: told.status === "found" ? told.value : present };
  }
  const startedAt = now();
  const run: CheckRun = {
    ...{ repositoryId: repository.id, headSha, checkRunId: undefined, state: "in_progress", conclusion: undefined },
    ...{ externalId: randomBytes(12).toString("hex"), startedAt, concludedAt: undefined, incidentId: undefined },
  };
  // Kept before it is asked for, so that one whose answer a crash has lost is found again and not made twice.
  await saveCheckRun(store, run);
  const made = await createCheckRun(port, repository, {
    ...{ name: checkName, headSha, externalId: run.externalId },
    ...{ status: "in_progress", started_at: startedAt.toISOString() },
  });
  if (made.status !== "found") throw new CheckRefused();
  const numbered = { ...run, checkRunId: made.value.id };
  await saveCheckRun(store, numbered);
  return { run: numbered, present: undefined };
}

/** GitHub does not take a check here: the repository is archived, or the permission was taken away. */
export class CheckRefused extends Error {
  readonly code = "check-refused";
}

async function presentCheck(
  { appId }: AppAccess,
  port: GitHubWriter,
  repository: Place["repository"],
  { checkRunId, externalId, headSha }: CheckRun,
): Promise<CheckRunAnswer | undefined> {
  if (checkRunId !== undefined) {
    const found = await getCheckRun(port, repository, checkRunId);
    return found.status === "found" ? found.value : undefined;
  }
  const listed = await listCheckRuns(port, repository, headSha, checkName);
  return listed.find((one) => one.external_id === externalId && one.app?.id === appId);
}

/** Conclude a check: only what differs from what GitHub shows is sent. */
export async function concludeCheck(
  { store, now }: AppAccess,
  port: GitHubWriter,
  { repository }: Place,
  { run, present }: BegunCheck,
  output: CheckOutput,
  incidentId?: string,
): Promise<void> {
  const shown = present?.output.annotations_count ? await listAnnotations(port, repository, run.checkRunId) : [];
  const missing = output.annotations.filter((one) => !shown.some((other) => isSame(one, other)));
  const concludedAt = now();
  if (missing.length > 0 || !saysAll(present, output)) {
    const { title, summary, conclusion, actions } = output;
    const batches: Annotation[][] = [];
    for (let at = 0; at < missing.length; at += checkLimits.annotations)
      batches.push(missing.slice(at, at + checkLimits.annotations));
    const last = batches.pop() ?? [];
    // The conclusion comes with the last of them: a check that has one is whole.
    for (const annotations of batches) await send({ output: { title, summary, annotations } });
    await send({
      ...{ status: "completed", conclusion, completed_at: concludedAt.toISOString(), actions },
      output: { title, summary, annotations: last },
    });
  }
  await saveCheckRun(store, {
    ...{ ...run, state: "completed", conclusion: output.conclusion, concludedAt, incidentId },
  });

  async function send(change: CheckRunChange): Promise<void> {
    const sent = await updateCheckRun(port, repository, run.checkRunId, change);
    if (sent.status !== "found") throw new CheckRefused();
  }
}

function saysAll(present: CheckRunAnswer | undefined, { conclusion, title, summary }: CheckOutput): boolean {
  return (
    present !== undefined &&
    present.status === "completed" &&
    present.conclusion === conclusion &&
    present.output.title === title &&
    present.output.summary === summary
  );
}

function isSame(wanted: Annotation, shown: AnnotationAnswer): boolean {
  return (
    wanted.path === shown.path &&
    wanted.start_line === shown.start_line &&
    wanted.end_line === shown.end_line &&
    wanted.annotation_level === shown.annotation_level &&
    wanted.title === shown.title
  );
}
