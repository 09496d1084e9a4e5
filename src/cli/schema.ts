/** `leasehold schema NAME`: the JSON Schema of a file that Leasehold reads or writes. */

import { exitCodes } from "../exit-code.ts";
import { defineCommand } from "./command.ts";
import { outputFlags } from "./flags.ts";
import { writeReport } from "./output.ts";

/** Imported one by one by a fixed name, so that the bundle carries them inside. */
const schemas = {
  policy: async () => (await import("../../schema/policy.json", { with: { type: "json" } })).default,
  waivers: async () => (await import("../../schema/waivers.json", { with: { type: "json" } })).default,
  organisation: async () => (await import("../../schema/organisation.json", { with: { type: "json" } })).default,
  register: async () => (await import("../../schema/register.json", { with: { type: "json" } })).default,
  secret: async () => (await import("../../schema/secret.json", { with: { type: "json" } })).default,
  inventory: async () => (await import("../../schema/inventory.json", { with: { type: "json" } })).default,
  report: async () => (await import("../../schema/report.json", { with: { type: "json" } })).default,
  workflows: async () => (await import("../../schema/workflows.json", { with: { type: "json" } })).default,
} as const;

/** The names that `leasehold schema` takes. */
export const schemaNames = Object.keys(schemas) as (keyof typeof schemas)[];

export const schemaCommand = defineCommand(
  {
    name: "schema",
    summary: "Print the JSON Schema of a file",
    usage: schemaNames.join("|"),
    positionals: { min: 1, max: 1, choices: schemaNames },
    flags: outputFlags,
    examples: [
      ["leasehold schema policy", "of .github/leasehold.yml, for an editor"],
      ["leasehold schema waivers", "of .github/leasehold-waivers.yml"],
      ["leasehold schema report -o report.schema.json", "of the JSON report"],
    ],
  },
  async (args, io) => {
    const name = schemaNames.find((one) => one === args.positionals[0])!;
    writeReport(io, [`${JSON.stringify(await schemas[name](), null, 2)}\n`], args.flags.output);
    return exitCodes.clean;
  },
);
