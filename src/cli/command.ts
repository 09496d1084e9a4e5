/** What a command of the CLI is: a table of flags that help, parsing and completion read, and a function that runs. */
import type { Io } from "./io.ts";

/** A flag. `boolean` takes no value; `list` may be given more than once, or with commas; `integer` is from 1. */
export type FlagSpec = {
  kind: "boolean" | "string" | "list" | "integer";
  /** One letter: `o` for `-o`. */
  short?: string;
  /** What stands for the value in help: `FILE`. */
  value?: string;
  /** The only values that fit. */
  choices?: readonly string[];
  /** What it does, under 70 characters. */
  summary: string;
};

export type FlagTable = Readonly<Record<string, FlagSpec>>;

/** The value of a flag as `run` gets it. */
export type FlagValue<S extends FlagSpec> = S["kind"] extends "boolean"
  ? boolean
  : S["kind"] extends "integer"
    ? number | undefined
    : S extends { choices: readonly (infer Choice extends string)[] }
      ? S["kind"] extends "list"
        ? Choice[]
        : Choice | undefined
      : S["kind"] extends "list"
        ? string[]
        : string | undefined;

export type Args<F extends FlagTable> = {
  flags: { [Name in keyof F]: FlagValue<F[Name]> };
  /** What is not a flag, checked in number and, where there are choices, in name. */
  positionals: string[];
  /** The command line as typed, for reports: `leasehold scan main..HEAD`. */
  line: string;
};

/** The same before anyone knows which command it is. */
export type AnyArgs = {
  flags: Readonly<Record<string, boolean | number | string | string[] | undefined>>;
  positionals: string[];
  line: string;
};

/** What stands after the command's name; `choices` name what the first one may be. */
export type PositionalSpec = { min: number; max: number; choices?: readonly string[] };

export type CommandSpec<F extends FlagTable = FlagTable> = {
  name: string;
  /** What it is for, under 60 characters. */
  summary: string;
  /** What follows `leasehold NAME` in help: `[PATH…|RANGE]`. */
  usage: string;
  positionals: PositionalSpec;
  flags: F;
  /** Three command lines, each with what it does. */
  examples: readonly [Example, Example, Example];
};

export type Example = readonly [line: string, what: string];

/** A command: `run` gives the exit code. It writes its report with `writeReport` and throws LeaseholdError for what a user can mend. */
export type Command = CommandSpec & { run(args: AnyArgs, io: Io): Promise<number> };

/**
 * A command whose `run` gets the types of its own flags.
 * In: the table and the function. Out: both as one, in the type that the dispatcher knows; the parser is what makes the types hold.
 */
export function defineCommand<F extends FlagTable>(
  spec: CommandSpec<F>,
  run: { run(args: Args<F>, io: Io): Promise<number> }["run"],
): Command {
  return { ...spec, run };
}

/** A line of the table of commands: the file of a command is loaded only when it is used. */
export type CommandEntry = { name: string; summary: string; load: () => Promise<Command> };
