/** Approvals, waivers and emergency access: what they are bound to, and when they have effect. Each ends by itself, without a commit. */
import type { Place } from "../finding.ts";
import type { PlainDate } from "../plain-date.ts";

/** A minute in UTC, `2026-11-21T09:00Z`. Two of them compare as text. */
export type Moment = string;

/** Both minutes belong to it. */
export type Window = { from: Moment; to: Moment };

/** Leave to use an asset for a task in a window of time. */
export type Approval = Window & {
  id: string;
  asset: { repository?: string; environment?: string; secret?: string };
  task: string;
  requestedBy: string;
  approvedBy: readonly string[];
  place?: Place;
};

/** Emergency access that was opened for a while. */
export type BreakGlass = Window & {
  /** As findings name it: `actions/production/DB_ADMIN`, or `environment/production`. */
  target: string;
  reason: string;
  approvedBy: string;
  /** Who used it, where that is known. */
  openedBy?: string;
  /** The issue of the review afterwards. */
  reviewed?: string;
  place?: Place;
};

/** A waiver, with what its file's history tells where somebody read it. */
export type WaiverRecord = {
  id?: string;
  rule?: string;
  target?: string;
  until: PlainDate;
  approvedBy?: string;
  /** Who pushed it: known to the App, not offline. */
  addedBy?: string;
  /** How often its last day was moved. */
  renewals?: number;
  place?: Place;
};

export type Exceptions = {
  waivers: readonly WaiverRecord[];
  breakGlass: readonly BreakGlass[];
  approvals: readonly Approval[];
};

export const noExceptions: Exceptions = { waivers: [], breakGlass: [], approvals: [] };

/** What somebody wants to use. */
export type Wanted = { repository?: string; environment?: string; secret?: string };

/** Whether a moment lies in a window; its first and last minute do. */
export function isWithin({ from, to }: Window, now: Moment): boolean {
  return from <= now && now <= to;
}

/** Whether at least one person other than the requester approved. */
export function isApproved({ requestedBy, approvedBy }: Pick<Approval, "requestedBy" | "approvedBy">): boolean {
  return approvedBy.some((login) => login.toLowerCase() !== requestedBy.toLowerCase());
}

/** Whether an approval is for an asset: everything that it names must be what is wanted. */
export function covers({ asset }: Pick<Approval, "asset">, wanted: Wanted): boolean {
  const names = ["repository", "environment", "secret"] as const;
  const named = names.filter((name) => asset[name] !== undefined);
  return named.length > 0 && named.every((name) => asset[name]?.toLowerCase() === wanted[name]?.toLowerCase());
}

/** The approvals that open an asset at a moment: for it, in their window, by somebody else than who asked. */
export function approvalsInForce(approvals: readonly Approval[], wanted: Wanted, now: Moment): Approval[] {
  return approvals.filter((approval) => covers(approval, wanted) && isWithin(approval, now) && isApproved(approval));
}

/** Hours of a window. */
export function windowHours({ from, to }: Window): number {
  return (Date.parse(to) - Date.parse(from)) / 3_600_000;
}
