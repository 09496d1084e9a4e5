/** Rules on whether a credential is used, and whether it still has to be a stored one. */
import { daysBetween, type PlainDate } from "../../plain-date.ts";
import { assetLabel } from "../asset.ts";
import { type AuditContext, credentials, type Draft } from "../draft.ts";
import { dayOf } from "../held.ts";
import { itemsOf } from "../inventory.ts";
import { mayRead, type Subject, type Subjects } from "../subject.ts";

/**
 * What there is to tell of a secret's use. GitHub tells of no use of a secret, so a stand-in is named in `by`:
 * a run of a workflow that reads it, a workflow that reads it, or nothing that does.
 */
export type UseSign = {
  by: "run" | "workflow" | "all-secrets" | "nothing" | "unread";
  day?: PlainDate;
  workflow?: string;
};

/** The strongest sign of use of a secret. `unread` where the workflows that could use it were not all read. */
export function useSign(subject: Subject, subjects: Subjects): UseSign {
  let best: UseSign | undefined;
  for (const { repository, place } of subject.uses) {
    const seen = subjects.repositories.get((repository ?? subjects.home).toLowerCase());
    const run = itemsOf(seen?.lastRuns)?.find(({ workflow }) => workflow === place.path);
    const sign: UseSign =
      run === undefined
        ? { by: "workflow", workflow: place.path }
        : { by: "run", workflow: place.path, day: dayOf(run.lastRunAt) };
    if (best === undefined || (sign.day ?? "") > (best.day ?? "")) best = sign;
  }
  if (best !== undefined) return best;
  const readers = readersOf(subject, subjects);
  if (readers.some((name) => subjects.readsAll.has(name))) return { by: "all-secrets" };
  return readers.every((name) => subjects.complete(name)) ? { by: "nothing" } : { by: "unread" };
}

/** Repositories whose workflows may read a secret, in lower case. */
function readersOf({ asset, held }: Subject, subjects: Subjects): string[] {
  if (asset.scope.level !== "org") return [(asset.scope.repository ?? subjects.home).toLowerCase()];
  if (subjects.repositories.size === 0) return [""];
  if (held.some(({ visibility }) => visibility !== "selected") || held.length === 0)
    return [...subjects.repositories].flatMap(([name, one]) =>
      held.length === 0 || held.some((item) => mayRead(item, one) !== false) ? [name] : [],
    );
  return held.flatMap(({ repositories }) => (repositories ?? []).map((name) => name.toLowerCase()));
}

/** Nothing reads it, or nothing that reads it has run for long. */
export function* unused(context: AuditContext): Generator<Draft> {
  const { subjects, limits, today } = context;
  for (const subject of credentials(context)) {
    const { asset, held } = subject;
    if (asset.store !== "actions" || held.length === 0) continue;
    const label = assetLabel(asset);
    const sign = useSign(subject, subjects);
    const common = { rule: "unused", subject, standing: "observed", confidence: "likely" } as const;
    // A secret that was written yesterday may be ahead of its workflow.
    const written =
      held
        .map(({ updatedAt }) => updatedAt ?? today)
        .sort()
        .at(-1) ?? today;
    if (sign.by === "nothing" && daysBetween(written, today) > limits.unusedAfter)
      yield {
        ...common,
        message: `No workflow reads ${label}, and it was last written on ${written}: retire it. (GitHub tells no last use; this goes by the workflows.)`,
        facts: { proxy: "no workflow reads it" },
      };
    if (sign.by === "run" && sign.day !== undefined && daysBetween(sign.day, today) > limits.unusedAfter)
      yield {
        ...common,
        message: `${label} was last within reach of a run on ${sign.day} (${sign.workflow}): is it still needed? (GitHub tells no last use; this goes by the last run of a workflow that reads it.)`,
        facts: { proxy: `last run of ${sign.workflow} on ${sign.day}` },
      };
  }
}

/** Still a stored key where a keyless route exists, past the day that was set. */
export function* keylessOverdue(context: AuditContext): Generator<Draft> {
  const { keyless } = context.limits;
  const { exitBy } = keyless;
  if (exitBy === undefined || context.today <= exitBy) return;
  for (const subject of credentials(context)) {
    if (subject.entry?.kind === "federated" || subject.presence === "absent") continue;
    const use = subject.uses.find((one) => one.keyless !== undefined && keyless.require.includes(one.keyless));
    if (use === undefined && (subject.entry?.plan !== "keyless" || keyless.require.length === 0)) continue;
    yield {
      rule: "keyless-overdue",
      subject,
      standing: use === undefined ? "declared" : "observed",
      ...(use !== undefined && { place: use.place }),
      message: `${assetLabel(subject.asset)} is a stored key${use === undefined ? "" : ` for ${use.keyless}, which a job can do without`}; the policy ended that on ${exitBy}.`,
      facts: { exitBy, ...(use?.keyless !== undefined && { provider: use.keyless }) },
    };
  }
}
