/** Federated credentials of Entra in Terraform, with the roles and secrets of the same identity. */
import type { AzureCredential } from "./azure-audit.ts";
import { evaluate } from "./evaluate.ts";
import { type Expression, pathOf } from "./expression.ts";
import type { HclModule } from "./hcl-module.ts";
import { attributeOf, type HclBlock } from "./hcl-read.ts";
import { textFrom } from "./policy-value.ts";
import type { Span } from "./source.ts";
import { itemsOf, type TextValue, textOf, type Value } from "./value.ts";

export function azureCredential(
  block: HclBlock,
  name: string,
  field: (name: string) => Value | undefined,
  module: HclModule,
): AzureCredential {
  const text = (attribute: string): TextValue | undefined => {
    const value = field(attribute);
    return value === undefined ? undefined : textFrom(value);
  };
  const audiences = [field("audiences"), field("audience")].flatMap((value) => itemsOf(value)).map(textFrom);
  const identity = ["application_id", "application_object_id", "parent_id", "user_assigned_identity_id"]
    .map((attribute) => attributeOf(block.body, attribute)?.value)
    .find((value) => value !== undefined);
  const address = identity === undefined ? undefined : pathOf(identity)?.slice(0, 2).join(".");
  return {
    name,
    span: block.headSpan,
    issuer: text("issuer"),
    subject: text("subject"),
    expression: text("claims_matching_expression"),
    audiences,
    identifiers: [],
    ...azureRoles(address, module),
  };
}

const azureWriters = /^(?:Owner|Contributor|User Access Administrator|Role Based Access Control Administrator)$/;

/** Roles and client secrets of the same identity in the module. */
function azureRoles(
  address: string | undefined,
  module: HclModule,
): Pick<AzureCredential, "writes" | "admin" | "secret"> {
  let writes: AzureCredential["writes"] = "unknown";
  let admin: AzureCredential["admin"];
  let secret: Span | undefined;
  if (address === undefined) return { writes, admin, secret };
  // A service principal stands for its application.
  const addresses = new Set([address]);
  for (const block of module.blocks) {
    if (block.labels[0] !== "azuread_service_principal") continue;
    const of = attributeOf(block.body, "client_id") ?? attributeOf(block.body, "application_id");
    const path = of === undefined ? undefined : pathOf(of.value);
    if (path !== undefined && addresses.has(path.slice(0, 2).join("."))) addresses.add(block.labels.join("."));
  }
  const isOurs = (expression: Expression | undefined): boolean => {
    const path = expression === undefined ? undefined : pathOf(expression);
    return path !== undefined && addresses.has(path.slice(0, 2).join("."));
  };
  for (const block of module.blocks) {
    if (block.type !== "resource") continue;
    const [type] = block.labels;
    if (type === "azurerm_role_assignment" && isOurs(attributeOf(block.body, "principal_id")?.value)) {
      const role = attributeOf(block.body, "role_definition_name");
      const roleName = role === undefined ? undefined : textOf(evaluate(role.value, module.scope));
      if (role === undefined || roleName === undefined) continue;
      if (azureWriters.test(roleName)) writes = "yes";
      else if (writes === "unknown" && /Reader$/.test(roleName)) writes = "no";
      const scope = attributeOf(block.body, "scope");
      const path = scope === undefined ? undefined : pathOf(scope.value)?.join(".");
      const literal = scope === undefined ? undefined : textOf(evaluate(scope.value, module.scope));
      const wide =
        /subscription|management_group/.test(path ?? "") ||
        /^\/(?:subscriptions\/[^/]+\/?$|providers\/Microsoft\.Management)/.test(literal ?? "");
      if (wide && azureWriters.test(roleName)) admin = { what: roleName, span: role.value.span };
    }
    if (
      (type === "azuread_application_password" ||
        type === "azuread_application_certificate" ||
        type === "azuread_service_principal_password") &&
      ["application_id", "application_object_id", "service_principal_id"].some((attribute) =>
        isOurs(attributeOf(block.body, attribute)?.value),
      )
    )
      secret = block.headSpan;
  }
  return { writes, admin, secret };
}
