/** Passwords in URLs: `scheme://user:password@host` (RFC 3986 section 3.2.1), and the data source names of Go's MySQL driver. */
import type { Confidence } from "../../finding.ts";
import type { Format, FormatHit } from "./format.ts";
import { gradeValue, isLocalHost } from "./grade.ts";
import { looksLikeToken } from "./safe-facts.ts";

/** Schemes of databases, queues and caches; the part before a `+` counts (`mysql+pymysql`). */
const databases = new Set(
  (
    "postgres postgresql postgis psql pgsql mysql mysqlx mysql2 mariadb mongodb mongo redis rediss valkey keydb amqp amqps mssql sqlserver oracle db2 hive hive2 impala presto trino clickhouse clickhouses " +
    "cockroach cockroachdb cassandra couchdb couchbase couchbases neo4j neo4js bolt bolts elasticsearch es opensearch influx influxdb influxdbs memcached snowflake redshift vertica teradata sybase firebird " +
    "ignite arangodb libsql turso kafka nats stomp mqtt mqtts jdbc sqlalchemy databricks timescaledb rethinkdb ldapdb pulsar"
  ).split(" "),
);

/** Passwords that only fill the place behind a token. */
const fillers = new Set(["x-oauth-basic", "x", "nopass", "password", "api_token"]);

/** Longest part before the host that is looked at. */
const longestUserinfo = 1024;

type UrlPassword = {
  scheme: string;
  user: string;
  start: number;
  end: number;
  host: string;
  database: string;
  isDatabase: boolean;
};

/** `postgres://app:…@db/app` and its like. */
export const databaseUrl: Format = {
  id: "database-url",
  keywords: ["://", "@tcp(", "@unix("],
  parse: ({ text }, at) => [...urlHits(text, at, true), ...goDsnHits(text, at)].sort((a, b) => a.start - b.start),
};

/** `https://user:…@host` for every other scheme. */
export const basicAuthUrl: Format = {
  id: "basic-auth-url",
  keywords: ["://"],
  parse: ({ text }, at) => urlHits(text, at, false),
};

function urlHits(text: string, at: number[], database: boolean): FormatHit[] {
  const hits: FormatHit[] = [];
  for (const colon of at) {
    const url = passwordAt(text, colon);
    if (url === undefined || url.isDatabase !== database) continue;
    const grade = gradeUrl(url.user, text.slice(url.start, url.end), url.host);
    if (grade === undefined) continue;
    const facts: Record<string, string> = { scheme: url.scheme };
    if (isPlain(url.user)) facts.user = url.user;
    if (isPlain(url.host)) facts.host = url.host;
    if (isPlain(url.database)) facts.database = url.database;
    const rule = database ? "database-url" : "basic-auth-url";
    const host = isLocalHost(url.host) ? ", for a local or example host" : "";
    hits.push({
      rule,
      start: url.start,
      end: url.end,
      name: `${url.scheme} password`,
      facts,
      confidence: grade,
      reason: `a password in a URL${host}`,
    });
  }
  return hits;
}

/** A part that names something, and is not a template. */
function isPlain(part: string): boolean {
  return /^[\w.@:,+*=~-]{1,253}$/.test(part);
}

function gradeUrl(user: string, password: string, host: string): Confidence | undefined {
  const decoded = percentDecoded(password);
  const grade = gradeValue(password) && gradeValue(decoded);
  if (grade === undefined) return undefined;
  if (isLocalHost(host) || decoded.toLowerCase() === user.toLowerCase()) return "weak";
  return isCosmosHost(host) && !isAccountKey(decoded) ? "weak" : grade;
}

/** Cosmos DB for MongoDB (learn.microsoft.com/azure/cosmos-db/mongodb/connect-account): its passwords are account keys. */
function isCosmosHost(host: string): boolean {
  return /\.(?:mongo\.cosmos|documents)\.azure\.(?:com|cn|us)(?::\d+)?$/i.test(host);
}

/** 64 bytes in base64. */
function isAccountKey(password: string): boolean {
  return /^[A-Za-z0-9+/]{86}==$/.test(password);
}

/** Percent escapes decoded byte for byte. */
function percentDecoded(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function isSchemeChar(c: number): boolean {
  return (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 43 || c === 45 || c === 46;
}

/** Ends a URL for certain: control characters, blanks, quotes, angle brackets, backslash, backquote. */
function endsUrl(c: number): boolean {
  return c <= 32 || c === 34 || c === 39 || c === 60 || c === 62 || c === 92 || c === 96 || c === 127;
}

/** The password of the URL whose `://` stands at `colon`. */
function passwordAt(text: string, colon: number): UrlPassword | undefined {
  if (!text.startsWith("://", colon)) return undefined;
  const from = colon + 3;
  const limit = Math.min(text.length, from + longestUserinfo);
  let divider = -1;
  let sign = -1;
  let i = from;
  for (; i < limit; i++) {
    const c = text.charCodeAt(i);
    if (endsUrl(c) || c === 47 || c === 63 || c === 35) break;
    if (c === 58 && divider === -1) divider = i;
    else if (c === 64) sign = i;
  }
  if (divider === -1 || sign <= divider + 1) return undefined;
  let start = colon;
  while (start > 0 && colon - start < 32 && isSchemeChar(text.charCodeAt(start - 1))) start--;
  const scheme = text
    .slice(start, colon)
    .toLowerCase()
    .replace(/^[^a-z]+/, "");
  // `?ostgres://` is a broken name, and in `?u=…` a scheme does not follow the sign at once.
  if (scheme.length < 2 || text[start - 1] === "?") return undefined;
  const host = text.slice(sign + 1, i);
  if (!/^[A-Za-z0-9[{$%(*_]/.test(host)) return undefined;
  const base = scheme.replace(/\+.*$/, "");
  // A token in the user's place comes with a password that means nothing.
  const swapped = fillers.has(text.slice(divider + 1, sign)) && looksLikeToken(text.slice(from, divider));
  if (!swapped && text.startsWith("x-oauth-basic@", divider + 1)) return undefined;
  const path = text[i] === "/" ? /^[\w-]{1,64}/.exec(text.slice(i + 1, i + 65))?.[0] : undefined;
  const database = databases.has(base);
  return {
    scheme,
    user: swapped ? "" : percentDecoded(text.slice(from, divider)),
    start: swapped ? from : divider + 1,
    end: swapped ? divider : sign,
    host,
    database: (database && path) || "",
    isDatabase: database,
  };
}

/** `user:password@tcp(host:3306)/database`. */
function goDsnHits(text: string, at: number[]): FormatHit[] {
  const hits: FormatHit[] = [];
  for (const sign of at) {
    const tail = /^@(?:tcp|unix)\(([^)\s"'`]{0,253})\)(?:\/([\w-]{1,64}))?/i.exec(text.slice(sign, sign + 400));
    if (tail === null) continue;
    const floor = Math.max(0, sign - 256);
    let start = sign;
    while (start > floor && !endsUrl(text.charCodeAt(start - 1)) && text[start - 1] !== "=") start--;
    const divider = text.slice(start, sign).indexOf(":");
    if (divider < 1) continue;
    const user = text.slice(start, start + divider);
    const grade = gradeUrl(user, text.slice(start + divider + 1, sign), tail[1] ?? "");
    if (grade === undefined) continue;
    const facts: Record<string, string> = { scheme: "mysql" };
    if (isPlain(user)) facts.user = user;
    if (isPlain(tail[1] ?? "")) facts.host = tail[1] ?? "";
    if (tail[2] !== undefined) facts.database = tail[2];
    hits.push({
      rule: "database-url",
      start: start + divider + 1,
      end: sign,
      name: "mysql password",
      facts,
      confidence: grade,
      reason: "a password in a data source name",
    });
  }
  return hits;
}
