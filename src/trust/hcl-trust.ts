/** The trust statements of one Terraform module. */
import { evaluate, type Scope } from "./evaluate.ts";
import { awsModuleRole } from "./hcl-aws-module.ts";
import { azureCredential } from "./hcl-azure.ts";
import { gcpProvider, readBinding } from "./hcl-gcp.ts";
import { type HclModule, instancesOf } from "./hcl-module.ts";
import { permissionsOf } from "./hcl-permissions.ts";
import { documentOf } from "./hcl-policy-document.ts";
import { attributeOf, type HclBlock } from "./hcl-read.ts";
import { backendOf, fieldsOf } from "./hcl-vault.ts";
import { documentFrom } from "./policy-value.ts";
import { emptyTrust, type Trust } from "./trust-found.ts";
import { hole, textOf, type Value } from "./value.ts";

/** Reads every resource that says whom to trust. */
export function trustOfModule(module: HclModule): Trust {
  const trust = emptyTrust();
  const used = new Set<Value>();
  const clientIds = clientIdCount(module, trust);
  for (const block of module.blocks) {
    if (block.type === "module" && !module.followed.has(block)) {
      for (const role of awsModuleRole(block, module.scope)) trust.roles.push({ ...role, clientIds });
    }
    if (block.type !== "resource") continue;
    for (const { scope, key } of instancesOf(block.body, module.scope))
      readResource(block, scope, key, module, trust, used, clientIds);
  }
  // Documents that no role of this module uses may be used by another.
  for (const [name, block] of module.documents) {
    const document =
      module.scope.reference(["data", "aws_iam_policy_document", name, "json"], block.span)?.value ??
      documentOf(block, module.scope);
    if (used.has(document)) continue;
    for (const { scope, key } of instancesOf(block.body, module.scope)) {
      const copy = key === undefined ? document : documentOf(block, scope);
      const address = `data.aws_iam_policy_document.${name}${key === undefined ? "" : `["${key}"]`}`;
      trust.roles.push({
        name: address,
        identifiers: [],
        document: copy,
        span: block.span,
        writes: "unknown",
        clientIds,
      });
    }
  }
  return trust;
}

function readResource(
  block: HclBlock,
  scope: Scope,
  key: string | undefined,
  module: HclModule,
  trust: Trust,
  used: Set<Value>,
  clientIds: number | undefined,
): void {
  const [type, label] = block.labels;
  const name = `${type}.${label}${key === undefined ? "" : `["${key}"]`}`;
  const field = (attribute: string): Value | undefined => {
    const found = attributeOf(block.body, attribute);
    return found === undefined ? undefined : evaluate(found.value, scope);
  };
  switch (type) {
    case "aws_iam_role": {
      const written = field("assume_role_policy");
      if (written === undefined) return;
      used.add(written);
      const role = textOf(field("name"));
      trust.roles.push({
        name,
        identifiers: [role ?? "", `${label}`].filter((text) => text !== "" && !text.includes(hole)),
        document: documentFrom(written),
        span: block.headSpan,
        clientIds,
        ...permissionsOf(block, name, role, scope, module),
      });
      return;
    }
    case "google_iam_workload_identity_pool_provider":
    case "google_iam_workload_identity_pool_provider_beta":
      trust.providers.push(gcpProvider(block, name, scope, field));
      return;
    case "azuread_application_federated_identity_credential":
    case "azuread_application_flexible_federated_identity_credential":
    case "azurerm_federated_identity_credential":
      trust.credentials.push(azureCredential(block, name, field, module));
      return;
    case "vault_jwt_auth_backend_role":
      trust.vaultRoles.push({
        name,
        span: block.headSpan,
        fields: fieldsOf(block.body, scope, block.span),
        identifiers: [textOf(field("role_name")) ?? ""],
        ...backendOf(block, module),
      });
      return;
    default:
      readBinding(type ?? "", block, name, field, trust);
  }
}

function clientIdCount(module: HclModule, trust: Trust): number | undefined {
  let count: number | undefined;
  for (const block of module.blocks) {
    if (block.type !== "resource" || block.labels[0] !== "aws_iam_openid_connect_provider") continue;
    const url = attributeOf(block.body, "url");
    const text = url === undefined ? undefined : textOf(evaluate(url.value, module.scope));
    if (text?.includes("githubusercontent.com") !== true) continue;
    const ids = attributeOf(block.body, "client_id_list");
    const list = ids === undefined ? undefined : evaluate(ids.value, module.scope);
    if (list?.kind === "list") count = list.items.length;
    const prints = attributeOf(block.body, "thumbprint_list");
    const pinned = prints === undefined ? undefined : evaluate(prints.value, module.scope);
    if (prints !== undefined && !(pinned?.kind === "list" && pinned.items.length === 0))
      trust.thumbprints.push({ span: prints.value.span, name: block.labels.join(".") });
  }
  return count;
}
