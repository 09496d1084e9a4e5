/** What a policy asks of a register. The policy fills this in; the register does not know the policy. */
import { defaultSalt } from "../finding-id.ts";
import type { PlainDate } from "../plain-date.ts";

/** Tiers by blast radius, the most dangerous first. */
export const tiers = ["T0", "T1", "T2", "T3"] as const;
export type Tier = (typeof tiers)[number];

/** The fields of an entry that a policy can require. */
export const requirableFields = [
  "owner",
  "backup",
  "purpose",
  "expires",
  "rotate",
  "review",
  "revoke",
  "plan",
] as const;
export type RequirableField = (typeof requirableFields)[number];

/** Limits of one tier, in days. */
export type TierLimit = { maxAge: number; review: number; waiver: number };

export type RegisterLimits = {
  require: readonly RequirableField[];
  /** Days before an end date at which it is told. */
  warn: readonly number[];
  tiers: Readonly<Record<Tier, TierLimit>>;
  /** Providers for which a static key is not acceptable, and the last day on which it is put up with. */
  keyless: { require: readonly string[]; exitBy?: PlainDate };
  /** Repositories that may hold a secret of one name before it counts as shared. */
  sharedAbove: number;
  /** Days without a sign of use after which a credential counts as unused. */
  unusedAfter: number;
  /** Longest break-glass window, in hours. */
  breakGlassHours: number;
  /** Days after a break-glass window within which its review is due. */
  breakGlassReview: number;
  /** Times that a waiver may be renewed. */
  renewals: number;
  /** Public salt of the finding ids. */
  salt: string;
};

/** The limits without a policy file. */
export const builtInLimits: RegisterLimits = {
  require: ["owner", "purpose", "expires"],
  warn: [30, 14, 7, 1],
  tiers: {
    T0: { maxAge: 30, review: 30, waiver: 14 },
    T1: { maxAge: 90, review: 90, waiver: 30 },
    T2: { maxAge: 180, review: 180, waiver: 90 },
    T3: { maxAge: 365, review: 365, waiver: 180 },
  },
  keyless: { require: [] },
  sharedAbove: 1,
  unusedAfter: 90,
  breakGlassHours: 24,
  breakGlassReview: 7,
  renewals: 2,
  salt: defaultSalt,
};
