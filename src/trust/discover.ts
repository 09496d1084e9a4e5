/**
 * Finds trust statements in values by their own keys, wherever a document keeps them: IAM policies, federated credentials, workload
 * identity providers, Vault roles. Key names are compared without letter case and underscores: `attributeMapping`, `attribute_mapping`.
 */
import type { AwsRole } from "./aws-setting.ts";
import { permissionsReader } from "./iam-permissions.ts";
import { documentFrom, textFrom } from "./policy-value.ts";
import { emptyTrust, type Trust } from "./trust-found.ts";
import {
  hole,
  itemsOf,
  type MapEntry,
  type MapValue,
  type TextValue,
  textOf,
  textOrHole,
  type Value,
  valueAt,
} from "./value.ts";

const depthLimit = 100;

/** In: a value, and the name it has where it says none itself. */
export function discoverTrust(root: Value, name: string): Trust {
  const trust = emptyTrust();
  visit(root, name, trust, 0);
  return trust;
}

function plain(key: string): string {
  return key.replaceAll("_", "").toLowerCase();
}

/** A field of a map by its name in any of the usual spellings. */
export function fieldOf(map: Value | undefined, ...names: string[]): Value | undefined {
  if (map?.kind !== "map") return undefined;
  return map.entries.findLast(({ key }) => names.includes(plain(key)))?.value;
}

function nameOf(map: MapValue, fallback: string): string {
  const text = textOf(fieldOf(map, "rolename", "name", "displayname"));
  return text === undefined || text.includes(hole) || text === "" ? fallback : text;
}

function visit(value: Value, name: string, trust: Trust, depth: number): void {
  if (depth > depthLimit) return;
  if (value.kind === "list") {
    for (const item of value.items) visit(item, name, trust, depth + 1);
    return;
  }
  if (value.kind === "text") {
    if (value.text.includes("AssumeRoleWithWebIdentity") && /^\s*\{/.test(value.text)) {
      const document = documentFrom(value);
      if (document.kind !== "unknown") visit(document, name, trust, depth + 1);
      else trust.unread.push({ span: value.span, why: document.why });
    }
    return;
  }
  if (value.kind !== "map") return;
  if (readHere(value, name, trust)) return;
  for (const entry of value.entries) visit(entry.value, childName(value, entry, name), trust, depth + 1);
}

const structure = new Set([
  "resources",
  "properties",
  "statement",
  "spec",
  "metadata",
  "policy",
  "template",
  "value",
  "items",
  "role",
  "assumerolepolicydocument",
]);

function childName(map: MapValue, entry: MapEntry, name: string): string {
  return structure.has(plain(entry.key))
    ? nameOf(map, name)
    : entry.value.kind === "map"
      ? entry.key
      : nameOf(map, name);
}

/** Reads the map itself; true where nothing below it has to be looked at again. */
function readHere(map: MapValue, name: string, trust: Trust): boolean {
  const assume = fieldOf(map, "assumerolepolicydocument", "assumerolepolicy");
  if (assume !== undefined) {
    trust.roles.push(roleOf(map, documentFrom(assume), nameOf(map, name)));
    return false;
  }
  if (isTrustDocument(map)) {
    // The role it belongs to was read above it.
    if (
      !trust.roles.some(
        (role) =>
          role.document === map ||
          (role.document.span.start === map.span.start && role.document.span.source === map.span.source),
      )
    )
      trust.roles.push({ name, identifiers: [name], document: map, span: map.span, writes: "unknown" });
    return true;
  }
  return (
    readProvider(map, name, trust) ||
    readCredential(map, name, trust) ||
    readVault(map, name, trust) ||
    readMembers(map, name, trust)
  );
}

function isTrustDocument(map: MapValue): boolean {
  return itemsOf(valueAt(map, "Statement")).some((statement) => {
    if (statement.kind !== "map") return false;
    return (
      valueAt(statement, "Principal") !== undefined &&
      itemsOf(valueAt(statement, "Action")).some((action) =>
        /AssumeRoleWithWebIdentity|^sts:\*$|^\*$/i.test(textOf(action) ?? hole),
      )
    );
  });
}

function roleOf(map: MapValue, document: Value, name: string): AwsRole {
  const reader = permissionsReader();
  for (const arn of itemsOf(fieldOf(map, "managedpolicyarns"))) reader.managed(arn);
  for (const policy of itemsOf(fieldOf(map, "policies", "inlinepolicies")))
    reader.document(documentFrom(fieldOf(policy, "policydocument", "policy") ?? policy));
  return { name, identifiers: [name], document, span: map.span, ...reader.result() };
}

function optionalText(value: Value | undefined): TextValue | undefined {
  return value === undefined || (value.kind === "plain" && value.value === null) ? undefined : textFrom(value);
}

function readProvider(map: MapValue, name: string, trust: Trust): boolean {
  const mapping = fieldOf(map, "attributemapping");
  const condition = fieldOf(map, "attributecondition");
  const oidc = fieldOf(map, "oidc");
  const issuer = fieldOf(oidc, "issueruri");
  if (
    issuer === undefined ||
    (mapping === undefined &&
      condition === undefined &&
      fieldOf(map, "workloadidentitypoolid", "workloadidentitypoolref") === undefined)
  )
    return false;
  const pool =
    fieldOf(map, "workloadidentitypoolid") ?? fieldOf(fieldOf(map, "workloadidentitypoolref"), "name", "external");
  const full = textOf(fieldOf(map, "name"));
  const id = textOf(fieldOf(map, "workloadidentitypoolproviderid")) ?? full?.split("/").at(-1);
  trust.providers.push({
    name: nameOf(map, name),
    span: map.span,
    // The provider's own full name holds its pool.
    pool:
      textOrHole(
        pool ?? { kind: "text", text: /workloadIdentityPools\/([^/]+)/.exec(full ?? "")?.[1] ?? hole, span: map.span },
      ) ?? hole,
    identifiers: id === undefined || id.includes(hole) ? [] : [id],
    issuer: textFrom(issuer),
    condition,
    mapping,
    audiences: fieldOf(oidc, "allowedaudiences"),
  });
  return true;
}

function readCredential(map: MapValue, name: string, trust: Trust): boolean {
  const issuer = fieldOf(map, "issuer");
  const subject = fieldOf(map, "subject");
  const flexible = fieldOf(map, "claimsmatchingexpression");
  if (issuer === undefined || (subject === undefined && flexible === undefined)) return false;
  const audiences = [...itemsOf(fieldOf(map, "audiences")), ...itemsOf(fieldOf(map, "audience"))];
  // Other services keep an issuer and a subject too; Entra's credentials also have audiences.
  if (audiences.length === 0 && flexible === undefined) return false;
  const expression = flexible?.kind === "map" ? fieldOf(flexible, "value") : flexible;
  trust.credentials.push({
    name: nameOf(map, name),
    span: map.span,
    issuer: textFrom(issuer),
    subject: optionalText(subject),
    expression: optionalText(expression),
    audiences: audiences.map(textFrom),
    identifiers: [],
    writes: "unknown",
  });
  return true;
}

const vaultKeys: Record<string, string> = {
  boundclaims: "bound_claims",
  boundsubject: "bound_subject",
  boundaudiences: "bound_audiences",
  boundclaimstype: "bound_claims_type",
  userclaim: "user_claim",
  roletype: "role_type",
  tokenttl: "token_ttl",
  tokenmaxttl: "token_max_ttl",
  tokenpolicies: "token_policies",
  policies: "policies",
  ttl: "ttl",
  maxttl: "max_ttl",
};

function readVault(map: MapValue, name: string, trust: Trust): boolean {
  const keys = new Set(map.entries.map(({ key }) => plain(key)));
  if (!keys.has("boundclaims") && !keys.has("boundsubject") && !(keys.has("roletype") && keys.has("userclaim")))
    return false;
  const entries = map.entries.map((entry) => ({ ...entry, key: vaultKeys[plain(entry.key)] ?? entry.key }));
  trust.vaultRoles.push({
    name: nameOf(map, name),
    span: map.span,
    fields: { ...map, entries },
    identifiers: [nameOf(map, name)],
  });
  return true;
}

/** IAM bindings of Google Cloud: `{ role, members: [...] }` and `{ member, role }`. */
function readMembers(map: MapValue, name: string, trust: Trust): boolean {
  const members = [...itemsOf(fieldOf(map, "members")), ...itemsOf(fieldOf(map, "member"))]
    .map(textFrom)
    .filter(({ text }) => /^principal(?:Set)?:\/\/iam\.googleapis\.com/.test(text));
  const account = textOf(fieldOf(map, "serviceaccountid")) ?? "";
  for (const member of members)
    trust.bindings.push({
      name: nameOf(map, name),
      member,
      role: textOf(fieldOf(map, "role")) ?? "",
      account: account.split("/").at(-1) ?? "",
    });
  return members.length > 0;
}
