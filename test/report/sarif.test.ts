import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sarifReport } from "../../src/report/sarif.ts";
import { hostileHelp, hostileInfo, hostileVerdict } from "./hostile-verdict.ts";
import { mixedVerdict, sampleFinding, sampleHelp, sampleInfo, sampleJudged, sampleVerdict } from "./sample.ts";

/**
 * The fixture is the OASIS committee's schema of SARIF 2.1.0 (rtm.5), as the MIT-licensed package @microsoft/jest-sarif 1.0.0-beta.0 carries it.
 * It is written for draft 04, whose `id` and `$schema` this validator does not take; nothing else in it differs. */
const {
  id: _id,
  $schema: _draft,
  ...schema
} = JSON.parse(readFileSync(new URL("../fixtures/sarif-schema-2.1.0.json", import.meta.url), "utf8"));
const ajv = new Ajv({
  strict: false,
  unicodeRegExp: false,
  allErrors: true,
  formats: {
    uri: (text: string) => URL.canParse(text),
    "uri-reference": (text: string) =>
      URL.canParse(text, "file:///root/") && /^(?:[\w.~:/?#@!$&'()*+,;=-]|%[\dA-F]{2})*$/.test(text),
    "date-time": (text: string) => !Number.isNaN(Date.parse(text)),
  },
});
const validate = ajv.compile(schema);

function problems(text: string): unknown {
  return validate(JSON.parse(text)) ? [] : validate.errors;
}

describe("sarifReport", () => {
  it("fits the standard's schema", () => {
    expect(problems(sarifReport(mixedVerdict(), sampleInfo, sampleHelp))).toEqual([]);
    expect(problems(sarifReport(sampleVerdict([]), sampleInfo, sampleHelp))).toEqual([]);
  });

  it("fits it with hostile text in every field", () => {
    fc.assert(
      fc.property(hostileVerdict, hostileInfo, hostileHelp, (verdict, info, help) => {
        expect(problems(sarifReport(verdict, info, () => help))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it("the check itself refuses what does not fit", () => {
    const report = JSON.parse(sarifReport(mixedVerdict(), sampleInfo, sampleHelp));
    report.runs[0].results[0].locations[0].physicalLocation.region.startLine = 0;
    report.runs[0].results[1].locations[0].physicalLocation.artifactLocation.uri = "a b";
    expect(problems(JSON.stringify(report))).toHaveLength(2);
  });

  const run = JSON.parse(sarifReport(mixedVerdict(), sampleInfo, sampleHelp)).runs[0];

  it("points each result at its rule", () => {
    for (const result of run.results) expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
    expect(run.tool.driver.rules[0]).toMatchObject({
      helpUri: expect.stringMatching(/^https:/),
      defaultConfiguration: { level: "error" },
    });
  });

  it("gives the finding's id as fingerprint, the place and the level", () => {
    expect(run.results[0]).toMatchObject({
      level: "error",
      partialFingerprints: { "leaseholdId/v1": "LH-7F3A9C" },
      suppressions: [],
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: "deploy.sh", uriBaseId: "%SRCROOT%" },
            region: { startLine: 12, startColumn: 26, endLine: 12, endColumn: 46 },
          },
        },
      ],
    });
  });

  it("says which results policy covers", () => {
    const states = ["waived", "false-positive", "baseline", "waiver-requested", "open"] as const;
    const verdict = sampleVerdict(
      states.map((state) =>
        sampleJudged({ state, coveredBy: { kind: state === "waived" ? "inline" : "waiver", reason: "test-data" } }),
      ),
    );
    const { results } = JSON.parse(sarifReport(verdict, sampleInfo, sampleHelp)).runs[0];
    const of = results.map(({ suppressions }: { suppressions: { kind: string; status: string }[] }) =>
      suppressions.map(({ kind, status }) => `${kind} ${status}`).join(),
    );
    expect(of).toEqual(["inSource accepted", "external accepted", "external accepted", "external underReview", ""]);
  });

  it("says that the run was not complete, and what was not scanned", () => {
    expect(run.invocations[0]).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [{ level: "error", descriptor: { id: "coverage/unreadable" } }],
    });
    expect(
      JSON.parse(sarifReport(sampleVerdict([]), sampleInfo, sampleHelp)).runs[0].invocations[0].executionSuccessful,
    ).toBe(true);
  });

  it("encodes paths, and leaves a finding without a file without a place", () => {
    const at = (path: string) =>
      sampleJudged({
        finding: sampleFinding({ place: { path, start: 0, end: 1, line: 1, column: 1, endLine: 1, endColumn: 2 } }),
      });
    const { results } = JSON.parse(
      sarifReport(sampleVerdict([at("a b/%2e#?.sh"), at("/abs/x"), at("")]), sampleInfo, sampleHelp),
    ).runs[0];
    expect(results[0].locations[0].physicalLocation.artifactLocation.uri).toBe("a%20b/%252e%23%3F.sh");
    expect(results[1].locations[0].physicalLocation.artifactLocation).toEqual({ uri: "file:///abs/x" });
    expect(results[2].locations).toEqual([]);
  });

  it("escapes what would be a link in a message", () => {
    const finding = sampleFinding({ message: "see [this](https://a.example)" });
    expect(
      JSON.parse(sarifReport(sampleVerdict([sampleJudged({ finding })]), sampleInfo, sampleHelp)).runs[0].results[0]
        .message.text,
    ).toBe("see \\[this\\](https://a.example)");
  });
});
