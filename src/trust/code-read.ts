/** TypeScript, JavaScript and Python: assignments, calls and objects, read without running anything. */
import { type Cursor, cursorOf, isSign, peek, skipNewlines } from "./cursor.ts";
import { evaluate, newBudget, type Scope } from "./evaluate.ts";
import type { Expression } from "./expression.ts";
import { parseExpression } from "./expression-parse.ts";
import type { Source, Span } from "./source.ts";
import { hole, textOrHole, textValue, unknownValue, type Value } from "./value.ts";

/** What a file holds: the calls and objects in the order in which they end, and the scope of its names. */
export type CodeFile = { nodes: Expression[]; scope: Scope };

/** Reads a file of code. Never throws; what it cannot read is left out. */
export function readCode(source: Source, dialect: "typescript" | "python"): CodeFile {
  const nodes: Expression[] = [];
  const assigned = new Map<string, Expression | undefined>();
  const cursor = cursorOf(source, source.text.startsWith("\uFEFF") ? 1 : 0, source.text.length, dialect);
  cursor.onNode = (node) => nodes.push(node);
  cursor.onBody = (inner, close) => readStatements(inner, close, assigned);
  readStatements(cursor, cursor.tokens.length - 1, assigned);
  return { nodes, scope: scopeOf(assigned) };
}

const keywords = new Set([
  "const",
  "let",
  "var",
  "export",
  "readonly",
  "private",
  "public",
  "protected",
  "static",
  "return",
  "yield",
  "throw",
  "else",
  "default",
  "declare",
]);

/** Reads statements up to a token and gives what the first `return` gives. */
function readStatements(
  cursor: Cursor,
  close: number,
  assigned: Map<string, Expression | undefined>,
): Expression | undefined {
  let result: Expression | undefined;
  while (cursor.at < close) {
    skipNewlines(cursor);
    if (cursor.at >= close) break;
    const token = peek(cursor);
    const before = cursor.at;
    if (token.kind === "name" && keywords.has(token.text)) {
      cursor.at++;
      if (token.text === "return" && peek(cursor).kind !== "newline" && cursor.at < close) {
        const value = parseExpression(cursor);
        result ??= value;
      }
    } else if (token.kind === "name" && isAssignment(cursor)) readAssignment(cursor, token.text, assigned);
    else if (isSign(cursor, "{") && cursor.dialect === "typescript" && !looksLikeObject(cursor)) cursor.at++;
    else if (token.kind === "sign" && !["{", "[", "("].includes(token.text)) cursor.at++;
    else parseExpression(cursor);
    if (cursor.at === before) cursor.at++;
  }
  return result;
}

/** `x = …`, `x: T = …`, `self.x = …`; not `==`, which is a token of its own. */
function isAssignment(cursor: Cursor): boolean {
  let ahead = 1;
  while (isSign(cursor, ".", ahead) && peek(cursor, ahead + 1).kind === "name") ahead += 2;
  if (isSign(cursor, "=", ahead)) return true;
  if (!isSign(cursor, ":", ahead)) return false;
  for (let at = ahead + 1; at < ahead + 12; at++) {
    const token = peek(cursor, at);
    if (
      token.kind === "newline" ||
      token.kind === "end" ||
      token.kind === "string" ||
      token.text === "{" ||
      token.text === "("
    )
      return false;
    if (isSign(cursor, "=", at)) return true;
  }
  return false;
}

function readAssignment(cursor: Cursor, first: string, assigned: Map<string, Expression | undefined>): void {
  let name = first;
  cursor.at++;
  while (isSign(cursor, ".")) {
    name += `.${peek(cursor, 1).text}`;
    cursor.at += 2;
  }
  while (!isSign(cursor, "=")) cursor.at++;
  cursor.at++;
  skipNewlines(cursor);
  const value = parseExpression(cursor);
  // Assigned twice: which of the two holds is not known.
  assigned.set(name, assigned.has(name) ? undefined : value);
}

/** `{ key: …` and `{ "key": …` are objects, `{` before a statement is a block. */
function looksLikeObject(cursor: Cursor): boolean {
  let ahead = 1;
  while (peek(cursor, ahead).kind === "newline" && ahead < 20) ahead++;
  const token = peek(cursor, ahead);
  return (token.kind === "string" || token.kind === "name") && isSign(cursor, ":", ahead + 1);
}

/** Functions that give their argument as a document. */
const encoders = new Set([
  "JSON.stringify",
  "json.dumps",
  "pulumi.jsonStringify",
  "pulumi.Output.json_dumps",
  "Output.json_dumps",
  "jsonStringify",
  "pulumi.output",
  "pulumi.Output.from_input",
  "iam.PolicyDocument.fromJson",
  "PolicyDocument.fromJson",
  "iam.PolicyDocument.from_json",
]);
const texts = new Set(["pulumi.interpolate", "interpolate", "cdk.Fn.sub", "Fn.sub", "String"]);

function scopeOf(assigned: ReadonlyMap<string, Expression | undefined>): Scope {
  const known = new Map<string, Value>();
  const open = new Set<string>();
  const lookup = (name: string, span: Span): Value | undefined => {
    if (!assigned.has(name)) return undefined;
    const expression = assigned.get(name);
    if (expression === undefined) return unknownValue(`${name} is assigned more than once`, span);
    const found = known.get(name);
    if (found !== undefined) return found;
    if (open.has(name)) return unknownValue(`${name} is defined by itself`, span);
    open.add(name);
    const value = evaluate(expression, scope);
    open.delete(name);
    known.set(name, value);
    return value;
  };
  const scope: Scope = {
    budget: newBudget(),
    reference(path, span) {
      for (let used = Math.min(path.length, 4); used >= 1; used--) {
        const value = lookup(path.slice(0, used).join("."), span);
        if (value !== undefined) return { value, used };
      }
      return undefined;
    },
    call(name, args, span, lazy) {
      const first = args[0];
      // Python writes the fields of an object as named arguments: `SomethingArgs(issuer_uri="…")`, `dict(a="…")`.
      if (
        lazy.length > 0 &&
        (name === "dict" || /Args(?:Dict)?$/.test(name)) &&
        lazy.every((argument) => argument.name !== undefined)
      ) {
        const entries = lazy.map((argument, index) => ({
          key: argument.name!,
          keySpan: argument.value.span,
          value: args[index]!,
        }));
        return { kind: "map", entries, span };
      }
      if (encoders.has(name) && first !== undefined) return first;
      if (texts.has(name) && first !== undefined)
        return first.kind === "text" || first.kind === "unknown" ? first : textValue(textOrHole(first) ?? hole, span);
      if (name === "pulumi.concat" || name === "pulumi.Output.concat" || name === "Output.concat") {
        return textValue(
          args.map((arg) => textOrHole(arg) ?? hole).join(""),
          span,
          args
            .map((arg) => (arg.kind === "unknown" || arg.kind === "text" ? arg.why : undefined))
            .find((why) => why !== undefined),
        );
      }
      return undefined;
    },
  };
  return scope;
}
