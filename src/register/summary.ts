/** What is left to do, counted: for a report that somebody reads who opens no single finding. */
import { compareText } from "../finding.ts";
import { addDays, daysBetween } from "../plain-date.ts";
import type { AuditContext } from "./draft.ts";
import { writtenOn } from "./expiry.ts";
import { type Tier, tiers } from "./limits.ts";
import { stateOf } from "./list.ts";
import type { Entry } from "./register.ts";
import type { Subject } from "./subject.ts";

export type TierCounts = Record<Tier, number>;

export type RegisterSummary = {
  /** Credentials that stay valid from one job to the next: what is stored, declared or used, and not federated. */
  standing: number;
  tiers: TierCounts;
  /** By the owner that the register names; `undefined` where it names none. The most first. */
  owners: { owner: string | undefined; tiers: TierCounts; total: number }[];
  /** By where they lie, with who owns how many there. The most first. */
  places: { place: string; tiers: TierCounts; total: number; owners: { owner: string | undefined; total: number }[] }[];
  /** Entries by whether their last review is within the time of their tier, late, or never was. */
  reviews: { current: number; late: number; never: number };
  /** By days since they were last written, as the stores show it. `unknown` where no store does. */
  ages: { label: string; count: number }[];
  /** Owners by what is past its end, rotation or review. The most first; those without are left out. */
  overdue: { owner: string | undefined; expired: number; late: number }[];
};

/** Upper ends of the classes of age, in days: a month, a quarter, half a year, a year, two. */
const ageEnds = [30, 90, 180, 365, 730];

/** In: the context of an audit. Out: the counts; none of them takes what is unknown for good. */
export function summaryOf(context: AuditContext): RegisterSummary {
  const subjects = context.subjects.all.filter(isStanding);
  const all = noTiers();
  const owners = new Map<string | undefined, TierCounts>();
  const reviews = { current: 0, late: 0, never: 0 };
  const places = new Map<string, { tiers: TierCounts; owners: Map<string | undefined, number> }>();
  const overdue = new Map<string | undefined, { expired: number; late: number }>();
  const ages = new Map<string, number>(ageLabels.map((label) => [label, 0]));
  for (const subject of subjects) {
    const { tier } = context.tier(subject);
    const owner = subject.entry?.owner;
    all[tier]++;
    const own = owners.get(owner) ?? noTiers();
    owners.set(owner, own);
    own[tier]++;
    if (subject.entry !== undefined) reviews[reviewState(context, subject.entry, tier)]++;
    const place = placeOf(subject, context);
    const there = places.get(place) ?? { tiers: noTiers(), owners: new Map() };
    places.set(place, there);
    there.tiers[tier]++;
    there.owners.set(owner, (there.owners.get(owner) ?? 0) + 1);
    const age = ageLabel(context, subject);
    ages.set(age, (ages.get(age) ?? 0) + 1);
    const state = stateOf(context, subject);
    if (state !== "expired" && state !== "overdue") continue;
    const late = overdue.get(owner) ?? { expired: 0, late: 0 };
    overdue.set(owner, late);
    late[state === "expired" ? "expired" : "late"]++;
  }
  return {
    standing: subjects.length,
    tiers: all,
    owners: [...owners]
      .map(([owner, counts]) => ({ owner, tiers: counts, total: sumOf(counts) }))
      .sort((a, b) => b.total - a.total || compareText(a.owner ?? "", b.owner ?? "")),
    places: [...places]
      .map(([place, { tiers: counts, owners: there }]) => ({
        ...{ place, tiers: counts, total: sumOf(counts) },
        owners: [...there]
          .map(([owner, total]) => ({ owner, total }))
          .sort((a, b) => b.total - a.total || compareText(a.owner ?? "", b.owner ?? "")),
      }))
      .sort((a, b) => b.total - a.total || compareText(a.place, b.place)),
    reviews,
    ages: [...ages].map(([label, count]) => ({ label, count })),
    overdue: [...overdue]
      .map(([owner, counts]) => ({ owner, ...counts }))
      .sort((a, b) => b.expired + b.late - a.expired - a.late || compareText(a.owner ?? "", b.owner ?? "")),
  };
}

/** A review of a day to come is none. */
function reviewState({ today, limits }: AuditContext, { review }: Entry, tier: Tier): "current" | "late" | "never" {
  if (review === undefined || review.last > today) return "never";
  return addDays(review.last, limits.tiers[tier].review) < today ? "late" : "current";
}

/** The repository, as far as its name is known, or the organisation. */
function placeOf({ asset: { scope } }: Subject, { subjects }: AuditContext): string {
  if (scope.level === "org") return "the organisation";
  const name = scope.repository?.toLowerCase() ?? subjects.home;
  return subjects.repositories.get(name)?.name ?? scope.repository ?? "this repository";
}

/** Whether there may still be a credential behind it that outlives a job. */
function isStanding({ entry, presence }: Subject): boolean {
  return entry?.notASecret !== true && entry?.kind !== "federated" && presence !== "absent";
}

function sumOf(counts: TierCounts): number {
  return tiers.reduce((sum, tier) => sum + counts[tier], 0);
}

function noTiers(): TierCounts {
  return { T0: 0, T1: 0, T2: 0, T3: 0 };
}

const ageLabels = [
  ...ageEnds.map((end, at) => `${at === 0 ? 0 : ageEnds[at - 1]! + 1} to ${end} days`),
  `over ${ageEnds.at(-1)} days`,
  "unknown",
];

function ageLabel({ today }: AuditContext, subject: Subject): string {
  const written = writtenOn(subject);
  if (written === undefined) return ageLabels.at(-1)!;
  const days = daysBetween(written, today);
  const at = ageEnds.findIndex((end) => days <= end);
  return ageLabels[at === -1 ? ageEnds.length : at]!;
}
