/** Connection strings and URLs with a password: which host, whose account, which database. Never the password. */
import type { Proof, ProofResult } from "./proof.ts";
import { factsOf, unproved } from "./result.ts";

/** A connection string is a line or two; what is longer is looked at only so far. */
const longest = 4096;

type Parts = { host?: string; user?: string; password?: string; database?: string };

const hostPattern = /^(?:\[([0-9a-f:.]{2,45})\]|([A-Za-z0-9._-]{1,253}))(?::\d{1,5})?(?:,|$)/i;

/** The host without its port; of several the first. Placeholders such as `${HOST}` are none. */
function hostIn(text: string): string | undefined {
  const found = hostPattern.exec(text);
  return found?.[1] ?? found?.[2];
}

/**
 * The parts of `scheme://user:password@host/database`.
 * A password may hold @ and / unescaped. Where more than one reading is possible, no part is given, since a wrong
 * one could show the password as a host.
 */
function partsOfUrl(text: string): Parts | undefined {
  const scheme = /^(?:jdbc:)?[a-z][a-z0-9+.-]{0,30}:(?:[a-z]{1,20}:)?\/\//i.exec(text)?.[0];
  if (scheme === undefined) return undefined;
  const rest = text.slice(scheme.length);
  if (/^jdbc:/i.test(scheme) && rest.includes(";")) return partsOfProperties(rest);
  const queryAt = rest.indexOf("?");
  const beforeQuery = queryAt < 0 ? rest : rest.slice(0, queryAt);
  // A second @, or one after the ?, leaves open where the password ends.
  if (rest.slice(beforeQuery.length).includes("@")) return {};
  const parameters = queryAt < 0 ? {} : partsOfPairs(rest.slice(queryAt + 1), "&");
  const firstAt = beforeQuery.indexOf("@");
  const lastAt = beforeQuery.lastIndexOf("@");
  if (beforeQuery.slice(firstAt, lastAt + 1).includes("/")) return {};
  const userinfo = lastAt < 0 ? "" : beforeQuery.slice(0, lastAt);
  const colon = userinfo.indexOf(":");
  const [authority = "", path = ""] = beforeQuery.slice(lastAt + 1).split("/", 2);
  const parts: Parts = { ...parameters };
  assign(parts, "host", hostIn(authority.split(";", 1)[0] ?? ""));
  assign(parts, "user", colon < 0 ? undefined : userinfo.slice(0, colon));
  assign(parts, "password", colon < 0 ? userinfo : userinfo.slice(colon + 1));
  assign(parts, "database", /^[A-Za-z0-9_.-]{1,64}$/.exec(path.split(/[;#]/, 1)[0] ?? "")?.[0]);
  return parts;
}

/** `host:1433;databaseName=d;user=u;password=p`, as the JDBC URLs of SQL Server and its kin have it. */
function partsOfProperties(rest: string): Parts {
  const end = rest.indexOf(";");
  const parts = partsOfPairs(rest.slice(end + 1), ";");
  if (!rest.slice(0, end).includes("@")) assign(parts, "host", hostIn(rest.slice(0, end).split(/[/\\]/, 1)[0] ?? ""));
  return parts;
}

function assign(parts: Parts, key: keyof Parts, value: string | undefined): void {
  if (value !== undefined && value !== "") parts[key] = value;
}

/** Keys of ADO, ODBC, JDBC and Azure connection strings, without spaces and in small letters. */
const keyMeaning: ReadonlyMap<string, keyof Parts> = new Map([
  ...["server", "host", "hostname", "datasource", "address", "addr", "endpoint", "accountendpoint"].map(
    (key) => [key, "host"] as const,
  ),
  ...["user", "username", "userid", "uid", "accountname", "sharedaccesskeyname"].map((key) => [key, "user"] as const),
  ...["password", "pwd", "pass", "accountkey", "accesskey", "sharedaccesskey"].map((key) => [key, "password"] as const),
  ...["database", "databasename", "initialcatalog", "dbname", "entitypath"].map((key) => [key, "database"] as const),
]);

/** `Server=tcp:h,1433;User Id=u;Password=p` and the parameters of a URL. */
function partsOfPairs(text: string, separator: ";" | "&" | " "): Parts {
  const parts: Parts = {};
  for (const pair of text.split(separator, 100)) {
    const equals = pair.indexOf("=");
    const key = pair.slice(0, Math.max(equals, 0)).toLowerCase();
    const meaning = keyMeaning.get(key.replace(/[\s_-]/g, ""));
    if (meaning === undefined || Object.hasOwn(parts, meaning)) continue;
    const raw = pair.slice(equals + 1).trim();
    const value = raw.replace(/^["']|["']$/g, "");
    // A quoted password that holds the separator: what follows could be a part of it.
    if (meaning === "password" && /^["'{]/.test(raw) && !/["'}]$/.test(raw.slice(1))) return {};
    const host = value.replace(/^(?:(?:tcp|np|lpc):|[a-z]{2,6}:\/\/)/i, "");
    assign(parts, meaning, meaning === "host" ? hostIn(host.split(/[/\\]/, 1)[0] ?? "") : value);
  }
  return parts;
}

/** Whether the user's name may be shown: some services take the token itself as the name. */
function isPlainName(user: string): boolean {
  return (
    /^[\w.@+-]{1,40}$/.test(user.replaceAll("%40", "@")) &&
    !(user.length >= 20 && /\d/.test(user) && !user.includes("@"))
  );
}

/** Names by which a token is the password, or by which it stands in the place of the user. */
const fillers = new Set(["x-oauth-basic", "x", "api_token"]);

/** Reach of a host: `local` and `private` are not open to everyone, `example` is nobody's. */
function reachOf(host: string): string | undefined {
  const name = host.toLowerCase();
  if (
    /^(?:localhost|127\.[\d.]+|0\.0\.0\.0|::1|host\.docker\.internal|[\w.-]+\.(?:local|localhost|localdomain))$/.test(
      name,
    )
  ) {
    return "local";
  }
  if (/^(?:[\w.-]+\.)?(?:example\.(?:com|org|net|edu)|example|test|invalid)$/.test(name)) return "example";
  if (/^(?:your|my|some)[-_.]?\w*|^(?:host|hostname|server|servername|domain)(?:\.com)?$/.test(name)) return "example";
  if (/^(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)[\d.]+$/.test(name)) return "private";
  // A name without a dot only means something inside one network: a service of a compose file or a cluster.
  return name.includes(".") || name.includes(":") ? undefined : "local";
}

/** The facts that may be shown; nothing that equals or holds the password is among them. */
function factsFrom(parts: Parts): Record<string, string> {
  const { host, user, database, password = "" } = parts;
  const facts = factsOf({
    host,
    reach: host === undefined ? undefined : reachOf(host),
    user: user !== undefined && isPlainName(user) && password !== "" && !fillers.has(password) ? user : undefined,
    database,
  });
  const shown = Object.entries(facts).filter(
    ([key, value]) => key === "reach" || (value !== password && !(password.length >= 4 && value.includes(password))),
  );
  return Object.fromEntries(shown);
}

function verify(token: string): ProofResult {
  const text = token.slice(0, longest);
  const separator = text.includes(";") ? ";" : text.includes("&") ? "&" : " ";
  const facts = factsFrom(partsOfUrl(text) ?? partsOfPairs(text, separator));
  return Object.keys(facts).length === 0
    ? unproved("host and user cannot be told for certain")
    : unproved("host and user can be read", facts);
}

/**
 * Database URLs, JDBC URLs and `key=value` connection strings. Never disproves; facts: `host`, `reach` (`local`,
 * `private`, `example`), `user`, `database`.
 */
export const connectionString: Proof = { verify };

/** URLs with basic authentication; the same facts, without a database, which a path is not. */
export const basicAuthUrl: Proof = {
  verify(token) {
    const result = verify(token);
    const { database: _path, ...facts } = result.facts;
    return { ...result, facts };
  },
};
