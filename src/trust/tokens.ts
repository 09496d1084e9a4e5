/** Tokens of the dialects, with the bracket that closes each bracket. One pass, whatever stands in the file. */
import type { Dialect } from "./expression.ts";
import { type RawPart, readHeredoc, readString, type ScanBudget } from "./string-literal.ts";

export type Token = {
  kind: "name" | "number" | "string" | "sign" | "newline" | "end";
  text: string;
  start: number;
  end: number;
  parts?: RawPart[];
  /** Index of the closing bracket of an opening one; of the last token where none closes it. */
  close?: number;
};

const longSigns = [
  "...",
  "===",
  "!==",
  "=>",
  "==",
  "!=",
  "<=",
  ">=",
  "&&",
  "||",
  "??",
  "?.",
  "=~",
  "!~",
  "->",
  ":=",
  "**",
  "::",
];
const pairs: Record<string, string> = { "(": ")", "[": "]", "{": "}" };

/** Tokens of characters [from, to) of a text. */
export function tokenize(text: string, from: number, to: number, dialect: Dialect, budget: ScanBudget): Token[] {
  const tokens: Token[] = [];
  const open: number[] = [];
  let at = from;
  while (at < to) {
    const unit = text[at]!;
    if (unit === "\n") {
      tokens.push({ kind: "newline", text: "\n", start: at, end: at + 1 });
      at++;
      continue;
    }
    if (unit === " " || unit === "\t" || unit === "\r" || unit === "\uFEFF" || unit === "\f" || unit === "\u00A0") {
      at++;
      continue;
    }
    const comment = commentEnd(text, at, to, dialect);
    if (comment > at) {
      at = comment;
      continue;
    }
    const heredoc = dialect === "hcl" && unit === "<" ? readHeredoc(text, at, to, budget) : undefined;
    const raw = heredoc ?? readString(text, at, to, dialect, budget);
    if (raw !== undefined && raw.end > at) {
      tokens.push({
        kind: "string",
        text: text.slice(at, Math.min(raw.end, at + 1)),
        start: at,
        end: raw.end,
        parts: raw.parts,
      });
      at = raw.end;
      continue;
    }
    const start = at;
    if (isNameStart(unit)) {
      while (at < to && isNamePart(text[at]!, dialect)) at++;
      tokens.push({ kind: "name", text: text.slice(start, at), start, end: at });
      continue;
    }
    if (unit >= "0" && unit <= "9") {
      while (at < to && /[0-9A-Za-z_.]/.test(text[at]!)) at++;
      tokens.push({ kind: "number", text: text.slice(start, at), start, end: at });
      continue;
    }
    const long = longSigns.find((sign) => text.startsWith(sign, at));
    const sign = long ?? unit;
    if (pairs[sign] !== undefined) open.push(tokens.length);
    else if (sign === ")" || sign === "]" || sign === "}") {
      const opening = open.at(-1);
      // A bracket that does not fit closes nothing: what it stands in goes on.
      if (opening !== undefined && pairs[tokens[opening]!.text] === sign) {
        tokens[opening]!.close = tokens.length;
        open.pop();
      }
    }
    at += sign.length;
    tokens.push({ kind: "sign", text: sign, start, end: at });
  }
  tokens.push({ kind: "end", text: "", start: to, end: to });
  for (const opening of open) tokens[opening]!.close = tokens.length - 1;
  return tokens;
}

function isNameStart(unit: string): boolean {
  return (
    (unit >= "a" && unit <= "z") ||
    (unit >= "A" && unit <= "Z") ||
    unit === "_" ||
    unit === "$" ||
    unit === "@" ||
    unit >= "\u00A1"
  );
}

function isNamePart(unit: string, dialect: Dialect): boolean {
  return isNameStart(unit) || (unit >= "0" && unit <= "9") || (unit === "-" && dialect === "hcl");
}

function commentEnd(text: string, at: number, to: number, dialect: Dialect): number {
  const hash = dialect === "hcl" || dialect === "python";
  if ((text[at] === "#" && hash) || (text.startsWith("//", at) && dialect !== "python")) {
    const end = text.indexOf("\n", at);
    return end < 0 || end > to ? to : end;
  }
  if (text.startsWith("/*", at) && dialect !== "python") {
    const end = text.indexOf("*/", at + 2);
    return end < 0 || end > to ? to : end + 2;
  }
  return at;
}
