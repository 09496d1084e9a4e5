/** Principals of the CDK with their conditions. */
import { evaluate, type Scope } from "./evaluate.ts";
import { type Argument, type Expression, literalOf } from "./expression.ts";
import type { Span } from "./source.ts";
import { addTrust, emptyTrust, type Trust } from "./trust-found.ts";
import { hole, itemsOf, type MapEntry, type MapValue, textOf, textOrHole, textValue, type Value } from "./value.ts";

/** The name of the file, for what has no name of its own. */
export function nameBefore(span: Span): string {
  const { path } = span.source;
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The principals of the CDK that take conditions on a web identity. */
export const principals = new Set(["WebIdentityPrincipal", "FederatedPrincipal", "OpenIdConnectPrincipal"]);

/** The last name of a callee: `WebIdentityPrincipal` of `iam.WebIdentityPrincipal`. */
export function lastName(node: Expression & { kind: "call" }): string {
  return node.name.slice(node.name.lastIndexOf(".") + 1);
}

/** A principal with conditions from elsewhere: `principal.withConditions(…)`, a statement's own `conditions`. Both hold. */
export function principalWith(
  principal: Expression & { kind: "call" },
  whole: Expression,
  more: Expression | undefined,
  scope: Scope,
): Trust | undefined {
  const own =
    principal.args.find((argument) => argument.name === "conditions")?.value ??
    principal.args.filter((argument) => argument.name === undefined)[1]?.value;
  const entries = [own, more].flatMap((one) => (one === undefined ? [] : [{ spread: one }]));
  const both: Expression | undefined =
    entries.length === 0 ? undefined : { kind: "object", entries, span: (more ?? own)!.span };
  return principalTrust(
    { ...principal, span: whole.span },
    lastName(principal),
    principal.args.filter((argument) => argument.name === undefined),
    both,
    scope,
  );
}

/** `new iam.PolicyStatement({ principals: [new iam.FederatedPrincipal(…)], conditions: { … } })`. */
export function statementTrust(node: Expression & { kind: "call" }, scope: Scope): Trust | undefined {
  const object = node.args[0]?.value;
  const field = (name: string): Expression | undefined => {
    const argument = node.args.find((one) => one.name === name)?.value;
    if (argument !== undefined || object?.kind !== "object") return argument;
    for (const one of object.entries) if ("key" in one && literalOf(one.key) === name) return one.value;
    return undefined;
  };
  const list = field("principals");
  const trust = emptyTrust();
  if (list?.kind !== "list") return undefined;
  for (const item of list.items) {
    if (item.kind !== "call" || !principals.has(lastName(item))) continue;
    const found = principalWith(item, node, field("conditions"), scope);
    if (found !== undefined) addTrust(trust, found);
  }
  return trust;
}

const gitHub = "token.actions.githubusercontent.com";

/** `new iam.WebIdentityPrincipal(arn, { StringEquals: { … } })`. */
export function principalTrust(
  node: Expression & { kind: "call" },
  name: string,
  positional: readonly Argument[],
  written: Expression | undefined,
  scope: Scope,
): Trust | undefined {
  const trust = emptyTrust();
  const first = positional[0] === undefined ? undefined : evaluate(positional[0].value, scope);
  const conditions = written === undefined ? undefined : evaluate(written, scope);
  const action = positional[2] === undefined ? undefined : textOf(evaluate(positional[2].value, scope));
  if (name === "FederatedPrincipal" && action !== undefined && !/AssumeRoleWithWebIdentity$/i.test(action))
    return undefined;
  const arn = first === undefined ? undefined : textOrHole(first);
  const about =
    mentionsGitHub(conditions) || (arn ?? "").includes(gitHub) || providerIsGitHub(positional[0]?.value, scope);
  if (!about) return undefined;
  const { span } = node;
  const principal = textValue(
    arn !== undefined && !arn.includes(hole) ? arn : `oidc-provider/${gitHub}`,
    positional[0]?.value.span ?? span,
  );
  const entries: MapEntry[] = [
    mapEntry("Effect", textValue("Allow", span), span),
    mapEntry("Principal", { kind: "map", entries: [mapEntry("Federated", principal, span)], span }, span),
    mapEntry("Action", textValue("sts:AssumeRoleWithWebIdentity", span), span),
  ];
  if (conditions !== undefined) entries.push(mapEntry("Condition", conditions, conditions.span));
  trust.roles.push({
    name: `${name} in ${nameBefore(span)}`,
    identifiers: [],
    document: trustDocument([{ kind: "map", entries, span }], span),
    span,
    writes: "unknown",
  });
  return trust;
}

export function mapEntry(key: string, value: Value, keySpan: Span): MapEntry {
  return { key, keySpan, value };
}

export function trustDocument(statements: Value[], span: Span): MapValue {
  return { kind: "map", entries: [mapEntry("Statement", { kind: "list", items: statements, span }, span)], span };
}

function mentionsGitHub(conditions: Value | undefined): boolean {
  if (conditions?.kind !== "map") return false;
  return conditions.entries.some(
    ({ value }) =>
      value.kind === "map" &&
      value.entries.some(
        ({ key, value: inner }) =>
          key.includes("actions.githubusercontent.com") ||
          itemsOf(inner).some((item) => (textOf(item) ?? "").startsWith("repo:")),
      ),
  );
}

/** Whether the principal's first argument comes from a provider that the same file makes for GitHub. */
function providerIsGitHub(expression: Expression | undefined, scope: Scope): boolean {
  let at = expression;
  while (at?.kind === "member") at = at.of;
  if (at?.kind !== "name") return false;
  const made = scope.reference([at.name], at.span)?.value;
  // A resource is no value; the reason it is unknown names the call, and its source text names the issuer.
  return (
    made?.span.source.text.slice(made.span.start, Math.min(made.span.end, made.span.start + 2000)).includes(gitHub) ===
    true
  );
}
