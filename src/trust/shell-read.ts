/** Commands of shell scripts, as far as quotes, line continuations, here-documents and plain variables go. */
import type { Source } from "./source.ts";
import { hole, type Origin, type TextValue, textBuilder } from "./value.ts";

/** One simple command: its words with quotes taken off, and the here-document that it reads. */
export type ShellCommand = { words: TextValue[]; input: TextValue | undefined };

const commandLimit = 20_000;

/** The commands of a script in order. A variable that is set twice, or by a command, is a hole. */
export function readShell(source: Source): ShellCommand[] {
  const { text } = source;
  const commands: ShellCommand[] = [];
  const variables = new Map<string, string | undefined>();
  let command: ShellCommand = { words: [], input: undefined };
  let waiting: { command: ShellCommand; mark: string; plain: boolean; dash: boolean }[] = [];
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  const end = (): void => {
    if (command.words.length > 0 && commands.length < commandLimit) commands.push(command);
    for (const { text: word } of command.words) {
      const assignment = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/.exec(word);
      if (assignment === null) break;
      // Set twice: which of the two holds depends on the way through the script.
      variables.set(assignment[1]!, variables.has(assignment[1]!) ? undefined : assignment[2]);
    }
    command = { words: [], input: undefined };
  };
  while (at < text.length) {
    const unit = text[at]!;
    if (unit === "\n") {
      end();
      at++;
      for (const { command: reader, mark, plain, dash } of waiting) {
        const read = readHereDocument(source, at, mark, plain, dash, variables);
        reader.input = read.value;
        at = read.end;
      }
      waiting = [];
    } else if (unit === " " || unit === "\t" || unit === "\r") at++;
    else if (unit === "\\" && (text[at + 1] === "\n" || text.startsWith("\r\n", at + 1)))
      at += text[at + 1] === "\n" ? 2 : 3;
    else if (unit === "#") {
      const newline = text.indexOf("\n", at);
      at = newline < 0 ? text.length : newline;
    } else if (unit === ";" || unit === "&" || unit === "|" || unit === "(" || unit === ")") {
      end();
      at++;
    } else {
      const here = /^<<(-?)\s*(["']?)([A-Za-z_][A-Za-z0-9_]*)\2/.exec(text.slice(at, at + 100));
      if (here !== null) {
        waiting.push({ command, mark: here[3]!, plain: here[2] !== "", dash: here[1] === "-" });
        at += here[0].length;
        continue;
      }
      const word = readWord(source, at, variables);
      if (word.end === at) at++;
      else {
        command.words.push(word.value);
        at = word.end;
      }
    }
  }
  end();
  return commands;
}

function readWord(
  source: Source,
  from: number,
  variables: ReadonlyMap<string, string | undefined>,
): { value: TextValue; end: number } {
  const { text } = source;
  const builder = textBuilder(text);
  let at = from;
  let why: string | undefined;
  while (at < text.length) {
    const unit = text[at]!;
    if (/[\s;&|()<>]/.test(unit)) break;
    if (unit === "'") {
      const close = text.indexOf("'", at + 1);
      const stop = close < 0 ? text.length : close;
      builder.copy(at + 1, stop);
      at = stop + 1;
    } else if (unit === '"') {
      const read = readQuoted(text, at + 1, text.length, '"', builder, variables);
      why ??= read.why;
      at = read.end;
    } else if (unit === "\\") {
      if (text[at + 1] === "\n") at += 2;
      else {
        builder.copy(at + 1, at + 2);
        at += 2;
      }
    } else if (unit === "$" || unit === "`") {
      const read = readExpansion(text, at, builder, variables);
      why ??= read.why;
      at = read.end;
    } else {
      builder.copy(at, at + 1);
      at++;
    }
  }
  at = Math.min(at, text.length);
  const value: TextValue = {
    kind: "text",
    text: builder.text(),
    origins: builder.origins(),
    span: { source, start: from, end: at },
  };
  return { value: why === undefined ? value : { ...value, why }, end: at };
}

type Builder = ReturnType<typeof textBuilder>;

/** What stands in double quotes, or in a here-document whose mark is not quoted. */
function readQuoted(
  text: string,
  from: number,
  limit: number,
  quote: string,
  builder: Builder,
  variables: ReadonlyMap<string, string | undefined>,
): { end: number; why: string | undefined } {
  let at = from;
  let run = from;
  let why: string | undefined;
  while (at < limit) {
    const unit = text[at]!;
    if (unit === quote) {
      builder.copy(run, at);
      return { end: at + 1, why };
    }
    if (unit === "\\" && /["\\$`\n]/.test(text[at + 1] ?? "")) {
      builder.copy(run, at);
      if (text[at + 1] !== "\n") builder.copy(at + 1, at + 2);
      at += 2;
      run = at;
    } else if (unit === "$" || unit === "`") {
      builder.copy(run, at);
      const read = readExpansion(text, at, builder, variables);
      why ??= read.why;
      at = read.end;
      run = at;
    } else at++;
  }
  builder.copy(run, Math.min(at, limit));
  return { end: Math.min(at, limit), why };
}

function readExpansion(
  text: string,
  at: number,
  builder: Builder,
  variables: ReadonlyMap<string, string | undefined>,
): { end: number; why: string | undefined } {
  const name = /^\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))/.exec(text.slice(at, at + 120));
  if (name !== null) {
    const key = name[1] ?? name[2]!;
    const value = variables.get(key);
    builder.put(value ?? hole, at);
    return { end: at + name[0].length, why: value === undefined ? `$${key} is not known here` : undefined };
  }
  if (text.startsWith("${", at) || text.startsWith("$(", at) || text[at] === "`") {
    const open = text[at] === "`" ? "`" : text[at + 1]!;
    const close = open === "`" ? "`" : open === "(" ? ")" : "}";
    const found = text.slice(at + 1, at + 400).indexOf(close, open === "`" ? 0 : 1);
    builder.put(hole, at);
    return { end: found < 0 ? at + 1 : at + 2 + found, why: "a command or an expansion is not run" };
  }
  builder.copy(at, at + 1);
  return { end: at + 1, why: undefined };
}

function readHereDocument(
  source: Source,
  from: number,
  mark: string,
  plain: boolean,
  dash: boolean,
  variables: ReadonlyMap<string, string | undefined>,
): { value: TextValue; end: number } {
  const { text } = source;
  const builder = textBuilder(text);
  let line = from;
  let why: string | undefined;
  let stop = text.length;
  while (line < text.length) {
    const newline = text.indexOf("\n", line);
    const lineEnd = newline < 0 ? text.length : newline;
    const content = text.slice(line, lineEnd).replace(/\r$/, "");
    if ((dash ? content.replace(/^\t+/, "") : content) === mark) {
      stop = line;
      break;
    }
    let start = line;
    if (dash) while (text[start] === "\t") start++;
    const next = Math.min(lineEnd + 1, text.length);
    if (plain) builder.copy(start, next);
    else why = readQuoted(text, start, next, "\uFFFF", builder, variables).why ?? why;
    line = next;
  }
  const origins: Origin[] = builder.origins();
  const value: TextValue = {
    kind: "text",
    text: builder.text(),
    origins,
    span: { source, start: from, end: Math.max(from, stop) },
  };
  const newline = text.indexOf("\n", stop);
  return {
    value: why === undefined ? value : { ...value, why },
    end: stop >= text.length ? text.length : newline < 0 ? text.length : newline,
  };
}
