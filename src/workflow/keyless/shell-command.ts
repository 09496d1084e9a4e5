/**
 * The commands of a script, well enough to tell which program a value is given to: pipelines of commands of words, in any of the runner's
 * shells. Quotes, line continuations, comments and `${{ … }}` are kept together; nothing is expanded or run.
 */

/** A word with its quotes taken off. Offsets are in the script. */
export type Word = { text: string; start: number; end: number };

export type Command = {
  words: Word[];
  start: number;
  end: number;
  /** Worked out when first asked for (`programsOf`). */
  programs?: ReadonlySet<string>;
};

export type Pipeline = { commands: Command[]; start: number; end: number };

type Reading = {
  script: string;
  at: number;
  word: string | undefined;
  wordStart: number;
  resolve: (text: string) => string;
};

/**
 * Splits a script. In: the script and what an expression or a variable stands for, where that is known. Out: its pipelines in order.
 * Linear in the length of the script.
 */
export function pipelinesOf(script: string, resolve: (text: string) => string): Pipeline[] {
  const reading: Reading = { script, at: 0, word: undefined, wordStart: 0, resolve };
  const pipelines: Pipeline[] = [];
  const closers = closingQuotes(script);
  let commands: Command[] = [];
  let words: Word[] = [];
  let commandStart = 0;
  const endWord = (): void => {
    if (reading.word === undefined) return;
    words.push({ text: reading.word, start: reading.wordStart, end: reading.at });
    reading.word = undefined;
  };
  const endCommand = (): void => {
    endWord();
    if (words.length > 0) commands.push({ words, start: commandStart, end: reading.at });
    words = [];
  };
  const endPipeline = (): void => {
    endCommand();
    const first = commands[0];
    if (first !== undefined) pipelines.push({ commands, start: first.start, end: reading.at });
    commands = [];
  };
  while (reading.at < script.length) {
    const character = script.charAt(reading.at);
    const next = script.charAt(reading.at + 1);
    if (words.length === 0 && reading.word === undefined) commandStart = reading.at;
    if (character === "$" && next === "{" && script.charAt(reading.at + 2) === "{") takeUntil(reading, "}}", 2);
    else if (character === "$" && /[A-Za-z_{]/.test(next)) takeVariable(reading);
    else if ((character === '"' || character === "'") && closers[reading.at] !== 0)
      takeQuoted(reading, closers[reading.at] as number);
    else if (
      (character === "\\" || character === "`" || character === "^") &&
      (next === "\n" || (next === "\r" && script.charAt(reading.at + 2) === "\n"))
    ) {
      endWord();
      reading.at += next === "\n" ? 2 : 3;
    } else if (character === "#" && reading.word === undefined) {
      const line = script.indexOf("\n", reading.at);
      reading.at = line < 0 ? script.length : line;
    } else if (character === "\n" && words.length === 0 && reading.word === undefined && commands.length > 0) {
      // A pipe at the end of a line goes on in the next.
      reading.at++;
    } else if (character === "\n" || character === ";" || (character === "&" && next === "&")) {
      endPipeline();
      reading.at += character === "&" ? 2 : 1;
    } else if (character === "|") {
      if (next === "|") endPipeline();
      else endCommand();
      reading.at += next === "|" ? 2 : 1;
    } else if (
      character === " " ||
      character === "\t" ||
      character === "\r" ||
      character === "(" ||
      character === ")"
    ) {
      endWord();
      reading.at++;
    } else {
      reading.word ??= begin(reading);
      reading.word += character;
      reading.at++;
    }
  }
  endPipeline();
  return pipelines;
}

function begin(reading: Reading): string {
  reading.wordStart = reading.at;
  return "";
}

/** For every quote that opens a quoted part, the offset of the one that closes it; 0 where there is none. */
function closingQuotes(script: string): Uint32Array {
  const closing = new Uint32Array(script.length + 1);
  let lastDouble = 0;
  let lastSingle = 0;
  for (let at = script.length - 1; at >= 0; at--) {
    const character = script.charAt(at);
    if (character === '"' && script.charAt(at - 1) !== "\\") {
      closing[at] = lastDouble;
      lastDouble = at;
    } else if (character === "'") {
      closing[at] = lastSingle;
      lastSingle = at;
    }
  }
  return closing;
}

function takeUntil(reading: Reading, end: string, length: number): void {
  const close = reading.script.indexOf(end, reading.at);
  const to = close < 0 ? reading.script.length : close + length;
  reading.word ??= begin(reading);
  reading.word += reading.resolve(reading.script.slice(reading.at, to));
  reading.at = to;
}

function takeVariable(reading: Reading): void {
  const { script } = reading;
  const braced = script.charAt(reading.at + 1) === "{";
  let to = reading.at + (braced ? 2 : 1);
  while (to < script.length && /[\w:]/.test(script.charAt(to))) to++;
  if (braced && script.charAt(to) === "}") to++;
  reading.word ??= begin(reading);
  reading.word += reading.resolve(script.slice(reading.at, to));
  reading.at = to;
}

function takeQuoted(reading: Reading, close: number): void {
  reading.word ??= begin(reading);
  const single = reading.script.charAt(reading.at) === "'";
  reading.at++;
  while (reading.at < close) {
    const character = reading.script.charAt(reading.at);
    const next = reading.script.charAt(reading.at + 1);
    if (character === "$" && next === "{" && reading.script.charAt(reading.at + 2) === "{") takeUntil(reading, "}}", 2);
    else if (!single && character === "$" && /[A-Za-z_{]/.test(next)) takeVariable(reading);
    else {
      reading.word += character;
      reading.at++;
    }
  }
  if (reading.at === close) reading.at++;
}

/** Words before a program that start it. */
const starters = new Set(
  "sudo exec time env command nohup xargs npx pnpx bunx yarn pnpm bun npm dlx x run bundle poetry uv pipx python python3 py if then else elif do while until ! && { & -m -- call node -y --yes".split(
    " ",
  ),
);

/** The program's name: without folder, ending and version. */
function programOf(text: string): string {
  const slash = Math.max(text.lastIndexOf("/"), text.startsWith("@") ? -1 : text.lastIndexOf("\\"));
  const name = text.startsWith("@") ? text : text.slice(slash + 1);
  const at = name.indexOf("@", 1);
  return (at > 0 ? name.slice(0, at) : name).replace(/\.(?:exe|cmd|bat|ps1|sh)$/i, "").toLowerCase();
}

/** Every word of a command as the name of a program it may be. */
export function programsOf(command: Command): ReadonlySet<string> {
  command.programs ??= new Set(command.words.map((word) => programOf(word.text)));
  return command.programs;
}

/**
 * Where the program and its first words stand in a command; -1 when they do not. A single word must be the program itself,
 * several may also stand behind others (`find … -exec dotnet nuget push`).
 */
export function indexOfProgram(command: Command, wanted: readonly string[]): number {
  const { words } = command;
  const last = wanted.length === 1 ? headOf(words) : words.length - wanted.length;
  for (let from = wanted.length === 1 ? Math.max(last, 0) : 0; from <= last; from++) {
    if (
      wanted.every((word, offset) => {
        const text = words[from + offset]?.text ?? "";
        return offset === 0 ? programOf(text) === word : text.toLowerCase() === word;
      })
    )
      return from;
  }
  return -1;
}

/** Index of the word that names the program. */
function headOf(words: readonly Word[]): number {
  for (let at = 0; at < words.length; at++) {
    const text = words[at]?.text ?? "";
    if (!/^[A-Za-z_]\w*=/.test(text) && !starters.has(text.toLowerCase())) return at;
  }
  return words.length - 1;
}

/** The first word behind `from` that is neither a flag nor a flag's value; empty when there is none. */
export function operandOf(command: Command, from: number): string {
  for (let at = from; at < command.words.length; at++) {
    const text = command.words[at]?.text ?? "";
    if (text.startsWith("<") || text.startsWith(">")) at++;
    else if (!text.startsWith("-")) return text;
    else if (!text.includes("=") && !text.endsWith("-stdin") && !(command.words[at + 1]?.text ?? "-").startsWith("-"))
      at++;
  }
  return "";
}

/** Index of the word that an offset of the script stands in; -1 when it stands in none. */
export function wordAt(command: Command, offset: number): number {
  return command.words.findIndex((word) => word.start <= offset && offset < word.end);
}
