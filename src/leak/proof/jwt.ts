/** JSON Web Tokens: what header and claims say (RFC 7519). The clock is not known here, so a past end is a fact like any other. */
import { asObject, decodeJsonObject, type JsonObject } from "./json-object.ts";
import { completedJson } from "./json-sample.ts";
import type { Proof, ProofResult } from "./proof.ts";
import { disproved, factsOf, factText, isoTime, proved } from "./result.ts";

/** Where the JWT begins in a token that has a prefix of its own, such as `ghs_123_`. */
function partsOf(token: string): { before: string; parts: string[] } {
  const start = Math.max(token.indexOf("eyJ"), 0);
  return { before: token.slice(0, start), parts: token.slice(start).split(".", 6) };
}

/** What kind of thing the subject is; the subject itself may be a person's address, so only machines are named. */
function subjectOf(claims: JsonObject): string | undefined {
  const subject = claims.sub;
  if (typeof subject === "number") return "a number";
  if (typeof subject !== "string" || subject === "") return undefined;
  if (subject.startsWith("system:serviceaccount:")) {
    return factText(`service account ${subject.slice(22).replace(":", "/")}`);
  }
  if (subject.startsWith("repo:")) return factText(`workflow of ${subject.split(":", 2)[1] ?? ""}`);
  if (/^[^\s@]{1,100}@[^\s@]{1,100}$/.test(subject)) return "an e-mail address";
  if (/^[a-z]{2,10}:\/\//.test(subject)) return "a URL";
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(subject)) return "a UUID";
  return /^\d{1,30}$/.test(subject) ? "a number" : "a name";
}

/** An issuer or audience: URLs lose user, password and query. */
function party(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const text = factText(first);
  return text?.replace(/^([a-z]{2,10}:\/\/)[^/@]*@/, "$1").split("?", 1)[0];
}

function claimFacts(claims: JsonObject): Record<string, string> {
  return factsOf({
    issuer: party(claims.iss),
    subject: subjectOf(claims),
    audience: party(claims.aud),
    // `role` tells a Supabase service key from the public one.
    role: typeof claims.role === "string" && /^[a-z_-]{1,40}$/.test(claims.role) ? claims.role : undefined,
    issued: isoTime(claims.iat),
    expires: claims.exp === undefined ? "never" : isoTime(claims.exp),
  });
}

function verify(token: string): ProofResult {
  const { parts } = partsOf(token);
  const header = decodeJsonObject(parts[0] ?? "");
  if (header === undefined) return disproved("the decoded header is not JSON");
  const alg = factText(header.alg);
  if (typeof header.enc === "string") {
    return parts.length === 5
      ? proved("header of an encrypted JWT", factsOf({ alg, enc: header.enc }))
      : disproved("an encrypted JWT has five parts");
  }
  const claims = decodeJsonObject(parts[1] ?? "");
  if (claims === undefined) return disproved("the decoded claims are not JSON", factsOf({ alg }));
  const facts = { ...factsOf({ alg }), ...claimFacts(asObject(claims)) };
  if (alg?.toLowerCase() === "none") return proved("header and claims decode; nothing signs them (alg none)", facts);
  return parts.length === 3 ? proved("header and claims decode", facts) : disproved("a JWT has three parts", facts);
}

function sign(token: string): string {
  const { before, parts } = partsOf(token);
  const [header = "", claims = "", ...rest] = parts;
  const good = [header, claims].map((part) => (decodeJsonObject(part) === undefined ? completedJson(part) : part));
  return before + [...good, ...rest].join(".");
}

/**
 * JWTs, also behind a prefix. Facts: `alg`, `enc`, `issuer`, `subject` (its kind), `audience`, `role`, `issued`,
 * `expires` (ISO time, or `never`).
 */
export const jwt: Proof = { verify, sign };
