/** What the report on the register says, section by section, in plain text: each a table, and most a chart of it. */
import type { PlainDate } from "../plain-date.ts";
import { tiers } from "../register/limits.ts";
import type { RegisterSummary } from "../register/summary.ts";
import type { MonthCount } from "../register/trend.ts";
import type { BarChart } from "./chart.ts";

/** Jobs that hold a credential: by OIDC alone, by a stored one alone, or both. */
export type JobCounts = { oidc: number; stored: number; both: number };

export type RegisterReport = {
  today: PlainDate;
  /** When the stores were looked at; undefined when they were not. */
  takenAt: string | undefined;
  /** Commit whose files were read; undefined for the files as they are. */
  commit: string | undefined;
  summary: RegisterSummary;
  /** Ways to revoke that somebody tried, the slowest first. */
  slowest: readonly { target: string; minutes: number; drilled: string | undefined }[];
  jobs: JobCounts;
  /** Files that were read for uses. */
  files: number;
  /** Those of them that could not be understood. */
  unread: readonly string[];
  /** Undefined when no evidence was given. */
  trend: readonly MonthCount[] | undefined;
  /** Days that closed findings were open, ascending; empty where none was closed or no evidence was given. */
  daysToClose: readonly number[];
};

export type ReportSection = {
  title: string;
  note: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
  chart?: BarChart;
};

/** More bars than anybody compares. */
const mostBars = 12;
const mostMonths = 24;
/** More rows than anybody reads. */
const mostRows = 50;

/** In: the counts. Out: the sections in the order in which they are read. */
export function registerSections(report: RegisterReport): ReportSection[] {
  return [
    byTier(report),
    byOwner(report),
    byPlace(report),
    byAge(report),
    overdue(report),
    reviews(report),
    slowest(report),
    oidc(report),
    trend(report),
  ];
}

/** What the report rests on, in one sentence each. */
export function groundsOf({ today, takenAt, commit, files, unread }: RegisterReport): string[] {
  return [
    `As of ${today}.`,
    takenAt === undefined
      ? "The stores were not looked at: only what the register and the workflows name is counted, and ages are unknown."
      : `The stores are as they were at ${takenAt}.`,
    `Uses come from ${files} workflow ${files === 1 ? "file" : "files"}${commit === undefined ? "" : ` of commit ${commit.slice(0, 12)}`}.`,
    ...(unread.length === 0
      ? []
      : [
          `Not understood, so their uses and jobs are not counted: ${unread.slice(0, 5).join(", ")}${unread.length > 5 ? ` and ${unread.length - 5} more` : ""}.`,
        ]),
  ];
}

function byTier({ summary }: RegisterReport): ReportSection {
  return {
    title: `Standing credentials left: ${summary.standing}`,
    note: "Credentials that stay valid from one job to the next, by what they could reach: T0 is the most dangerous. The goal is none.",
    head: ["tier", "credentials"],
    rows: tiers.map((tier) => [tier, String(summary.tiers[tier])]),
    chart: {
      series: tiers,
      bars: tiers.map((tier) => ({
        label: tier,
        values: tiers.map((one) => (one === tier ? summary.tiers[tier] : 0)),
      })),
    },
  };
}

function byOwner({ summary }: RegisterReport): ReportSection {
  const rows = summary.owners;
  return {
    title: "By team",
    note: "By the owner that the register names.",
    head: ["owner", ...tiers, "all"],
    rows: rows.map(({ owner, tiers: counts, total }) => [
      nameOf(owner),
      ...tiers.map((tier) => String(counts[tier])),
      String(total),
    ]),
    chart: {
      series: tiers,
      bars: topAndRest(
        rows.map(({ owner, tiers: counts }) => ({ label: nameOf(owner), values: tiers.map((tier) => counts[tier]) })),
      ),
    },
  };
}

function byPlace({ summary }: RegisterReport): ReportSection {
  const shown = summary.places.slice(0, mostRows);
  const rest = summary.places.slice(mostRows);
  const sums = tiers.map((tier) => rest.reduce((sum, { tiers: counts }) => sum + counts[tier], 0));
  const others = [`${rest.length} others`, ...sums.map(String), String(sums.reduce((a, b) => a + b, 0)), ""];
  return {
    title: "By repository and team",
    note: "Where they lie, and who owns how many of them there.",
    head: ["repository", ...tiers, "all", "owners"],
    rows: [
      ...shown.map(({ place, tiers: counts, total, owners }) => [
        ...[place, ...tiers.map((tier) => String(counts[tier])), String(total)],
        owners.map(({ owner, total: own }) => `${nameOf(owner)} ${own}`).join(", "),
      ]),
      ...(rest.length === 0 ? [] : [others]),
    ],
    chart: {
      series: tiers,
      bars: topAndRest(
        summary.places.map(({ place, tiers: counts }) => ({ label: place, values: tiers.map((tier) => counts[tier]) })),
      ),
    },
  };
}

function byAge({ summary }: RegisterReport): ReportSection {
  return {
    title: "Age",
    note: "Days since each was last written, as its store shows it. A write of the same value counts as new: GitHub cannot tell it from a rotation.",
    head: ["age", "credentials"],
    rows: summary.ages.map(({ label, count }) => [label, String(count)]),
    chart: {
      series: ["credentials"],
      bars: summary.ages.map(({ label, count }) => ({ label, values: [count] })),
    },
  };
}

function overdue({ summary }: RegisterReport): ReportSection {
  const rows = summary.overdue;
  return {
    title: "Owners with the most overdue",
    note: rows.length === 0 ? "Nothing is overdue." : "Past its end date, or late with its rotation or review.",
    head: ["owner", "past its end", "late"],
    rows: rows.map(({ owner, expired, late }) => [nameOf(owner), String(expired), String(late)]),
    ...(rows.length > 0 && {
      chart: {
        series: ["past its end", "late"],
        bars: topAndRest(rows.map(({ owner, expired, late }) => ({ label: nameOf(owner), values: [expired, late] }))),
      },
    }),
  };
}

function reviews({ summary }: RegisterReport): ReportSection {
  const { current, late, never } = summary.reviews;
  const all = current + late + never;
  const share = (count: number) => (all === 0 ? "-" : `${Math.round((count / all) * 100)} %`);
  const rows = [
    ["within the time of their tier", current],
    ["late", late],
    ["never reviewed", never],
  ] as const;
  return {
    title: all === 0 ? "Reviews" : `Reviewed on schedule: ${share(current)}`,
    note: all === 0 ? "The register declares no credential." : "Declared credentials by their last review.",
    head: ["last review", "credentials", "share"],
    rows: rows.map(([label, count]) => [label, String(count), share(count)]),
    ...(all > 0 && {
      chart: { series: ["credentials"], bars: rows.map(([label, count]) => ({ label, values: [count] })) },
    }),
  };
}

function slowest({ slowest: tried }: RegisterReport): ReportSection {
  const shown = tried.slice(0, mostBars);
  return {
    title: "Slowest to revoke",
    note:
      tried.length === 0
        ? "Nobody wrote down how long a revocation takes: revoke: { how, last-drill, minutes }."
        : "Minutes from the alarm to the end, in the last drill: the slowest decides how long a leak stays open.",
    head: ["credential", "minutes", "tried on"],
    rows: shown.map(({ target, minutes, drilled }) => [target, String(minutes), drilled ?? "-"]),
    ...(shown.length > 0 && {
      chart: { series: ["minutes"], bars: shown.map(({ target, minutes }) => ({ label: target, values: [minutes] })) },
    }),
  };
}

function oidc({ jobs }: RegisterReport): ReportSection {
  const all = jobs.oidc + jobs.both + jobs.stored;
  const share = (count: number) => (all === 0 ? "-" : `${Math.round((count / all) * 100)} %`);
  const rows = [
    ["OIDC alone", jobs.oidc],
    ["OIDC and a stored credential", jobs.both],
    ["a stored credential alone", jobs.stored],
  ] as const;
  return {
    title: all === 0 ? "OIDC share" : `OIDC share: ${share(jobs.oidc)}`,
    note:
      all === 0
        ? "No job holds a credential."
        : "Jobs that may ask for an OIDC token (id-token: write) or read a stored secret, from the workflow table. The job's own GITHUB_TOKEN is neither.",
    head: ["jobs with", "jobs", "share"],
    rows: rows.map(([label, count]) => [label, String(count), share(count)]),
    ...(all > 0 && {
      chart: {
        series: ["jobs"],
        bars: rows.map(([label, count]) => ({ label, values: [count] })),
      },
    }),
  };
}

function trend({ trend: months, daysToClose }: RegisterReport): ReportSection {
  const shown = months?.slice(-mostMonths) ?? [];
  const half = daysToClose[Math.ceil(daysToClose.length / 2) - 1];
  const closed =
    half === undefined
      ? ""
      : ` Of ${daysToClose.length} closed ${daysToClose.length === 1 ? "finding" : "findings"} half were open for at most ${half} ${half === 1 ? "day" : "days"}.`;
  return {
    title: "Trend",
    note:
      months === undefined
        ? "No evidence was given: leasehold report --evidence LOG."
        : shown.length === 0
          ? "The evidence holds no finding."
          : `Findings open at the end of each month, by the evidence. A waived finding is still open.${closed}`,
    head: ["month", "open", "opened", "closed"],
    rows: shown.map(({ month, open, opened, closed }) => [month, String(open), String(opened), String(closed)]),
    ...(shown.length > 0 && {
      chart: { series: ["open"], bars: shown.map(({ month, open }) => ({ label: month, values: [open] })) },
    }),
  };
}

function nameOf(owner: string | undefined): string {
  return owner ?? "nobody";
}

function topAndRest(bars: BarChart["bars"]): BarChart["bars"] {
  if (bars.length <= mostBars) return bars;
  const rest = bars.slice(mostBars - 1);
  const sums = rest[0]!.values.map((_, at) => rest.reduce((sum, { values }) => sum + values[at]!, 0));
  return [...bars.slice(0, mostBars - 1), { label: `${rest.length} others`, values: sums }];
}
