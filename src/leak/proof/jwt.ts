/** JSON Web Tokens: what header and claims say (RFC 7519). The clock is not known here, so a past end is a fact like any other. */
import { createHmac } from "node:crypto";
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

/**
 * The secrets that the debugger at jwt.io fills in, for 256, 384 and 512 bits, today and before 2025. Whoever can read its page can sign with them, so a token
 * that one of them has signed is a token to try things out with.
 */
const sampleSecrets = [256, 384, 512].flatMap((bits) => [
  `your-${bits}-bit-secret`,
  `a-string-secret-at-least-${bits}-bits-long`,
  `a-valid-string-secret-that-is-at-least-${bits}-bits-long${bits === 512 ? "-which-is-very-long" : ""}`,
]);

/** Whether one of the sample secrets has signed a token (RFC 7515, 5.2; RFC 7518, 3.2). */
function isSampleSigned([header, claims, signature]: readonly string[], alg: string | undefined): boolean {
  const bits = /^HS(256|384|512)$/.exec(alg ?? "")?.[1];
  if (bits === undefined) return false;
  const signed = `${header}.${claims}`;
  return sampleSecrets.some(
    (secret) => createHmac(`sha${bits}`, secret).update(signed).digest("base64url") === signature,
  );
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
  if (parts.length !== 3) return disproved("a JWT has three parts", facts);
  return isSampleSigned(parts, alg)
    ? disproved("signed with a sample secret that jwt.io publishes", facts)
    : proved("header and claims decode", facts);
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
