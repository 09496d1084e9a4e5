/** Flags and help of `leasehold fix`. */
import type { CommandSpec } from "./command.ts";

export const fixSpec = {
  name: "fix",
  summary: "Write the keyless replacement into workflows",
  usage: "[ID]",
  positionals: { min: 0, max: 1 },
  flags: {
    all: { kind: "boolean", summary: "Also fixes that need enrolment or values, with a checklist" },
    diff: { kind: "boolean", summary: "Print the change as a unified diff" },
    write: { kind: "boolean", summary: "Write the change into the files" },
    repo: { kind: "string", value: "OWNER/REPO", summary: "The repository for trust policies (default: origin)" },
    pins: { kind: "string", value: "FILE", summary: "Commits of action tags beside those that ship" },
    output: { kind: "string", short: "o", value: "DIR", summary: "Write trust policies and checklists to DIR" },
    "no-config": { kind: "boolean", summary: "Built-in policy: ids with the salt that ships" },
  },
  examples: [
    ["leasehold fix", "what can be fixed, what has to be done beside it, and why the rest cannot"],
    ["leasehold fix LH-7F3A9C --diff", "the change for one finding"],
    ["leasehold fix --all --write -o ../oidc", "all of it, the provider's side into a folder outside the tree"],
  ],
} as const satisfies CommandSpec;
