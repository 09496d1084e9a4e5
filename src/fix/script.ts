/** Commands in the script of a run step, with the places an edit needs. */
import { type Command, indexOfProgram, pipelinesOf } from "../workflow/keyless/shell-command.ts";
import type { Source, Span, Text } from "../workflow/model.ts";
import { contentOffsets } from "../workflow/scalar-offsets.ts";
import { sliceOf } from "../workflow/source.ts";
import { refuse } from "./refusal.ts";

/** One command of a script. `alone`: its lines hold nothing else, so they can be taken out as a whole. Offsets are in the script, in UTF-16 units. */
export type Line = { command: Command; at: number; to: number; alone: boolean };

/** The commands of a script in order, unexpanded. */
export function linesOf(script: string): Line[] {
  return pipelinesOf(script, (text) => text).flatMap(({ commands }) =>
    commands.map((command) => {
      const first = command.words[0]?.start ?? command.start;
      const last = command.words.at(-1)?.end ?? command.end;
      const at = script.lastIndexOf("\n", first - 1) + 1;
      const newline = script.indexOf("\n", last);
      const to = newline < 0 ? script.length : newline + 1;
      const clear = script.slice(at, first).trim() === "" && /^\s*(?:#.*)?$/.test(script.slice(last, to));
      return { command, at, to, alone: commands.length === 1 && clear };
    }),
  );
}

/** The command a rule names, `cargo publish`, in a line: the offset of its first word among the line's words, or -1. */
export function programIn(line: Line, commands: readonly string[]): number {
  for (const name of commands) {
    const at = indexOfProgram(line.command, name.split(/\s+/));
    if (at >= 0) return at;
  }
  return -1;
}

/** Whether a script holds one of the commands. */
export function holdsCommand(script: Text | undefined, commands: readonly string[]): boolean {
  return script !== undefined && linesOf(script.value).some((line) => programIn(line, commands) >= 0);
}

/**
 * Bytes of a part of a script. In: the file, the script, offsets in its text. Throws Refused where YAML writes that part otherwise than it reads
 * (escapes, folded lines).
 */
export function scriptSpan(source: Source, script: Text, at: number, to: number): Span {
  const offsets = contentOffsets(source, script.node);
  const span = {
    start: offsets(at),
    end: to > at ? offsets(to - 1) + Buffer.byteLength(script.value.charAt(to - 1)) : offsets(at),
  };
  const written = sliceOf(source, span).replaceAll("\r\n", "\n");
  // Lines of a block scalar stand further in than they read.
  const outdented = (text: string): string => text.replace(/\n +/g, "\n");
  if (outdented(written) !== outdented(script.value.slice(at, to)))
    refuse("the script is written with escapes or folded lines, so its words cannot be edited in place");
  return span;
}
