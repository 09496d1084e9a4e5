/** Private JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037). */

import type { Format, FormatHit } from "./format.ts";
import { gradeValue } from "./grade.ts";
import { type JsonObject, objectsAround } from "./json-document.ts";
import { privateKeyParts } from "./jwk-parts.ts";

/** An object with `kty` and the private member of its type: `d` for RSA, EC and OKP, `k` for oct. */
export const jwkPrivateKey: Format = {
  id: "jwk-private-key",
  keywords: ['"kty"', "'kty'", "kty:"],
  parse: ({ text }, at) =>
    objectsAround(text, at)
      .map((object) => jwkHit(text, object))
      .filter((hit) => hit !== undefined),
};

function jwkHit(text: string, object: JsonObject): FormatHit | undefined {
  const value = (key: string): string => {
    const leaf = object.leaves.get(key);
    return leaf === undefined ? "" : text.slice(leaf.start, leaf.end);
  };
  const type = value("kty");
  const parts = privateKeyParts[type];
  const secret = parts && object.leaves.get(parts.secret);
  if (parts === undefined || secret === undefined || !secret.quoted) return undefined;
  const length = secret.end - secret.start;
  const content = value(parts.secret);
  if (length < parts.least || !/^[A-Za-z0-9_+/-]+={0,2}$/.test(content) || new Set(content).size < 8) return undefined;
  if (gradeValue(content) === undefined) return undefined;
  const whole = parts.needs.every((name) => value(name) !== "");
  const facts: Record<string, string> = { key: type === "oct" ? "symmetric" : type, encrypted: "no" };
  for (const [name, fact] of [
    ["kid", "key id"],
    ["crv", "curve"],
    ["alg", "algorithm"],
    ["use", "use"],
  ] as const) {
    if (/^[\w.:/+= -]{1,100}$/.test(value(name))) facts[fact] = value(name);
  }
  return {
    rule: "jwk-private-key",
    start: secret.start,
    end: secret.end,
    name: parts.secret,
    facts,
    confidence: !whole ? "weak" : parts.needs.length > 0 ? "certain" : "likely",
    reason: whole
      ? `a JSON Web Key of type ${type} with its private member`
      : `a JSON Web Key of type ${type} without its public members`,
  };
}
