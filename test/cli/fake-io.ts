/** An io that keeps what is written, and a command to dispatch to. */
import { type Args, type Command, type CommandEntry, defineCommand } from "../../src/cli/command.ts";
import type { Io, Output } from "../../src/cli/io.ts";

export type FakeIo = Io & { written: { stdout: string; stderr: string }; clock: { now: number } };

export function fakeIo(changes: Partial<Io> & { tty?: boolean; columns?: number } = {}): FakeIo {
  const written = { stdout: "", stderr: "" };
  const clock = { now: 0 };
  const output = (name: "stdout" | "stderr"): Output => ({
    write: (text) => {
      written[name] += text;
    },
    isTTY: changes.tty ?? false,
    columns: changes.columns ?? 80,
    color: false,
  });
  const { tty: _tty, columns: _columns, ...rest } = changes;
  return {
    cwd: process.cwd(),
    env: {},
    stdout: output("stdout"),
    stderr: output("stderr"),
    stdin: (async function* () {})(),
    now: () => clock.now,
    signal: new AbortController().signal,
    pending: new Set(),
    ...rest,
    written,
    clock,
  };
}

export const fakeFlags = {
  format: { kind: "string", short: "f", value: "FORMAT", choices: ["text", "json"], summary: "How it looks" },
  only: { kind: "list", value: "RULE", summary: "Only these" },
  level: { kind: "list", value: "LEVEL", choices: ["high", "low"], summary: "These levels" },
  jobs: { kind: "integer", value: "N", summary: "Workers" },
  "no-config": { kind: "boolean", summary: "Nothing read" },
  output: { kind: "string", short: "o", value: "FILE", summary: "Where to" },
} as const;

export function fakeCommand(run: (args: Args<typeof fakeFlags>, io: Io) => Promise<number>, name = "scan"): Command {
  return defineCommand(
    {
      name,
      summary: "Look at things",
      usage: "[PATH]",
      positionals: { min: 0, max: 2 },
      flags: fakeFlags,
      examples: [
        [`leasehold ${name}`, "one"],
        [`leasehold ${name} .`, "two"],
        [`leasehold ${name} --jobs 2`, "three"],
      ],
    },
    run,
  );
}

export function tableOf(...commands: Command[]): CommandEntry[] {
  return commands.map((command) => ({ name: command.name, summary: command.summary, load: async () => command }));
}
