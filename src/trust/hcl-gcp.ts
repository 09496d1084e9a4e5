/** Workload identity providers and bindings of Google Cloud in Terraform. */
import { evaluate, type Scope } from "./evaluate.ts";
import { type Expression, pathOf } from "./expression.ts";
import type { GcpBinding, GcpProvider } from "./gcp-match.ts";
import { expanded } from "./hcl-policy-document.ts";
import { attributeOf, type HclBlock } from "./hcl-read.ts";
import { textFrom } from "./policy-value.ts";
import type { Trust } from "./trust-found.ts";
import { hole, itemsOf, textOf, textOrHole, unknownValue, type Value } from "./value.ts";

/** A `google_iam_workload_identity_pool_provider`; `field` evaluates one of its attributes. */
export function gcpProvider(
  block: HclBlock,
  name: string,
  scope: Scope,
  field: (name: string) => Value | undefined,
): GcpProvider {
  const oidc = expanded(block.body, "oidc", scope)[0];
  const inner = (attribute: string): Value | undefined => {
    const found = oidc?.body === undefined ? undefined : attributeOf(oidc.body, attribute);
    return found === undefined || oidc === undefined ? undefined : evaluate(found.value, oidc.scope);
  };
  const pool = textOrHole(field("workload_identity_pool_id") ?? unknownValue("", block.span)) ?? hole;
  const id = textOf(field("workload_identity_pool_provider_id"));
  const issuer = inner("issuer_uri");
  return {
    name,
    span: block.headSpan,
    pool,
    identifiers: id === undefined || id.includes(hole) ? [] : [id],
    issuer: issuer === undefined ? undefined : textFrom(issuer),
    condition: field("attribute_condition"),
    mapping: field("attribute_mapping"),
    audiences: inner("allowed_audiences"),
  };
}

/** Adds the members of a `google_…_iam_member` or `_binding`, and the accounts that own the project. */
export function readBinding(
  type: string,
  block: HclBlock,
  name: string,
  field: (name: string) => Value | undefined,
  trust: Trust,
): void {
  if (!/^google_.*_iam_(?:member|binding)$/.test(type)) return;
  const members = [...itemsOf(field("member")), ...itemsOf(field("members"))];
  const role = textOf(field("role")) ?? "";
  const account = accountIn(attributeOf(block.body, "service_account_id")?.value);
  for (const member of members) {
    const value = textFrom(member);
    if (/^principal(?:Set)?:\/\//.test(value.text))
      trust.bindings.push({ name, member: value, role, account } satisfies GcpBinding);
    else if (
      type.startsWith("google_project_iam_") &&
      /^roles\/(?:owner|editor|iam\.serviceAccountTokenCreator)$/.test(role)
    ) {
      const found =
        /google_service_account\.([A-Za-z0-9_-]+)/.exec(value.why ?? "")?.[0] ??
        value.text.replace(/^serviceAccount:/, "");
      trust.powerful.set(found, role);
    }
  }
}

/** The address or e-mail of the service account that a binding is on. */
function accountIn(expression: Expression | undefined): string {
  if (expression === undefined) return "";
  const path = pathOf(expression);
  if (path?.[0] === "google_service_account") return path.slice(0, 2).join(".");
  const text =
    expression.kind === "template"
      ? expression.parts
          .map((part) => (part.kind === "text" ? part.text : (pathOf(part.of)?.slice(0, 2).join(".") ?? "")))
          .join("")
      : "";
  return /google_service_account\.[A-Za-z0-9_-]+/.exec(text)?.[0] ?? /[^/]+@[^/]+$/.exec(text)?.[0] ?? "";
}
