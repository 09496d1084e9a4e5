import { describe, expect, it } from "vitest";
import { textReport } from "../../src/report/text.ts";
import { mixedVerdict, sampleFinding, sampleHelp, sampleInfo, sampleJudged, sampleVerdict } from "./sample.ts";

const plain = { color: false, width: 100 };

describe("textReport", () => {
  it("gives each finding a block, findings of one file side by side, and the counts last", () => {
    expect(textReport(mixedVerdict(), sampleInfo, sampleHelp, plain)).toMatchInlineSnapshot(`
      "✖ high  leak/aws-access-key      deploy.sh:12:26       LH-7F3A9C   AKIA████████████████ (account 1234-5678-9012)
          │ export AWS_ACCESS_KEY_ID=AKIA████████████████
          │                          ^^^^^^^^^^^^^^^^^^^^ An AWS access key id with a valid account inside
          = revoke it first: Deactivate the key in IAM, then delete it.
          = more:  leasehold explain LH-7F3A9C   exception:  leasehold waive LH-7F3A9C
      · high  leak/aws-access-key      deploy.sh:14:1        LH-0A1B2C   AKIA████████████████ (account 1234-5678-9012)
          = waived until 2026-12-20 (accepted-risk: Vendor appliance cannot federate)

      ⚠ med   register/owner-missing   .github/secrets.yml   LH-22B0D1   (certain)
          = AWS_DEPLOY_KEY has no owner
          = more:  leasehold explain LH-22B0D1

      ! not scanned: big.iso  No permission to read it; run as a user who may. (unreadable)
      note: the waiver for LH-999999 is not used
      note: left out on purpose: 2 submodules: vendor/lib, vendor/other
      note: 2 weaker findings not shown; --min-confidence weak shows all
      1 blocking, 1 warning, 1 waived · 14 commits, 61 files · 0.8 s · coverage partial: 1 gap
      "
    `);
  });

  it("says in what nothing was found", () => {
    expect(textReport(sampleVerdict([]), sampleInfo, sampleHelp, plain)).toBe(
      "nothing found in 14 commits, 61 files · 0.8 s · coverage complete\n",
    );
  });

  it("never calls an incomplete scan clean", () => {
    const coverage = {
      commits: 0,
      files: 3,
      bytes: 0,
      gaps: [{ subject: "a", kind: "missing-object" as const, detail: "fetch it" }],
      skipped: [],
    };
    const text = textReport(
      sampleVerdict([], { coverage }),
      { ...sampleInfo, commits: 0, files: 3 },
      sampleHelp,
      plain,
    );
    expect(text).toBe(
      "! not scanned: a  fetch it (missing-object)\nnothing found in what could be scanned · 3 files · 0.8 s · coverage partial: 1 gap\n",
    );
  });

  it("colours only when asked, and says the same without colour", () => {
    const coloured = textReport(mixedVerdict(), sampleInfo, sampleHelp, { color: true, width: 100 });
    expect(coloured).toContain("\x1b[31;1m✖ high");
    expect(coloured.replace(/\x1b\[[\d;]*m/g, "")).toBe(textReport(mixedVerdict(), sampleInfo, sampleHelp, plain));
  });

  it("answers what, where, why, how to fix and how to ask for an exception in five lines", () => {
    const lines = textReport(sampleVerdict([sampleJudged()]), sampleInfo, sampleHelp, plain)
      .split("\n\n")[0]!
      .split("\n");
    expect(lines).toHaveLength(5);
    expect(lines[0]).toContain("leak/aws-access-key");
    expect(lines[0]).toContain("deploy.sh:12:26");
    expect(lines[2]).toContain("valid account");
    expect(lines[3]).toContain("Deactivate the key");
    expect(lines[4]).toContain("leasehold waive LH-7F3A9C");
  });

  it.each([40, 60, 100])("keeps the caret under the value when the line is cut to %i columns", (width) => {
    const mask = "█".repeat(12);
    const excerpt = `\t${"x".repeat(300)}日本=tok_${mask};${"y".repeat(300)}`;
    const finding = sampleFinding({ preview: `tok_${mask}`, excerpt, message: "" });
    const [, line, caret] = textReport(sampleVerdict([sampleJudged({ finding })]), sampleInfo, sampleHelp, {
      color: false,
      width,
    }).split("\n");
    const at = caret!.indexOf("^");
    expect(caret!.trimEnd().length - at).toBe(16);
    const shown = Array.from(line!);
    const wideBefore = shown.slice(0, at).filter((character) => /[日本]/.test(character)).length;
    expect(shown.slice(at - wideBefore, at - wideBefore + 16).join("")).toBe(`tok_${mask}`);
    expect(shown.length + wideBefore).toBeLessThanOrEqual(width);
  });

  it("marks the masked run when the preview is worded, and nothing when the place is not on the line", () => {
    const worded = sampleFinding({ preview: "AKIA… (20 chars)" });
    expect(textReport(sampleVerdict([sampleJudged({ finding: worded })]), sampleInfo, sampleHelp, plain)).toContain(
      `    │ ${" ".repeat("export AWS_ACCESS_KEY_ID=".length)}${"^".repeat(20)} `,
    );
    const elsewhere = sampleFinding({
      preview: "",
      excerpt: "short",
      place: { path: "a", start: 0, end: 1, line: 1, column: 900, endLine: 1, endColumn: 901 },
    });
    expect(
      textReport(sampleVerdict([sampleJudged({ finding: elsewhere })]), sampleInfo, sampleHelp, plain),
    ).not.toContain("^");
  });

  it("counts the findings of the baseline and does not list them", () => {
    const verdict = sampleVerdict([
      sampleJudged({ state: "baseline", blocking: false, coveredBy: { kind: "baseline" } }),
    ]);
    expect(textReport(verdict, sampleInfo, sampleHelp, plain)).toBe(
      "note: 1 finding of the baseline not listed; --format json lists all\n1 in the baseline · 14 commits, 61 files · 0.8 s · coverage complete\n",
    );
  });

  it("lists the first gaps and counts the rest", () => {
    const gaps = Array.from({ length: 23 }, (_, at) => ({
      subject: `f${at}`,
      kind: "unreadable" as const,
      detail: "no permission",
    }));
    const text = textReport(
      sampleVerdict([], { coverage: { commits: 0, files: 0, bytes: 0, gaps, skipped: [] } }),
      sampleInfo,
      sampleHelp,
      plain,
    );
    expect(text.match(/not scanned:/g)).toHaveLength(21);
    expect(text).toContain("3 more");
  });
});
