/** JSON that has one form per value, so that it can be hashed (RFC 8785, JSON Canonicalization Scheme). */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * The canonical text of a value: keys in the order of their UTF-16 code units, no spaces, numbers as ECMAScript writes them.
 * Keys whose value is undefined are left out. Throws a TypeError on a number that is not finite and on a text with half a
 * surrogate pair, which RFC 8785 forbids.
 */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new TypeError("canonicalJson: a number that is not finite has no form");
    return JSON.stringify(value);
  }
  if (typeof value === "string") return canonicalText(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const members = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort()
    .map((key) => `${canonicalText(key)}:${canonicalJson(value[key] as Json)}`);
  return `{${members.join(",")}}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function canonicalText(text: string): string {
  if (!text.isWellFormed()) throw new TypeError("canonicalJson: half a surrogate pair has no form");
  return JSON.stringify(text);
}
