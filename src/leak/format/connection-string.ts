/** Passwords in connection strings: ADO.NET and ODBC (`Server=…;Password=…`), JDBC (`jdbc:…;password=…`, `?password=`), libpq (`host=… password=…`). */
import type { Format, FormatHit } from "./format.ts";
import { gradeValue, isLocalHost } from "./grade.ts";

/** How far to either side of the password the other parts of the string may stand. */
const reach = 400;

/** Names of the parts, in lower case without blanks, by what they tell. */
const partNames: Record<string, "host" | "user" | "database" | "driver"> = {
  server: "host",
  host: "host",
  hostname: "host",
  hostaddr: "host",
  datasource: "host",
  address: "host",
  addr: "host",
  networkaddress: "host",
  endpoint: "host",
  userid: "user",
  uid: "user",
  user: "user",
  username: "user",
  userprincipal: "user",
  database: "database",
  dbname: "database",
  initialcatalog: "database",
  databasename: "database",
  driver: "driver",
  provider: "driver",
  dsn: "driver",
};

export const connectionString: Format = {
  id: "connection-string",
  keywords: ["password=", "pwd=", "password =", "pwd =", "jdbc:oracle:thin:"],
  parse: ({ text }, at) =>
    at
      .map((hit, i) => connectionHit(text, hit, at[i - 1] ?? 0, at[i + 1] ?? text.length))
      .filter((hit) => hit !== undefined),
};

/** The password behind the keyword at `hit`; the parts of its string are looked for between the neighbouring keywords. */
function connectionHit(text: string, hit: number, previous: number, next: number): FormatHit | undefined {
  if (text.slice(hit, hit + 12).toLowerCase() === "jdbc:oracle:") return oracleHit(text, hit);
  if (hit > 0 && !/[;?&\s"'`<>]/.test(text[hit - 1] ?? "")) return undefined;
  const sign = text.indexOf("=", hit);
  const opening = boundary(text, hit, Math.max(previous, hit - reach));
  const before = text.slice(opening, hit);
  const value = valueBounds(text, sign + 1, before);
  const parts = partsOf(`${before}${afterValue(text, value.end, next)}`);
  const jdbc = /jdbc:[a-z0-9:+-]{2,60}:/i.exec(before)?.[0].slice(5, -1);
  const separator = /(?:^|[;?&\s])$/.exec(before)?.[0];
  if (separator === undefined && before !== "") return undefined;
  const known = Object.keys(parts).length;
  if (jdbc === undefined && (known < 2 || (parts.host === undefined && parts.driver === undefined))) return undefined;
  const password = text.slice(value.start, value.end);
  const grade = gradeValue(password);
  if (grade === undefined) return undefined;
  const host = parts.host ?? /:\/\/([A-Za-z0-9._-]{1,253})/.exec(before)?.[1];
  const facts: Record<string, string> = { scheme: jdbc === undefined ? "connection string" : `jdbc:${jdbc}` };
  for (const [name, part] of Object.entries({ ...parts, host }))
    if (part !== undefined && /^[\w.@:,\\/{} ()+-]{1,200}$/.test(part)) facts[name] = part;
  const local = host !== undefined && isLocalHost(host.replace(/^tcp:/i, ""));
  return {
    rule: "connection-string",
    ...value,
    name: "password",
    facts,
    confidence: local || password.toLowerCase() === parts.user?.toLowerCase() ? "weak" : grade,
    reason: `a password in a connection string${local ? ", for a local or example host" : ""}`,
  };
}

/** Where the string that holds the offset begins: behind a line ending or a quote, at most `reach` before. */
function boundary(text: string, at: number, floor: number): number {
  let start = at;
  for (; start > floor; start--) {
    const c = text.charCodeAt(start - 1);
    if (c === 10 || c === 34 || c === 96 || c === 60 || c === 62) break;
    if (c === 39 && text[start - 2] !== "=" && text[start] !== ";" && text[start] !== " ") break;
  }
  return start;
}

/** The value behind the sign: up to `;`, `&`, a quote, an angle bracket or a line ending; up to a blank in a string that is divided by blanks. */
function valueBounds(text: string, from: number, before: string): { start: number; end: number } {
  const blanks = !before.includes(";") && !before.includes("?") && /\s/.test(before);
  const limit = Math.min(text.length, from + reach);
  let start = from;
  while (start < limit && text[start] === " ") start++;
  const enclosed = /^(?:'([^'\n]{1,200})'|\{([^{}\n]{1,200})\}(?=;|"|$))/.exec(text.slice(start, start + 203));
  // ODBC puts braces round a value with special characters; round a mere name they are a template's.
  const inner = enclosed?.[1] ?? enclosed?.[2];
  if (inner !== undefined && (enclosed?.[1] !== undefined || /\W/.test(inner.trim()))) {
    return { start: start + 1, end: start + 1 + inner.length };
  }
  let end = start;
  for (; end < limit; end++) {
    const c = text.charCodeAt(end);
    if (c === 59 || c === 34 || c === 39 || c === 96 || c === 60 || c === 62 || c === 10 || c === 13 || c === 92) break;
    if (c === 38 && (before.includes("?") || !before.includes(";"))) break;
    if (blanks && c === 32) break;
  }
  while (end > start && text[end - 1] === " ") end--;
  return { start, end };
}

/** What follows the value within its string. */
function afterValue(text: string, from: number, limit: number): string {
  const window = text.slice(from, Math.min(Math.max(from, limit), from + reach));
  const stop = window.search(/["`\n<]/);
  return stop === -1 ? window : window.slice(0, stop);
}

/** A part of a string that is divided by semicolons, whose names and values may hold blanks. */
const dividedPart = /(?:^|[;?&\s:])([A-Za-z][A-Za-z ]{1,24}?) ?= ?([^;&"'<>\n]{1,200})/g;

/** A part of a string that is divided by blanks or by `&`. */
const blankPart = /(?:^|[?&\s:])([A-Za-z]{2,25}) ?= ?([^\s;&"'<>]{1,200})/g;

function partsOf(text: string): Partial<Record<"host" | "user" | "database" | "driver", string>> {
  const parts: Partial<Record<"host" | "user" | "database" | "driver", string>> = {};
  for (const match of text.matchAll(text.includes(";") ? dividedPart : blankPart)) {
    const name = partNames[(match[1] ?? "").toLowerCase().replaceAll(" ", "")];
    const value = (match[2] ?? "").trim();
    if (name !== undefined) parts[name] ??= value;
  }
  return parts;
}

/** `jdbc:oracle:thin:user/password@host`. */
function oracleHit(text: string, at: number): FormatHit | undefined {
  const match = /^jdbc:oracle:(?:thin|oci8?):([\w$#.-]{1,60})\/([^@\s"'<>]{1,100})@(?:\/\/)?([\w.-]{1,253})?/i.exec(
    text.slice(at, at + 500),
  );
  if (match === null) return undefined;
  const [whole, user = "", password = "", host] = match;
  const grade = gradeValue(password);
  if (grade === undefined) return undefined;
  const start = at + whole.indexOf(`/${password}@`) + 1;
  const facts: Record<string, string> = { scheme: "jdbc:oracle", user, ...(host === undefined ? {} : { host }) };
  const confidence = host !== undefined && isLocalHost(host) ? "weak" : grade;
  return {
    rule: "connection-string",
    start,
    end: start + password.length,
    name: "password",
    facts,
    confidence,
    reason: "a password in a JDBC URL",
  };
}
