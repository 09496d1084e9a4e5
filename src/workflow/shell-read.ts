/** Reads of environment variables in the text of a `run` step or a script: shells, PowerShell, cmd, and the usual calls of JavaScript and Python. */
import type { ShellRead, Source, Span, Text } from "./model.ts";
import { contentOffsets } from "./scalar-offsets.ts";

// In order: $env:X and ${env:X}; $X, ${X and $($X; %X% and !X!; process.env.X; os.environ["X"], os.getenv("X"), process.env["X"].
const read =
  /\$\{?env:([A-Za-z_]\w*)|\$\{?!?#?([A-Za-z_]\w*)|[%!]([A-Za-z_]\w*)(?:[%!]|:)|process\.env\.([A-Za-z_]\w*)|(?:environ|getenv|env)(?:\.get)?[[(]["']([A-Za-z_]\w*)["']/gi;

/** Every variable that the text reads. Which shell it is does not matter here: a name counts only where something binds it. Worked out once for a text. */
export function shellReads(text: Text): readonly ShellRead[] {
  text.reads ??= readsIn(text.value);
  return text.reads;
}

/** The same for a content that is no text of the file. */
export function readsIn(content: string): ShellRead[] {
  const found: ShellRead[] = [];
  for (const match of content.matchAll(read)) {
    const anyCase = match[1] ?? match[3];
    const name = anyCase ?? match[2] ?? match[4] ?? match[5];
    if (name !== undefined)
      found.push({ name, anyCase: anyCase !== undefined, at: match.index, to: match.index + match[0].length });
  }
  return found;
}

/** The bytes of a part of a text's content. */
export function spanWithin(source: Source, text: Text, at: number, to: number): Span {
  const offsets = contentOffsets(source, text.node);
  return { start: offsets(at), end: offsets(to) };
}
