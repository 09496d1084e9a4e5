/** Edits of the commands in a script: flags taken out and put in, lines taken out. */
import type { Rewrite } from "../workflow/keyless-rule.ts";
import type { Job, Source, Step, Text } from "../workflow/model.ts";
import { type Changes, removeStep, setText } from "./change.ts";
import { lineStart, nextLine } from "./layout.ts";
import { refuse } from "./refusal.ts";
import { type Line, linesOf, programIn, scriptSpan } from "./script.ts";

/** Why a script stays as it is. */
export const otherUse = "the script itself uses the value, and what it does with it cannot be rewritten";

/** Whether a text holds the value: an expression that reads the secret, or a variable bound to it. */
export type Holds = (text: string) => boolean;

/** The lines of a script that run one of the commands; all lines where none are named. Throws Refused when there is none. */
function linesWith(script: Text, commands: readonly string[] | undefined): { line: Line; program: number }[] {
  const found = linesOf(script.value).flatMap((line) => {
    const program = commands === undefined ? 0 : programIn(line, commands);
    return program < 0 ? [] : [{ line, program }];
  });
  return found.length > 0 ? found : refuse(`the script does not run ${commands?.join(" or ") ?? "a command"}`);
}

/**
 * Takes flags with the value out of commands. In: the file's changes, the script, the commands, the flags, and what holds the value.
 * A flag's next word goes with it only when it holds the value. Throws Refused when that cannot be told. Out: what is left of the script; undefined
 * where no such flag was found.
 */
export function removeFlags(
  changes: Changes,
  script: Text,
  commands: readonly string[] | undefined,
  flags: readonly string[],
  holds: Holds,
): string | undefined {
  const gone: { from: number; to: number }[] = [];
  for (const { line } of linesWith(script, commands)) {
    const { words } = line.command;
    for (const [at, word] of words.entries()) {
      const name = word.text.split("=")[0] ?? "";
      if (!flags.includes(name)) continue;
      const next = words[at + 1];
      const value = word.text.includes("=") || next === undefined || next.text.startsWith("-") ? undefined : next;
      if (value !== undefined && !holds(script.value.slice(value.start, value.end)))
        refuse(`it cannot be told whether ${next?.text ?? "the next word"} is the value of ${name}`);
      const from = words[at - 1]?.end ?? word.start;
      const to = (value ?? word).end;
      takeOut(changes, script, from, to);
      gone.push({ from, to });
    }
  }
  if (gone.length === 0) return undefined;
  return gone.reduceRight((rest, { from, to }) => rest.slice(0, from) + rest.slice(to), script.value);
}

/** Puts words behind a command, unless it has the first of them. */
export function addFlags(
  changes: Changes,
  script: Text,
  commands: readonly string[] | undefined,
  flags: readonly string[],
): void {
  const [head] = flags;
  for (const { line, program } of linesWith(script, commands)) {
    const { words } = line.command;
    if (head === undefined || words.some((word) => word.text === head)) continue;
    const length = commands?.find((name) => programIn(line, [name]) === program)?.split(/\s+/).length ?? 1;
    const last = words[program + length - 1];
    if (last === undefined) refuse("the command has no words");
    const span = scriptSpan(changes.source, script, last.start, last.end);
    setText(changes, { start: span.end, end: span.end }, ` ${flags.join(" ")}`);
  }
}

function takeOut(changes: Changes, script: Text, from: number, to: number): void {
  setText(changes, scriptSpan(changes.source, script, from, to), "");
}

/** Takes the commands out of a step's script: their lines, or the step when nothing else is in it. Throws Refused when something shares their line. */
export function removeCommands(
  changes: Changes,
  job: Job,
  step: Step,
  commands: readonly string[] | undefined,
  holds: Holds,
): void {
  const { run } = step;
  if (run === undefined) refuse("the step runs no script");
  const all = linesOf(run.value);
  const named = all.filter((line) => programIn(line, commands ?? []) >= 0);
  const gone = all.filter((line) => named.includes(line) || holds(run.value.slice(line.at, line.to)));
  // What is piped into the command stands on its lines; any other command that has the value does something with it.
  const stray = gone.some((line) => !named.some((one) => one.at < line.to && line.at < one.to));
  if (commands !== undefined && stray) refuse(otherUse);
  removeAll(changes, job, step, run, { all, gone });
}

/** Takes out the lines in which one of the commands holds the value and one of the texts. Throws Refused when another line holds the value too. */
export function removeHolding(
  changes: Changes,
  job: Job,
  step: Step,
  { commands = [], removeLines = [] }: Pick<Rewrite, "commands" | "removeLines">,
  holds: Holds,
): void {
  const { run } = step;
  if (run === undefined) refuse("the step runs no script");
  const all = linesOf(run.value);
  const gone = all.filter((line) => holds(run.value.slice(line.at, line.to)));
  const isMeant = (line: Line): boolean =>
    programIn(line, commands) >= 0 && removeLines.some((text) => run.value.slice(line.at, line.to).includes(text));
  if (!gone.every(isMeant)) refuse(otherUse);
  removeAll(changes, job, step, run, { all, gone });
}

function removeAll(
  changes: Changes,
  job: Job,
  step: Step,
  run: Text,
  { all, gone }: { all: readonly Line[]; gone: readonly Line[] },
): void {
  if (gone.length === 0) refuse("the command is not found in the script");
  if (gone.length === all.length) {
    if (step.id !== undefined) refuse("the step has an id that other steps may read");
    removeStep(changes, job, step);
    return;
  }
  for (const line of gone) {
    if (!line.alone) refuse("the command shares its line with another one");
    removeLine(changes.source, changes, run, line);
  }
}

function removeLine(source: Source, changes: Changes, run: Text, line: Line): void {
  if (run.node.style !== "literal")
    refuse("the script is written with escapes or folded lines, so its lines cannot be taken out");
  const first = line.command.words[0];
  const last = line.command.words.at(-1);
  if (first === undefined || last === undefined) refuse("the command has no words");
  const span = scriptSpan(source, run, first.start, last.end);
  const { bytes } = source;
  let start = lineStart(bytes, span.start);
  const end = nextLine(bytes, span.end);
  // A last line of the file without a line end takes the one before it along.
  if (bytes[end - 1] !== 10) start -= bytes[start - 2] === 13 ? 2 : 1;
  setText(changes, { start, end }, "");
}
