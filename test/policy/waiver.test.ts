import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LeaseholdError } from "../../src/error.ts";
import type { FindingId } from "../../src/finding.ts";
import { parseWaivers, requestedWaivers, type Waiver, waiverReasons } from "../../src/policy/waiver.ts";
import { addWaiver } from "../../src/policy/waiver-edit.ts";
import { waiver } from "./sample.ts";

function fault(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (!(error instanceof LeaseholdError)) throw error;
    return `${error.place?.line}:${error.place?.column} ${error.message}`;
  }
  return "none";
}

const sample = `# Ours
waivers:
  # the vendor
  - id: LH-7F3A9C              # or rule: + target:
    reason: accepted-risk
    why: Vendor appliance cannot federate (TICKET-812)
    approved-by: "@carol"
    until: 2026-12-20

  - rule: workflow/secrets-inherit
    target: .github/workflows/old.yml
    reason: migration
    why: |
      Gone with the
      old pipeline
    until: 2026-12-20
    approved-by: "@acme/platform" # them

break-glass: []
approvals: []
`;

describe("reading", () => {
  test("waivers with their places", () => {
    const { waivers } = parseWaivers(sample, "w.yml");
    expect(waivers).toMatchObject([
      {
        id: "LH-7F3A9C",
        reason: "accepted-risk",
        approvedBy: "@carol",
        until: "2026-12-20",
        place: { path: "w.yml", line: 4, column: 5 },
      },
      {
        rule: "workflow/secrets-inherit",
        target: ".github/workflows/old.yml",
        approvedBy: "@acme/platform",
        place: { line: 10, column: 5 },
      },
    ]);
  });

  test("empty lists, in every way they are written", () => {
    for (const text of ["", "# none\n", "waivers:\n", "waivers: []\n", "waivers: null\nbreak-glass:\napprovals:\n"]) {
      expect(parseWaivers(text, "w")).toEqual({ waivers: [], breakGlass: [], approvals: [] });
    }
  });

  test("break-glass records and approvals", () => {
    const { breakGlass, approvals } = parseWaivers(
      `break-glass:
  - { target: environment/production, reason: INC-4711, from: 2026-11-21T09:00Z, to: 2026-11-21T13:00Z, approved-by: "@dave", reviewed: "#123" }
approvals:
  - { id: APR-1, asset: { environment: production, secret: DB }, task: "https://github.com/acme/shop/issues/1", from: 2026-11-21T08:00Z, to: 2026-11-21T20:00Z, requested-by: "@erin", approved-by: ["@frank"] }
`,
      "w",
    );
    expect(breakGlass).toEqual([
      {
        target: "environment/production",
        reason: "INC-4711",
        from: "2026-11-21T09:00Z",
        to: "2026-11-21T13:00Z",
        approvedBy: "@dave",
        reviewed: "#123",
      },
    ]);
    expect(approvals).toMatchObject([
      { asset: { environment: "production", secret: "DB" }, requestedBy: "@erin", approvedBy: ["@frank"] },
    ]);
  });

  const one = (fields: string) => `waivers:\n  - { ${fields} }\n`;
  const rest = "reason: test-data, why: w, until: 2026-12-20";
  test.each([
    ["neither id nor rule", one(rest), "2:5 waivers[0]: a waiver names either an id, or a rule and a target"],
    [
      "both",
      one(`id: LH-7F3A9C, rule: leak/x, ${rest}`),
      "2:5 waivers[0]: a waiver names either an id, or a rule and a target",
    ],
    [
      "a rule without target",
      one(`rule: leak/x, ${rest}`),
      "2:5 waivers[0]: a waiver names either an id, or a rule and a target",
    ],
    [
      "no id",
      one(`id: LH-7F3A9U, ${rest}`),
      '2:11 waivers[0].id: expected a finding id like LH-7F3A9C, found "LH-7F3A9U"',
    ],
    [
      "a misspelt reason",
      one("id: LH-7F3A9C, reason: false-positiv, why: w, until: 2026-12-20"),
      '2:30 waivers[0].reason: expected test-data, false-positive, accepted-risk, fix-later or migration, found "false-positiv"; did you mean "false-positive"?',
    ],
    ["no end", one("id: LH-7F3A9C, reason: test-data, why: w"), '2:5 the key "until" is missing'],
    [
      "a day that does not exist",
      one("id: LH-7F3A9C, reason: test-data, why: w, until: 2027-02-29"),
      '2:56 waivers[0].until: expected a date that exists in the calendar, found "2027-02-29"',
    ],
    [
      "an empty why",
      one('id: LH-7F3A9C, reason: test-data, why: " ", until: 2026-12-20'),
      '2:46 waivers[0].why: expected a text like: Vendor appliance cannot federate (TICKET-812), found " "',
    ],
    [
      "a bare login",
      one(`id: LH-7F3A9C, ${rest}, approved-by: carol`),
      '2:81 waivers[0].approved-by: expected a login or team like "@carol" or "@acme/platform", found "carol"',
    ],
    [
      "an unknown key",
      one(`id: LH-7F3A9C, ${rest}, aproved-by: "@carol"`),
      '2:68 unknown key "aproved-by"; did you mean "approved-by"?',
    ],
    [
      "a window that ends before it begins",
      'break-glass:\n  - { target: t, reason: r, from: 2026-11-21T09:00Z, to: 2026-11-21T08:00Z, approved-by: "@d" }\n',
      "2:58 break-glass[0].to: expected a moment after `from`",
    ],
    [
      "approving oneself",
      'approvals:\n  - { id: A, asset: { secret: S }, task: t, from: 2026-11-21T08:00Z, to: 2026-11-21T09:00Z, requested-by: "@e", approved-by: "@e" }\n',
      "2:126 approvals[0].approved-by: nobody approves their own request",
    ],
  ])("%s", (_name, text, expected) => {
    expect(fault(() => parseWaivers(text, "w.yml"))).toBe(expected);
  });
});

test("what the head has and the base has not in the same words is requested", () => {
  const { waivers } = parseWaivers(sample, "w");
  expect(requestedWaivers(waivers, [...waivers].reverse())).toEqual([]);
  const longer = { ...waivers[0]!, until: "2027-06-01" };
  expect(requestedWaivers(waivers, [longer, waivers[1]!])).toEqual([longer]);
});

describe("writing", () => {
  const id = (text: string) => text as FindingId;
  const block = (name: string, indent = "  ") =>
    `${indent}- id: ${name}\n${indent}  reason: accepted-risk\n${indent}  why: TICKET-1\n${indent}  approved-by: "@carol"\n${indent}  until: 2026-12-20\n`;

  test("a new file", () => {
    const text = addWaiver(undefined, waiver());
    expect(text).toMatch(/^# Exceptions[^\n]*\nwaivers:\n {2}- id: LH-AAAAAA\n/);
    expect(text.endsWith(block("LH-AAAAAA"))).toBe(true);
  });

  test.each([
    ["before the first", "LH-000000", "waivers:\n", "  # the vendor\n"],
    ["in the middle", "LH-8AAAAA", "    until: 2026-12-20\n", "\n  - rule: workflow/secrets-inherit"],
  ])("%s, with all comments where they were", (_name, name, before, after) => {
    const text = addWaiver(sample, waiver({ id: id(name) }));
    expect(text).toContain(before + block(name) + after);
    expect(text.replace(block(name), "")).toBe(sample);
  });

  test("last, after a block text and a comment", () => {
    const added = addWaiver(sample, waiver({ rule: "workflow/x", target: "a b: #c" }));
    expect(added).toContain('approved-by: "@acme/platform" # them\n  - rule: workflow/x\n    target: "a b: #c"\n');
    const blockLast = sample
      .replace('    until: 2026-12-20\n    approved-by: "@acme/platform" # them\n', "")
      .replace(
        "    why: |\n      Gone with the\n      old pipeline\n",
        "    until: 2026-12-20\n    why: |\n      Gone with the\n      old pipeline\n",
      );
    expect(addWaiver(blockLast, waiver({ rule: "workflow/x", target: "z" }))).toContain(
      "      old pipeline\n  - rule: workflow/x\n",
    );
  });

  test.each([
    [
      "an empty list",
      "waivers: [] # none\nbreak-glass: []\n",
      `waivers: # none\n${block("LH-AAAAAA")}break-glass: []\n`,
    ],
    ["nothing", "waivers:\nbreak-glass: []\n", `waivers:\n${block("LH-AAAAAA")}break-glass: []\n`],
    ["nothing but a comment", "waivers: # none yet\n", `waivers: # none yet\n${block("LH-AAAAAA")}`],
    [
      "nothing but a comment, before another key",
      "waivers: # none yet\n# more\nbreak-glass: []\n",
      `waivers: # none yet\n${block("LH-AAAAAA")}# more\nbreak-glass: []\n`,
    ],
    ["null", "waivers: null\n", `waivers:\n${block("LH-AAAAAA")}`],
    ["no line break at the end", "waivers:", `waivers:\n${block("LH-AAAAAA")}`],
    ["no key", "break-glass: []", `break-glass: []\nwaivers:\n${block("LH-AAAAAA")}`],
    ["comments only", "# a\n", `# a\nwaivers:\n${block("LH-AAAAAA")}`],
    [
      "no indentation",
      `waivers:\n${block("LH-7F3A9C", "")}`,
      `waivers:\n${block("LH-7F3A9C", "")}${block("LH-AAAAAA", "")}`,
    ],
  ])("into %s", (_name, before, after) => {
    expect(addWaiver(before, waiver())).toBe(after);
    expect(parseWaivers(addWaiver(before, waiver()), "w").waivers.map((one) => one.id)).toContain("LH-AAAAAA");
  });

  test("CRLF and a byte order mark stay", () => {
    const windows = `\uFEFF${sample.replaceAll("\n", "\r\n")}`;
    const text = addWaiver(windows, waiver({ id: id("LH-8AAAAA") }));
    expect(text.replace(/\r\n/g, "")).not.toContain("\n");
    expect(text.replaceAll("\r\n", "\n").slice(1)).toBe(addWaiver(sample, waiver({ id: id("LH-8AAAAA") })));
  });

  test("a second waiver for the same finding, and lists in one line, are refused", () => {
    expect(fault(() => addWaiver(sample, waiver({ id: id("LH-7F3A9C") })))).toBe(
      "4:5 LH-7F3A9C has a waiver until 2026-12-20: change its last day there",
    );
    expect(
      fault(() => addWaiver("waivers: [{ id: LH-7F3A9C, reason: test-data, why: w, until: 2026-12-20 }]\n", waiver())),
    ).toMatch(/stand in one line/);
    expect(fault(() => addWaiver("{ waivers: [] }\n", waiver()))).toMatch(/stand in one line/);
  });

  test("any waivers in any order: all are read back, sorted, and nothing else changes", () => {
    const text = fc.string({ minLength: 1, maxLength: 30, unit: "grapheme" }).filter((value) => /\S/.test(value));
    const waivers: fc.Arbitrary<Waiver> = fc.record({
      id: fc.stringMatching(/^LH-[0-9A-HJKMNP-TV-Z]{6}$/).map(id),
      reason: fc.constantFrom(...waiverReasons),
      why: text,
      compensating: text,
      approvedBy: fc.constantFrom("@carol", "@acme/platform"),
      until: fc.constantFrom("2026-12-20", "2028-02-29"),
    });
    fc.assert(
      fc.property(fc.uniqueArray(waivers, { selector: (one) => one.id, maxLength: 6 }), (all) => {
        const written = all.reduce<string | undefined>((before, one) => addWaiver(before, one), undefined) ?? "";
        const read = parseWaivers(written, "w").waivers.map(({ place: _place, ...one }) => one);
        const line = (value = "") => value.replace(/\s+/g, " ").trim();
        expect(read).toEqual(
          [...all]
            .sort((a, b) => (a.id! < b.id! ? -1 : 1))
            .map((one) => ({ ...one, why: line(one.why), compensating: line(one.compensating) })),
        );
      }),
      { numRuns: 100 },
    );
  });
});
