/** Rate limits: the hourly budget of each caller, and the secondary limit on what makes content (GitHub Docs, "Rate limits for the REST API"). */
import type { Actor } from "./access.ts";
import { Refusal } from "./call.ts";

const hour = 3_600_000;
const minute = 60_000;
/** Requests that make content, each minute and each hour. */
const mostContents = [
  [80, minute],
  [500, hour],
] as const;

type Budget = { limit: number; used: number; resetsAt: number; contents: number[] };

export type Limits = {
  /** Counts a request and throws a Refusal (403) where nothing is left. In: who asks, by token; now in milliseconds. */
  spend(key: string, actor: Actor, now: number): void;
  /** A 304 costs nothing. */
  giveBack(key: string): void;
  /** Counts something made, and throws a Refusal where it is too much at once. */
  create(key: string, actor: Actor, now: number): void;
  budget(key: string, actor: Actor, now: number): { limit: number; used: number; remaining: number; reset: number };
  /** Sets what is left of a caller's budget. In: the token; requests left; seconds until it is full again. */
  leave(token: string, remaining: number, seconds: number, now: number): void;
};

export function rateLimits(): Limits {
  const budgets = new Map<string, Budget>();
  const budgetOf = (key: string, actor: Actor, now: number): Budget => {
    const known = budgets.get(key);
    if (known !== undefined && known.resetsAt > now) return known;
    const fresh = { limit: limitOf(actor), used: 0, resetsAt: now + hour, contents: known?.contents ?? [] };
    budgets.set(key, fresh);
    return fresh;
  };
  return {
    spend(key, actor, now) {
      const budget = budgetOf(key, actor, now);
      if (budget.used >= budget.limit) throw new Refusal(403, "API rate limit exceeded for this caller.");
      budget.used++;
    },
    giveBack(key) {
      const budget = budgets.get(key);
      if (budget !== undefined) budget.used--;
    },
    create(key, actor, now) {
      const budget = budgetOf(key, actor, now);
      budget.contents = budget.contents.filter((at) => at > now - hour);
      for (const [most, span] of mostContents)
        if (budget.contents.filter((at) => at > now - span).length >= most) throw secondaryLimit(60);
      budget.contents.push(now);
    },
    budget(key, actor, now) {
      const { limit, used, resetsAt } = budgetOf(key, actor, now);
      return { limit, used, remaining: limit - used, reset: Math.ceil(resetsAt / 1000) };
    },
    leave(token, remaining, seconds, now) {
      const contents = budgets.get(token)?.contents ?? [];
      const limit = Math.max(remaining, budgets.get(token)?.limit ?? 5_000);
      budgets.set(token, { limit, used: limit - remaining, resetsAt: now + seconds * 1000, contents });
    },
  };
}

/** In: seconds to wait, which GitHub does not always tell. */
function secondaryLimit(seconds: number | undefined): Refusal {
  const message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  return new Refusal(403, message, {}, seconds === undefined ? {} : { "retry-after": String(seconds) });
}

function limitOf(actor: Actor): number {
  if (actor.kind === "nobody") return 60;
  return actor.kind === "installation" && actor.installation.app.slug === "github-actions" ? 1_000 : 5_000;
}
