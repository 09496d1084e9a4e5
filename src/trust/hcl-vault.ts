/** Roles of Vault in Terraform, and the backend that they are of. */
import { evaluate, type Scope } from "./evaluate.ts";
import type { HclModule } from "./hcl-module.ts";
import { pointsAt } from "./hcl-permissions.ts";
import { attributeOf, type HclBlock, type HclBody } from "./hcl-read.ts";
import type { Span } from "./source.ts";
import { hole, type MapEntry, textOf, type Value } from "./value.ts";

/** Attributes of a block under the names that Vault itself uses. */
export function fieldsOf(body: HclBody, scope: Scope, span: Span): Value & { kind: "map" } {
  const entries: MapEntry[] = body.attributes.map(({ name, nameSpan, value }) => ({
    key: name,
    keySpan: nameSpan,
    value: evaluate(value, scope),
  }));
  return { kind: "map", entries, span };
}

/** The backend that a role refers to: its issuer, and whether it takes several. */
export function backendOf(block: HclBlock, module: HclModule): { issuer?: string; openBackend?: Span } {
  const expression = attributeOf(block.body, "backend")?.value;
  const backends = module.blocks.filter((one) => one.type === "resource" && one.labels[0] === "vault_jwt_auth_backend");
  const found = backends.find((one) => {
    const path = attributeOf(one.body, "path");
    return pointsAt(
      expression,
      one.labels.join("."),
      path === undefined ? undefined : textOf(evaluate(path.value, module.scope)),
      module.scope,
    );
  });
  if (found === undefined) return {};
  const text = (name: string): string | undefined => {
    const attribute = attributeOf(found.body, name);
    const value = attribute === undefined ? undefined : textOf(evaluate(attribute.value, module.scope));
    return value === "" || value?.includes(hole) ? undefined : value;
  };
  const issuer = text("bound_issuer") ?? text("oidc_discovery_url");
  // Keys given one by one have no discovery document that names the issuer.
  const open =
    attributeOf(found.body, "bound_issuer") === undefined &&
    attributeOf(found.body, "oidc_discovery_url") === undefined;
  return { ...(issuer === undefined ? {} : { issuer }), ...(open ? { openBackend: found.headSpan } : {}) };
}
