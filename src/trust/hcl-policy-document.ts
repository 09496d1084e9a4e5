import { boundScope, evaluate, pairsOf, type Scope } from "./evaluate.ts";
import { attributeOf, type HclBlock, type HclBody } from "./hcl-read.ts";
import { readJsonText } from "./json-read.ts";
import type { Span } from "./source.ts";
import { hole, itemsOf, type MapEntry, type MapValue, textOf, unknownValue, type Value, valueAt } from "./value.ts";

const documentLimit = 20;

/** The document. Documents made of each other end at the module, which reads each only once. */
export function documentOf(block: HclBlock, scope: Scope): MapValue {
  const statements: Value[] = [];
  for (const { body, scope: inner } of expanded(block.body, "statement", scope)) {
    statements.push(
      body === undefined
        ? unknownValue("the statements of a dynamic block are not known", block.headSpan)
        : statementOf(body, inner, block.span),
    );
  }
  for (const name of ["source_json", "override_json", "source_policy_documents", "override_policy_documents"]) {
    const attribute = attributeOf(block.body, name);
    if (attribute === undefined) continue;
    for (const item of itemsOf(evaluate(attribute.value, scope)).slice(0, documentLimit))
      statements.push(...statementsIn(item));
  }
  return mapValue([["Statement", { kind: "list", items: statements, span: block.span }]], block.span);
}

function statementsIn(value: Value): Value[] {
  const document =
    value.kind === "text"
      ? (readJsonText(value) ?? unknownValue("a merged document cannot be read", value.span))
      : value;
  if (document.kind === "map") return itemsOf(valueAt(document, "Statement"));
  return [unknownValue(document.kind === "unknown" ? document.why : "a merged document is not known", document.span)];
}

function mapValue(entries: [string, Value][], span: Span): MapValue {
  return { kind: "map", entries: entries.map(([key, value]) => ({ key, keySpan: value.span, value })), span };
}

/** The blocks of a type, those of `dynamic` blocks written out; an undefined body for one that is not known. */
export function expanded(
  body: HclBody,
  type: string,
  scope: Scope,
): { body: HclBody | undefined; scope: Scope; span: Span }[] {
  const found: { body: HclBody | undefined; scope: Scope; span: Span }[] = [];
  for (const block of body.blocks) {
    if (block.type === type) found.push({ body: block.body, scope, span: block.span });
    if (block.type !== "dynamic" || block.labels[0] !== type) continue;
    const each = attributeOf(block.body, "for_each");
    const content = block.body.blocks.find((inner) => inner.type === "content");
    const over = each === undefined ? undefined : evaluate(each.value, scope);
    const pairs = over === undefined ? undefined : pairsOf(over);
    if (pairs === undefined || content === undefined || pairs.length > 100) {
      found.push({ body: undefined, scope, span: block.span });
      continue;
    }
    const iterator = attributeOf(block.body, "iterator")?.value;
    const name = iterator?.kind === "name" ? iterator.name : type;
    for (const [key, value] of pairs) {
      const bound = mapValue(
        [
          ["key", over!.kind === "list" ? value : key],
          ["value", value],
        ],
        value.span,
      );
      found.push({ body: content.body, scope: boundScope(scope, new Map([[name, bound]])), span: block.span });
    }
  }
  return found;
}

function statementOf(body: HclBody, scope: Scope, fallback: Span): Value {
  const entries: MapEntry[] = [];
  const add = (key: string, value: Value, keySpan: Span): void => {
    entries.push({ key, keySpan, value });
  };
  for (const [name, key] of [
    ["effect", "Effect"],
    ["actions", "Action"],
    ["not_actions", "NotAction"],
    ["resources", "Resource"],
    ["sid", "Sid"],
  ] as const) {
    const attribute = attributeOf(body, name);
    if (attribute !== undefined) add(key, evaluate(attribute.value, scope), attribute.nameSpan);
  }
  const principals = principalsOf(expanded(body, "principals", scope));
  if (principals !== undefined) add("Principal", principals, principals.span);
  const not = expanded(body, "not_principals", scope)[0];
  if (not !== undefined) add("NotPrincipal", unknownValue("NotPrincipal is not evaluated", not.span), not.span);
  const condition = conditionOf(expanded(body, "condition", scope));
  if (condition !== undefined) add("Condition", condition, condition.span);
  const first = body.attributes[0]?.nameSpan ?? body.blocks[0]?.span ?? fallback;
  const end = Math.max(
    first.end,
    ...body.attributes.map(({ value }) => value.span.end),
    ...body.blocks.map(({ span }) => span.end),
  );
  const start = Math.min(
    first.start,
    ...body.attributes.map(({ nameSpan }) => nameSpan.start),
    ...body.blocks.map(({ span }) => span.start),
  );
  return { kind: "map", entries, span: { source: first.source, start, end } };
}

function principalsOf(blocks: readonly { body: HclBody | undefined; scope: Scope; span: Span }[]): Value | undefined {
  if (blocks.length === 0) return undefined;
  const entries: MapEntry[] = [];
  for (const { body, scope, span } of blocks) {
    const type = body === undefined ? undefined : attributeOf(body, "type");
    const identifiers = body === undefined ? undefined : attributeOf(body, "identifiers");
    if (type === undefined || identifiers === undefined) return unknownValue("the principals are not known", span);
    const key = textOf(evaluate(type.value, scope));
    entries.push({ key: key ?? "Federated", keySpan: type.value.span, value: evaluate(identifiers.value, scope) });
  }
  return { kind: "map", entries, span: blocks[0]!.span };
}

/** Conditions with the same test and key are one condition with all their values. */
function conditionOf(blocks: readonly { body: HclBody | undefined; scope: Scope; span: Span }[]): Value | undefined {
  if (blocks.length === 0) return undefined;
  const operators = new Map<string, { span: Span; keys: Map<string, MapEntry> }>();
  for (const { body, scope, span } of blocks) {
    const part = (name: string): Value | undefined => {
      const attribute = body === undefined ? undefined : attributeOf(body, name);
      return attribute === undefined ? undefined : evaluate(attribute.value, scope);
    };
    const test = textOf(part("test"));
    const variable = part("variable");
    const values = part("values");
    if (test === undefined || variable === undefined || values === undefined)
      return unknownValue("a condition is not known", span);
    const operator = operators.get(test) ?? { span, keys: new Map<string, MapEntry>() };
    operators.set(test, operator);
    const key = textOf(variable) ?? hole;
    const present = operator.keys.get(key);
    if (present === undefined) operator.keys.set(key, { key, keySpan: variable.span, value: values });
    else
      present.value = {
        kind: "list",
        items: [...itemsOf(present.value), ...itemsOf(values)],
        span: present.value.span,
      };
  }
  const entries: MapEntry[] = [...operators].map(([key, { span, keys }]) => ({
    key,
    keySpan: span,
    value: { kind: "map", entries: [...keys.values()], span },
  }));
  return { kind: "map", entries, span: blocks[0]!.span };
}
