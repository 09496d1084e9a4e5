/** Which issuers are GitHub's, and who can get a token from them. Source: GitHub docs, "OpenID Connect reference", "Customizing the issuer". */
import { hole } from "./value.ts";

/** The issuer of every repository on github.com. */
export const sharedIssuer = "https://token.actions.githubusercontent.com";

/**
 * `shared`: every repository of github.com. `own`: one enterprise (slug), one GHE.com subdomain or one GHES host, where no stranger gets a token.
 * `server` marks GHES among them, which has no immutable subjects.
 */
export type IssuerKind = { kind: "shared" } | { kind: "own"; server: boolean };

/** Host and path of an issuer URL or of what follows `oidc-provider/` in an ARN. */
export function issuerPath(text: string): string {
  return text.replace(/^https?:\/\//i, "");
}

/** What kind of GitHub issuer a host and path is; undefined for somebody else's. */
export function issuerKind(text: string): IssuerKind | undefined {
  const path = issuerPath(text).replace(/\/+$/, "").toLowerCase();
  if (path === "token.actions.githubusercontent.com") return { kind: "shared" };
  if (/^token\.actions\.githubusercontent\.com\/[a-z0-9-]+$/.test(path)) return { kind: "own", server: false };
  if (/^token\.actions\.[a-z0-9-]+\.ghe\.com(?:\/[a-z0-9-]+)?$/.test(path)) return { kind: "own", server: false };
  if (/^[a-z0-9.-]+\/_services\/token$/.test(path)) return { kind: "own", server: true };
  return undefined;
}

/** Whether a text that is not wholly known can be seen to mean GitHub's issuer. */
export function looksLikeGitHub(text: string): boolean {
  return (
    issuerKind(text) !== undefined ||
    /actions\.githubusercontent\.com|\/_services\/token|token\.actions\.[a-z0-9-]*\.ghe\.com/i.test(text)
  );
}

/** Whether a text has a part that is not known. */
export function hasHole(text: string): boolean {
  return text.includes(hole);
}
