/** Flags and help of `leasehold init`. */
import type { CommandSpec } from "./command.ts";
import { outputFlags } from "./flags.ts";

export const initSpec = {
  name: "init",
  summary: "Write a commented policy file",
  usage: "",
  positionals: { min: 0, max: 0 },
  flags: {
    from: { kind: "list", value: "FILE", summary: "Take exceptions over from another scanner's file" },
    ...outputFlags,
  },
  examples: [
    ["leasehold init", "writes .github/leasehold.yml"],
    ["leasehold init --from .gitleaksignore", "and waivers that say where they came from"],
    ["leasehold init -o -", "print it, write nothing"],
  ],
} as const satisfies CommandSpec;
