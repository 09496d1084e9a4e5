import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../src/register/canonical-json.ts";
import {
  digestOf,
  type EvidenceBody,
  type EvidenceRecord,
  nextRecord,
  noPrevious,
  parseRecord,
  recordLine,
  verifyEvidence,
} from "../../src/register/evidence.ts";
import { auditEvidence } from "../../src/register/evidence-audit.ts";
import { evidenceTable, exportLines, lacksProof, tableCells } from "../../src/register/evidence-export.ts";

const body = (change: Partial<EvidenceBody> = {}): EvidenceBody => ({
  at: "2026-11-21T09:00:00Z",
  kind: "finding",
  standing: "observed",
  rule: "register/expired",
  target: "actions/A",
  ...change,
});

function logOf(...bodies: EvidenceBody[]): EvidenceRecord[] {
  const records: EvidenceRecord[] = [];
  for (const one of bodies) records.push(nextRecord(one, records.at(-1)));
  return records;
}

const log = logOf(
  body({ at: "2026-11-20T23:59:59Z", standing: "declared" }),
  body({
    at: "2026-11-21T00:00:00Z",
    kind: "decision",
    decision: "approved",
    approval: "APR-1",
    by: "@carol",
    run: { id: "42", job: "deploy", environment: "production" },
    commit: "a".repeat(40),
  }),
  body({ rule: "register/owner-missing", standing: "declared" }),
  body({
    at: "2026-11-22T00:00:00Z",
    kind: "revocation",
    decision: "revoked",
    standing: "verified",
    proof: "GET /repos/acme/shop/actions/secrets: not listed",
  }),
);
const lines = log.map(recordLine);
const head = log.at(-1)!.hash;

describe("canonical JSON (RFC 8785)", () => {
  test("the example of section 3.2.2", () => {
    const value = JSON.parse(
      String.raw`{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
    );
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });
  test("keys in the order of UTF-16 code units, not of code points (section 3.2.3)", () => {
    const value = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 };
    expect([...canonicalJson(value).matchAll(/:(\d)/g)].map(([, digit]) => digit).join("")).toBe("2467153");
  });
  test("what has no form is refused", () => {
    expect(() => canonicalJson(Number.NaN)).toThrow(TypeError);
    expect(() => canonicalJson("\ud800")).toThrow(TypeError);
    expect(() => canonicalJson({ "\udc00": 1 })).toThrow(TypeError);
  });
  test("it is the same value again, and the order of keys does not matter", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))),
        (value) => {
          const text = canonicalJson(value);
          expect(JSON.parse(text)).toEqual(value);
          expect(canonicalJson(Object.fromEntries(Object.entries(value).reverse()))).toBe(text);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("a log", () => {
  test("is whole, and says its head", () => {
    expect(verifyEvidence(lines, head)).toEqual({ ok: true, records: 4, withoutBody: 0, head });
    expect(verifyEvidence([])).toEqual({ ok: true, records: 0, withoutBody: 0, head: noPrevious });
    expect(log[0]).toMatchObject({ seq: 1, previous: noPrevious });
  });
  test("can be checked by hand", () => {
    const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
    const { seq, previous, digest, hash, body: said } = JSON.parse(lines[1]!);
    expect(sha256(canonicalJson(said))).toBe(digest);
    expect(sha256(`{"digest":"${digest}","previous":"${previous}","seq":${seq}}`)).toBe(hash);
  });
  test.each([
    [
      "a word of a body is changed",
      (all: string[]) => all.with(1, all[1]!.replace("@carol", "@mallory")),
      2,
      "its body was changed",
    ],
    ["a record is taken out", (all: string[]) => all.toSpliced(1, 1), 2, "record 2 should stand here"],
    ["two are swapped", (all: string[]) => [all[0]!, all[2]!, all[1]!, all[3]!], 2, "record 2 should stand here"],
    ["the first is taken out", (all: string[]) => all.slice(1), 1, "record 1 should stand here"],
    ["one is put in twice", (all: string[]) => all.toSpliced(1, 0, all[1]!), 3, "record 3 should stand here"],
    ["a line is cut short", (all: string[]) => all.with(2, all[2]!.slice(0, 40)), 3, "no record of evidence"],
    ["a key is added", (all: string[]) => all.with(0, all[0]!.replace("{", '{"x":1,')), 1, "no record of evidence"],
  ])("when %s, the first broken link is named", (_what, change, line, reason) => {
    const check = verifyEvidence(change([...lines]));
    expect(check).toMatchObject({ ok: false, broken: { line, reason: expect.stringContaining(reason) } });
    expect(check.records).toBe(line - 1);
  });
  test("when a record is forged with hashes of its own, the next one does not follow", () => {
    const forged = nextRecord({ ...log[1]!.body!, by: "@mallory" }, log[0]);
    expect(verifyEvidence(lines.with(1, recordLine(forged)))).toMatchObject({
      ok: false,
      broken: { line: 3, reason: "it does not follow from the record before it" },
    });
  });
  test("a tail that is missing is only told by the head", () => {
    expect(verifyEvidence(lines.slice(0, 2)).ok).toBe(true);
    expect(verifyEvidence(lines.slice(0, 2), head)).toMatchObject({
      ok: false,
      broken: { line: 3, seq: 3, reason: expect.stringContaining("tail is missing") },
    });
    expect(verifyEvidence([], head).ok).toBe(false);
    expect(verifyEvidence(lines, log[1]!.hash)).toMatchObject({
      ok: false,
      broken: { reason: expect.stringContaining("added after the expected head") },
    });
    expect(verifyEvidence([], noPrevious).ok).toBe(true);
  });
  test("any change of any byte is found", () => {
    fc.assert(
      fc.property(fc.nat(lines.join("").length - 1), fc.integer({ min: 33, max: 126 }), (at, code) => {
        const text = lines.join("");
        const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
        fc.pre(changed !== text && text[at] !== "\n");
        expect(verifyEvidence(changed.split("\n"), head).ok).toBe(false);
      }),
      { numRuns: 150 },
    );
  });
  test("refuses a body that says more than it may", () => {
    expect(() => nextRecord({ ...body(), value: "x" } as EvidenceBody, undefined)).toThrow();
    expect(() => nextRecord(body({ at: "yesterday" }), undefined)).toThrow();
    expect(parseRecord("null")).toBeUndefined();
  });
});

describe("an export", () => {
  const controls: Record<string, string[]> = {
    "register/expired": ["owasp-nhi:NHI7:2025", "nist-csf:PR.AA-01"],
    "register/owner-missing": ["nist-csf:PR.AA-01"],
  };
  const controlsOf = (rule: string) => controls[rule] ?? [];
  test("keeps the chain to its head, with the bodies that were asked for", () => {
    const out = [...exportLines(log, { from: "2026-11-21", to: "2026-11-21", control: "NHI7:2025" }, controlsOf)];
    expect(verifyEvidence(out, head)).toEqual({ ok: true, records: 4, withoutBody: 3, head });
    expect(out.map((line) => parseRecord(line)!.body !== undefined)).toEqual([false, true, false, false]);
    const forged = out.with(0, recordLine({ ...parseRecord(out[0]!)!, digest: digestOf(body()) }));
    expect(verifyEvidence(forged)).toMatchObject({ ok: false, broken: { line: 1 } });
  });
  test.each([
    [{ from: "2026-11-21" }, 3],
    [{ to: "2026-11-20" }, 1],
    [{ from: "2026-11-22", to: "2026-11-22" }, 1],
    [{ control: "owasp-nhi:nhi7:2025" }, 3],
    [{ control: "PR.AA-01" }, 4],
    [{ control: "NHI8:2025" }, 0],
  ])("%j: %i records", (filter, count) => {
    expect(evidenceTable(log, filter, controlsOf).records).toBe(count);
  });
  test("tells declared, observed and verified apart", () => {
    const { rows, gaps } = evidenceTable(log, {}, controlsOf);
    expect(tableCells({ rows, records: 4, unmapped: 0, gaps, head }).rows).toEqual([
      ["nist-csf:PR.AA-01", "register/expired register/owner-missing", "2", "1", "1"],
      ["owasp-nhi:NHI7:2025", "register/expired", "1", "1", "1"],
    ]);
    expect(gaps).toBe(0);
  });
});

describe("G10 and G14 evidence binds a decision to its proof", () => {
  const closed = (change: Partial<EvidenceBody>) =>
    body({ kind: "decision", decision: "resolved", finding: "LH-7F3A9C", ...change });
  test("what is closed without proof counts as open", () => {
    const gaps = (...bodies: EvidenceBody[]) =>
      auditEvidence(logOf(...bodies), "log.jsonl", "leasehold").map(({ rule, message }) => [rule, message.slice(0, 9)]);
    expect(gaps(closed({}))).toEqual([["register/evidence-gap", "LH-7F3A9C"]]);
    expect(gaps(closed({ commit: "b".repeat(40) }))).toEqual([]);
    expect(gaps(closed({ run: { id: "7" } }))).toEqual([]);
    expect(gaps(closed({}), closed({ proof: "404 for actions/A" }))).toEqual([]);
    expect(gaps(closed({ proof: "404" }), closed({ decision: "open" }), closed({}))).toEqual([
      ["register/evidence-gap", "LH-7F3A9C"],
    ]);
    expect(lacksProof(body({ decision: "waived" }))).toBe(false);
  });
  test("G07 one fingerprint in two places is reuse, and after a write it is no rotation", () => {
    const print = (key: string, text: string) => `lhf1:${key}:${text.padEnd(26, "0")}`;
    const seen = (target: string, fingerprint: string, at = "2026-11-21T09:00:00Z") =>
      body({ kind: "fingerprint", target, fingerprint, at });
    const found = (...bodies: EvidenceBody[]) =>
      auditEvidence(logOf(...bodies), "log.jsonl", "leasehold").map(({ rule, facts }) => [rule, facts.target]);
    expect(
      found(
        seen("actions/A", print("0000000a", "x")),
        seen("actions/A", print("0000000a", "y"), "2026-12-01T00:00:00Z"),
      ),
    ).toEqual([]);
    expect(
      found(
        seen("actions/A", print("0000000a", "x")),
        seen("actions/A", print("0000000a", "x"), "2026-12-01T00:00:00Z"),
      ),
    ).toEqual([["register/not-rotated", "actions/A"]]);
    expect(found(seen("actions/b/A", print("0000000a", "x")), seen("actions/a/A", print("0000000a", "x")))).toEqual([
      ["register/reused", "actions/a/A"],
    ]);
    expect(found(seen("actions/b/A", print("0000000a", "x")), seen("actions/a/A", print("0000000b", "x")))).toEqual([]);
  });
});
