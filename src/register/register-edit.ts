/** Writes into a register as splices of text, so that its order and comments stay. */
import { isMap, type Node } from "yaml";
import { LeaseholdError } from "../error.ts";
import { compareText, type Edit } from "../finding.ts";
import { applyEdits, insertItems, insertKey, listItem, yamlLine } from "../yaml-splice.ts";
import { assetKey, assetLabel, type Scope, storedName } from "./asset.ts";
import type { Entry } from "./register.ts";
import { parseRegister, type Register, registerPaths } from "./register.ts";
import type { NewEntry } from "./register-file.ts";

const header = "# The register of secrets: who owns each, what for, and until when. Names, never values.\nversion: 1\n";

/** Keys of an entry in the order in which they are written. */
const keyOrder = [
  "name",
  "store",
  "scope",
  "kind",
  "owner",
  "backup",
  "purpose",
  "expires",
  "rotate",
  "review",
  "revoke",
  "plan",
  "tier",
  "tier-approved-by",
  "shared",
  "token-id",
  "approval",
  "third-parties",
  "not-a-secret",
] as const satisfies readonly (keyof NewEntry)[];

/** What can be said of a scope in a register's file. */
export function writtenScope(scope: Scope): NewEntry["scope"] {
  if (scope.level === "org") return { org: true };
  const at = scope.repository === undefined ? {} : { repository: scope.repository };
  if (scope.level === "environment") return { ...at, environment: scope.environment };
  return scope.repository === undefined ? undefined : at;
}

/** An entry as the block to paste under `secrets:`. What goes without saying is left out. */
export function entryBlock(entry: NewEntry): string {
  return listItem(fieldsOf(entry), "  ", "\n");
}

/**
 * The register with one more entry: in order where the entries stand in the order of their names, at the end otherwise.
 * In: the text, undefined when there is none, the entry, the file's name for messages. Throws LeaseholdError("config") where
 * the file cannot be read or is in flow style, and ("usage") where the secret is declared already.
 */
export function addEntry(text: string | undefined, entry: NewEntry, file: string = registerPaths[0]): string {
  const present = parseRegister(text ?? header, file).entries;
  const alone = entryAlone(entry, file);
  const same = present.find((other) => assetKey(other) === assetKey(alone));
  if (same !== undefined) {
    const { line, column } = same.placeOf();
    throw new LeaseholdError("usage", `${assetLabel(alone)} is declared already: change it there`, {
      file,
      line,
      column,
    });
  }
  const names = present.map((other) => other.name);
  const sorted = names.length > 1 && names.every((name, at) => at === 0 || compareText(names[at - 1]!, name) <= 0);
  return insertEntries(text, [{ entry }], present.length, file, (items) => {
    const next = sorted ? items.findIndex((item) => compareText(nameOf(item), alone.name) > 0) : -1;
    return next === -1 ? undefined : next;
  });
}

/** An entry to be written, and a comment behind its name. */
export type CommentedEntry = { entry: NewEntry; comment?: string | undefined };

/**
 * The register with several entries at its end; those whose secret is declared already are left out.
 * In: as for `addEntry`. Out: the new text (undefined when there was none and nothing came), and how many were added.
 * Throws LeaseholdError("config") as `addEntry`.
 */
export function addEntries(
  text: string | undefined,
  entries: readonly CommentedEntry[],
  file: string = registerPaths[0],
): { text: string | undefined; added: number } {
  const present = text === undefined ? [] : parseRegister(text, file).entries;
  const known = new Set(present.map((entry) => assetKey(entry)));
  const fresh = entries.filter(({ entry }) => {
    const key = assetKey(entryAlone(entry, file));
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
  if (fresh.length === 0) return { text, added: 0 };
  return { text: insertEntries(text, fresh, present.length, file), added: fresh.length };
}

/** An entry as the register's reader sees it. Throws LeaseholdError("config") where it would not be a valid one. */
export function entryAlone(entry: NewEntry, file: string): Entry {
  return parseRegister(`version: 1\nsecrets:\n${entryBlock(entry)}`, file).entries[0]!;
}

function insertEntries(
  text: string | undefined,
  entries: readonly CommentedEntry[],
  present: number,
  file: string,
  before?: (items: readonly Node[]) => number | undefined,
): string {
  const items = entries.map(({ entry, comment }) => ({ fields: fieldsOf(entry), comment }));
  const after = insertItems(text ?? header, "secrets", items, before);
  if (after === "flow") throw flowError(file);
  if (parseRegister(after, file).entries.length !== present + entries.length)
    throw new Error("insertEntries: the splice lost its place");
  return after;
}

/** Keys that `changeEntry` can set, with dots for inner ones. */
export type EntryChange = Partial<
  Record<"owner" | "backup" | "purpose" | "expires" | "plan" | "review.last" | "review.by" | "revoke.contact", string>
>;

/**
 * The register with some values of one entry changed, or added where they are missing.
 * In: the text, the file's name, the entry (of this very text), the new values. Throws LeaseholdError("config") where the result
 * would not be a valid register.
 */
export function changeEntry(text: string, file: string, entry: Entry, change: EntryChange): string {
  let after = text;
  const key = assetKey(entry);
  for (const [path, value] of Object.entries(change)) {
    const entries = parseRegister(after, file).entries;
    const index = entries.findIndex((one) => assetKey(one) === key);
    const now = entries[index];
    if (now === undefined) throw new RangeError("changeEntry: the entry is not of this text");
    after = setValue(after, now, index, path, value);
  }
  parseRegister(after, file);
  return after;
}

function setValue(text: string, entry: Entry, index: number, path: string, value: string): string {
  const [key, inner] = path.split(".") as [string, string | undefined];
  const present = writtenValue(entry, key, inner);
  if (present !== undefined) {
    const { start, end } = entry.placeOf(path);
    return applyEdits(text, [{ start, end, text: scalar(value) }]);
  }
  const above = inner !== undefined && writtenValue(entry, key, undefined) !== undefined;
  // `owner:` without a value has a place for one, right behind its colon.
  const colon = emptyKey(text, entry, path);
  if (colon !== undefined) return applyEdits(text, [{ start: colon, end: colon, text: ` ${scalar(value)}` }]);
  return above
    ? insertKey(text, ["secrets", index, key], inner!, value)
    : insertKey(text, ["secrets", index], key, inner === undefined ? value : { [inner]: value });
}

/** Values in quotes, so that `@team` is a text and a date in a flow mapping stays one. */
function scalar(value: string): string {
  return /^[A-Za-z0-9-]+$/.test(value) ? yamlLine(value) : JSON.stringify(value);
}

function writtenValue(entry: Entry, key: string, inner: string | undefined): unknown {
  const value = (entry as Record<string, unknown>)[key];
  return inner === undefined ? value : (value as Record<string, unknown> | undefined)?.[inner];
}

/** Byte offset behind the colon of a key that stands there without a value, or undefined. */
function emptyKey(text: string, entry: Entry, path: string): number | undefined {
  const place = entry.placeOf(path);
  const bytes = Buffer.from(text);
  if (bytes.toString("utf8", place.start, place.end) !== path) return undefined;
  const colon = bytes.indexOf(":", place.end);
  return colon === -1 ? undefined : colon + 1;
}

/**
 * The edits that hand everything a person owns, backs or is the contact of to somebody else.
 * In: the register, the login and the successor, both with `@`. What the person approved or reviewed is history and stays.
 */
export function handOverEdits(register: Register, login: string, to: string): Edit[] {
  const same = (value: string | undefined): boolean => value?.toLowerCase() === login.toLowerCase();
  return register.entries.flatMap((entry) => {
    const keys = [
      ...(same(entry.owner) ? ["owner"] : []),
      ...(same(entry.backup) ? ["backup"] : []),
      ...(same(entry.revoke?.contact) ? ["revoke.contact"] : []),
    ];
    return keys.map((key) => {
      const { path, start, end } = entry.placeOf(key);
      return { path, start, end, text: JSON.stringify(to) };
    });
  });
}

/** The register after `handOverEdits`. In: as for that. */
export function handedOver(register: Register, login: string, to: string): Register {
  const next = (value: string): string => (value.toLowerCase() === login.toLowerCase() ? to : value);
  return {
    ...register,
    entries: register.entries.map((entry) => ({
      ...entry,
      ...(entry.owner !== undefined && { owner: next(entry.owner) }),
      ...(entry.backup !== undefined && { backup: next(entry.backup) }),
      ...(entry.revoke?.contact !== undefined && {
        revoke: { ...entry.revoke, contact: next(entry.revoke.contact) },
      }),
    })),
  };
}

function fieldsOf(entry: NewEntry): Record<string, unknown> {
  return Object.fromEntries(
    keyOrder.flatMap((key) => {
      const value = entry[key];
      if (value === undefined || value === null || (key === "store" && value === "actions")) return [];
      return [[key, value]];
    }),
  );
}

function nameOf(item: Node): string {
  const name = isMap(item) ? item.get("name") : undefined;
  const store = isMap(item) ? item.get("store") : undefined;
  return typeof name === "string" ? storedName((store ?? "actions") as Entry["store"], name) : "";
}

function flowError(file: string): LeaseholdError {
  return new LeaseholdError(
    "config",
    "the entries stand in one line ([…] or {…}): give each entry a block of its own, then run this again",
    { file },
  );
}
