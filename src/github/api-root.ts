/** The root of GitHub's API, checked before a token is sent there. */
import { LeaseholdError } from "../error.ts";

/** Throws LeaseholdError("usage") for what is no URL, holds a password, or would send the token in the clear. */
export function apiRoot(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new LeaseholdError("usage", "the API's address is no URL: set GITHUB_API_URL like https://api.github.com");
  if (url.username !== "" || url.password !== "")
    throw new LeaseholdError("usage", "the API's address holds a password: take it out of GITHUB_API_URL");
  if (url.protocol === "http:" && !/^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname))
    throw new LeaseholdError("usage", "the API's address is http: the token would travel in the clear; use https");
  return url;
}
