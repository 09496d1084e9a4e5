/** `leasehold register list`, `explain` and `diff`: what the register says, as text or JSON. */
import { resolve } from "node:path";
import { didYouMean, LeaseholdError } from "../error.ts";
import { exitCodes } from "../exit-code.ts";
import { chainOf, chainText, subjectsNamed } from "../register/chain.ts";
import { registerRows, standingsOf } from "../register/list.ts";
import { parseRegister } from "../register/register.ts";
import { diffRegisters } from "../register/register-diff.ts";
import { columnsOf, padTo } from "../report/columns.ts";
import { jsonText, terminalText } from "../report/encode.ts";
import { readOnDisk } from "../scan/steering-files.ts";
import type { Io } from "./io.ts";
import { writeReport } from "./output.ts";
import { momentOf, type RegisterFlags, registerHere } from "./register-here.ts";

type ShowFlags = RegisterFlags & { json: boolean; output?: string | undefined };

/** Every credential with its state. */
export async function registerList(flags: ShowFlags, io: Io): Promise<number> {
  const { context } = await registerHere(io, flags);
  const rows = registerRows(context);
  const standings = standingsOf(context);
  if (flags.json) {
    writeReport(io, [`${jsonText({ version: 1, today: context.today, rows, standings }, 2)}\n`], flags.output);
    return exitCodes.clean;
  }
  const cells = rows.map((row) => [
    row.target,
    row.state,
    row.tier,
    row.owner ?? "nobody",
    row.daysLeft === undefined ? "no end" : `${row.daysLeft}${row.standing === "verified" ? " verified" : ""}`,
    String(row.uses),
  ]);
  const text =
    rows.length === 0
      ? "no credential is declared, held or used here\n"
      : table(["credential", "state", "tier", "owner", "days left", "uses"], cells);
  const sums = Object.entries(standings).map(
    ([question, { declared, observed, verified, unknown }]) =>
      `${question}: ${declared} declared, ${observed} observed, ${verified} verified, ${unknown} unknown`,
  );
  writeReport(io, [text, rows.length === 0 ? "" : `\n${sums.join("\n")}\n`], flags.output);
  return exitCodes.clean;
}

/** The chains behind the credentials of a name as text, or undefined where none has it. In: the name or target, flags. */
export async function chainsOf(name: string, flags: RegisterFlags, io: Io): Promise<string | undefined> {
  const { context, exceptions } = await registerHere(io, flags);
  const now = momentOf(flags);
  const chains = subjectsNamed(context, name).map((subject) =>
    encodeLines(chainText(context, subject, chainOf(context, subject, exceptions, now))),
  );
  return chains.length === 0 ? undefined : chains.join("\n");
}

/** The chain behind the credentials of a name. Throws LeaseholdError("nothing-matched") where there is none. */
export async function registerExplain(name: string, flags: ShowFlags, io: Io): Promise<number> {
  const { context, exceptions } = await registerHere(io, flags);
  const subjects = subjectsNamed(context, name);
  if (subjects.length === 0) {
    const names = context.subjects.all.map(({ asset }) => asset.name);
    throw new LeaseholdError(
      "nothing-matched",
      `nothing is known of ${JSON.stringify(name)}${didYouMean(name, names)}`,
    );
  }
  const now = momentOf(flags);
  const chains = subjects.map((subject) => ({ subject, links: chainOf(context, subject, exceptions, now) }));
  const text = flags.json
    ? `${jsonText({ version: 1, chains: chains.map(({ subject, links }) => ({ target: subject.target, tier: context.tier(subject), links })) }, 2)}\n`
    : chains.map(({ subject, links }) => encodeLines(chainText(context, subject, links))).join("\n");
  writeReport(io, [text], flags.output);
  return exitCodes.clean;
}

/** What one register says that another does not. */
export async function registerDiff(before: string, after: string, flags: ShowFlags, io: Io): Promise<number> {
  const read = (file: string) => parseRegister(readOnDisk("/", resolve(io.cwd, file), file), file);
  const changes = diffRegisters(read(before), read(after));
  const lines = changes.map((change) =>
    change.kind === "changed"
      ? `~ ${change.target}  ${change.field}: ${change.before} -> ${change.after}`
      : `${change.kind === "added" ? "+" : "-"} ${change.target}`,
  );
  const text = flags.json
    ? `${jsonText({ version: 1, changes }, 2)}\n`
    : encodeLines(`${lines.length === 0 ? "both say the same" : lines.join("\n")}\n`);
  writeReport(io, [text], flags.output);
  return exitCodes.clean;
}

/** Rows in columns. In: plain text. Out: encoded for a terminal. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((row) => row.map((cell) => terminalText(cell, 120)));
  const widths = head.map((_, at) => Math.max(...all.map((row) => columnsOf(row[at] ?? ""))));
  return all
    .map(
      (row) =>
        `${row
          .map((cell, at) => padTo(cell, widths[at]!))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** Text of several lines, each encoded for a terminal. */
export function encodeLines(text: string): string {
  return text
    .split("\n")
    .map((line) => terminalText(line, 1_000))
    .join("\n");
}
