import { describe, expect, test } from "vitest";
import { addDays } from "../../src/plain-date.ts";
import { auditContext } from "../../src/register/audit.ts";
import { type EvidenceBody, nextRecord } from "../../src/register/evidence.ts";
import { builtInLimits } from "../../src/register/limits.ts";
import { parseRegister } from "../../src/register/register.ts";
import { summaryOf } from "../../src/register/summary.ts";
import { daysToClose, trendOf } from "../../src/register/trend.ts";
import { inventory, listed, repository, secret, today, use } from "./sample.ts";

const register = (text: string) => parseRegister(`version: 1\nsecrets:\n${text}`, ".github/secrets.yml");

function summary(text: string, stored: ReturnType<typeof secret>[], uses = [use("A")]) {
  const held = inventory([repository({ actions: listed(...stored) })]);
  const rows = { rows: uses, complete: "all" as const };
  return summaryOf(auditContext(register(text), held, rows, builtInLimits, today));
}

describe("summary", () => {
  test("counts what stands, by tier and owner, and nobody's apart", () => {
    const { standing, tiers, owners } = summary(
      `  - { name: A, owner: "@alice", purpose: a b c, expires: 2026-12-31 }
  - { name: B, owner: "@alice", purpose: a b c, expires: 2026-12-31 }
  - { name: GONE, owner: "@bob", purpose: a b c, expires: 2026-12-31 }
  - { name: PLAIN, owner: "@bob", not-a-secret: true }
`,
      [secret("A"), secret("B"), secret("PLAIN"), secret("LOOSE")],
    );
    expect(standing).toBe(3);
    expect(Object.values(tiers).reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(owners.map(({ owner, total }) => [owner, total])).toEqual([
      ["@alice", 2],
      [undefined, 1],
    ]);
  });

  test("by repository and team: each place where something lies, and what the organisation shares apart", () => {
    const held = inventory(
      [
        repository({ actions: listed(secret("A"), secret("B")) }),
        repository({ name: "acme/web", actions: listed(secret("C")), archived: true }),
      ],
      { actions: listed({ ...secret("SHARED"), visibility: "private" as const }) },
    );
    const text = `  - { name: A, scope: { repository: acme/shop }, owner: "@acme/platform" }
  - { name: B, scope: { repository: ACME/Shop }, owner: "@acme/platform" }
  - { name: SHARED, scope: { org: true }, owner: "@alice" }
`;
    const { places, standing } = summaryOf(
      auditContext(register(text), held, { rows: [], complete: "all" }, builtInLimits, today),
    );
    expect(places.map(({ place, owners }) => [place, owners])).toEqual([
      ["acme/shop", [{ owner: "@acme/platform", total: 2 }]],
      ["acme/web", [{ owner: undefined, total: 1 }]],
      ["the organisation", [{ owner: "@alice", total: 1 }]],
    ]);
    expect(places.reduce((sum, { total }) => sum + total, 0)).toBe(standing);
    const offline = auditContext(
      register("  - { name: A }\n"),
      undefined,
      { rows: [], complete: [] },
      builtInLimits,
      today,
    );
    expect(summaryOf(offline).places.map(({ place }) => place)).toEqual(["this repository"]);
  });

  test.each([
    [0, "0 to 30 days"],
    [30, "0 to 30 days"],
    [31, "31 to 90 days"],
    [365, "181 to 365 days"],
    [366, "366 to 730 days"],
    [730, "366 to 730 days"],
    [731, "over 730 days"],
  ])("an age of %d days", (days, label) => {
    const { ages } = summary("  - { name: A }\n", [secret("A", addDays(today, -days))]);
    expect(ages.filter(({ count }) => count > 0)).toEqual([{ label, count: 1 }]);
    expect(ages).toHaveLength(7);
  });

  test("an age that no store shows is unknown, not young", () => {
    const context = auditContext(
      register("  - { name: A }\n"),
      undefined,
      { rows: [], complete: [] },
      builtInLimits,
      today,
    );
    expect(summaryOf(context).ages.filter(({ count }) => count > 0)).toEqual([{ label: "unknown", count: 1 }]);
  });

  test("overdue by owner: past its end apart from late", () => {
    const { overdue } = summary(
      `  - { name: A, owner: "@alice", purpose: a b c, expires: ${addDays(today, -1)} }
  - { name: B, owner: "@alice", purpose: a b c, expires: 2027-12-31, rotate: { every: 10d } }
  - { name: C, owner: "@bob", purpose: a b c, expires: ${today} }
`,
      [secret("A"), secret("B"), secret("C")],
    );
    expect(overdue).toEqual([{ owner: "@alice", expired: 1, late: 1 }]);
  });
});

test("G23 reviews on schedule: through the last day of the tier, and none that is dated ahead", () => {
  // FLAVOUR is T3: every 365 days.
  const on = (last: string) =>
    summary(`  - { name: FLAVOUR, review: { last: ${last} } }\n`, [secret("FLAVOUR")], []).reviews;
  expect(on(addDays(today, -364))).toEqual({ current: 1, late: 0, never: 0 });
  expect(on(addDays(today, -365))).toEqual({ current: 1, late: 0, never: 0 });
  expect(on(addDays(today, -366))).toEqual({ current: 0, late: 1, never: 0 });
  expect(on(today)).toEqual({ current: 1, late: 0, never: 0 });
  expect(on(addDays(today, 1))).toEqual({ current: 0, late: 0, never: 1 });
  expect(summary("  - { name: FLAVOUR }\n", [secret("FLAVOUR"), secret("LOOSE")], []).reviews).toEqual({
    current: 0,
    late: 0,
    never: 1,
  });
});

describe("G23 trend", () => {
  const body = (at: string, finding: `LH-${string}`, decision?: EvidenceBody["decision"]): EvidenceBody => ({
    ...{ at: `${at}T08:00Z`, kind: decision === undefined ? "finding" : "decision", standing: "observed", finding },
    ...(decision !== undefined && { decision }),
  });
  const log = (...bodies: EvidenceBody[]) => {
    const records: ReturnType<typeof nextRecord>[] = [];
    for (const one of bodies) records.push(nextRecord(one, records.at(-1)));
    return records;
  };

  test("months without a record keep what was open, over the end of a year", () => {
    const trend = trendOf(
      log(
        body("2026-11-30", "LH-7F3A9C"),
        body("2026-11-30", "LH-8AAAAA", "open"),
        body("2027-02-01", "LH-7F3A9C", "resolved"),
      ),
    );
    expect(trend).toEqual([
      { month: "2026-11", open: 2, opened: 2, closed: 0 },
      { month: "2026-12", open: 2, opened: 0, closed: 0 },
      { month: "2027-01", open: 2, opened: 0, closed: 0 },
      { month: "2027-02", open: 1, opened: 0, closed: 1 },
    ]);
  });

  test("a waived finding is open; one that is closed twice is closed once; one that comes back is opened again", () => {
    const trend = trendOf(
      log(
        body("2026-11-01", "LH-7F3A9C"),
        body("2026-11-02", "LH-7F3A9C", "waived"),
        body("2026-11-03", "LH-8AAAAA", "revoked"),
        body("2026-12-01", "LH-7F3A9C", "false-positive"),
        body("2026-12-02", "LH-7F3A9C", "resolved"),
        body("2026-12-03", "LH-7F3A9C"),
      ),
    );
    expect(trend).toEqual([
      { month: "2026-11", open: 1, opened: 1, closed: 0 },
      { month: "2026-12", open: 1, opened: 1, closed: 1 },
    ]);
  });

  test("days to close: over a leap day and the end of a year, from the last time it was opened", () => {
    const closed = log(
      body("2027-12-31", "LH-7F3A9C"),
      body("2028-01-01", "LH-7F3A9C", "resolved"),
      body("2028-02-28", "LH-8AAAAA"),
      body("2028-02-29", "LH-8AAAAA", "waived"),
      body("2028-03-01", "LH-8AAAAA", "revoked"),
      // Opened again, and still open: it counts no more.
      body("2028-03-02", "LH-9BBBBB"),
      body("2028-03-09", "LH-9BBBBB", "resolved"),
      body("2028-03-10", "LH-9BBBBB"),
      // Nobody saw it opened.
      body("2028-03-10", "LH-ACCCCC", "resolved"),
    );
    expect(daysToClose(closed)).toEqual([1, 2]);
    expect(daysToClose([])).toEqual([]);
  });

  test("records about no finding make no months", () => {
    expect(trendOf(log({ at: "2026-11-01T08:00Z", kind: "snapshot", standing: "observed" }))).toEqual([]);
  });
});
