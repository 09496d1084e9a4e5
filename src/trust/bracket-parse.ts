/** Lists, objects, arguments and `for` expressions: what stands in brackets. */
import { advanceTo, type Cursor, isSign, isWord, peek, skipNewlines, spanFrom, takeSign } from "./cursor.ts";
import type { Argument, Expression, ObjectEntry } from "./expression.ts";
import { parseExpression } from "./expression-parse.ts";

/** Reads arguments from the opening bracket to behind the closing one. */
export function parseArguments(cursor: Cursor): Argument[] {
  const close = peek(cursor).close!;
  cursor.at++;
  const args: Argument[] = [];
  while (cursor.at < close) {
    skipNewlines(cursor);
    if (cursor.at >= close) break;
    const before = cursor.at;
    const name =
      cursor.dialect === "python" && peek(cursor).kind === "name" && isSign(cursor, "=", 1)
        ? peek(cursor).text
        : undefined;
    if (name !== undefined) {
      cursor.at += 2;
      skipNewlines(cursor);
    }
    const spread =
      takeSign(cursor, "...") || (cursor.dialect === "python" && (takeSign(cursor, "**") || takeSign(cursor, "*")));
    const value = parseExpression(cursor);
    args.push({ name, value: spread ? { kind: "spread", of: value, span: value.span } : value });
    if (cursor.dialect === "hcl" && takeSign(cursor, "..."))
      args[args.length - 1] = { name, value: { kind: "spread", of: value, span: value.span } };
    advanceTo(cursor, close, before, [","]);
  }
  cursor.at = Math.min(close + 1, cursor.tokens.length - 1);
  return args;
}

/** Reads a list, or Terraform's and Bicep's `[for …]`. */
export function parseList(cursor: Cursor): Expression {
  const { start, close } = peek(cursor);
  cursor.at++;
  skipNewlines(cursor);
  if (isWord(cursor, "for") && cursor.dialect !== "typescript" && cursor.dialect !== "python")
    return parseFor(cursor, start, close!);
  const items: Expression[] = [];
  while (cursor.at < close!) {
    skipNewlines(cursor);
    if (cursor.at >= close!) break;
    const before = cursor.at;
    const spread = takeSign(cursor, "...") || (cursor.dialect === "python" && takeSign(cursor, "*"));
    const item = parseExpression(cursor);
    const clean = advanceTo(cursor, close!, before, [","], cursor.dialect === "bicep");
    const value: Expression = spread ? { kind: "spread", of: item, span: item.span } : item;
    items.push(clean ? value : { kind: "unknown", why: "an item that cannot be read", span: item.span });
  }
  cursor.at = Math.min(close! + 1, cursor.tokens.length - 1);
  return { kind: "list", items, span: spanFrom(cursor, start) };
}

/** `for k, v in over : value if test`, with `key => value` in braces. */
function parseFor(cursor: Cursor, start: number, close: number): Expression {
  cursor.at++;
  const names: string[] = [];
  takeSign(cursor, "(");
  while (peek(cursor).kind === "name" && !isWord(cursor, "in")) {
    names.push(peek(cursor).text);
    cursor.at++;
    if (!takeSign(cursor, ",")) break;
  }
  takeSign(cursor, ")");
  let result: Expression | undefined;
  if (isWord(cursor, "in")) {
    cursor.at++;
    skipNewlines(cursor);
    const over = parseExpression(cursor);
    skipNewlines(cursor);
    if (takeSign(cursor, ":")) {
      skipNewlines(cursor);
      let value = parseExpression(cursor);
      let key: Expression | undefined;
      if (takeSign(cursor, "=>")) {
        skipNewlines(cursor);
        key = value;
        value = parseExpression(cursor);
      }
      skipNewlines(cursor);
      // `...` groups values under a key.
      const grouped = takeSign(cursor, "...");
      let test: Expression | undefined;
      if (isWord(cursor, "if")) {
        cursor.at++;
        test = parseExpression(cursor);
        skipNewlines(cursor);
      }
      if (cursor.at === close && !grouped) result = { kind: "for", names, over, key, value, test, span: over.span };
    }
  }
  cursor.at = Math.min(close + 1, cursor.tokens.length - 1);
  const span = spanFrom(cursor, start);
  return result === undefined
    ? { kind: "unknown", why: "a for expression that cannot be read", span }
    : { ...result, span };
}

/** Reads an object, or Terraform's `{for …}`. */
export function parseObject(cursor: Cursor): Expression {
  const { start, close } = peek(cursor);
  cursor.at++;
  skipNewlines(cursor);
  if (cursor.dialect === "hcl" && isWord(cursor, "for")) return parseFor(cursor, start, close!);
  const entries: ObjectEntry[] = [];
  while (cursor.at < close!) {
    skipNewlines(cursor);
    if (cursor.at >= close!) break;
    const before = cursor.at;
    const entry = parseEntry(cursor);
    const newline = cursor.dialect === "hcl" || cursor.dialect === "bicep";
    const clean = advanceTo(cursor, close!, before, [",", ";"], newline);
    if (entry !== undefined && clean) entries.push(entry);
    else if (entry !== undefined && "key" in entry)
      entries.push({
        key: entry.key,
        value: { kind: "unknown", why: "a value that cannot be read", span: entry.value.span },
      });
    else
      entries.push({
        spread: {
          kind: "unknown",
          why: "an entry that cannot be read",
          span: spanFrom(cursor, cursor.tokens[before]!.start),
        },
      });
  }
  cursor.at = Math.min(close! + 1, cursor.tokens.length - 1);
  const object: Expression = { kind: "object", entries, span: spanFrom(cursor, start) };
  cursor.onNode?.(object);
  return object;
}

function parseEntry(cursor: Cursor): ObjectEntry | undefined {
  if (takeSign(cursor, "...") || (cursor.dialect === "python" && takeSign(cursor, "**")))
    return { spread: parseExpression(cursor) };
  const token = peek(cursor);
  let key: Expression;
  if (token.kind === "name" && cursor.dialect !== "python" && !isSign(cursor, ".", 1) && !isSign(cursor, "(", 1)) {
    cursor.at++;
    const span = spanFrom(cursor, token.start);
    key = {
      kind: "template",
      parts: [{ kind: "text", text: token.text, origins: [{ text: 0, source: token.start }] }],
      span,
    };
    if (
      cursor.dialect === "typescript" &&
      (isSign(cursor, ",") || isSign(cursor, "}") || peek(cursor).kind === "newline")
    )
      return { key, value: { kind: "name", name: token.text, span } };
  } else if (isSign(cursor, "[") && cursor.dialect === "typescript") {
    const close = token.close!;
    cursor.at++;
    key = parseExpression(cursor);
    cursor.at = Math.min(close + 1, cursor.tokens.length - 1);
  } else key = parseExpression(cursor);
  if (!takeSign(cursor, ":") && !(cursor.dialect === "hcl" && takeSign(cursor, "="))) return undefined;
  skipNewlines(cursor);
  return { key, value: parseExpression(cursor) };
}
