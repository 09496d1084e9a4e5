/** What one register says that another does not. */
import { compareText } from "../finding.ts";
import { assetKey, targetOf } from "./asset.ts";
import type { Entry, Register } from "./register.ts";

export type RegisterChange =
  | { kind: "added" | "removed"; target: string }
  | { kind: "changed"; target: string; field: string; before: string; after: string };

/** Changes from one register to another, by target and field. Order, comments and spelling of the files do not matter. */
export function diffRegisters(before: Register, after: Register): RegisterChange[] {
  const old = new Map(before.entries.map((entry) => [assetKey(entry), entry]));
  const fresh = new Map(after.entries.map((entry) => [assetKey(entry), entry]));
  const changes: RegisterChange[] = [];
  for (const [key, entry] of old) if (!fresh.has(key)) changes.push({ kind: "removed", target: targetOf(entry) });
  for (const [key, entry] of fresh) {
    const was = old.get(key);
    if (was === undefined) changes.push({ kind: "added", target: targetOf(entry) });
    else changes.push(...fieldChanges(was, entry));
  }
  return changes.sort(
    (a, b) =>
      compareText(a.target, b.target) ||
      compareText("field" in a ? a.field : "", "field" in b ? b.field : "") ||
      compareText(a.kind, b.kind),
  );
}

function fieldChanges(before: Entry, after: Entry): RegisterChange[] {
  const old = new Map(fields(before));
  const fresh = new Map(fields(after));
  const names = [...new Set([...old.keys(), ...fresh.keys()])];
  return names.flatMap((field) => {
    const was = old.get(field) ?? "nothing";
    const is = fresh.get(field) ?? "nothing";
    return was === is ? [] : [{ kind: "changed" as const, target: targetOf(after), field, before: was, after: is }];
  });
}

/** The fields of an entry as text, inner ones with a dot. What is said by leaving a field out is left out. */
function fields(entry: Entry): [string, string][] {
  const { name: _name, store: _store, scope: _scope, placeOf: _place, notASecret, thirdParties, ...rest } = entry;
  const written: [string, string][] = Object.entries(rest).flatMap(([key, value]): [string, string][] => {
    if (typeof value !== "object") return [[key, String(value)]];
    return Object.entries(value).map(([inner, one]) => [`${key}.${inner}`, String(one)]);
  });
  if (notASecret) written.push(["not-a-secret", "true"]);
  if (thirdParties.length > 0) written.push(["third-parties", [...thirdParties].sort().join(", ")]);
  return written;
}
