/** From the words of a command line to an exit code. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { LeaseholdError, placePrefix } from "../error.ts";
import type { CommandEntry } from "./command.ts";
import { exitCodeOf, exitCodes } from "./exit-code.ts";
import type { Io } from "./io.ts";

/**
 * Run one command line.
 * In: the words after `leasehold`, the io, the commands there are. Out: the exit code; never throws. What a user can mend is said on stderr in one
 * sentence; of anything else the place is shown and not the message, which may quote scanned text.
 */
export async function runCli(words: readonly string[], io: Io, table: readonly CommandEntry[]): Promise<number> {
  try {
    return await dispatch(words, io, table);
  } catch (error) {
    return await report(error, words, io, table);
  }
}

async function dispatch(words: readonly string[], io: Io, table: readonly CommandEntry[]): Promise<number> {
  const { leading, name, rest } = split(words);
  if (name === undefined) return await withoutCommand(leading, io, table);
  const entry = table.find((one) => one.name === name);
  if (entry === undefined) throw await unknownCommand(name, table);
  const [command, { parseCommandLine }] = await Promise.all([entry.load(), import("./parse-args.ts")]);
  const { args, help, directory } = parseCommandLine([...leading, ...rest], command);
  if (help) {
    const { commandText } = await import("./help.ts");
    io.stdout.write(commandText(command));
    return exitCodes.clean;
  }
  return await command.run(args, directory === undefined ? io : { ...io, cwd: directoryAt(io.cwd, directory) });
}

/** `-C DIR` and `--help` may stand before the command. */
function split(words: readonly string[]): { leading: string[]; name: string | undefined; rest: string[] } {
  let at = 0;
  while (at < words.length && words[at]!.startsWith("-")) at += words[at] === "-C" ? 2 : 1;
  return { leading: words.slice(0, at), name: words[at], rest: words.slice(at + 1) };
}

async function withoutCommand(words: readonly string[], io: Io, table: readonly CommandEntry[]): Promise<number> {
  if (words.includes("--version") || words.includes("-V")) {
    const { version } = await import("./version.ts");
    io.stdout.write(`leasehold ${version}\n`);
    return exitCodes.clean;
  }
  const [{ overviewText }, { didYouMean }] = await Promise.all([import("./help.ts"), import("./parse-args.ts")]);
  if (words.includes("--help") || words.includes("-h")) {
    io.stdout.write(overviewText(table));
    return exitCodes.clean;
  }
  const odd = words.find((word) => !word.startsWith("-C"));
  if (odd !== undefined)
    throw new LeaseholdError("usage", `there is no flag ${odd}${didYouMean(odd, ["--help", "--version"])}`);
  io.stderr.write(overviewText(table));
  return exitCodes.usage;
}

async function unknownCommand(name: string, table: readonly CommandEntry[]): Promise<LeaseholdError> {
  const { didYouMean } = await import("./parse-args.ts");
  const hint = didYouMean(
    name,
    table.map((entry) => entry.name),
  );
  const path = hint === "" && /[./]/.test(name) ? `; to scan it: leasehold scan ${name}` : "";
  return new LeaseholdError("usage", `there is no command ${JSON.stringify(name)}${hint}${path}`);
}

function directoryAt(cwd: string, directory: string): string {
  const path = resolve(cwd, directory);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new LeaseholdError("usage", `-C ${directory}: there is no such directory`);
  return path;
}

async function report(
  error: unknown,
  words: readonly string[],
  io: Io,
  table: readonly CommandEntry[],
): Promise<number> {
  if (io.signal.aborted) return exitCodes.interrupted;
  const { terminalText } = await import("../report/encode.ts");
  const say = (line: string): void => io.stderr.write(`${terminalText(line, 2_000)}\n`);
  if (error instanceof LeaseholdError) {
    const text = await withoutSecrets(`${placePrefix(error.place)}${error.message}`);
    for (const [at, line] of text.split("\n").entries()) say(at === 0 ? `leasehold: ${line}` : `  ${line}`);
    if (error.code === "usage") say(`leasehold: see leasehold ${helpTopic(words, table)}--help`);
    return exitCodeOf(error.code);
  }
  say(
    `leasehold: internal error (${error instanceof Error ? error.name : typeof error}); please report it with the lines below`,
  );
  say("leasehold: its message is left out, since it could quote what was scanned");
  for (const frame of framesOf(error)) say(frame);
  return exitCodes.internal;
}

/** A path, a branch or a value in a policy file may be a secret; what the message quotes of it is masked. */
async function withoutSecrets(text: string): Promise<string> {
  // The rules are loaded only where a word could be a token: a mistyped flag is answered at once.
  if (!/[^\s"'`/]{12}/.test(text)) return text;
  const [{ maskText }, { shippedRuleSet }] = await Promise.all([
    import("../scan/mask-text.ts"),
    import("../scan/shipped-rules.ts"),
  ]);
  try {
    return maskText(shippedRuleSet(), text);
  } catch (error) {
    // Only a checkout can have a wrong rule file, and then that is what the message is about.
    if (error instanceof LeaseholdError) return text;
    throw error;
  }
}

function helpTopic(words: readonly string[], table: readonly CommandEntry[]): string {
  const { name } = split(words);
  return table.some((entry) => entry.name === name) ? `${name} ` : "";
}

/** The lines of the stack that name a place in a file, without the message, which may span lines. */
function framesOf(error: unknown): string[] {
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  return stack
    .split("\n")
    .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
    .slice(0, 12);
}
