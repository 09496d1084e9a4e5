/** Drafts of entries from what is there already: a snapshot, a CSV file, or names that carry their rotation. */
import { LeaseholdError, nearestName } from "../error.ts";
import { stores } from "./asset.ts";
import type { AuditContext } from "./draft.ts";
import { type CommentedEntry, entryAlone, writtenScope } from "./register-edit.ts";
import type { NewEntry } from "./register-file.ts";

/** What may say who owns something, the strongest first where nothing else is configured. */
export const ownerSources = ["custom property", "CODEOWNERS", "last editor"] as const;
export type OwnerSource = (typeof ownerSources)[number];

/** What each source says of one credential. */
export type OwnerHints = Partial<Record<OwnerSource, string>>;

/** The owner by precedence, where the word comes from, and who else was named. Undefined when no source says anything. */
export function guessOwner(
  hints: OwnerHints,
  precedence: readonly OwnerSource[] = ownerSources,
): { owner: string; from: OwnerSource; others: string[] } | undefined {
  const said = precedence.flatMap((from) => (hints[from] === undefined ? [] : [{ owner: hints[from], from }]));
  const [first] = said;
  if (first === undefined) return undefined;
  const others = said.filter(({ owner }) => owner.toLowerCase() !== first.owner.toLowerCase());
  return { ...first, others: others.map(({ owner, from }) => `${owner} (${from})`) };
}

/** Days in a name like `NPM_TOKEN_R90`: the habit of writing the rotation into the name. */
export function rotationInName(name: string): number | undefined {
  const days = /_R([1-9][0-9]{0,3})$/i.exec(name)?.[1];
  return days === undefined ? undefined : Number(days);
}

/** Drafts for every credential that lies in a store or is used, and has no entry. In: the context of an audit; hints per target. */
export function draftsFromStores(
  context: AuditContext,
  hintsFor: (target: string) => OwnerHints = () => ({}),
): CommentedEntry[] {
  return context.subjects.all.flatMap((subject) => {
    const { asset, entry, held, target } = subject;
    if (entry !== undefined) return [];
    const scope = writtenScope(asset.scope);
    const every = rotationInName(asset.name);
    const token = held.find(({ tokenId }) => tokenId !== undefined);
    const guess = token?.person === undefined ? guessOwner(hintsFor(target)) : undefined;
    const owner = token?.person === undefined ? guess?.owner : `@${token.person}`;
    const conflicts = guess === undefined || guess.others.length === 0 ? "" : `, against ${guess.others.join(", ")}`;
    return [
      {
        entry: {
          name: asset.name,
          ...(asset.store !== "actions" && { store: asset.store }),
          ...(scope !== undefined && { scope }),
          ...(owner !== undefined && { owner }),
          ...(token?.expiresAt != null && { expires: token.expiresAt }),
          ...(every !== undefined && { rotate: { every: `${every}d` } }),
          ...(token?.tokenId !== undefined && { "token-id": token.tokenId }),
        },
        ...(guess !== undefined && { comment: `owner: a guess, from ${guess.from}${conflicts}` }),
        ...(token?.person !== undefined && { comment: "owner: who made the token" }),
      },
    ];
  });
}

const columns = [
  "name",
  "store",
  "org",
  "repository",
  "environment",
  "kind",
  "owner",
  "backup",
  "purpose",
  "expires",
  "rotate",
  "plan",
  "tier",
  "revoke",
] as const;
type Column = (typeof columns)[number];

/**
 * Drafts from a CSV file (RFC 4180) with a header of some of the columns above; `rotate` in days (`90` or `90d`), `org` as `true`.
 * Throws LeaseholdError("config") with the line of the first fault.
 */
export function draftsFromCsv(text: string, file: string): CommentedEntry[] {
  const rows = csvRows(text.replace(/^\uFEFF/, ""), file);
  const [head, ...body] = rows;
  if (head === undefined)
    throw new LeaseholdError("config", "the file is empty; its first line names the columns", { file });
  const names = head.cells.map((cell) => cell.trim().toLowerCase().replaceAll(" ", "-"));
  for (const [at, name] of names.entries()) {
    if (!(columns as readonly string[]).includes(name)) {
      const near = nearestName(name, columns);
      throw new LeaseholdError(
        "config",
        `unknown column ${at + 1}${near === undefined ? `; expected ${columns.join(", ")}` : `; did you mean "${near}"?`}`,
        { file, line: head.line },
      );
    }
  }
  if (!names.includes("name"))
    throw new LeaseholdError("config", 'a column "name" is needed', { file, line: head.line });
  return body.flatMap(({ cells, line }) => {
    if (cells.every((cell) => cell.trim() === "")) return [];
    if (cells.length > names.length)
      throw new LeaseholdError("config", `${cells.length} values under ${names.length} columns`, { file, line });
    const value = (column: Column): string | undefined => {
      const cell = cells[names.indexOf(column)]?.trim();
      return cell === undefined || cell === "" ? undefined : cell;
    };
    const entry = csvEntry(value);
    try {
      entryAlone(entry, file);
    } catch (error) {
      if (!(error instanceof LeaseholdError)) throw error;
      const sentence = error.message.split("\n")[0]!.replace(/^secrets\[0\]\./, "");
      throw new LeaseholdError("config", sentence, { file, line });
    }
    return [{ entry }];
  });
}

function csvEntry(value: (column: Column) => string | undefined): NewEntry {
  const given = (column: Column, key: string = column) => {
    const text = value(column);
    return text === undefined ? {} : { [key]: text };
  };
  const name = value("name") ?? "";
  const org = value("org")?.toLowerCase() === "true";
  const scope = org ? { org: true as const } : { ...given("repository"), ...given("environment") };
  const rotate = value("rotate") ?? rotationInName(name)?.toString();
  const revoke = value("revoke");
  const store = stores.find((one) => one === value("store"));
  // What does not fit goes in all the same: the register's own reader says what is wrong with it.
  return {
    name,
    ...(store === undefined ? given("store") : { store }),
    ...(Object.keys(scope).length > 0 && { scope }),
    ...given("kind"),
    ...given("owner"),
    ...given("backup"),
    ...given("purpose"),
    ...given("expires"),
    ...(rotate !== undefined && { rotate: { every: /^\d+$/.test(rotate) ? `${rotate}d` : rotate } }),
    ...(revoke !== undefined && { revoke: { how: revoke } }),
    ...given("plan"),
    ...given("tier"),
  } as NewEntry;
}

/** Rows of a CSV text; quoted cells may hold commas, quotes and line breaks. */
function csvRows(text: string, file: string): { cells: string[]; line: number }[] {
  const rows: { cells: string[]; line: number }[] = [];
  let cells: string[] = [];
  let cell = "";
  let quoted = false;
  let line = 1;
  let start = 1;
  const endRow = (): void => {
    rows.push({ cells: [...cells, cell], line: start });
    cells = [];
    cell = "";
  };
  for (let at = 0; at < text.length; at++) {
    const unit = text[at]!;
    if (unit === "\n") line++;
    if (quoted) {
      if (unit !== '"') cell += unit;
      else if (text[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (unit === '"' && cell === "") quoted = true;
    else if (unit === ",") {
      cells.push(cell);
      cell = "";
    } else if (unit === "\n") {
      cell = cell.replace(/\r$/, "");
      endRow();
      start = line;
    } else cell += unit;
  }
  if (quoted) throw new LeaseholdError("config", "a quoted value has no end", { file, line: start });
  if (cell !== "" || cells.length > 0) endRow();
  return rows;
}
