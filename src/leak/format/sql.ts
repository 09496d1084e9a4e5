/** Passwords in SQL: rows of user tables in dumps, and the statements that create users and set their passwords. */
import type { Format, FormatHit } from "./format.ts";
import { gradeValue } from "./grade.ts";
import { digestKind, hashKind } from "./password-hash.ts";
import { copyRows, type SqlValue, sqlTuples } from "./sql-values.ts";

/** Tables whose rows are people or accounts. */
const userTable =
  /(?:user|usr|account|member|admin|login|customer|credential|auth|employee|staff|person|people|client|operator|subscriber|author|teacher|student|player)/i;
const passwordColumn =
  /^(?:[a-z0-9_]*_)?(?:pass|passwd|password|pwd|pw|passhash|passwordhash|passcode|user_pass|encrypted_password|password_hash|password_digest|hashed_password|hash)[a-z0-9]{0,2}$/i;
const userColumn = /^(?:[a-z0-9_]*_)?(?:user|username|login|email|name|user_login|account)$/i;

const name = '[\\w.$"`\\[\\]-]{1,130}';
const insert = new RegExp(
  `^insert\\s{1,8}(?:ignore\\s{1,8})?into\\s{1,8}(?:only\\s{1,8})?(${name})\\s{0,8}(?:\\(([^()]{1,4000})\\))?\\s{0,8}(?:overriding system value\\s{1,8})?values?\\s{0,8}`,
  "i",
);
const copy = new RegExp(
  `^copy\\s{1,8}(${name})\\s{0,8}\\(([^()]{1,4000})\\)\\s{1,8}from stdin[^;\\n]{0,80};\\r?\\n`,
  "i",
);

/** Rows of user tables: password hashes, or worse. */
export const sqlUserTable: Format = {
  id: "sql-user-table",
  keywords: ["insert into", "insert ignore into", "from stdin"],
  parse: ({ text }, at) =>
    at.flatMap((hit, i) => tableHits(text, hit, { from: at[i - 1] ?? 0, to: at[i + 1] ?? text.length })),
};

/** The hits of the statement whose keyword stands at `hit`; it neither begins before nor reaches beyond its neighbours. */
function tableHits(text: string, hit: number, within: { from: number; to: number }): FormatHit[] {
  const copied = text.slice(hit, hit + 10).toLowerCase() === "from stdin";
  let match = copied ? null : insert.exec(text.slice(hit, Math.min(within.to, hit + 4600)));
  let start = hit;
  let rows = sqlTuples;
  if (copied) {
    // Of `COPY t (…) FROM stdin;` the keyword is the end.
    const window = text.slice(Math.max(within.from, hit - 4200), hit);
    const copyAt = window.toLowerCase().lastIndexOf("copy ");
    if (copyAt === -1) return [];
    start = hit - window.length + copyAt;
    match = copy.exec(text.slice(start, hit + 200));
    rows = copyRows;
  }
  const [whole = "", table = "", list] = match ?? [];
  if (match === null || !userTable.test(table)) return [];
  const columns = list?.split(",").map((column) => column.trim().replace(/["`[\]]/g, ""));
  const hits: FormatHit[] = [];
  for (const values of rows(text, start + whole.length, within.to))
    hits.push(...rowHits(text, table.replace(/["`[\]]/g, ""), columns, values));
  return hits;
}

function rowHits(text: string, table: string, columns: string[] | undefined, values: SqlValue[]): FormatHit[] {
  const hits: FormatHit[] = [];
  const userAt = columns?.findIndex((column) => userColumn.test(column)) ?? -1;
  const userValue = values[userAt];
  const user = userValue === undefined ? "" : text.slice(userValue.start, userValue.end);
  values.forEach((value, i) => {
    const column = columns?.[i];
    if (!value.quoted || value.end - value.start > 512) return;
    const isPassword = column !== undefined && passwordColumn.test(column);
    if (columns !== undefined && !isPassword) return;
    const content = text.slice(value.start, value.end);
    const kind = hashKind(content) ?? (isPassword ? digestKind(content) : undefined);
    const grade = kind === undefined && isPassword ? gradeValue(content) : undefined;
    if (kind === undefined && grade === undefined) return;
    hits.push({
      rule: "sql-user-table",
      start: value.start,
      end: value.end,
      ...(column === undefined ? {} : { name: `${table}.${column}` }),
      facts: { table, ...(/^[\w.@+-]{1,100}$/.test(user) ? { user } : {}), hash: kind?.kind ?? "none" },
      confidence: grade ?? "likely",
      ...(kind === undefined ? { severity: "high" as const } : {}),
      reason:
        kind === undefined
          ? "a value in the password column of a user table"
          : `a password hash (${kind.kind}) in a user table`,
    });
  });
  return hits;
}

/** What stands before the quoted password, from the keyword on. */
const setters =
  /^(?:identified\s{1,4}(?:with\s{1,4}[\w"'`]{1,60}\s{1,4})?(?:by|as)\s{1,4}(?:password\s{1,4})?|(?:encrypted\s{1,4}|unencrypted\s{1,4})?password\s{0,4}=?\s{0,4}(?:password\s{0,4}\(\s{0,4})?n?)(['"])/i;

/** A statement that makes the word PASSWORD an account's: within the bytes before it. */
const statement =
  /(?:create|alter|grant|set)\s{1,4}(?:or\s{1,4}replace\s{1,4})?(?:user|role|login|application role|all|password|usage|select|server|group|database)\b[^;]{0,300}$|user mapping[^;]{0,300}$/i;

/** `CREATE USER … IDENTIFIED BY '…'`, `ALTER ROLE … PASSWORD '…'`, `CREATE LOGIN … WITH PASSWORD = '…'`. */
export const sqlUserPassword: Format = {
  id: "sql-user-password",
  keywords: [
    "identified by",
    "identified with",
    "password '",
    "password=n'",
    "password = n'",
    "password = '",
    "password='",
    "password('",
  ],
  parse: ({ text }, at) => at.map((hit) => statementHit(text, hit)).filter((hit) => hit !== undefined),
};

function statementHit(text: string, hit: number): FormatHit | undefined {
  const match = setters.exec(text.slice(hit, hit + 160));
  const quote = match?.[1];
  if (match === null || quote === undefined) return undefined;
  const before = text.slice(Math.max(0, hit - 400), hit);
  const identified = /^identified/i.test(match[0]);
  if (!identified && !statement.test(before)) return undefined;
  const start = hit + match[0].length;
  const window = text.slice(start, start + 300);
  const close = window.indexOf(quote);
  const value = window.slice(0, Math.max(0, close));
  if (close < 1 || value.includes("\n")) return undefined;
  const kind = hashKind(value);
  const grade = gradeValue(value);
  if (kind === undefined && grade === undefined) return undefined;
  const user =
    /(?:user|role|login|for|to)\s{1,4}(?:if not exists\s{1,4})?["'`[]?([\w.$-]{1,64})["'`\]]?(?:@["'`]?([\w.%-]{1,253}))?[^;]{0,300}$/i.exec(
      before,
    );
  const facts: Record<string, string> = { hash: kind?.kind ?? "none" };
  if (user?.[1] !== undefined) facts.user = user[1];
  if (user?.[2] !== undefined && user[2] !== "%") facts.host = user[2];
  return {
    rule: "sql-user-password",
    start,
    end: start + value.length,
    name: "password",
    facts,
    confidence: kind === undefined ? (grade ?? "weak") : "likely",
    ...(kind === undefined ? {} : { severity: "medium" as const }),
    reason:
      kind === undefined
        ? "a password that a SQL statement sets"
        : `a password hash (${kind.kind}) that a SQL statement sets`,
  };
}
