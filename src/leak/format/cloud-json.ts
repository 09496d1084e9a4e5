/** Credential files of Google Cloud and Azure: objects in JSON, also where they stand inside another file. */

import type { Format, FormatHit } from "./format.ts";
import { gradeValue } from "./grade.ts";
import { type JsonLeaf, type JsonObject, leafText, objectsAround } from "./json-document.ts";
import { pemHits } from "./pem.ts";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The hits of a parser that looks at the objects round its keywords. */
function objectFormat(
  id: string,
  keywords: string[],
  read: (text: string, object: JsonObject) => FormatHit | undefined,
): Format {
  return {
    id,
    keywords,
    parse: ({ text }, at) =>
      objectsAround(text, at)
        .map((object) => read(text, object))
        .filter((hit) => hit !== undefined),
  };
}

function textOf(text: string, object: JsonObject, key: string): string {
  return leafText(text, object.leaves.get(key)) ?? "";
}

/** Facts from those keys whose value is plain text. */
function factsOf(text: string, object: JsonObject, keys: Record<string, string>): Record<string, string> {
  const facts: Record<string, string> = {};
  for (const [key, fact] of Object.entries(keys)) {
    const value = textOf(text, object, key);
    if (/^[\w.@:/+-]{1,200}$/.test(value)) facts[fact] = value;
  }
  return facts;
}

/** The key file of a Google Cloud service account: the private key is the secret, with the bounds of its PEM block. */
export const gcpServiceAccount = objectFormat(
  "gcp-service-account",
  ["private_key_id", '"service_account"'],
  (text, object) => {
    const leaf = object.leaves.get("private_key");
    if (leaf === undefined || textOf(text, object, "type") !== "service_account") return undefined;
    const pem = pemHits(text.slice(0, leaf.end), [leaf.start])[0];
    if (pem === undefined) return shortenedKey(text, object, leaf);
    return {
      rule: "gcp-service-account",
      start: pem.start,
      end: pem.end,
      name: "private_key",
      facts: {
        ...factsOf(text, object, { client_email: "account", project_id: "project", private_key_id: "key id" }),
        ...pem.facts,
      },
      confidence: pem.confidence,
      reason: `a service account key file; ${pem.reason}`,
    };
  },
);

/** A key file whose key is shortened: an example, or the rest of one. */
function shortenedKey(text: string, object: JsonObject, leaf: JsonLeaf): FormatHit | undefined {
  const body = /^-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----(?:\\n|\s){0,4}[A-Za-z0-9+/]{24,}/.exec(
    text.slice(leaf.start, Math.min(leaf.end, leaf.start + 400)),
  );
  if (body === null) return undefined;
  const facts = factsOf(text, object, { client_email: "account", project_id: "project", private_key_id: "key id" });
  return {
    rule: "gcp-service-account",
    ...bounds(leaf),
    name: "private_key",
    facts,
    confidence: "weak",
    reason: "a service account key file whose key is shortened",
  };
}

/** Application default credentials of a user: the refresh token is the secret. */
export const gcpAuthorizedUser = objectFormat("gcp-authorized-user", ["authorized_user"], (text, object) => {
  const leaf = object.leaves.get("refresh_token");
  if (leaf === undefined || textOf(text, object, "type") !== "authorized_user") return undefined;
  const confidence = gradeValue(textOf(text, object, "refresh_token"));
  if (confidence === undefined) return undefined;
  const whole =
    textOf(text, object, "client_id").endsWith(".apps.googleusercontent.com") && object.leaves.has("client_secret");
  return {
    rule: "gcp-authorized-user",
    ...bounds(leaf),
    name: "refresh_token",
    facts: factsOf(text, object, { client_id: "client", quota_project_id: "project", account: "account" }),
    confidence,
    reason: whole
      ? "application default credentials of a user, with client and refresh token"
      : "application default credentials of a user",
  };
});

/** What `az ad sp create-for-rbac` prints, with and without `--sdk-auth`. */
export const azureCredentialsJson = objectFormat(
  "azure-credentials-json",
  ["clientsecret", '"tenant"'],
  (text, object) => {
    const sdk = object.leaves.has("clientSecret");
    const key = sdk ? "clientSecret" : "password";
    const leaf = object.leaves.get(key);
    const client = textOf(text, object, sdk ? "clientId" : "appId");
    const tenant = textOf(text, object, sdk ? "tenantId" : "tenant");
    if (leaf === undefined || !leaf.quoted || !uuid.test(client) || !uuid.test(tenant)) return undefined;
    const confidence = gradeValue(textOf(text, object, key));
    if (confidence === undefined) return undefined;
    return {
      rule: "azure-credentials-json",
      ...bounds(leaf),
      name: key,
      facts: { client, tenant, ...factsOf(text, object, { subscriptionId: "subscription", displayName: "name" }) },
      confidence,
      reason: "credentials of an Azure service principal with client and tenant",
    };
  },
);

function bounds(leaf: JsonLeaf): { start: number; end: number } {
  return { start: leaf.start, end: leaf.end };
}

/** A Tink keyset in clear text: the key data of symmetric and private keys. */
export const tinkKeyset: Format = {
  id: "tink-keyset",
  keywords: ["keymaterialtype"],
  parse: ({ text }, at) =>
    objectsAround(text, at).flatMap((object): FormatHit[] => {
      const material = textOf(text, object, "keyMaterialType");
      const leaf = object.leaves.get("value");
      if (leaf === undefined || (material !== "SYMMETRIC" && material !== "ASYMMETRIC_PRIVATE")) return [];
      const value = text.slice(leaf.start, leaf.end);
      if (!/^[A-Za-z0-9+/_-]{16,}={0,2}$/.test(value) || new Set(value).size < 8 || gradeValue(value) === undefined)
        return [];
      const type = /^type\.googleapis\.com\/google\.crypto\.tink\.([A-Za-z0-9]{1,60})$/.exec(
        textOf(text, object, "typeUrl"),
      )?.[1];
      const facts = { material: material.toLowerCase(), ...(type === undefined ? {} : { key: type }) };
      const reason = "the key data of a Tink keyset in clear text";
      return [
        {
          rule: "google-tink-keyset",
          ...bounds(leaf),
          name: "keyData.value",
          facts,
          confidence: type === undefined ? "likely" : "certain",
          reason,
        },
      ];
    }),
};
