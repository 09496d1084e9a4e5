/** Statements of an IAM trust policy. Source: IAM User Guide, "IAM JSON policy elements reference". */
import { iamGlob, matchGlob } from "./glob.ts";
import { claimOfKey, type IamCondition, readCondition, readValues } from "./iam-condition.ts";
import { issuerKind, looksLikeGitHub } from "./issuer.ts";
import type { Span } from "./source.ts";
import { entryOf, hole, itemsOf, type TextValue, textOf, type Value, valueAt } from "./value.ts";

export type AwsStatement = {
  span: Span;
  effect: "allow" | "deny" | "unknown";
  federated: TextValue[];
  /** `Principal: "*"`, or `AWS: "*"`. */
  anyone: Span | undefined;
  /** Values under `AWS`. */
  accounts: TextValue[];
  actions: TextValue[];
  condition: IamCondition;
  /** A part that this reader does not judge (`NotPrincipal`, `NotAction`) or that is not known. */
  unread: { why: string; span: Span } | undefined;
};

/** The statements of a document; a document or statement that is not known is given as `unread`. */
export function readStatements(document: Value): AwsStatement[] {
  return itemsOf(valueAt(document, "Statement")).map(readStatement);
}

function readStatement(value: Value): AwsStatement {
  const statement: AwsStatement = {
    span: value.span,
    effect: "unknown",
    federated: [],
    anyone: undefined,
    accounts: [],
    actions: [],
    condition: { tests: [], unread: [] },
    unread: undefined,
  };
  if (value.kind !== "map") {
    statement.unread = { why: value.kind === "unknown" ? value.why : "the statement is no object", span: value.span };
    return statement;
  }
  const effect = textOf(valueAt(value, "Effect"))?.toLowerCase();
  // Terraform's data source and CDK leave the effect out where it is Allow.
  if (effect === undefined || effect === "allow" || effect === "deny")
    statement.effect = effect === "deny" ? "deny" : "allow";
  readPrincipal(valueAt(value, "Principal"), statement);
  statement.actions = readActions(value, statement);
  statement.condition = readCondition(valueAt(value, "Condition"));
  const notPrincipal = entryOf(value, "NotPrincipal");
  if (notPrincipal) statement.unread = { why: "NotPrincipal is not evaluated", span: notPrincipal.keySpan };
  return statement;
}

function readActions(value: Value, statement: AwsStatement): TextValue[] {
  const action = valueAt(value, "Action");
  if (action !== undefined) return readValues(action);
  const notAction = entryOf(value, "NotAction");
  if (notAction) statement.unread = { why: "NotAction is not evaluated", span: notAction.keySpan };
  return [];
}

function readPrincipal(principal: Value | undefined, statement: AwsStatement): void {
  if (principal === undefined) return;
  if (principal.kind === "unknown") {
    statement.federated.push(...readValues(principal));
    return;
  }
  if (principal.kind === "text") {
    if (principal.text === "*") statement.anyone = principal.span;
    else if (principal.text.includes(hole)) statement.federated.push(principal);
    return;
  }
  if (principal.kind !== "map") return;
  for (const { key, value } of principal.entries) {
    if (key === "Federated") statement.federated.push(...readValues(value));
    else if (key === "AWS") statement.accounts.push(...readValues(value));
    else if (key === "*") statement.anyone = value.span;
  }
  const star = statement.accounts.find(({ text }) => text === "*");
  if (star) statement.anyone = star.span;
}

/** Whether a statement is about an action. Action names have no letter case; holes count as maybe. */
export function hasAction(statement: AwsStatement, action: string): boolean {
  return statement.actions.some(({ text }) => matchGlob(text.toLowerCase(), action.toLowerCase(), iamGlob) !== "no");
}

/** The issuer (host and path) after `oidc-provider/` of a principal, or the principal itself where it is one. */
export function issuerOfPrincipal(text: string): string | undefined {
  const at = text.indexOf("oidc-provider/");
  if (at >= 0) {
    const path = text.slice(at + "oidc-provider/".length);
    return path.includes(hole) && !looksLikeGitHub(path) ? undefined : path;
  }
  return looksLikeGitHub(text) ? text.replace(/^https?:\/\//i, "") : undefined;
}

/** The principals of a statement by what they are. */
export type PrincipalKinds = {
  github: { value: TextValue; issuer: string }[];
  /** Known to be of another provider. */
  other: TextValue[];
  /** Not known, with nothing that says it is another's. */
  open: TextValue[];
  star: TextValue | undefined;
};

export function principalKinds(statement: AwsStatement): PrincipalKinds {
  const kinds: PrincipalKinds = { github: [], other: [], open: [], star: undefined };
  for (const value of statement.federated) {
    const issuer = issuerOfPrincipal(value.text);
    if (value.text === "*") kinds.star = value;
    else if (issuer !== undefined && issuerKind(issuer) !== undefined) kinds.github.push({ value, issuer });
    else if (value.text.includes(hole)) kinds.open.push(value);
    else kinds.other.push(value);
  }
  return kinds;
}

/** The issuer that the condition keys or the subjects of a statement speak of, where the principal does not say. */
export function issuerOfCondition(condition: IamCondition): string | undefined {
  for (const { key } of condition.tests) {
    const colon = key.lastIndexOf(":");
    const prefix = colon < 0 ? "" : key.slice(0, colon).replace(/^https:\/\//i, "");
    if (issuerKind(prefix) !== undefined) return prefix.toLowerCase();
  }
  return undefined;
}

/** Whether a condition tests a subject that only GitHub gives, under a key whose issuer is not known. */
export function speaksOfRepositories(condition: IamCondition): boolean {
  return condition.tests.some(
    ({ key, values }) =>
      key.includes(hole) && /:sub$/i.test(key) && values.some(({ text }) => text.startsWith("repo:")),
  );
}

/** Keys whose issuer is not known read as keys of the given one: `${hole}:sub` is `issuer:sub`. */
export function withKnownKeys(condition: IamCondition, issuer: string): IamCondition {
  return {
    ...condition,
    tests: condition.tests.map((test) => {
      const colon = test.key.lastIndexOf(":");
      const prefix = colon < 0 ? "" : test.key.slice(0, colon);
      if (prefix !== hole || claimOfKey(test.key, issuer) !== undefined) return test;
      return { ...test, key: `${issuer}${test.key.slice(colon)}` };
    }),
  };
}
