/** Files whose lines are fields between colons: `.htpasswd`, `passwd` and `shadow`, `.pgpass`. */
import type { Format, FormatHit } from "./format.ts";
import { gradeValue, isLocalHost } from "./grade.ts";
import { lineStart, lines } from "./lines.ts";
import { hashKind } from "./password-hash.ts";

const hashKeywords = [
  ":$apr1$",
  ":$1$",
  ":$2y$",
  ":$2a$",
  ":$2b$",
  ":$5$",
  ":$6$",
  ":$y$",
  ":$argon2",
  ":{sha}",
  ":{ssha}",
];

const user = /^[A-Za-z_][\w.@+-]{0,99}\$?$/;

/** `user:hash`: Apache's and nginx' password files, and any line of their form. */
export const htpasswd: Format = {
  id: "htpasswd",
  keywords: hashKeywords,
  parse: ({ text }, at) => at.map((hit) => hashHit(text, hit)).filter((hit) => hit !== undefined),
};

function hashHit(text: string, hit: number): FormatHit | undefined {
  // Most of what a keyword finds is no hash, so the hash is looked at first.
  const value = /^[^\s:"'`,;)<\\]{8,400}/.exec(text.slice(hit + 1, hit + 401))?.[0] ?? "";
  const kind = value === "" ? undefined : hashKind(value);
  if (kind === undefined) return undefined;
  const before = text.slice(lineStart(text, hit, 200), hit);
  const name = /[A-Za-z_][\w.@+-]{0,99}$/.exec(before)?.[0] ?? "";
  const opening = before.slice(0, before.length - name.length);
  if (!user.test(name) || (opening !== "" && !/[\s"'`(=,>]$/.test(opening))) return undefined;
  const shadow = /^:\d{0,6}:\d{0,6}:\d{0,6}:/.test(text.slice(hit + 1 + value.length, hit + 40 + value.length));
  return {
    rule: shadow ? "shadow-password-hash" : "htpasswd-hash",
    start: hit + 1,
    end: hit + 1 + value.length,
    facts: { user: name, hash: kind.kind },
    confidence: "likely",
    reason: `a password hash (${kind.kind}) behind a user's name${shadow ? " in a shadow file" : ""}`,
  };
}

/** Lines of an `.htpasswd` whose hash does not say what it is: DES crypt, or a plain text. */
export const htpasswdFile: Format = {
  id: "htpasswd-file",
  path: /(?:^|\/)\.?ht(?:passwd|users)[\w.-]*$|\.htpasswd$/,
  keywords: [],
  sniff: () => false,
  parse: ({ text }): FormatHit[] => {
    const hits: FormatHit[] = [];
    for (const line of lines(text)) {
      const match = /^([\w.@+-]{1,100}):([^:\s]{3,200})$/.exec(
        text.slice(line.start, Math.min(line.end, line.start + 310)),
      );
      const [, name = "", value = ""] = match ?? [];
      if (match === null || hashKind(value) !== undefined) continue;
      const crypt = /^[./A-Za-z0-9]{13}$/.test(value);
      const grade = crypt ? "likely" : gradeValue(value);
      if (grade === undefined) continue;
      const reason = crypt
        ? "a DES password hash behind a user's name"
        : "a password in plain text behind a user's name";
      hits.push({
        rule: "htpasswd-entry",
        start: line.end - value.length,
        end: line.end,
        facts: { user: name, hash: crypt ? "crypt" : "none" },
        confidence: grade,
        reason,
      });
    }
    return hits;
  },
};

/** host:port:database:user:password, with `\:` and `\\` in fields (PostgreSQL manual, "The Password File"). */
const pgpassLine =
  /^((?:[^:\\\s#]|\\.){1,253}):(\d{1,5}|\*):((?:[^:\\\s]|\\.){1,100}):((?:[^:\\\s]|\\.){1,100}):((?:[^:\\\r\n]|\\.){1,512})$/;

export const pgpass: Format = {
  id: "pgpass",
  path: /(?:^|\/)[\w.-]*pgpass(?:\.conf)?$/,
  keywords: [],
  sniff: (head) => pgpassLine.test(head.split(/\r?\n/).find((line) => line !== "" && !line.startsWith("#")) ?? ""),
  parse: ({ text }): FormatHit[] => {
    const hits: FormatHit[] = [];
    for (const line of lines(text)) {
      const match = pgpassLine.exec(text.slice(line.start, Math.min(line.end, line.start + 1100)));
      if (match === null) continue;
      const [, host = "", , database = "", name = "", value = ""] = match;
      const grade = gradeValue(value);
      if (grade === undefined) continue;
      const facts: Record<string, string> = {};
      for (const [fact, part] of Object.entries({ host, database, user: name }))
        if (/^[\w.@*-]{1,253}$/.test(part)) facts[fact] = part;
      const confidence = isLocalHost(host) || (host === "*" && grade === "weak") ? "weak" : grade;
      hits.push({
        rule: "pgpass",
        start: line.end - value.length,
        end: line.end,
        name: "password",
        facts,
        confidence,
        reason: "the password field of a PostgreSQL password file",
      });
    }
    return hits;
  },
};
