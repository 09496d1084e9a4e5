import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { barChartSvg } from "../../src/report/chart.ts";
import { registerHtml, registerMarkdown } from "../../src/report/register-report.ts";
import { type RegisterReport, registerSections } from "../../src/report/register-sections.ts";

const owners = Array.from({ length: 20 }, (_, at) => ({
  owner: `@acme/team-${at}`,
  tiers: { T0: 1, T1: 2, T2: 0, T3: 20 - at },
  total: 23 - at,
}));

const sample: RegisterReport = {
  ...{ today: "2026-11-21", takenAt: "2026-11-21T06:00:00Z", commit: undefined, files: 12, unread: [] },
  summary: {
    standing: 270,
    tiers: { T0: 20, T1: 40, T2: 0, T3: 210 },
    owners: [{ owner: undefined, tiers: { T0: 9, T1: 9, T2: 9, T3: 9 }, total: 36 }, ...owners],
    ages: [
      { label: "0 to 30 days", count: 30 },
      { label: "unknown", count: 240 },
    ],
    places: Array.from({ length: 60 }, (_, at) => ({
      ...{ place: `acme/repository-${at}`, tiers: { T0: 1, T1: 2, T2: 0, T3: 60 - at }, total: 63 - at },
      owners: [
        { owner: "@acme/team-1", total: 62 - at },
        { owner: undefined, total: 1 },
      ],
    })),
    reviews: { current: 30, late: 10, never: 20 },
    overdue: [{ owner: "@acme/team-1", expired: 3, late: 4 }],
  },
  daysToClose: [1, 5, 90],
  slowest: [{ target: "actions/DEPLOY_KEY", minutes: 45, drilled: "2026-09-02" }],
  jobs: { oidc: 30, stored: 50, both: 20 },
  trend: [
    { month: "2026-10", open: 9, opened: 9, closed: 0 },
    { month: "2026-11", open: 4, opened: 1, closed: 6 },
  ],
};

const empty: RegisterReport = {
  ...{ today: "2026-11-21", takenAt: undefined, commit: "a".repeat(40), files: 1, unread: ["a.yml"] },
  summary: {
    standing: 0,
    tiers: { T0: 0, T1: 0, T2: 0, T3: 0 },
    owners: [],
    places: [],
    reviews: { current: 0, late: 0, never: 0 },
    ages: [],
    overdue: [],
  },
  jobs: { oidc: 0, stored: 0, both: 0 },
  trend: undefined,
  daysToClose: [],
  slowest: [],
};

describe("report on the register", () => {
  test("Markdown: a table a section", () => {
    const text = registerMarkdown(sample);
    expect(text).toContain("## Standing credentials left: 270\n");
    expect(text).toContain("| T0 | 20 |\n");
    expect(text).toContain("| nobody | 9 | 9 | 9 | 9 | 36 |\n");
    expect(text).toContain("| acme/repository-0 | 1 | 2 | 0 | 60 | 63 | &#64;&#8203;acme/team-1 62, nobody 1 |\n");
    // Fifty rows, and the sum of the ten that are left.
    expect(text).toContain("| 10 others | 10 | 20 | 0 | 55 | 85 |  |\n");
    expect(text).toContain("## OIDC share: 30 %\n");
    expect(text).toContain("| a stored credential alone | 50 | 50 % |\n");
    expect(text).toContain("| 2026-11 | 4 | 1 | 6 |\n");
    expect(text).toContain("| actions/DEPLOY&#95;KEY | 45 | 2026-09-02 |\n");
    expect(text).toContain("## Reviewed on schedule: 50 %\n");
    expect(text).toContain("Of 3 closed findings half were open for at most 5 days.");
    expect(text).not.toContain("<svg");
  });

  test("every chart has a table that says the same", () => {
    for (const { chart, rows, title } of registerSections(sample)) {
      const cells = rows.flat();
      for (const { label, values } of chart?.bars ?? []) {
        if (label.endsWith("others")) continue;
        const row = rows.find((one) => one[0] === label);
        expect(row, `${title}: ${label}`).toBeDefined();
        for (const value of values) if (value > 0) expect(cells).toContain(String(value));
      }
    }
  });

  test("more bars than anybody compares are summed, and none is lost", () => {
    const { chart } = registerSections(sample)[1]!;
    expect(chart?.bars).toHaveLength(12);
    expect(chart?.bars.at(-1)?.label).toBe("10 others");
    const sum = (chart?.bars ?? []).flatMap(({ values }) => values).reduce((all, value) => all + value, 0);
    expect(sum).toBe(sample.summary.owners.reduce((all, { total }) => all + total, 0));
  });

  test("HTML: no script, nothing loaded, the one style allowed by its hash", () => {
    const html = registerHtml(sample);
    expect(html).not.toMatch(/<script|\bstyle=|src=|href=|\bon\w+=/i);
    const style = /<style>([\s\S]*?)<\/style>/.exec(html)![1]!;
    expect(html).toContain(`style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`);
    expect(html.match(/<svg/g)).toHaveLength(9);
    expect(html.match(/<table>/g)).toHaveLength(9);
  });

  test("nothing known: it says so, and draws nothing where there is nothing", () => {
    const text = registerMarkdown(empty);
    expect(text).toContain("The stores were not looked at");
    expect(text).toContain("of commit aaaaaaaaaaaa.");
    expect(text).toContain("No evidence was given: leasehold report --evidence LOG.");
    expect(text).toContain("No job holds a credential.");
    expect(text).toContain("not counted: a.yml.");
    expect(registerHtml(empty)).not.toMatch(/NaN|undefined|Infinity/);
  });

  test("an owner's name can break out of neither", () => {
    const hostile = `@a"><script>alert(1)</script>|\n## x <!-- \u202e \`${"x".repeat(300)}`;
    const report = { ...sample, summary: { ...sample.summary, overdue: [{ owner: hostile, expired: 1, late: 0 }] } };
    const html = registerHtml(report);
    expect(html).not.toContain("<script");
    expect(html).not.toContain("\u202e");
    expect(html.match(/<svg/g)).toHaveLength(9);
    const markdown = registerMarkdown(report);
    expect(markdown).not.toMatch(/<script|<!--|\n## x/);
    const columns = markdown.split("\n").filter((line) => line.includes("alert"));
    expect(columns).toHaveLength(1);
    expect(columns[0]!.split("|")).toHaveLength(5);
  });
});

test("bars stay inside the picture, whatever they stand for", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          label: fc.string({ unit: "binary" }),
          values: fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 4 }),
        }),
        { maxLength: 15 },
      ),
      (bars) => {
        const svg = barChartSvg({ series: ["a", "b", "c", "d"], bars }, "x");
        if (bars.length === 0) return svg === "";
        const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg)!.map(Number);
        for (const [, x, y, long] of svg.matchAll(/<rect class="s\d" x="([\d.]+)" y="(\d+)" width="([\d.]+)"/g)) {
          expect(Number(x) + Number(long)).toBeLessThanOrEqual(width!);
          expect(Number(y)).toBeLessThan(height!);
        }
        return !/NaN|undefined/.test(svg) && svg.split("<svg").length === 2;
      },
    ),
    { numRuns: 100 },
  );
});
