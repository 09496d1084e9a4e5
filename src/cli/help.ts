/** Help as text: each fits a screen and shows three examples. */
import type { CommandEntry, CommandSpec, FlagSpec } from "./command.ts";
import { commonFlags } from "./parse-args.ts";

/** Help of the whole. In: the table of commands. */
export function overviewText(table: readonly Pick<CommandEntry, "name" | "summary">[]): string {
  const commands = table.map(({ name, summary }): [string, string] => [name, summary]);
  return `leasehold keeps CI free of standing credentials: it finds committed secrets and says what to do about each.

Usage: leasehold COMMAND [ARGUMENTS]

${columns(commands)}

Examples:
${examples([
  ["leasehold scan", "the files of this repository"],
  ["leasehold scan origin/main..HEAD", "what these commits bring in"],
  ["leasehold scan --history", "everything that was ever committed"],
])}

Exit codes: 0 clean  1 blocking findings  2 usage or configuration  3 nothing matched  4 incomplete
            5 network or credentials  70 internal error  130 interrupted
leasehold COMMAND --help says more; leasehold --version gives the version.
`;
}

/** Help of one command. In: its table. */
export function commandText(spec: CommandSpec): string {
  const flags = Object.entries({ ...spec.flags, ...commonFlags });
  const usage = `leasehold ${spec.name}${spec.usage === "" ? "" : ` ${spec.usage}`}`;
  const withFlags = Object.keys(spec.flags).length > 0 ? `${usage.length > 80 ? "\n      " : ""} [FLAGS]` : "";
  return `leasehold ${spec.name}: ${spec.summary}

Usage: ${usage}${withFlags}

${columns(flags.map(([name, flag]) => [flagText(name, flag), flag.summary]))}

Examples:
${examples(spec.examples)}
`;
}

function flagText(name: string, flag: FlagSpec): string {
  const long = name === "directory" ? "" : `--${name}`;
  const names = [flag.short === undefined ? "   " : `-${flag.short}${long === "" ? "" : ","}`, long]
    .filter((part) => part !== "")
    .join(" ");
  return flag.kind === "boolean" ? names : `${names} ${flag.value ?? "VALUE"}`;
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const widest = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(widest)}  ${right}`.trimEnd()).join("\n");
}

/** What an example does stands behind it, or above it where lines would not fit a screen. */
function examples(rows: readonly (readonly [string, string])[]): string {
  const beside = columns(rows.map(([line, what]) => [line, `# ${what}`]));
  if (beside.split("\n").every((line) => line.length <= 100)) return beside;
  return rows.map(([line, what]) => `  # ${what}\n  ${line}`).join("\n");
}
