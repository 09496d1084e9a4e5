import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LeaseholdError } from "../../src/error.ts";
import { parseRegister } from "../../src/register/register.ts";
import { diffRegisters } from "../../src/register/register-diff.ts";
import { addEntries } from "../../src/register/register-edit.ts";
import { draftsFromCsv, rotationInName } from "../../src/register/register-import.ts";

describe("CSV", () => {
  test("a header, quotes, line breaks in cells, CRLF and a byte order mark", () => {
    const text =
      '\uFEFFName,Owner,Purpose,Expires,Rotate,Environment,Org\r\nAWS_KEY,@acme/platform,"Push images, and ""sign""\r\nthem",2026-12-31,90,production,\r\n\r\nNPM_R30,@alice,,,,,TRUE\r\n';
    const drafts = draftsFromCsv(text, "s.csv");
    expect(drafts.map(({ entry }) => entry)).toEqual([
      {
        ...{ name: "AWS_KEY", scope: { environment: "production" }, owner: "@acme/platform" },
        ...{ purpose: 'Push images, and "sign"\r\nthem', expires: "2026-12-31", rotate: { every: "90d" } },
      },
      { name: "NPM_R30", scope: { org: true }, owner: "@alice", rotate: { every: "30d" } },
    ]);
    const { text: register, added } = addEntries(undefined, drafts, "s.yml");
    expect(added).toBe(2);
    expect(parseRegister(register!, "s.yml").entries[0]!.purpose).toBe('Push images, and "sign" them');
  });
  test.each([
    ["an unknown column", "name,ownr\nA,@a\n", 1, 'did you mean "owner"?'],
    ["no name", "owner\n@a\n", 1, 'a column "name"'],
    ["too many values", "name\nA\nB,C\n", 3, "2 values under 1 columns"],
    ["a day that does not exist", "name,expires\nA,2026-02-30\n", 2, "exists in the calendar"],
    ["an owner that is none", "name,owner\nA,@a\nB,the team\n", 3, "login or team"],
    ["a store that is none", "name,store\nA,action\n", 2, 'did you mean "actions"?'],
    ["an open quote", 'name,purpose\nA,"x\n', 2, "has no end"],
    ["nothing", "", undefined, "is empty"],
  ])("%s", (_what, text, line, sentence) => {
    try {
      draftsFromCsv(text, "s.csv");
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(LeaseholdError);
      expect((error as LeaseholdError).message).toContain(sentence);
      expect((error as LeaseholdError).place).toEqual({ file: "s.csv", ...(line !== undefined && { line }) });
    }
  });
});

test.each([
  ["NPM_TOKEN_R90", 90],
  ["npm_r7", 7],
  ["NPM_R", undefined],
  ["NPM_R0", undefined],
  ["NPM_R90_OLD", undefined],
  ["SERVER90", undefined],
])("%s is replaced every %s days", (name, days) => {
  expect(rotationInName(name)).toBe(days);
});

test("adding a thousand entries takes one pass, and leaves out what is there", () => {
  const drafts = Array.from({ length: 1000 }, (_, at) => ({
    entry: { name: `S${at}` },
    comment: "owner: a guess, from CODEOWNERS",
  }));
  const first = addEntries(undefined, drafts.slice(0, 500), "s.yml");
  const { text, added } = addEntries(first.text, drafts, "s.yml");
  expect(added).toBe(500);
  expect(text).toContain("  - name: S7 # owner: a guess, from CODEOWNERS\n");
  expect(parseRegister(text!, "s.yml").entries).toHaveLength(1000);
  expect(addEntries(text, drafts, "s.yml")).toEqual({ text, added: 0 });
});

describe("diff", () => {
  const read = (text: string) => parseRegister(`version: 1\nsecrets:\n${text}`, "f");
  test("by secret and field, whatever the order and spelling", () => {
    const before = read("  - { name: A, owner: '@a', review: { last: 2026-01-01 } }\n  - { name: B }\n  - name: C\n");
    const after = read(
      "  - name: c\n  - { name: D }\n  - { name: A, store: actions, owner: '@b', review: { last: 2026-02-01, by: '@c' } }\n",
    );
    expect(diffRegisters(before, after)).toEqual([
      { kind: "changed", target: "actions/A", field: "owner", before: "@a", after: "@b" },
      { kind: "changed", target: "actions/A", field: "review.by", before: "nothing", after: "@c" },
      { kind: "changed", target: "actions/A", field: "review.last", before: "2026-01-01", after: "2026-02-01" },
      { kind: "removed", target: "actions/B" },
      { kind: "added", target: "actions/D" },
    ]);
  });
  test("a register is the same as itself in another order", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.stringMatching(/^[A-Z]{1,4}$/), { maxLength: 8 }), (names) => {
        const text = (list: string[]) =>
          read(list.map((name) => `  - { name: ${name}, owner: "@a" }\n`).join("") || "    []\n");
        expect(diffRegisters(text(names), text([...names].reverse()))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});
