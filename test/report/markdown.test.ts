import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { markdownReport } from "../../src/report/markdown.ts";
import { hostileHelp, hostileInfo, hostileVerdict } from "./hostile-verdict.ts";
import { mixedVerdict, sampleFinding, sampleHelp, sampleInfo, sampleJudged, sampleVerdict } from "./sample.ts";

describe("markdownReport", () => {
  it("gives a table with a row for each finding, advice, gaps and details", () => {
    expect(markdownReport(mixedVerdict(), sampleInfo, sampleHelp)).toMatchInlineSnapshot(`
      "## ❌ Leasehold: 1 blocking, 1 warning, 1 waived (14 commits, 61 files, 0.8 s, coverage partial: 1 gap)

      | | id | rule | where | why it matters | do this |
      |---|---|---|---|---|---|
      | 🔴 high | \`LH-7F3A9C\` | \`leak/aws-access-key\` | \`deploy.sh:12\` | An AWS access key id with a valid account inside; account 1234-5678-9012 | 1. Deactivate the key in IAM, then delete it. 2. \`leasehold explain LH-7F3A9C\` |
      | 🟡 medium | \`LH-22B0D1\` | \`register/owner-missing\` | \`.github/secrets.yml\` | AWS&#95;DEPLOY&#95;KEY has no owner | \`leasehold explain LH-22B0D1\` |
      | ⚪ waived | \`LH-0A1B2C\` | \`leak/aws-access-key\` | \`deploy.sh:14\` | An AWS access key id with a valid account inside; account 1234-5678-9012 | 1. Deactivate the key in IAM, then delete it. 2. \`leasehold explain LH-0A1B2C\` |

      ℹ️ Deleting the line does not help: the value stays in the history. Revoke first.

      **Not scanned**

      - \`big.iso\` No permission to read it; run as a user who may.

      - the waiver for LH-999999 is not used
      - left out on purpose: 2 submodules: vendor/lib, vendor/other
      - 2 weaker findings not shown

      <details><summary>LH-7F3A9C leak/aws-access-key</summary>

      \`\`\`text
      export AWS_ACCESS_KEY_ID=AKIA████████████████
      \`\`\`

      Whoever holds the pair can act as the user it belongs to.

      - high and likely, at or above the threshold

      Exception: \`leasehold waive LH-7F3A9C\`

      </details>
      "
    `);
  });

  it("says in what nothing was found", () => {
    expect(markdownReport(sampleVerdict([]), sampleInfo, sampleHelp)).toBe(
      "## ✅ Leasehold: nothing found in 14 commits, 61 files (0.8 s, coverage complete)\n",
    );
  });

  it("names the commit that keeps the value", () => {
    const finding = sampleFinding({ origin: { commit: "4e1c9d2".padEnd(40, "0"), author: "a", date: "2026-01-01" } });
    expect(markdownReport(sampleVerdict([sampleJudged({ finding })]), sampleInfo, sampleHelp)).toContain(
      "the value stays in commit `4e1c9d2`",
    );
  });

  it("degrades from details to rows to counts to nothing, and never exceeds its budget", () => {
    const verdict = sampleVerdict(Array.from({ length: 200 }, () => sampleJudged()));
    const report = (budget: number): string => markdownReport(verdict, sampleInfo, sampleHelp, budget);
    const rows = (text: string): number => text.match(/^\| 🔴/gm)?.length ?? 0;
    expect(report(1_000_000)).toContain("<details>");
    expect(report(50_000)).not.toContain("<details>");
    expect(rows(report(50_000))).toBeGreaterThan(100);
    expect(rows(report(3_000))).toBeGreaterThan(1);
    expect(report(3_000)).toMatch(/\d+ more findings not listed here/);
    expect(report(200)).toBe(
      "## ❌ Leasehold: 200 blocking (14 commits, 61 files, 0.8 s, coverage complete)\n\n200 findings not listed here.\n",
    );
    expect(report(100)).toBe("## ❌ Leasehold: 200 blocking (14 commits, 61 files, 0.8 s, coverage complete)\n");
    expect(report(10)).toBe("");
    expect(report(-1)).toBe("");
  });

  it("never exceeds its budget with hostile text", () => {
    fc.assert(
      fc.property(hostileVerdict, hostileInfo, hostileHelp, fc.nat(6_000), (verdict, info, help, budget) => {
        expect(Buffer.byteLength(markdownReport(verdict, info, () => help, budget))).toBeLessThanOrEqual(budget);
      }),
    );
  });
});
