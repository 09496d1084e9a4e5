/** Azure's shared access signatures, alone or in a URL: what they open, and until when. */
import { createHash } from "node:crypto";
import { decodeBase64 } from "./base64.ts";
import { hostOf } from "./json-object.ts";
import type { Proof, ProofResult } from "./proof.ts";
import { disproved, factsOf, isoTime, proved, unproved } from "./result.ts";

/** `sr` of a storage signature. Source: Azure's reference on service and account SAS. */
const resources: Record<string, string> = {
  b: "blob",
  bs: "blob snapshot",
  bv: "blob version",
  c: "container",
  d: "directory",
  f: "file",
  s: "share",
};

const rights: Record<string, string> = {
  r: "read",
  a: "add",
  c: "create",
  w: "write",
  d: "delete",
  x: "delete version",
  y: "delete for ever",
  l: "list",
  t: "tags",
  f: "filter",
  m: "move",
  e: "execute",
  o: "ownership",
  p: "permissions",
  i: "immutability",
  u: "update",
};

/** More than any signature has, and a bound on the work. */
const mostParameters = 60;

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Parameters by lower-case name; `&amp;` counts as `&`, since such URLs often stand in XML. */
function parametersOf(token: string): Map<string, string> {
  const pairs = token.split(/[?&;\s"']/, mostParameters).map((pair) => /^([a-z]{1,6})=(.*)$/i.exec(pair));
  return new Map(
    pairs.flatMap((pair) => (pair === null ? [] : [[(pair[1] ?? "").toLowerCase(), percentDecoded(pair[2] ?? "")]])),
  );
}

/** `se` and `st`: ISO 8601 in storage, seconds since 1970 in the messaging services. */
function timeOf(text: string | undefined): string | undefined {
  if (text === undefined || text.length > 40) return undefined;
  if (/^\d{4}-\d\d-\d\d/.test(text)) return isoTime(Date.parse(text) / 1000);
  return isoTime(text);
}

function rightsOf(text: string | undefined): string | undefined {
  if (text === undefined || !/^[a-z]{1,20}$/.test(text)) return undefined;
  return [...new Set(text)].map((letter) => rights[letter] ?? letter).join(", ");
}

function verify(token: string): ProofResult {
  const parameters = parametersOf(token);
  const resource = parameters.get("sr") ?? "";
  const facts = factsOf({
    host: /^[a-z]+:\/\//i.test(token) ? hostOf(token) : resource.includes(".") ? hostOf(resource) : undefined,
    starts: timeOf(parameters.get("st")),
    expires: timeOf(parameters.get("se")),
    rights: rightsOf(parameters.get("sp")),
    resource: resources[resource],
    key: parameters.get("skn"),
  });
  const signature = parameters.get("sig");
  if (!["sv", "se", "sp", "sr", "st"].some((name) => parameters.has(name)))
    return unproved("not a whole shared access signature");
  if (signature === undefined) return disproved("no sig= stands in it", facts);
  return decodeBase64(signature)?.length === 32
    ? proved("sig= is a signature of 32 bytes", facts)
    : disproved("sig= is not a signature of 32 bytes", facts);
}

function signatureFrom(seed: string): string {
  return encodeURIComponent(createHash("sha256").update(seed).digest("base64"));
}

function sign(token: string): string {
  if (verify(token).holds !== false) return token;
  const found = /([?&;\s]|^)(sig=)([^&;\s"']*)/i.exec(token);
  if (found === null) {
    const added = `&sig=${signatureFrom(token)}`;
    return token.slice(0, Math.max(token.length - added.length, 20)) + added;
  }
  const [whole, before = "", name = "", value = ""] = found;
  return token.slice(0, found.index) + before + name + signatureFrom(value) + token.slice(found.index + whole.length);
}

/** Shared access signatures. Facts: `host`, `starts`, `expires`, `rights`, `resource`, `key` (the policy's name). */
export const sasUrl: Proof = { verify, sign };
