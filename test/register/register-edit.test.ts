import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseRegister } from "../../src/register/register.ts";
import { addEntry, changeEntry, entryBlock, handOverEdits } from "../../src/register/register-edit.ts";
import { applyEdits } from "../../src/yaml-splice.ts";

const text = `# Ours.
version: 1 # of the format
secrets:
  # the old one
  - name: AAA # first
    owner: "@alice"
    backup: '@bob'
    revoke: { how: "delete it, then wait", contact: "@Alice" }
  - name: MMM
    owner:
    purpose: >-
      A text over
      two lines

# tail
`;

describe("addEntry", () => {
  test("starts a register", () => {
    const made = addEntry(undefined, {
      name: "A",
      owner: "@a",
      purpose: "Publish the packages to the registry",
      expires: "2026-12-31",
    });
    expect(made).toBe(`# The register of secrets: who owns each, what for, and until when. Names, never values.
version: 1
secrets:
  - name: A
    owner: "@a"
    purpose: Publish the packages to the registry
    expires: 2026-12-31
`);
  });

  test("keeps the order of names and every comment", () => {
    const made = addEntry(text, { name: "ccc", store: "dependabot", scope: { org: true } });
    expect(made).toBe(
      text.replace("  - name: MMM", "  - name: ccc\n    store: dependabot\n    scope: { org: true }\n  - name: MMM"),
    );
  });

  test("goes to the end behind entries in another order", () => {
    const other = text.replace("MMM", "AA");
    expect(addEntry(other, { name: "AAAA" })).toBe(
      other.replace("      two lines\n", "      two lines\n  - name: AAAA\n"),
    );
  });

  test("fills an empty list, keeps CRLF and a byte order mark", () => {
    expect(addEntry("version: 1\nsecrets: [] # none yet\n", { name: "A" })).toBe(
      "version: 1\nsecrets: # none yet\n  - name: A\n",
    );
    expect(addEntry("\uFEFFversion: 1\r\nsecrets:\r\n  - name: A\r\n", { name: "B" })).toBe(
      "\uFEFFversion: 1\r\nsecrets:\r\n  - name: A\r\n  - name: B\r\n",
    );
  });

  test("refuses what is there already, flow style and what the schema refuses", () => {
    expect(() => addEntry(text, { name: "aaa" })).toThrow("AAA is declared already");
    expect(() => addEntry("version: 1\nsecrets: [{ name: A }]\n", { name: "B" })).toThrow("block of its own");
    expect(() => addEntry(text, { name: "B", owner: "nobody" })).toThrow("login or team");
    expect(() => addEntry(text, { name: "B", expires: "2026-02-30" })).toThrow("exists in the calendar");
  });

  test("whatever the words, they come back as they were", () => {
    const unreadable = /[\p{Cc}\p{Cs}\uFFFE\uFFFF\uFEFF\u2028\u2029]/gu;
    const words = (least: number) =>
      fc
        .oneof(
          fc.string({ unit: "binary", minLength: least, maxLength: 60 }),
          fc.string({ minLength: least, maxLength: 40 }),
        )
        .map((drawn) => `${drawn.replace(unreadable, "")}x`);
    const plain = (value: string) => value.replace(/\s+/g, " ").trim();
    fc.assert(
      fc.property(words(0), words(0), (purpose, how) => {
        const entries = parseRegister(addEntry(text, { name: "NEW", purpose, revoke: { how } }), "f").entries;
        const entry = entries.find(({ name }) => name === "NEW")!;
        expect(entry.purpose).toBe(plain(purpose));
        expect(entry.revoke?.how).toBe(plain(how));
        expect(entries).toHaveLength(3);
      }),
      { numRuns: 80 },
    );
  });
});

describe("changeEntry", () => {
  const change = (before: string, name: string, values: Parameters<typeof changeEntry>[3]) =>
    changeEntry(before, "f", parseRegister(before, "f").entries.find((entry) => entry.name === name)!, values);

  test("replaces a value and nothing else", () => {
    expect(change(text, "AAA", { owner: "@acme/platform" })).toBe(
      text.replace('owner: "@alice"', 'owner: "@acme/platform"'),
    );
    expect(change(text, "AAA", { "revoke.contact": "@carol" })).toBe(text.replace("@Alice", "@carol"));
  });

  test("fills an empty one, and adds a missing one behind the last key", () => {
    expect(change(text, "MMM", { owner: "@carol" })).toBe(text.replace("owner:\n", 'owner: "@carol"\n'));
    const reviewed = change(text, "AAA", { "review.last": "2026-10-01", "review.by": "@carol" });
    expect(parseRegister(reviewed, "f").entries[0]!.review).toEqual({ last: "2026-10-01", by: "@carol" });
    expect(change(text, "MMM", { expires: "2027-01-01" })).toBe(
      text.replace("      two lines\n", "      two lines\n    expires: 2027-01-01\n"),
    );
  });

  test("reaches into flow style", () => {
    const flow = "version: 1\nsecrets: [{ name: A, review: { last: 2026-01-01 } }]\n";
    expect(change(flow, "A", { "review.by": "@carol", owner: "@a" })).toBe(
      'version: 1\nsecrets: [{ name: A, review: { last: 2026-01-01, by: "@carol" }, owner: "@a" }]\n',
    );
    expect(change(flow, "A", { "review.last": "2026-10-01" })).toBe(flow.replace("2026-01-01", "2026-10-01"));
  });

  test("refuses what would not be a register", () => {
    expect(() => change(text, "AAA", { expires: "soon" })).toThrow("date like");
  });
});

test("handing over touches owner, backup and contact, whatever their case, and no other byte", () => {
  const edits = handOverEdits(parseRegister(text, "f"), "@ALICE", "@dave");
  expect(applyEdits(text, edits)).toBe(text.replace('"@alice"', '"@dave"').replace('"@Alice"', '"@dave"'));
  expect(applyEdits(text, handOverEdits(parseRegister(text, "f"), "@bob", "@dave"))).toBe(
    text.replace("'@bob'", '"@dave"'),
  );
  expect(handOverEdits(parseRegister(text, "f"), "@nobody", "@dave")).toEqual([]);
});

test("a block to paste reads back under secrets:", () => {
  const block = entryBlock({ name: "A", scope: { environment: "a, b" }, owner: "@a", rotate: { every: "90d" } });
  expect(parseRegister(`version: 1\nsecrets:\n${block}`, "f").entries[0]).toMatchObject({
    scope: { environment: "a, b" },
    rotate: { every: 90 },
  });
});
