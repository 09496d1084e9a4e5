/** `leasehold completion SHELL`: a script that completes commands, flags and their values. */

import { exitCodes } from "../exit-code.ts";
import { defineCommand } from "./command.ts";
import { outputFlags } from "./flags.ts";
import { writeReport } from "./output.ts";

const shells = ["bash", "zsh", "fish"] as const;

export const completionCommand = defineCommand(
  {
    name: "completion",
    summary: "Print a completion script for a shell",
    usage: shells.join("|"),
    positionals: { min: 1, max: 1, choices: shells },
    flags: outputFlags,
    examples: [
      ['eval "$(leasehold completion bash)"', "in ~/.bashrc"],
      ['eval "$(leasehold completion zsh)"', "in ~/.zshrc, after compinit"],
      ["leasehold completion fish | source", "in config.fish"],
    ],
  },
  async (args, io) => {
    const [{ completionScript }, { commandTable }] = await Promise.all([
      import("./completion-script.ts"),
      import("./command-table.ts"),
    ]);
    const commands = await Promise.all(commandTable.map((entry) => entry.load()));
    const shell = shells.find((one) => one === args.positionals[0])!;
    writeReport(io, [completionScript(shell, commands)], args.flags.output);
    return exitCodes.clean;
  },
);
