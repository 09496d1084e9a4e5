/** Command line in, flags and positionals out, checked against a command's table. */
import { parseArgs } from "node:util";
import { didYouMean, LeaseholdError } from "../error.ts";
import type { AnyArgs, CommandSpec, FlagSpec, FlagTable } from "./command.ts";

/** Flags that every command has. */
export const commonFlags = {
  help: { kind: "boolean", short: "h", summary: "Show this help" },
  directory: { kind: "string", short: "C", value: "DIR", summary: "Work as if started in DIR" },
} as const satisfies FlagTable;

/** `-C DIR` has a short form only. */
const shortOnly = new Set(["directory"]);

/**
 * Read what stands after the command's name.
 * In: the words, the command's table. Out: flags and positionals, `help` when help was asked for, `directory` when `-C` was given.
 * Throws LeaseholdError("usage") with the nearest name for a flag, value or word that does not fit; then nothing after `--help` matters.
 */
export function parseCommandLine(
  words: readonly string[],
  spec: CommandSpec,
): { args: AnyArgs; help: boolean; directory: string | undefined } {
  const table: FlagTable = { ...spec.flags, ...commonFlags };
  const { tokens } = parseArgs({
    args: [...words],
    options: nodeOptions(table),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const flag = table[token.name];
    if (flag === undefined || (shortOnly.has(token.name) && token.rawName.startsWith("--")))
      throw unknownFlag(token.rawName, spec, table);
    values.set(token.name, [...(values.get(token.name) ?? []), valueGiven(flag, token)]);
  }
  const help = values.has("help");
  const directory = values.get("directory")?.at(-1);
  const flags = Object.fromEntries(
    Object.entries(spec.flags).map(([name, flag]) => [name, typed(name, flag, values.get(name))]),
  );
  if (!help) checkPositionals(positionals, spec);
  return { args: { flags, positionals, line: ["leasehold", spec.name, ...words].join(" ") }, help, directory };
}

function nodeOptions(table: FlagTable): Record<string, { type: "boolean" | "string"; short?: string }> {
  return Object.fromEntries(
    Object.entries(table).map(([name, { kind, short }]) => [
      name,
      {
        type: kind === "boolean" ? ("boolean" as const) : ("string" as const),
        ...(short === undefined ? {} : { short }),
      },
    ]),
  );
}

/** As the user wrote it: `--format` or `-o`. */
function valueGiven(
  flag: FlagSpec,
  token: { rawName: string; value: string | undefined; inlineValue: boolean | undefined },
): string {
  const { rawName, value, inlineValue } = token;
  if (flag.kind === "boolean") {
    if (value !== undefined) throw new LeaseholdError("usage", `${rawName} takes no value`);
    return "";
  }
  const wanted = flag.choices === undefined ? (flag.value ?? "a value") : flag.choices.join(", ");
  if (value === undefined || value === "") throw new LeaseholdError("usage", `${rawName} needs a value: ${wanted}`);
  if (inlineValue === false && value.length > 1 && value.startsWith("-")) {
    throw new LeaseholdError(
      "usage",
      `${rawName} needs a value: ${wanted} (write ${rawName}=${value} if it begins with a hyphen)`,
    );
  }
  return value;
}

function typed(
  name: string,
  flag: FlagSpec,
  given: readonly string[] | undefined,
): boolean | string | string[] | number | undefined {
  if (flag.kind === "boolean") return given !== undefined;
  if (flag.kind === "list") {
    const values = (given ?? [])
      .flatMap((text) => text.split(","))
      .map((text) => text.trim())
      .filter((text) => text !== "");
    for (const value of values) checkChoice(name, flag, value);
    return values;
  }
  const last = given?.at(-1);
  if (last === undefined) return undefined;
  checkChoice(name, flag, last);
  if (flag.kind === "string") return last;
  if (!/^[1-9]\d{0,5}$/.test(last))
    throw new LeaseholdError("usage", `--${name}: expected a whole number from 1, found ${JSON.stringify(last)}`);
  return Number(last);
}

function checkChoice(name: string, flag: FlagSpec, value: string): void {
  if (flag.choices === undefined || flag.choices.includes(value)) return;
  throw new LeaseholdError(
    "usage",
    `--${name}: expected one of ${flag.choices.join(", ")}; found ${JSON.stringify(value)}${didYouMean(value, flag.choices)}`,
  );
}

function unknownFlag(rawName: string, spec: CommandSpec, table: FlagTable): LeaseholdError {
  const known = Object.entries(table).flatMap(([name, { short }]) => [
    ...(shortOnly.has(name) ? [] : [`--${name}`]),
    ...(short === undefined ? [] : [`-${short}`]),
  ]);
  return new LeaseholdError(
    "usage",
    `${spec.name} has no flag ${rawName}${didYouMean(rawName, rawName.startsWith("--") ? known : [])}`,
  );
}

function checkPositionals(positionals: readonly string[], spec: CommandSpec): void {
  const { min, max, choices } = spec.positionals;
  const [first] = positionals;
  if (first !== undefined && choices !== undefined && !choices.includes(first)) {
    throw new LeaseholdError(
      "usage",
      `${spec.name}: expected ${choices.join(" or ")}; found ${JSON.stringify(first)}${didYouMean(first, choices)}`,
    );
  }
  if (positionals.length < min)
    throw new LeaseholdError(
      "usage",
      `${spec.name} needs ${choices === undefined ? spec.usage : choices.join(" or ")}`,
    );
  if (positionals.length > max)
    throw new LeaseholdError("usage", `${spec.name}: ${JSON.stringify(positionals[max])} is one word too many`);
}
