/** What an answer of GitHub that is no success means. */

/** Headers of an answer, by lower-case name. */
type Headers = Readonly<Record<string, string | number | undefined>>;

export type Refusal =
  | { kind: "not permitted" }
  | { kind: "not available here" }
  | { kind: "bad token" }
  /** Seconds until the next request may be made. */
  | { kind: "rate limit"; seconds: number }
  /** Worth another try. */
  | { kind: "trouble" }
  | { kind: "unexpected" };

/** GitHub asks to wait a minute where it names no time (GitHub Docs, "Rate limits for the REST API"). */
const unnamedWait = 60;

/**
 * Tell refusals apart.
 * In: status, headers and message of the answer; now in milliseconds. A 403 is a spent rate limit where the headers say that nothing
 * remains or how long to wait, or where the message names the secondary limit. GitHub hides what a token may not see behind 404: where
 * a classic token's scopes (`x-oauth-scopes`) hold none of those that the endpoint accepts, that is the reason.
 */
export function refusalOf(status: number, headers: Headers, message: string, now: number): Refusal {
  if (status === 401) return { kind: "bad token" };
  if (status === 403 || status === 429) {
    const wait = waitOf(headers, now);
    if (wait !== undefined) return { kind: "rate limit", seconds: wait };
    if (status === 429 || /secondary rate limit/i.test(message)) return { kind: "rate limit", seconds: unnamedWait };
    return { kind: "not permitted" };
  }
  if (status === 404 || status === 410)
    return { kind: status === 404 && lacksScope(headers) ? "not permitted" : "not available here" };
  if (status >= 500 || status === 408) return { kind: "trouble" };
  return { kind: "unexpected" };
}

function waitOf(headers: Headers, now: number): number | undefined {
  const after = Number(headers["retry-after"] ?? Number.NaN);
  if (Number.isFinite(after)) return Math.max(1, after);
  if (String(headers["x-ratelimit-remaining"]) !== "0") return undefined;
  const reset = Number(headers["x-ratelimit-reset"] ?? Number.NaN);
  return Number.isFinite(reset) ? Math.max(1, Math.ceil(reset - now / 1000)) : unnamedWait;
}

function lacksScope(headers: Headers): boolean {
  const held = headers["x-oauth-scopes"];
  const accepted = words(headers["x-accepted-oauth-scopes"]);
  if (held === undefined || accepted.length === 0) return false;
  const own = new Set(words(held));
  return !accepted.some((scope) => own.has(scope));
}

function words(header: string | number | undefined): string[] {
  return String(header ?? "")
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}
