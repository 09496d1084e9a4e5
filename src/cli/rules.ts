/** `leasehold rules`: every rule, leak rules with their tier and proof. */
import { LeaseholdError } from "../error.ts";
import { exitCodes } from "../exit-code.ts";
import type { LeakRule } from "../leak/rule.ts";
import { defineCommand } from "./command.ts";
import { outputFlags } from "./flags.ts";
import { writeReport } from "./output.ts";
import type { OtherRule } from "./rule-list.ts";

/** The command, with the functions that give the leak rules and those of the other families. Exit code 3 when no rule holds the words. */
export function rulesCommandWith(
  loadRules: () => Promise<readonly LeakRule[]>,
  loadOthers: () => Promise<readonly OtherRule[]> = async () => [],
) {
  return defineCommand(
    {
      name: "rules",
      summary: "List the rules with their tier and proof",
      usage: "[WORD…]",
      positionals: { min: 0, max: 20 },
      flags: { json: { kind: "boolean", summary: "As JSON, with links and how to revoke" }, ...outputFlags },
      examples: [
        ["leasehold rules", "all"],
        ["leasehold rules keyless/ aws", "those that hold both words"],
        ["leasehold rules --json -o rules.json", "as data"],
      ],
    },
    async (args, io) => {
      const { matchingRules, rulesJson, rulesTable } = await import("./rule-list.ts");
      const rules = matchingRules(await loadRules(), await loadOthers(), args.positionals);
      if (rules.length === 0)
        throw new LeaseholdError("nothing-matched", `no rule holds ${args.positionals.join(" and ")}`);
      writeReport(io, [args.flags.json ? rulesJson(rules) : rulesTable(rules)], args.flags.output);
      return exitCodes.clean;
    },
  );
}

export const rulesCommand = rulesCommandWith(
  async () => {
    const [{ shippedRules }, { genericRule }] = await Promise.all([
      import("../scan/shipped-rules.ts"),
      import("../leak/key-name.ts"),
    ]);
    return [...shippedRules(), genericRule];
  },
  async () => {
    const [{ catalogueIds, catalogueRule }, { otherRule }] = await Promise.all([
      import("../scan/rule-catalogue.ts"),
      import("./rule-list.ts"),
    ]);
    return catalogueIds().map((id) => otherRule(id, catalogueRule(id)!));
  },
);
