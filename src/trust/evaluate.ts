/** Evaluates expressions to values. What cannot be worked out becomes unknown, with the reason; nothing is run. */
import { type Argument, type Expression, type ObjectEntry, pathOf } from "./expression.ts";
import type { Span } from "./source.ts";
import { formatted, joined } from "./text-value.ts";
import {
  hole,
  type ListValue,
  type MapEntry,
  type Origin,
  textOf,
  textOrHole,
  textValue,
  unknownValue,
  type Value,
} from "./value.ts";

/** Where names get their values, and what functions do. */
export type Scope = {
  /** The value of the longest known start of a path and how many of its names that took; undefined for an unknown one. */
  reference(path: readonly string[], span: Span): { value: Value; used: number } | undefined;
  /** The value of a call; undefined for a function that is not known. `lazy` gives an argument's expression. */
  call(name: string, args: Value[], span: Span, lazy: readonly Argument[]): Value | undefined;
  budget: EvaluationBudget;
};

/** Work that one module may cost. */
export type EvaluationBudget = { steps: number; depth: number };

/** The budget of one module or file. */
export function newBudget(): EvaluationBudget {
  return { steps: 200_000, depth: 0 };
}

/** Longest text that is put together, in UTF-16 units, and longest list. */
export const textLimit = 100_000;

const listLimit = 5_000;

const depthLimit = 200;

/** The value of an expression. Stops at the scope's budget with an unknown value; never throws. */
export function evaluate(expression: Expression, scope: Scope): Value {
  const { budget } = scope;
  if (--budget.steps < 0 || budget.depth >= depthLimit) return unknownValue("too much to work out", expression.span);
  budget.depth++;
  try {
    return evaluateNode(expression, scope);
  } finally {
    budget.depth--;
  }
}

function evaluateNode(expression: Expression, scope: Scope): Value {
  const { span } = expression;
  switch (expression.kind) {
    case "plain":
      return { kind: "plain", value: expression.value, span };
    case "template":
      return templateValue(expression, scope);
    case "list":
      return listValue(expression.items, span, scope);
    case "object":
      return objectValue(expression.entries, span, scope);
    case "name":
    case "member":
    case "index":
      return referenceValue(expression, scope);
    case "call": {
      const args = expression.args.flatMap(({ value }) =>
        value.kind === "spread" ? spreadItems(evaluate(value.of, scope)) : [evaluate(value, scope)],
      );
      return (
        scope.call(expression.name, args, span, expression.args) ??
        methodValue(expression, args, scope) ??
        unknownValue(`the function ${expression.name} is not known`, span)
      );
    }
    case "choice": {
      const test = evaluate(expression.test, scope);
      if (test.kind === "plain" && typeof test.value === "boolean")
        return evaluate(test.value ? expression.whenTrue : expression.otherwise, scope);
      return unknownValue("the condition of a choice is not known", span);
    }
    case "binary":
      return binaryValue(expression, scope);
    case "not": {
      const value = evaluate(expression.of, scope);
      return value.kind === "plain" && typeof value.value === "boolean"
        ? { kind: "plain", value: !value.value, span }
        : unknownValue("a condition is not known", span);
    }
    case "for":
      return forValue(expression, scope);
    case "spread":
      return unknownValue("a spread outside a list", span);
    case "lambda":
      return evaluate(expression.body, scope);
    case "unknown":
      return unknownValue(expression.why, span);
  }
}

function spreadItems(value: Value): Value[] {
  return value.kind === "list" ? value.items : [unknownValue("a list of arguments is not known", value.span)];
}

function templateValue(expression: Expression & { kind: "template" }, scope: Scope): Value {
  const { parts, span } = expression;
  // One computed part alone keeps its type, as Terraform's "${x}" does.
  const only = parts[0];
  if (parts.length === 1 && only?.kind === "expression") {
    const value = evaluate(only.of, scope);
    return value.kind === "plain"
      ? textValue(textOf(value) ?? "", span)
      : value.kind === "text" && value.origins === undefined
        ? { ...value, span }
        : value;
  }
  let text = "";
  let why: string | undefined;
  const origins: Origin[] = [];
  let literal = true;
  for (const part of parts) {
    if (part.kind === "text") {
      for (const { text: at, source } of part.origins) origins.push({ text: text.length + at, source });
      text += part.text;
      continue;
    }
    literal = false;
    const value = evaluate(part.of, scope);
    const piece = textOrHole(value);
    if (piece === undefined || text.length + piece.length > textLimit) {
      text += hole;
      why ??= piece === undefined ? "a list or an object stands in a text" : "the text is too long";
    } else {
      text += piece;
      why ??= value.kind === "unknown" || value.kind === "text" ? value.why : undefined;
    }
  }
  if (text.length > textLimit) return unknownValue("the text is too long", span);
  const result = textValue(text, span, why);
  return literal ? { ...result, origins } : result;
}

function listValue(items: readonly Expression[], span: Span, scope: Scope): Value {
  const values: Value[] = [];
  for (const item of items) {
    if (item.kind === "spread") {
      const value = evaluate(item.of, scope);
      if (value.kind === "list") values.push(...value.items.slice(0, listLimit));
      else values.push(unknownValue("a spread list is not known", item.span));
    } else values.push(evaluate(item, scope));
    if (values.length > listLimit) return unknownValue("the list is too long", span);
  }
  return { kind: "list", items: values, span };
}

function objectValue(written: readonly ObjectEntry[], span: Span, scope: Scope): Value {
  const entries: MapEntry[] = [];
  for (const entry of written) {
    if ("spread" in entry) {
      const value = evaluate(entry.spread, scope);
      if (value.kind !== "map") return unknownValue("a part of the object is not known", entry.spread.span);
      entries.push(...value.entries.slice(0, listLimit));
      continue;
    }
    const key = evaluate(entry.key, scope);
    entries.push({ key: textOrHole(key) ?? hole, keySpan: entry.key.span, value: evaluate(entry.value, scope) });
    if (entries.length > listLimit) return unknownValue("the object is too large", span);
  }
  return { kind: "map", entries, span };
}

function referenceValue(expression: Expression, scope: Scope): Value {
  const { span } = expression;
  const path = pathOf(expression, true);
  if (path !== undefined)
    return pathValue(path, span, scope) ?? unknownValue(`${path.join(".")} is not known here`, span);
  if (expression.kind !== "member" && expression.kind !== "index") return unknownValue("a value is not known", span);
  const of = evaluate(expression.of, scope);
  if (of.kind === "unknown") {
    // `aws_x.y[0].arn`: copies of a resource differ in nothing that is known.
    const loose = pathOf(expression);
    return (loose === undefined ? undefined : pathValue(loose, span, scope)) ?? unknownValue(of.why, span);
  }
  if (expression.kind === "member") return followed(of, [expression.name], span);
  const index = evaluate(expression.index, scope);
  if (of.kind === "list" && index.kind === "plain" && typeof index.value === "number") {
    return of.items[index.value] ?? unknownValue("an item that is not there", span);
  }
  const key = textOf(index);
  return key === undefined || key.includes(hole)
    ? unknownValue("an index is not known", span)
    : followed(of, [key], span);
}

function pathValue(path: readonly string[], span: Span, scope: Scope): Value | undefined {
  const found = scope.reference(path, span);
  return found === undefined ? undefined : followed(found.value, path.slice(found.used), span);
}

/** The value under a chain of names. Where indices are left out of a path, a list stands for its one item. */
function followed(value: Value, names: readonly string[], span: Span): Value {
  let at = value;
  for (const name of names) {
    if (at.kind === "list" && at.items.length === 1) at = at.items[0]!;
    if (at.kind === "unknown") return unknownValue(at.why, span);
    if (at.kind !== "map") return unknownValue(`${name} is not known here`, span);
    const entry = at.entries.findLast(({ key }) => key === name);
    if (entry === undefined) return unknownValue(`there is no ${name}`, span);
    at = entry.value;
  }
  return at;
}

function binaryValue(expression: Expression & { kind: "binary" }, scope: Scope): Value {
  const { operator, span } = expression;
  const left = evaluate(expression.left, scope);
  const truth = (value: boolean): Value => ({ kind: "plain", value, span });
  if (operator === "||" || operator === "&&" || operator === "??" || operator === "or" || operator === "and") {
    if (operator === "??")
      return left.kind === "plain" && left.value === null ? evaluate(expression.right, scope) : left;
    const decides = operator === "||" || operator === "or";
    if (left.kind === "plain" && left.value === decides) return left;
    const right = evaluate(expression.right, scope);
    if (left.kind === "plain" && typeof left.value === "boolean") return right;
    return right.kind === "plain" && right.value === decides && left.kind === "plain"
      ? right
      : unknownValue("a condition is not known", span);
  }
  const right = evaluate(expression.right, scope);
  if (operator === "+") return plusValue(left, right, span);
  const a = textOf(left);
  const b = textOf(right);
  if (a === undefined || b === undefined || a.includes(hole) || b.includes(hole))
    return unknownValue("a comparison is not known", span);
  if (operator === "==") return truth(a === b);
  if (operator === "!=") return truth(a !== b);
  return unknownValue(`the operator ${operator} is not worked out`, span);
}

function plusValue(left: Value, right: Value, span: Span): Value {
  if (left.kind === "list" && right.kind === "list")
    return { kind: "list", items: [...left.items, ...right.items].slice(0, listLimit), span };
  if (
    left.kind === "plain" &&
    right.kind === "plain" &&
    typeof left.value === "number" &&
    typeof right.value === "number"
  )
    return { kind: "plain", value: left.value + right.value, span };
  const a = textOrHole(left);
  const b = textOrHole(right);
  if (a === undefined || b === undefined || a.length + b.length > textLimit)
    return unknownValue("a sum is not known", span);
  const whyLeft = left.kind === "unknown" || left.kind === "text" ? left.why : undefined;
  const whyRight = right.kind === "unknown" || right.kind === "text" ? right.why : undefined;
  return textValue(a + b, span, whyLeft ?? whyRight);
}

function forValue(expression: Expression & { kind: "for" }, scope: Scope): Value {
  const over = evaluate(expression.over, scope);
  const pairs = pairsOf(over);
  if (pairs === undefined)
    return unknownValue(over.kind === "unknown" ? over.why : "a for expression over what is no list", expression.span);
  const items: Value[] = [];
  const entries: MapEntry[] = [];
  for (const [key, value] of pairs.slice(0, listLimit)) {
    const bound = new Map<string, Value>();
    const [first, second] = expression.names;
    if (second === undefined) bound.set(first ?? "", value);
    else bound.set(first!, key).set(second, value);
    const inner = boundScope(scope, bound);
    if (expression.test !== undefined) {
      const test = evaluate(expression.test, inner);
      if (test.kind !== "plain" || typeof test.value !== "boolean")
        return unknownValue("the condition of a for expression is not known", expression.span);
      if (!test.value) continue;
    }
    if (expression.key === undefined) items.push(evaluate(expression.value, inner));
    else
      entries.push({
        key: textOrHole(evaluate(expression.key, inner)) ?? hole,
        keySpan: expression.key.span,
        value: evaluate(expression.value, inner),
      });
  }
  return expression.key === undefined
    ? ({ kind: "list", items, span: expression.span } satisfies ListValue)
    : { kind: "map", entries, span: expression.span };
}

/** What a for expression or `for_each` goes through: index or key, and value. */
export function pairsOf(value: Value): [Value, Value][] | undefined {
  if (value.kind === "list")
    return value.items.map((item, index) => [{ kind: "plain", value: index, span: item.span }, item]);
  if (value.kind === "map") return value.entries.map((entry) => [textValue(entry.key, entry.keySpan), entry.value]);
  return undefined;
}

/** A scope in which some names have values of their own. */
export function boundScope(scope: Scope, bound: ReadonlyMap<string, Value>): Scope {
  return {
    ...scope,
    reference: (path, span) => {
      const value = bound.get(path[0]!);
      return value === undefined ? scope.reference(path, span) : { value, used: 1 };
    },
  };
}

/** Methods of texts and lists that code calls on a value. */
function methodValue(expression: Expression & { kind: "call" }, args: Value[], scope: Scope): Value | undefined {
  if (expression.of === undefined) return undefined;
  const method = expression.name.slice(expression.name.lastIndexOf(".") + 1);
  const { span } = expression;
  if (method === "apply" || method === "map") {
    // What a function makes of a value that is known only later: its body, with the parameter unknown.
    const body = expression.args[0]?.value;
    return method === "apply" && body !== undefined ? evaluate(body, scope) : undefined;
  }
  if (!["replace", "toLowerCase", "lower", "toString", "concat", "format", "join", "trim", "strip"].includes(method))
    return undefined;
  const of = evaluate(expression.of, scope);
  const texts = args.map((arg) => textOrHole(arg));
  if (method === "toString") return of;
  if (of.kind !== "text")
    return of.kind === "list" && method === "join"
      ? joined(of, texts[0], span)
      : unknownValue(`${method} of what is not known`, span);
  switch (method) {
    case "toLowerCase":
    case "lower":
      return textValue(of.text.toLowerCase(), span, of.why);
    case "trim":
    case "strip":
      return textValue(of.text.trim(), span, of.why);
    case "replace": {
      const [from, to] = texts;
      if (from === undefined || to === undefined || from === "" || from.includes(hole) || args[0]?.kind !== "text")
        return unknownValue("a replaced text is not known", span);
      return textValue(
        of.text.replace(from, () => to),
        span,
        of.why,
      );
    }
    case "concat":
      return textValue(of.text + texts.map((text) => text ?? hole).join(""), span, of.why);
    case "join":
      return args[0]?.kind === "list"
        ? joined(args[0], of.text, span)
        : unknownValue("a joined list is not known", span);
    default:
      return formatted(of.text, expression.args, args, span);
  }
}
