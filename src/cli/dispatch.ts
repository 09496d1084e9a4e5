/** From the words of a command line to an exit code. */
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { didYouMean, LeaseholdError } from "../error.ts";
import { exitCodeOf, exitCodes } from "../exit-code.ts";
import type { CommandEntry } from "./command.ts";
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
  if (entry === undefined) throw unknownCommand(name, table);
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
    const { version } = await import("../scan/version.ts");
    io.stdout.write(`leasehold ${version}\n`);
    return exitCodes.clean;
  }
  const { overviewText } = await import("./help.ts");
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

function unknownCommand(name: string, table: readonly CommandEntry[]): LeaseholdError {
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
  const { errorLines } = await import("../scan/error-lines.ts");
  for (const line of await errorLines(error)) io.stderr.write(`${line}\n`);
  if (!(error instanceof LeaseholdError)) return exitCodes.internal;
  if (error.code === "usage") io.stderr.write(`leasehold: see leasehold ${helpTopic(words, table)}--help\n`);
  return exitCodeOf(error.code);
}

function helpTopic(words: readonly string[], table: readonly CommandEntry[]): string {
  const { name } = split(words);
  return table.some((entry) => entry.name === name) ? `${name} ` : "";
}
