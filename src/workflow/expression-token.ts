/** Tokens of GitHub's expression language (https://docs.github.com/actions/reference/workflows-and-actions/expressions). */

export type Token = {
  kind: "name" | "number" | "string" | "operator" | "end";
  /** The name or operator as written; for a string its content. */
  text: string;
  number?: number;
  /** Offsets within the expression's source. */
  at: number;
  to: number;
};

/** Why an expression does not parse, with the offsets it shows at. Thrown by the tokenizer and the parser only. */
export class ExpressionProblem extends Error {
  readonly at: number;
  readonly to: number;
  constructor(message: string, at: number, to: number) {
    super(message);
    this.name = "ExpressionProblem";
    this.at = at;
    this.to = to;
  }
}

const operators2 = new Set(["&&", "||", "==", "!=", "<=", ">="]);
const operators1 = new Set(["(", ")", "[", "]", ",", ".", "!", "<", ">", "*"]);
const numeral = /[-+.0-9][^\s()[\],!<>=&|]*/y;

/** Splits an expression. Throws `ExpressionProblem` at the first character that begins no token. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const code = source.charCodeAt(at);
    if (code === 32 || ((code < 32 || code > 126) && /\s/.test(source.charAt(at)))) {
      at++;
      continue;
    }
    const token = isNameStart(code) ? readName(source, at) : readToken(source, at, tokens.at(-1));
    tokens.push(token);
    at = token.to;
  }
  tokens.push({ kind: "end", text: "", at: source.length, to: source.length });
  return tokens;
}

function isNameStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

/** Letters, digits, `_` and `-` behind a letter or `_`. */
function readName(source: string, at: number): Token {
  let to = at + 1;
  for (; to < source.length; to++) {
    const code = source.charCodeAt(to);
    if (!isNameStart(code) && !(code >= 48 && code <= 57) && code !== 45) break;
  }
  return { kind: "name", text: source.slice(at, to), at, to };
}

function readToken(source: string, at: number, previous: Token | undefined): Token {
  const character = source.charAt(at);
  if (character === "'") return readString(source, at);
  const two = source.slice(at, at + 2);
  if (operators2.has(two)) return { kind: "operator", text: two, at, to: at + 2 };
  if (character === "." && isTarget(previous)) return { kind: "operator", text: ".", at, to: at + 1 };
  numeral.lastIndex = at;
  const digits = numeral.exec(source);
  if (digits !== null) {
    const number = Number(digits[0]);
    if (Number.isNaN(number)) throw new ExpressionProblem("this is not a number", at, at + digits[0].length);
    return { kind: "number", text: digits[0], number, at, to: at + digits[0].length };
  }
  if (operators1.has(character)) return { kind: "operator", text: character, at, to: at + 1 };
  if (character === '"') throw new ExpressionProblem("strings in expressions stand in single quotes", at, at + 1);
  throw new ExpressionProblem("unexpected character in an expression", at, at + 1);
}

/** Whether a dot after this token begins a property rather than a number. */
function isTarget(token: Token | undefined): boolean {
  return (
    token !== undefined &&
    (token.kind === "name" ||
      (token.kind === "operator" && (token.text === ")" || token.text === "]" || token.text === "*")))
  );
}

function readString(source: string, at: number): Token {
  for (let i = at + 1; i < source.length; i++) {
    if (source.charAt(i) !== "'") continue;
    if (source.charAt(i + 1) === "'") i++;
    else return { kind: "string", text: source.slice(at + 1, i).replaceAll("''", "'"), at, to: i + 1 };
  }
  throw new ExpressionProblem("this string has no end", at, source.length);
}
