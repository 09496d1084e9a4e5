/** When a credential ends, and who says so. */
import { addDays, type PlainDate } from "../plain-date.ts";
import type { Standing } from "./draft.ts";
import type { RegisterLimits, Tier } from "./limits.ts";
import type { Subject } from "./subject.ts";

export type Expiry = { day: PlainDate; standing: Standing };

/** What the issuer says of the end: a day, null for "never", undefined where no issuer was asked. The earliest of several. */
export function verifiedExpiry({ held }: Subject): PlainDate | null | undefined {
  const known = held.map(({ expiresAt }) => expiresAt).filter((day) => day !== undefined);
  const days = known.filter((day) => day !== null).sort();
  return days[0] ?? (known.length > 0 ? null : undefined);
}

/** The day after which a credential is over: the issuer's word before the register's, the earlier of the two. Undefined when nobody says. */
export function expiryOf(subject: Subject): Expiry | undefined {
  const declared = subject.entry?.expires;
  const verified = verifiedExpiry(subject);
  if (verified != null && (declared === undefined || verified <= declared))
    return { day: verified, standing: "verified" };
  if (declared !== undefined) return { day: declared, standing: "declared" };
  return verified == null ? undefined : { day: verified, standing: "verified" };
}

/** The day it was last written, as its store shows it; of several the earliest. */
export function writtenOn({ held }: Subject): PlainDate | undefined {
  return held
    .map(({ updatedAt, createdAt }) => updatedAt ?? createdAt)
    .filter((day) => day !== undefined)
    .sort()[0];
}

/** The last day by which it must be replaced: by its own rule, else by the maximum age of its tier. Undefined where nobody saw it written, or it needs none. */
export function rotationDue(
  subject: Subject,
  tier: Tier,
  limits: RegisterLimits,
): { day: PlainDate; every: number; own: boolean } | undefined {
  const { entry } = subject;
  const written = writtenOn(subject);
  if (written === undefined || entry?.kind === "federated") return undefined;
  const own = entry?.rotate?.every;
  const every = Math.min(own ?? Number.POSITIVE_INFINITY, limits.tiers[tier].maxAge);
  return { day: addDays(written, every), every, own: own === every };
}
