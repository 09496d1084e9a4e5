/** Snowflake's workload identities in SQL scripts. Source: Snowflake, "CREATE USER", "ALTER USER … ADD WORKLOAD IDENTITY". */
import type { SnowflakeIdentity } from "./snowflake-audit.ts";
import type { Source } from "./source.ts";
import { hole, type TextValue, textBuilder } from "./value.ts";

type Token = { text: string; start: number; end: number; literal: TextValue | undefined };

const tokenLimit = 500_000;

/** The OIDC workload identities that a script gives to users. */
export function identitiesOfSql(source: Source): SnowflakeIdentity[] {
  const tokens = tokensOf(source);
  const identities: SnowflakeIdentity[] = [];
  let user = "a user";
  for (let at = 0; at < tokens.length; at++) {
    const word = tokens[at]!.text.toUpperCase();
    if (word === "USER" && tokens[at]!.literal === undefined) user = nameAfter(tokens, at) ?? user;
    const property = word === "WORKLOAD_IDENTITY" && tokens[at + 1]?.text === "=" && tokens[at + 2]?.text === "(";
    const added = word === "WORKLOAD" && tokens[at + 1]?.text.toUpperCase() === "IDENTITY";
    if (!property && !added) continue;
    const identity = readIdentity(source, tokens, property ? at + 3 : at + 2, user, tokens[at]!.start, property);
    if (identity !== undefined) identities.push(identity);
  }
  return identities;
}

function nameAfter(tokens: readonly Token[], at: number): string | undefined {
  let next = at + 1;
  while (/^(?:IF|NOT|EXISTS)$/i.test(tokens[next]?.text ?? "")) next++;
  const name = tokens[next]?.text;
  return name !== undefined && /^["A-Za-z_]/.test(name) && !/^(?:ADD|MODIFY|SET)$/i.test(name)
    ? name.replaceAll('"', "")
    : undefined;
}

/** `TYPE = OIDC ISSUER = '…' SUBJECT = '…' OIDC_AUDIENCE_LIST = ('…')` up to the end of the brackets or of the statement. */
function readIdentity(
  source: Source,
  tokens: readonly Token[],
  from: number,
  name: string,
  start: number,
  brackets: boolean,
): SnowflakeIdentity | undefined {
  const fields = new Map<string, TextValue[]>();
  let type = "";
  let depth = 0;
  let at = from;
  for (; at < tokens.length; at++) {
    const { text } = tokens[at]!;
    if (text === ";" && tokens[at]!.literal === undefined) break;
    if (text === "(") depth++;
    if (text === ")" && depth-- === 0 && brackets) break;
    if (tokens[at + 1]?.text !== "=") continue;
    const key = text.toUpperCase();
    if (key === "TYPE") type = (tokens[at + 2]?.text ?? "").replaceAll("'", "").toUpperCase();
    const values: TextValue[] = [];
    let next = at + 2;
    if (tokens[next]?.text === "(") next++;
    while (tokens[next]?.literal !== undefined) {
      values.push(tokens[next]!.literal!);
      next += tokens[next + 1]?.text === "," ? 2 : 1;
    }
    fields.set(key, values);
  }
  const issuer = fields.get("ISSUER")?.[0];
  if (type !== "OIDC" || issuer === undefined) return undefined;
  const end = tokens[Math.min(at, tokens.length - 1)]!.end;
  return {
    name,
    span: { source, start, end },
    issuer,
    subject: fields.get("SUBJECT")?.[0],
    audiences: fields.get("OIDC_AUDIENCE_LIST") ?? [],
  };
}

function tokensOf(source: Source): Token[] {
  const { text } = source;
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length && tokens.length < tokenLimit) {
    const unit = text[at]!;
    const start = at;
    if (/\s/.test(unit)) at++;
    else if (text.startsWith("--", at) || text.startsWith("//", at)) at = lineEnd(text, at);
    else if (text.startsWith("/*", at)) {
      const end = text.indexOf("*/", at + 2);
      at = end < 0 ? text.length : end + 2;
    } else if (unit === "'") {
      const literal = readLiteral(source, at);
      at = literal.span.end;
      tokens.push({ text: text.slice(start, at), start, end: at, literal });
    } else if (unit === '"') {
      const end = text.indexOf('"', at + 1);
      at = end < 0 ? text.length : end + 1;
      tokens.push({ text: text.slice(start, at), start, end: at, literal: undefined });
    } else if (/[A-Za-z0-9_$]/.test(unit)) {
      while (at < text.length && /[A-Za-z0-9_$.]/.test(text[at]!)) at++;
      tokens.push({ text: text.slice(start, at), start, end: at, literal: undefined });
    } else {
      at++;
      tokens.push({ text: unit, start, end: at, literal: undefined });
    }
  }
  return tokens;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** A literal in single quotes; two quotes are one. A template's `{{ … }}`, `${…}` or `&{…}` is a hole. */
function readLiteral(source: Source, from: number): TextValue {
  const { text } = source;
  const builder = textBuilder(text);
  let at = from + 1;
  let run = at;
  while (at < text.length && !(text[at] === "'" && text[at + 1] !== "'")) {
    if (text[at] === "'" || text[at] === "\\") {
      builder.copy(run, at);
      builder.copy(at + 1, at + 2);
      at += 2;
      run = at;
    } else at++;
  }
  builder.copy(run, Math.min(at, text.length));
  const content = builder.text();
  const filled = content.replace(/\{\{[^{}]{0,200}\}\}|[$&]\{[^{}]{0,200}\}/g, hole);
  const span = { source, start: from, end: Math.min(at + 1, text.length) };
  if (filled !== content) return { kind: "text", text: filled, span, why: "a template fills this in" };
  return { kind: "text", text: content, span, origins: builder.origins() };
}
