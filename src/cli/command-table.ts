/** Every command there is, in the order of help. */
import type { CommandEntry } from "./command.ts";

export const commandTable: readonly CommandEntry[] = [
  {
    name: "rules",
    summary: "List the rules with their tier and proof",
    load: async () => (await import("./rules.ts")).rulesCommand,
  },
  {
    name: "schema",
    summary: "Print the JSON Schema of a file",
    load: async () => (await import("./schema.ts")).schemaCommand,
  },
  {
    name: "completion",
    summary: "Print a completion script for a shell",
    load: async () => (await import("./completion.ts")).completionCommand,
  },
];
