import { describe, expect, it } from "vitest";
import { baselineSpec } from "../../src/cli/baseline-spec.ts";
import type { CommandSpec } from "../../src/cli/command.ts";
import { commandTable } from "../../src/cli/command-table.ts";
import { explainSpec } from "../../src/cli/explain-spec.ts";
import { commandText, overviewText } from "../../src/cli/help.ts";
import { initSpec } from "../../src/cli/init-spec.ts";
import { commonFlags } from "../../src/cli/parse-args.ts";
import { policySpec } from "../../src/cli/policy-spec.ts";
import { scanSpec } from "../../src/cli/scan-spec.ts";
import { waiveSpec } from "../../src/cli/waive-spec.ts";
import { waiverReasons } from "../../src/policy/waiver.ts";

const loaded = await Promise.all(commandTable.map((entry) => entry.load()));
const byName = new Map<string, CommandSpec>(
  [scanSpec, explainSpec, policySpec, baselineSpec, waiveSpec, initSpec, ...loaded].map((spec) => [spec.name, spec]),
);
const specs = [...byName.values()];

describe.each(specs.map((spec) => [spec.name, spec] as const))("%s", (name, spec) => {
  it("fits a screen", () => {
    const lines = commandText(spec).split("\n");
    expect(lines.length).toBeLessThanOrEqual(40);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
  });

  it("shows three examples that its own table accepts", async () => {
    const { parseCommandLine } = await import("../../src/cli/parse-args.ts");
    expect(spec.examples).toHaveLength(3);
    for (const [line] of spec.examples) {
      const call = /leasehold [^|)"]*(?:"[^"]*"[^|)"]*)*/.exec(line)![0];
      const words = (call.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"|"$/g, ""));
      expect(words.slice(0, 2)).toEqual(["leasehold", name]);
      expect(() => parseCommandLine(words.slice(2), spec)).not.toThrow();
    }
  });

  it("gives no letter to two flags", () => {
    const shorts = Object.values({ ...spec.flags, ...commonFlags }).flatMap(({ short }) => short ?? []);
    expect(new Set(shorts).size).toBe(shorts.length);
  });
});

it("the table of commands says the same as the commands", () => {
  expect(commandTable.map(({ name, summary }) => ({ name, summary }))).toEqual(
    loaded.map(({ name, summary }) => ({ name, summary })),
  );
  expect(overviewText(specs).split("\n").length).toBeLessThanOrEqual(40);
});

it("waive knows the reasons of the waiver file", () => {
  expect(waiveSpec.flags.reason.choices).toEqual(waiverReasons);
});
