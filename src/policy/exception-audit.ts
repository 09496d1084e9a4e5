/** Looks at the exceptions of a verdict and finds those that are over, too long, without an approver or of no use. */
import type { Finding } from "../finding.ts";
import type { Coverer, Exceptions } from "./cover.ts";
import { type ExceptionRule, inlineFault, inlineFinding, waiverFault, waiverFinding } from "./exception-finding.ts";
import { compareInlineAllows } from "./inline-allow.ts";
import type { Waiver } from "./waiver.ts";

/** A finding about an exception; `fresh` when the change under test brought it. */
export type ExceptionFinding = { finding: Finding; fresh: boolean };

/** For which kinds of exception the scan saw enough to tell that they cover nothing. */
export type Sight = { waivers: boolean; inlineAllows: boolean };

/**
 * Findings about the waivers and inline allows themselves.
 * In: the exceptions, what covered findings (every finding must have been asked for before), and what the scan saw whole.
 */
export function auditExceptions(exceptions: Exceptions, covers: Coverer, sight: Sight): ExceptionFinding[] {
  const { policy, today } = exceptions;
  const max = policy.waivers.max;
  const found: ExceptionFinding[] = [];

  const addWaivers = (waivers: readonly Waiver[], requested: boolean) => {
    for (const waiver of waivers) {
      const tierMax = covers.tooLongForTier.get(waiver);
      let fault: ExceptionRule | undefined = tierMax === undefined ? waiverFault(waiver, max, today) : "over-long";
      if (fault === undefined && !requested && sight.waivers && !covers.usedWaivers.has(waiver)) fault = "unused";
      if (fault) found.push({ finding: waiverFinding(waiver, fault, tierMax ?? max, today, policy), fresh: requested });
    }
  };
  addWaivers(exceptions.waivers, false);
  addWaivers(exceptions.requestedWaivers, true);

  const ordinals = new Map<string, number>();
  for (const allow of [...exceptions.inlineAllows].sort(compareInlineAllows)) {
    const key = JSON.stringify([allow.path, allow.rule]);
    const ordinal = ordinals.get(key) ?? 0;
    ordinals.set(key, ordinal + 1);
    let fault: ExceptionRule | undefined = inlineFault(allow, max, today);
    if (sight.inlineAllows && !covers.usedInlineAllows.has(allow)) fault = "unused";
    if (fault)
      found.push({ finding: inlineFinding(allow, fault, ordinal, max, today, policy), fresh: allow.added === true });
  }
  return found;
}
