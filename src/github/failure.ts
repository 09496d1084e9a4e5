/** What is thrown where GitHub gives no answer that can be used. */
import { LeaseholdError } from "../error.ts";
import type { Refusal } from "./refusal.ts";

/** The rate limit is spent, and this is when it is not any more. */
export class RateLimitError extends LeaseholdError {
  readonly until: Date;

  constructor(until: Date) {
    super(
      "network",
      `the rate limit of GitHub is spent until ${until.toISOString().slice(0, 16)}Z; run this again then, or name a --cache folder`,
    );
    this.until = until;
  }
}

/**
 * In: the refusal; status (0: no answer came), path and tries of the request; now in milliseconds since 1970.
 * Out: LeaseholdError("network"); RateLimitError where only time is missing.
 */
export function requestFailure(
  refusal: Refusal,
  { status, path, tries, now }: { status: number; path: string; tries: number; now: number },
): LeaseholdError {
  switch (refusal.kind) {
    case "bad token":
      return new LeaseholdError("network", "GitHub does not accept the token: it is wrong, revoked or past its end");
    case "rate limit": {
      return new RateLimitError(new Date(now + refusal.seconds * 1_000));
    }
    case "trouble":
      return new LeaseholdError(
        "network",
        status === 0
          ? `GitHub could not be reached for ${path}`
          : `GitHub answered ${path} with ${status}${tries > 1 ? `, ${timesOf(tries)}` : ""}`,
      );
    default:
      return new LeaseholdError("network", `GitHub answered ${path} with ${status}, which was not expected`);
  }
}

function timesOf(tries: number): string {
  return tries === 3 ? "three times" : `${tries} times`;
}

export function interrupted(): LeaseholdError {
  return new LeaseholdError("interrupted", "interrupted");
}

export function unknownForm(url: string): LeaseholdError {
  const path = URL.canParse(url) ? new URL(url).pathname : url;
  return new LeaseholdError("network", `the answer of GitHub to ${path} has a form that is not known here`);
}
