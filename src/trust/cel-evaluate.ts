/**
 * Evaluates CEL over the claims of one token, with a third answer for what is not known.
 * Source: CEL language definition (errors inside && and ||, RE2 search for `matches`); Google Cloud, "Workload Identity Federation: attribute conditions".
 */
import { type Cel, CelError, parseCel } from "./cel-parse.ts";
import { exactly, matchGlob, notOf, type Verdict } from "./glob.ts";
import { searchVerdict } from "./pattern.ts";
import { hole } from "./value.ts";

/** What an expression gives. `error`: as a missing key does; the token is refused unless `||` or `&&` absorbs it. */
export type CelValue =
  | { kind: "text"; text: string }
  | { kind: "bool"; verdict: Verdict }
  | { kind: "number"; number: number }
  | { kind: "list"; items: CelValue[] }
  | { kind: "record"; fields: ReadonlyMap<string, CelValue> }
  | { kind: "null" }
  | { kind: "error" }
  | { kind: "unknown" };

const error: CelValue = { kind: "error" };
const unknown: CelValue = { kind: "unknown" };
const bool = (verdict: Verdict): CelValue => ({ kind: "bool", verdict });

/** Names that an expression may use: `assertion`, `attribute`, `google`, `jwt_claims`. */
export type CelScope = ReadonlyMap<string, CelValue>;

/** A record of texts, for a scope. */
export function celRecord(claims: Iterable<[string, string]>): CelValue {
  return {
    kind: "record",
    fields: new Map([...claims].map(([key, text]) => [key, { kind: "text", text } as CelValue])),
  };
}

/** Whether a condition lets a token pass: only `true` does. Never throws. */
export function celVerdict(expression: Cel, scope: CelScope): Verdict {
  const value = evaluateCel(expression, scope);
  if (value.kind === "bool") return value.verdict;
  return value.kind === "unknown" ? "unknown" : "no";
}

/** A condition as parsed; the error where it is no CEL. */
export function readCel(text: string): Cel | CelError {
  try {
    return parseCel(text);
  } catch (thrown) {
    if (thrown instanceof CelError) return thrown;
    throw thrown;
  }
}

/** The value of an expression for the names of a scope. Never throws. */
export function evaluateCel(cel: Cel, scope: CelScope): CelValue {
  switch (cel.kind) {
    case "literal":
      if (cel.value === null) return { kind: "null" };
      if (typeof cel.value === "string") return { kind: "text", text: cel.value };
      return typeof cel.value === "number" ? { kind: "number", number: cel.value } : bool(cel.value ? "yes" : "no");
    case "name":
      return scope.get(cel.name) ?? unknown;
    case "member":
      return fieldOf(evaluateCel(cel.of, scope), cel.name);
    case "index":
      return indexOf(evaluateCel(cel.of, scope), evaluateCel(cel.index, scope));
    case "list":
      return { kind: "list", items: cel.items.map((item) => evaluateCel(item, scope)) };
    case "not": {
      const value = evaluateCel(cel.of, scope);
      return value.kind === "bool" ? bool(notOf(value.verdict)) : value.kind === "unknown" ? unknown : error;
    }
    case "negative": {
      const value = evaluateCel(cel.of, scope);
      return value.kind === "number"
        ? { kind: "number", number: -value.number }
        : value.kind === "unknown"
          ? unknown
          : error;
    }
    case "choice": {
      const test = evaluateCel(cel.test, scope);
      if (test.kind !== "bool") return test.kind === "unknown" ? unknown : error;
      if (test.verdict === "unknown") return unknown;
      return evaluateCel(test.verdict === "yes" ? cel.whenTrue : cel.otherwise, scope);
    }
    case "binary":
      return binary(cel.operator, evaluateCel(cel.left, scope), () => evaluateCel(cel.right, scope));
    case "call":
      return call(cel, scope);
  }
}

function fieldOf(record: CelValue, name: string): CelValue {
  if (record.kind === "unknown") return unknown;
  if (record.kind !== "record" || name.includes(hole)) return record.kind === "record" ? unknown : error;
  return record.fields.get(name) ?? error;
}

function indexOf(of: CelValue, index: CelValue): CelValue {
  if (of.kind === "unknown" || index.kind === "unknown") return unknown;
  if (index.kind === "text") return fieldOf(of, index.text);
  if (of.kind === "list" && index.kind === "number") return of.items[index.number] ?? error;
  return error;
}

function binary(operator: string, left: CelValue, rightOf: () => CelValue): CelValue {
  if (operator === "&&" || operator === "||") {
    const decides: Verdict = operator === "&&" ? "no" : "yes";
    if (left.kind === "bool" && left.verdict === decides) return left;
    const right = rightOf();
    if (right.kind === "bool" && right.verdict === decides) return right;
    // What is not known may still decide; an error stands only if the other side does not.
    for (const side of [left, right])
      if (side.kind === "unknown" || (side.kind === "bool" && side.verdict === "unknown")) return unknown;
    return left.kind === "bool" ? right : error;
  }
  const right = rightOf();
  if (left.kind === "error" || right.kind === "error") return error;
  switch (operator) {
    case "==":
      return bool(equal(left, right));
    case "!=":
      return bool(notOf(equal(left, right)));
    case "in":
      return contained(left, right);
    case "+":
      return plus(left, right);
    default:
      return compare(operator, left, right);
  }
}

function equal(left: CelValue, right: CelValue): Verdict {
  if (left.kind === "unknown" || right.kind === "unknown") return "unknown";
  if (left.kind === "text" && right.kind === "text") {
    if (left.text.includes(hole) && right.text.includes(hole)) return "unknown";
    return left.text.includes(hole)
      ? matchGlob(left.text, right.text, exactly)
      : matchGlob(right.text, left.text, exactly);
  }
  if (left.kind === "bool" && right.kind === "bool") {
    if (left.verdict === "unknown" || right.verdict === "unknown") return "unknown";
    return left.verdict === right.verdict ? "yes" : "no";
  }
  if (left.kind === "number" && right.kind === "number") return left.number === right.number ? "yes" : "no";
  if (left.kind === "null" && right.kind === "null") return "yes";
  // Lists and records are compared by nobody's condition; a text against a number is never equal.
  return left.kind === "list" || right.kind === "list" || left.kind === "record" ? "unknown" : "no";
}

function contained(left: CelValue, right: CelValue): CelValue {
  if (right.kind === "unknown") return unknown;
  if (right.kind === "record") {
    if (left.kind !== "text") return left.kind === "unknown" ? unknown : error;
    return left.text.includes(hole) ? unknown : bool(right.fields.has(left.text) ? "yes" : "no");
  }
  if (right.kind !== "list") return error;
  let result: Verdict = "no";
  for (const item of right.items) {
    if (item.kind === "error") return error;
    const verdict = equal(left, item);
    if (verdict === "yes") return bool("yes");
    if (verdict === "unknown") result = "unknown";
  }
  return bool(result);
}

function plus(left: CelValue, right: CelValue): CelValue {
  if (left.kind === "unknown" || right.kind === "unknown") return unknown;
  if (left.kind === "text" && right.kind === "text") return { kind: "text", text: left.text + right.text };
  if (left.kind === "number" && right.kind === "number") return { kind: "number", number: left.number + right.number };
  if (left.kind === "list" && right.kind === "list") return { kind: "list", items: [...left.items, ...right.items] };
  return error;
}

function compare(operator: string, left: CelValue, right: CelValue): CelValue {
  if (left.kind !== right.kind) return left.kind === "unknown" || right.kind === "unknown" ? unknown : error;
  let order: number;
  if (left.kind === "number" && right.kind === "number") order = left.number - right.number;
  else if (left.kind === "text" && right.kind === "text") {
    if (left.text.includes(hole) || right.text.includes(hole)) return unknown;
    order = left.text < right.text ? -1 : left.text > right.text ? 1 : 0;
  } else return unknown;
  switch (operator) {
    case "<":
      return bool(order < 0 ? "yes" : "no");
    case "<=":
      return bool(order <= 0 ? "yes" : "no");
    case ">":
      return bool(order > 0 ? "yes" : "no");
    case ">=":
      return bool(order >= 0 ? "yes" : "no");
    default:
      return unknown;
  }
}

function call(cel: Cel & { kind: "call" }, scope: CelScope): CelValue {
  if (cel.of === undefined) {
    const argument = cel.args[0];
    if (cel.name === "has" && cel.args.length === 1 && argument?.kind === "member") {
      const record = evaluateCel(argument.of, scope);
      return record.kind === "record"
        ? bool(record.fields.has(argument.name) ? "yes" : "no")
        : record.kind === "unknown"
          ? unknown
          : error;
    }
    if ((cel.name === "string" || cel.name === "dyn") && argument !== undefined) {
      const value = evaluateCel(argument, scope);
      return value.kind === "number" ? { kind: "text", text: String(value.number) } : value;
    }
    if (cel.name === "size" && argument !== undefined) return size(evaluateCel(argument, scope));
    return unknown;
  }
  const of = evaluateCel(cel.of, scope);
  if (cel.name === "exists" || cel.name === "all") return overList(cel, of, scope);
  const args = cel.args.map((arg) => evaluateCel(arg, scope));
  if (of.kind === "error" || args.some((arg) => arg.kind === "error")) return error;
  if (of.kind === "unknown" || args.some((arg) => arg.kind === "unknown")) return unknown;
  if (of.kind !== "text") return cel.name === "size" ? size(of) : error;
  return textCall(cel.name, of.text, args);
}

function overList(cel: Cel & { kind: "call" }, of: CelValue, scope: CelScope): CelValue {
  const [name, test] = cel.args;
  if (of.kind !== "list" || name?.kind !== "name" || test === undefined) return of.kind === "error" ? error : unknown;
  let result: CelValue = bool(cel.name === "all" ? "yes" : "no");
  for (const item of of.items.slice(0, 1000)) {
    const next = evaluateCel(test, new Map([...scope, [name.name, item]]));
    result = binary(cel.name === "all" ? "&&" : "||", result, () => next);
  }
  return of.items.length > 1000 ? unknown : result;
}

function size(value: CelValue): CelValue {
  if (value.kind === "text")
    return value.text.includes(hole) ? unknown : { kind: "number", number: [...value.text].length };
  if (value.kind === "list") return { kind: "number", number: value.items.length };
  return value.kind === "unknown" ? unknown : error;
}

function textCall(name: string, text: string, args: CelValue[]): CelValue {
  const first = args[0];
  const wanted = first?.kind === "text" ? first.text : undefined;
  switch (name) {
    case "startsWith":
      return wanted === undefined ? error : affix(wanted, text, false, true);
    case "endsWith":
      return wanted === undefined ? error : affix(wanted, text, true, false);
    case "contains":
      return wanted === undefined ? error : affix(wanted, text, true, true);
    case "matches":
      return wanted === undefined ? error : bool(searchVerdict(wanted, text));
    case "lowerAscii":
      return { kind: "text", text: text.toLowerCase() };
    case "upperAscii":
      return { kind: "text", text: text.toUpperCase() };
    case "size":
      return size({ kind: "text", text });
    case "split":
      if (wanted === undefined || wanted === "" || wanted.includes(hole) || text.includes(hole)) return unknown;
      return { kind: "list", items: text.split(wanted).map((part) => ({ kind: "text", text: part })) };
    case "extract":
      return wanted === undefined || wanted.includes(hole) || text.includes(hole) ? unknown : extract(wanted, text);
    default:
      return unknown;
  }
}

/** Whether `wanted` stands at the start, the end or anywhere; a hole on either side leaves it open unless it cannot fit. */
function affix(wanted: string, text: string, before: boolean, after: boolean): CelValue {
  if (text.includes(hole)) return unknown;
  if (!wanted.includes(hole)) {
    const fits = before && after ? text.includes(wanted) : before ? text.endsWith(wanted) : text.startsWith(wanted);
    return bool(fits ? "yes" : "no");
  }
  return bool(matchGlob(`${before ? hole : ""}${wanted}${after ? hole : ""}`, text, exactly));
}

/** Google's `extract("prefix{name}suffix")`: what stands between; empty where it does not fit. */
function extract(template: string, text: string): CelValue {
  const open = template.indexOf("{");
  const close = template.indexOf("}", open);
  if (open < 0 || close < 0) return unknown;
  const prefix = template.slice(0, open);
  const suffix = template.slice(close + 1);
  const start = text.indexOf(prefix);
  if (start < 0) return { kind: "text", text: "" };
  const from = start + prefix.length;
  const end = suffix === "" ? text.length : text.indexOf(suffix, from);
  return { kind: "text", text: end < 0 ? "" : text.slice(from, end) };
}
