export type Cel =
  | { kind: "literal"; value: string | number | boolean | null }
  | { kind: "name"; name: string }
  | { kind: "member"; of: Cel; name: string }
  | { kind: "index"; of: Cel; index: Cel }
  | { kind: "call"; of: Cel | undefined; name: string; args: Cel[] }
  | { kind: "list"; items: Cel[] }
  | { kind: "not"; of: Cel }
  | { kind: "negative"; of: Cel }
  | { kind: "choice"; test: Cel; whenTrue: Cel; otherwise: Cel }
  | {
      kind: "binary";
      operator: string;
      left: Cel;
      right: Cel;
      start: number;
      leftEnd: number;
      rightStart: number;
      end: number;
    };

/** A parse that failed: where, and what could not be read. */
export class CelError extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

type Token = { kind: "name" | "text" | "number" | "sign" | "end"; text: string; start: number; end: number };

const nestingLimit = 100;
const lengthLimit = 20_000;

/** Parses an expression. Throws CelError for what is not CEL, nested too deeply or too long. */
export function parseCel(text: string): Cel {
  if (text.length > lengthLimit) throw new CelError(0, "the expression is too long");
  const tokens = tokensOf(text);
  let at = 0;
  let depth = 0;
  const peek = (): Token => tokens[at]!;
  const isSign = (sign: string): boolean => peek().kind === "sign" && peek().text === sign;
  const take = (sign: string): boolean => {
    if (!isSign(sign)) return false;
    at++;
    return true;
  };
  const expect = (sign: string): void => {
    if (!take(sign)) throw new CelError(peek().start, `expected "${sign}"`);
  };

  function expression(): Cel {
    if (++depth > nestingLimit) throw new CelError(peek().start, "the expression is nested too deeply");
    const test = binary(0);
    let result = test;
    if (take("?")) {
      const whenTrue = binary(0);
      expect(":");
      result = { kind: "choice", test, whenTrue, otherwise: expression() };
    }
    depth--;
    return result;
  }

  function binary(level: number): Cel {
    const operators = levels[level];
    if (operators === undefined) return unary();
    const start = peek().start;
    let left = binary(level + 1);
    for (;;) {
      const token = peek();
      const found = (token.kind === "sign" || token.text === "in") && operators.includes(token.text);
      if (!found || token.kind === "text") return left;
      const leftEnd = tokens[at - 1]!.end;
      at++;
      const rightStart = peek().start;
      const right = binary(level + 1);
      left = {
        kind: "binary",
        operator: token.text,
        left,
        right,
        start,
        leftEnd,
        rightStart,
        end: tokens[at - 1]!.end,
      };
    }
  }

  function unary(): Cel {
    let signs = 0;
    let negatives = 0;
    while (take("!")) signs++;
    while (take("-")) negatives++;
    let result = postfix();
    if (negatives % 2 === 1) result = { kind: "negative", of: result };
    return signs % 2 === 1
      ? { kind: "not", of: result }
      : signs > 0
        ? { kind: "not", of: { kind: "not", of: result } }
        : result;
  }

  function postfix(): Cel {
    let result = primary();
    for (;;) {
      if (take(".")) {
        const name = peek();
        if (name.kind !== "name") throw new CelError(name.start, "expected a name after the dot");
        at++;
        result = take("(")
          ? { kind: "call", of: result, name: name.text, args: list(")") }
          : { kind: "member", of: result, name: name.text };
      } else if (take("[")) {
        const index = expression();
        expect("]");
        result = { kind: "index", of: result, index };
      } else return result;
    }
  }

  function primary(): Cel {
    const token = peek();
    at++;
    switch (token.kind) {
      case "text":
        return { kind: "literal", value: token.text };
      case "number":
        return { kind: "literal", value: Number(token.text) };
      case "name":
        if (token.text === "true" || token.text === "false") return { kind: "literal", value: token.text === "true" };
        if (token.text === "null") return { kind: "literal", value: null };
        if (take("(")) return { kind: "call", of: undefined, name: token.text, args: list(")") };
        return { kind: "name", name: token.text };
      case "sign":
        if (token.text === "(") {
          const inner = expression();
          expect(")");
          return inner;
        }
        if (token.text === "[") return { kind: "list", items: list("]") };
        throw new CelError(token.start, `unexpected "${token.text}"`);
      default:
        throw new CelError(token.start, "the expression ends too early");
    }
  }

  function list(close: string): Cel[] {
    const items: Cel[] = [];
    while (!take(close)) {
      items.push(expression());
      if (!isSign(close)) expect(",");
    }
    return items;
  }

  const result = expression();
  if (peek().kind !== "end") throw new CelError(peek().start, `unexpected "${peek().text.slice(0, 40)}"`);
  return result;
}

const levels: string[][] = [["||"], ["&&"], ["==", "!=", "<=", ">=", "<", ">", "in"], ["+", "-"], ["*", "/", "%"]];
const signs = [
  "||",
  "&&",
  "==",
  "!=",
  "<=",
  ">=",
  "<",
  ">",
  "!",
  "?",
  ":",
  "(",
  ")",
  "[",
  "]",
  ",",
  ".",
  "+",
  "-",
  "*",
  "/",
  "%",
];

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const unit = text[at]!;
    if (/\s/.test(unit)) {
      at++;
      continue;
    }
    if (text.startsWith("//", at)) {
      const end = text.indexOf("\n", at);
      at = end < 0 ? text.length : end;
      continue;
    }
    const start = at;
    const quoted = /^[rR]?["']/.exec(text.slice(at, at + 2));
    if (quoted) {
      const { value, end } = readText(text, at);
      tokens.push({ kind: "text", text: value, start, end });
      at = end;
      continue;
    }
    if (/[A-Za-z_]/.test(unit)) {
      while (at < text.length && /[A-Za-z0-9_]/.test(text[at]!)) at++;
      tokens.push({ kind: "name", text: text.slice(start, at), start, end: at });
      continue;
    }
    if (/[0-9]/.test(unit)) {
      while (at < text.length && /[0-9.]/.test(text[at]!)) at++;
      const number = text.slice(start, at);
      // 1u is an unsigned integer.
      if (/[uU]/.test(text[at] ?? "")) at++;
      tokens.push({ kind: "number", text: number, start, end: at });
      continue;
    }
    const sign = signs.find((candidate) => text.startsWith(candidate, at));
    if (sign === undefined) throw new CelError(at, `unexpected "${unit}"`);
    at += sign.length;
    tokens.push({ kind: "sign", text: sign, start, end: at });
  }
  tokens.push({ kind: "end", text: "", start: text.length, end: text.length });
  return tokens;
}

const escapes: Record<string, string> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "`": "`",
  "?": "?",
};

function readText(text: string, from: number): { value: string; end: number } {
  let at = from;
  const raw = text[at] === "r" || text[at] === "R";
  if (raw) at++;
  const triple = text.slice(at, at + 3);
  const quote = triple === "'''" || triple === '"""' ? triple : text[at]!;
  at += quote.length;
  const pieces: string[] = [];
  for (;;) {
    if (at >= text.length) throw new CelError(from, "the text has no closing quote");
    if (text.startsWith(quote, at)) return { value: pieces.join(""), end: at + quote.length };
    if (text[at] === "\\" && !raw) {
      const escaped = escapes[text[at + 1] ?? ""];
      if (escaped === undefined) throw new CelError(at, "an escape that is not known");
      pieces.push(escaped);
      at += 2;
    } else pieces.push(text[at++]!);
  }
}
