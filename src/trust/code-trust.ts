/** Trust statements in CDK and Pulumi programs: principals with conditions, policies written as objects, arguments of resources. */
import {
  lastName,
  mapEntry,
  nameBefore,
  principals,
  principalTrust,
  principalWith,
  statementTrust,
  trustDocument,
} from "./code-principal.ts";
import { readCode } from "./code-read.ts";
import { discoverTrust } from "./discover.ts";
import { evaluate, type Scope } from "./evaluate.ts";
import { type Argument, type Expression, literalOf } from "./expression.ts";
import type { Source, Span } from "./source.ts";
import { addTrust, countOf, emptyTrust, type Trust } from "./trust-found.ts";
import {
  entryOf,
  hole,
  itemsOf,
  type MapEntry,
  type MapValue,
  textOf,
  textOrHole,
  unknownValue,
  type Value,
} from "./value.ts";

export function trustOfCode(source: Source, dialect: "typescript" | "python"): Trust {
  const { nodes, scope } = readCode(source, dialect);
  const trust = emptyTrust();
  const seen: Span[] = [];
  // Outermost first: what lies inside something that was read is not read again.
  for (const node of [...nodes].reverse()) {
    if (seen.some((span) => span.start <= node.span.start && node.span.end <= span.end)) continue;
    const found =
      node.kind === "call" ? trustOfCall(node, scope) : node.kind === "object" ? trustOfObject(node, scope) : undefined;
    if (found === undefined || countOf(found) === 0) continue;
    addTrust(trust, found);
    seen.push(node.span);
  }
  return trust;
}

function trustOfObject(node: Expression & { kind: "object" }, scope: Scope): Trust | undefined {
  if (!node.entries.some((entry) => "key" in entry && interesting.test(literalOf(entry.key) ?? ""))) return undefined;
  return discoverTrust(evaluate(node, scope), nameBefore(node.span));
}

/** Keys by which `discoverTrust` knows a document. */
const interesting =
  /^(?:Statement|assumeRolePolicy|AssumeRolePolicyDocument|attributeCondition|attributeMapping|issuer|boundClaims|boundSubject|bound_claims|bound_subject|member|members)$/;

function trustOfCall(node: Expression & { kind: "call" }, scope: Scope): Trust | undefined {
  const name = lastName(node);
  const positional = node.args.filter((argument) => argument.name === undefined);
  const named = (...names: string[]): Expression | undefined =>
    node.args.find((argument) => argument.name !== undefined && names.includes(argument.name))?.value;
  switch (name) {
    case "WebIdentityPrincipal":
    case "FederatedPrincipal":
    case "OpenIdConnectPrincipal":
      return principalTrust(node, name, positional, named("conditions") ?? positional[1]?.value, scope);
    case "Role":
      return roleTrust(node, positional, scope);
    case "PolicyStatement":
      return statementTrust(node, scope);
    case "withConditions":
    case "with_conditions":
      return node.of?.kind === "call" && principals.has(lastName(node.of))
        ? principalWith(node.of, node, positional[0]?.value, scope)
        : undefined;
    case "getPolicyDocument":
    case "getPolicyDocumentOutput":
    case "get_policy_document":
    case "get_policy_document_output":
      return documentTrust(node, positional[0]?.value, named("statements"), scope);
    default:
      return resourceTrust(node, positional, scope);
  }
}

/** `new iam.Role(this, "Deploy", { assumedBy: new iam.WebIdentityPrincipal(…), managedPolicies: […] })`; in Python by named arguments. */
function roleTrust(
  node: Expression & { kind: "call" },
  positional: readonly Argument[],
  scope: Scope,
): Trust | undefined {
  const object = positional.find(({ value }) => value.kind === "object")?.value;
  const field = (...names: string[]): Expression | undefined => {
    const argument = node.args.find((one) => one.name !== undefined && names.includes(one.name))?.value;
    if (argument !== undefined || object?.kind !== "object") return argument;
    for (const one of object.entries) if ("key" in one && names.includes(literalOf(one.key) ?? "")) return one.value;
    return undefined;
  };
  const by = field("assumedBy", "assumed_by");
  if (by?.kind !== "call") return resourceTrust(node, positional, scope);
  const trust = trustOfCall(by, scope);
  const id = literalOf(field("roleName", "role_name")) ?? literalOf(positional[1]?.value);
  const admin = administratorIn(field("managedPolicies", "managed_policies"), 0);
  for (const role of trust?.roles ?? []) {
    if (id !== undefined) Object.assign(role, { name: id, identifiers: [id] });
    if (admin !== undefined)
      Object.assign(role, { admin: { what: "AdministratorAccess", span: admin }, writes: "yes" });
  }
  return trust;
}

/** Where a list of managed policies names the administrator's. */
function administratorIn(expression: Expression | undefined, depth: number): Span | undefined {
  if (expression === undefined || depth > 10) return undefined;
  if (literalOf(expression) === "AdministratorAccess") return expression.span;
  const parts =
    expression.kind === "list"
      ? expression.items
      : expression.kind === "call"
        ? expression.args.map(({ value }) => value)
        : [];
  for (const part of parts) {
    const found = administratorIn(part, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Pulumi's `getPolicyDocument({ statements: [{ actions, principals, conditions }] })`. */
function documentTrust(
  node: Expression & { kind: "call" },
  first: Expression | undefined,
  named: Expression | undefined,
  scope: Scope,
): Trust | undefined {
  const argument = first === undefined ? undefined : evaluate(first, scope);
  const statements = named !== undefined ? evaluate(named, scope) : entryOf(argument, "statements")?.value;
  if (statements === undefined) return undefined;
  const trust = emptyTrust();
  const read = itemsOf(statements).map((statement) => (statement.kind === "map" ? statementOf(statement) : statement));
  const about = read.some(
    (statement) =>
      statement.kind === "map" &&
      itemsOf(entryOf(statement, "Action")?.value).some((action) =>
        /AssumeRoleWithWebIdentity/i.test(textOf(action) ?? ""),
      ),
  );
  if (!about) return undefined;
  trust.roles.push({
    name: `policy document in ${nameBefore(node.span)}`,
    identifiers: [],
    document: trustDocument(read, node.span),
    span: node.span,
    writes: "unknown",
  });
  return trust;
}

function statementOf(statement: MapValue): Value {
  const { span } = statement;
  const entries: MapEntry[] = [];
  const copy = (from: string, to: string): void => {
    const found = entryOf(statement, from);
    if (found !== undefined) entries.push(mapEntry(to, found.value, found.keySpan));
  };
  copy("effect", "Effect");
  copy("actions", "Action");
  const principals = itemsOf(entryOf(statement, "principals")?.value).map((principal) =>
    mapEntry(
      textOf(entryOf(principal, "type")?.value) ?? "Federated",
      entryOf(principal, "identifiers")?.value ?? unknownValue("a principal is not known", principal.span),
      principal.span,
    ),
  );
  if (principals.length > 0) entries.push(mapEntry("Principal", { kind: "map", entries: principals, span }, span));
  const conditions = itemsOf(entryOf(statement, "conditions")?.value);
  if (conditions.length > 0) {
    const read = conditions.map((condition): MapEntry => {
      const variable = entryOf(condition, "variable")?.value;
      const inner = mapEntry(
        variable === undefined ? hole : (textOrHole(variable) ?? hole),
        entryOf(condition, "values")?.value ?? unknownValue("the values are not known", condition.span),
        variable?.span ?? condition.span,
      );
      return mapEntry(
        textOf(entryOf(condition, "test")?.value) ?? hole,
        { kind: "map", entries: [inner], span: condition.span },
        condition.span,
      );
    });
    entries.push(mapEntry("Condition", { kind: "map", entries: read, span }, span));
  }
  return { kind: "map", entries, span };
}

/** `new azuread.ApplicationFederatedIdentityCredential("x", { issuer, … })`; in Python the fields are named arguments. */
function resourceTrust(
  node: Expression & { kind: "call" },
  positional: readonly Argument[],
  scope: Scope,
): Trust | undefined {
  const fields = node.args.filter((argument) => argument.name !== undefined);
  if (
    !fields.some((argument) =>
      /^(?:assume_role_policy|issuer|attribute_condition|attribute_mapping|bound_claims|bound_subject|claims_matching_expression|member|members)$/.test(
        argument.name ?? "",
      ),
    )
  ) {
    const object = positional.find(({ value }) => value.kind === "object")?.value;
    return object?.kind === "object" &&
      /(?:Credential|Provider|Role|IAMMember|IAMBinding|IamMember|IamBinding)$/.test(node.name)
      ? named(trustOfObject(object, scope), positional)
      : undefined;
  }
  const value: MapValue = {
    kind: "map",
    span: node.span,
    entries: fields.map((argument) =>
      mapEntry(argument.name ?? "", evaluate(argument.value, scope), argument.value.span),
    ),
  };
  return named(discoverTrust(value, nameBefore(node.span)), positional);
}

/** Resources are called what their first argument says. */
function named(trust: Trust | undefined, positional: readonly Argument[]): Trust | undefined {
  const name = literalOf(positional[0]?.value);
  if (trust === undefined || name === undefined) return trust;
  for (const list of [trust.roles, trust.providers, trust.credentials, trust.vaultRoles, trust.bindings])
    for (const one of list) one.name = name;
  return trust;
}
