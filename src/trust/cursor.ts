/** A place in a list of tokens, and the small steps of every parser. */
import type { Dialect, Expression } from "./expression.ts";
import type { Source, Span } from "./source.ts";
import type { ScanBudget } from "./string-literal.ts";
import { type Token, tokenize } from "./tokens.ts";

/** A place in a list of tokens. */
export type Cursor = {
  source: Source;
  dialect: Dialect;
  tokens: Token[];
  at: number;
  depth: number;
  budget: ScanBudget;
  /** Told of every call and object that is read, innermost first. */
  onNode?: ((node: Expression) => void) | undefined;
  /** Reads the statements of a function's body and gives what it returns. */
  onBody?: ((cursor: Cursor, close: number) => Expression | undefined) | undefined;
};

/** Brackets, calls and interpolations inside each other. */
export const nestingLimit = 120;

/** A cursor at the first token of characters [from, to). */
export function cursorOf(source: Source, from: number, to: number, dialect: Dialect): Cursor {
  const budget: ScanBudget = { failures: 0 };
  return { source, dialect, tokens: tokenize(source.text, from, to, dialect, budget), at: 0, depth: 0, budget };
}

/** The token at the cursor or some tokens ahead; the last one beyond the end. */
export function peek(cursor: Cursor, ahead = 0): Token {
  return cursor.tokens[Math.min(cursor.at + ahead, cursor.tokens.length - 1)]!;
}

/** Whether a sign stands at the cursor. */
export function isSign(cursor: Cursor, text: string, ahead = 0): boolean {
  const token = peek(cursor, ahead);
  return token.kind === "sign" && token.text === text;
}

/** Goes past a sign if it stands at the cursor. */
export function takeSign(cursor: Cursor, text: string): boolean {
  if (!isSign(cursor, text)) return false;
  cursor.at++;
  return true;
}

/** Goes past newlines. */
export function skipNewlines(cursor: Cursor): void {
  while (peek(cursor).kind === "newline") cursor.at++;
}

/** The span from an offset to the end of the last token that was read. */
export function spanFrom(cursor: Cursor, start: number): Span {
  const last = cursor.tokens[Math.max(0, cursor.at - 1)]!;
  return { source: cursor.source, start, end: Math.max(start, last.end) };
}

/** Goes on to behind the next separator of this bracket; what stands before it was not understood and is left out. */
export function advanceTo(
  cursor: Cursor,
  close: number,
  before: number,
  separators: readonly string[],
  newline = false,
): boolean {
  let clean = true;
  if (cursor.at === before) {
    clean = false;
    cursor.at++;
  }
  while (cursor.at < close) {
    const token = peek(cursor);
    if (token.kind === "sign" && separators.includes(token.text)) {
      cursor.at++;
      return clean;
    }
    if (token.kind === "newline" && newline) return clean;
    if (token.kind !== "newline") clean = false;
    cursor.at = token.close !== undefined ? token.close + 1 : cursor.at + 1;
  }
  return clean;
}

/** Whether a word stands at the cursor. */
export function isWord(cursor: Cursor, text: string): boolean {
  return peek(cursor).kind === "name" && peek(cursor).text === text;
}

/** Goes past one token, or a bracket with all that is in it, and gives the reason in its place. */
export function skipped(cursor: Cursor, why: string): Expression {
  const token = peek(cursor);
  cursor.at = Math.min(token.close !== undefined ? token.close + 1 : cursor.at + 1, cursor.tokens.length - 1);
  return { kind: "unknown", why, span: spanFrom(cursor, token.start) };
}
