/** New YAML as a person would write it: short entries, quoted only where YAML would read something else. */
import { coreValue } from "../workflow/yaml-value.ts";
import { refuse } from "./refusal.ts";

/** An entry to write. `comment` without the `#`. */
export type NewEntry = { key: string; value: string | NewEntry[]; comment?: string };

// What a plain scalar may not begin with, or hold; in flow style also what ends it there.
const special = /^[-?:,[\]{}#&*!|>'"%@`\s]|:(?:\s|$)|\s#|\s$/;
const inFlow = /[,[\]{}]/;

/**
 * A value as a scalar on one line. Words that YAML reads as a number or null are quoted, so that `3.10` stays what it is; `true` and `false` are not,
 * because inputs turn them back into the same text. In: the value and whether it stands in a flow collection. Throws Refused on line breaks.
 */
export function scalarText(value: string, flow: boolean): string {
  if (/[\r\n]/.test(value)) refuse("a value of several lines cannot be written on one line");
  const read = coreValue(value);
  const plain =
    value !== "" &&
    (typeof read === "string" || typeof read === "boolean") &&
    !(value.startsWith("-") ? /^-(?:\s|$)|:(?:\s|$)|\s#|\s$/ : special).test(value) &&
    !(flow && inFlow.test(value));
  if (plain) return value;
  if (!value.includes("'") || value.includes("\\") || value.includes('"')) return `'${value.replaceAll("'", "''")}'`;
  return `"${value}"`;
}

/** Entries as lines of block style. In: entries, the column of their keys, how far nested entries stand in. Out: lines without line ends. */
export function blockLines(entries: readonly NewEntry[], column: number, unit: number): string[] {
  const pad = " ".repeat(column);
  return entries.flatMap(({ key, value, comment }) => {
    const note = comment === undefined ? "" : ` # ${comment}`;
    if (typeof value === "string") return [`${pad}${scalarText(key, false)}: ${scalarText(value, false)}${note}`];
    if (value.length === 0) return [`${pad}${scalarText(key, false)}: {}${note}`];
    return [`${pad}${scalarText(key, false)}:${note}`, ...blockLines(value, column + unit, unit)];
  });
}

/** Entries as the inside of a flow mapping: `a: b, c: { d: e }`. Comments are left out, since they would end the line. */
export function flowText(entries: readonly NewEntry[]): string {
  return entries
    .map(({ key, value }) =>
      typeof value === "string"
        ? `${scalarText(key, true)}: ${scalarText(value, true)}`
        : `${scalarText(key, true)}: { ${flowText(value)} }`,
    )
    .join(", ");
}
