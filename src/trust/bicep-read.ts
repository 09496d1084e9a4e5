/**
 * Bicep files and ARM templates. Source: Microsoft Learn, "Bicep file structure and syntax", "ARM template functions".
 */
import { type Cursor, cursorOf, isSign, peek, skipNewlines } from "./cursor.ts";
import { boundScope, evaluate, newBudget, pairsOf, type Scope } from "./evaluate.ts";
import type { Expression } from "./expression.ts";
import { parseExpression } from "./expression-parse.ts";
import { callHcl } from "./hcl-functions.ts";
import type { Source } from "./source.ts";
import { textOf, textValue, unknownValue, type Value, valueAt } from "./value.ts";

export type BicepResource = { name: string; type: string; value: Value };

/** The resources of a Bicep file with their names evaluated. */
export function readBicep(source: Source): BicepResource[] {
  const cursor = cursorOf(source, source.text.startsWith("\uFEFF") ? 1 : 0, source.text.length, "bicep");
  const symbols = new Map<string, Expression>();
  const declared: { name: string; type: string; value: Expression }[] = [];
  while (peek(cursor).kind !== "end") {
    skipNewlines(cursor);
    const token = peek(cursor);
    const next = peek(cursor, 1);
    if (token.kind === "name" && next.kind === "name" && (token.text === "param" || token.text === "var"))
      readSymbol(cursor, next.text, symbols);
    else if (
      token.kind === "name" &&
      next.kind === "name" &&
      token.text === "resource" &&
      peek(cursor, 2).kind === "string"
    )
      readResource(cursor, next.text, declared);
    else cursor.at++;
  }
  const scope = symbolScope(symbols);
  return declared.flatMap(({ name, type, value }) =>
    instances(value, scope).map((one) => ({ name, type, value: one })),
  );
}

/** `param x string = 'a'`, `var x = 'a'`. */
function readSymbol(cursor: Cursor, name: string, symbols: Map<string, Expression>): void {
  cursor.at += 2;
  while (peek(cursor).kind !== "newline" && peek(cursor).kind !== "end" && !isSign(cursor, "=")) cursor.at++;
  if (!isSign(cursor, "=")) return;
  cursor.at++;
  symbols.set(name, parseExpression(cursor));
}

/** `resource x 'type@version' = { … }`, with `existing`, `if (…)` or `[for …: { … }]`. */
function readResource(
  cursor: Cursor,
  name: string,
  declared: { name: string; type: string; value: Expression }[],
): void {
  const type = peek(cursor, 2);
  cursor.at += 3;
  const existing = peek(cursor).text === "existing";
  if (existing) cursor.at++;
  if (!isSign(cursor, "=")) return;
  cursor.at++;
  if (peek(cursor).text === "if" && isSign(cursor, "(", 1)) cursor.at = peek(cursor, 1).close! + 1;
  const value = parseExpression(cursor);
  const [part] = type.parts ?? [];
  if (!existing) declared.push({ name, type: part?.kind === "text" ? part.text : "", value });
}

/** A loop gives one resource for each item. */
function instances(expression: Expression, scope: Scope): Value[] {
  if (expression.kind !== "for") return [evaluate(expression, scope)];
  const pairs = pairsOf(evaluate(expression.over, scope));
  if (pairs === undefined || pairs.length > 100) return [evaluate(expression.value, scope)];
  return pairs.map(([index, item]) =>
    evaluate(
      expression.value,
      boundScope(
        scope,
        new Map([
          [expression.names[0] ?? "", item],
          [expression.names[1] ?? "", index],
        ]),
      ),
    ),
  );
}

function symbolScope(symbols: ReadonlyMap<string, Expression>): Scope {
  const known = new Map<string, Value>();
  const open = new Set<string>();
  const scope: Scope = {
    budget: newBudget(),
    reference(path, span) {
      const name = path[0]!;
      const expression = symbols.get(name);
      if (expression === undefined) return undefined;
      const found = known.get(name);
      if (found !== undefined) return { value: found, used: 1 };
      if (open.has(name)) return { value: unknownValue(`${name} is defined by itself`, span), used: path.length };
      open.add(name);
      const value = evaluate(expression, scope);
      open.delete(name);
      known.set(name, value);
      return { value, used: 1 };
    },
    call: (name, args, span) => callHcl(name, args, span),
  };
  return scope;
}

/** Whether a JSON document is an ARM template. */
export function isArmTemplate(document: Value): boolean {
  return (
    (textOf(valueAt(document, "$schema")) ?? "").includes("deploymentTemplate.json") ||
    (valueAt(document, "contentVersion") !== undefined && valueAt(document, "resources") !== undefined)
  );
}

/** An ARM template with its `[…]` expressions worked out. */
export function evaluateArm(document: Value): Value {
  const parameters = valueAt(document, "parameters");
  const variables = valueAt(document, "variables");
  const budget = newBudget();
  const open = new Set<string>();
  const scope: Scope = {
    budget,
    reference: () => undefined,
    call(name, args, span) {
      const key = textOf(args[0]);
      if ((name === "parameters" || name === "variables") && key !== undefined) {
        const found = name === "parameters" ? valueAt(parameters, key, "defaultValue") : valueAt(variables, key);
        const id = `${name}/${key}`;
        if (found === undefined)
          return unknownValue(
            name === "parameters" ? `the parameter ${key} has no default` : `there is no variable ${key}`,
            span,
          );
        if (open.has(id)) return unknownValue(`${key} is defined by itself`, span);
        open.add(id);
        const value = worked(found, 0);
        open.delete(id);
        return value;
      }
      return callHcl(name, args, span);
    },
  };

  function worked(value: Value, depth: number): Value {
    if (depth > 80 || --budget.steps < 0) return unknownValue("nested too deeply", value.span);
    if (value.kind === "list") return { ...value, items: value.items.map((item) => worked(item, depth + 1)) };
    if (value.kind === "map")
      return { ...value, entries: value.entries.map((entry) => ({ ...entry, value: worked(entry.value, depth + 1) })) };
    if (value.kind !== "text" || !value.text.startsWith("[") || !value.text.endsWith("]")) return value;
    // Two brackets are one literal bracket.
    if (value.text.startsWith("[[")) return textValue(value.text.slice(1), value.span);
    return expressionValue(value.text.slice(1, -1), value);
  }

  function expressionValue(text: string, at: Value): Value {
    const inner: Source = { path: at.span.source.path, bytes: Buffer.from(text), text };
    const cursor = cursorOf(inner, 0, text.length, "arm");
    const expression = parseExpression(cursor);
    if (peek(cursor).kind !== "end") return unknownValue("an expression that cannot be read", at.span);
    return placed(evaluate(expression, scope), at, inner, 0);
  }
  return worked(document, 0);
}

/** Values that came out of an expression's text stand where the expression does. */
function placed(value: Value, at: Value, inner: Source, depth: number): Value {
  if (depth > 80) return unknownValue("nested too deeply", at.span);
  const span = value.span.source === inner ? at.span : value.span;
  if (value.kind === "list")
    return { ...value, span, items: value.items.map((item) => placed(item, at, inner, depth + 1)) };
  if (value.kind === "map")
    return {
      ...value,
      span,
      entries: value.entries.map((entry) => ({
        ...entry,
        keySpan: entry.keySpan.source === inner ? at.span : entry.keySpan,
        value: placed(entry.value, at, inner, depth + 1),
      })),
    };
  if (value.kind !== "text" || value.span.source !== inner) return { ...value, span };
  return textValue(value.text, span, value.why);
}
