import { describe, expect, it } from "vitest";
import { githubReport } from "../../src/report/github.ts";
import { mixedVerdict, sampleFinding, sampleHelp, sampleInfo, sampleJudged, sampleVerdict } from "./sample.ts";

describe("githubReport", () => {
  it("annotates the place with what, how to fix and how to ask for an exception", () => {
    const [error, warning, gap, note, last] = githubReport(mixedVerdict(), sampleInfo, sampleHelp)
      .trimEnd()
      .split("\n");
    expect(error).toBe(
      `::error file=deploy.sh,line=12,endLine=12,col=26,endColumn=46,title=leak/aws-access-key LH-7F3A9C::An AWS access key id with a valid account inside AKIA${"█".repeat(16)}` +
        "%0ADeactivate the key in IAM, then delete it.%0AMore: leasehold explain LH-7F3A9C%0AException: leasehold waive LH-7F3A9C",
    );
    expect(warning).toMatch(/^::warning file=.github\/secrets.yml,title=register\/owner-missing LH-22B0D1::/);
    expect(gap).toMatch(/^::warning title=Leasehold%3A not everything was scanned::big.iso: /);
    expect(note).toBe("::notice title=Leasehold::the waiver for LH-999999 is not used");
    expect(last).toBe(
      "leasehold: 1 blocking, 1 warning, 1 waived · 14 commits, 61 files · 0.8 s · coverage partial: 1 gap",
    );
  });

  it("shows the first ten and counts the rest", () => {
    const judged = Array.from({ length: 47 }, () => sampleJudged());
    const lines = githubReport(sampleVerdict(judged), sampleInfo, sampleHelp).split("\n");
    expect(lines.filter((line) => line.startsWith("::error"))).toHaveLength(10);
    expect(lines.find((line) => line.startsWith("::notice"))).toContain("37 more in the whole report");
  });

  it("leaves the columns out where a finding spans lines, as the runner asks", () => {
    const finding = sampleFinding({
      place: { path: "key.pem", start: 0, end: 900, line: 1, column: 1, endLine: 9, endColumn: 20 },
    });
    expect(githubReport(sampleVerdict([sampleJudged({ finding })]), sampleInfo, sampleHelp)).toMatch(
      /^::error file=key.pem,line=1,endLine=9,title=/,
    );
  });

  it("says when nothing was found", () => {
    expect(githubReport(sampleVerdict([]), sampleInfo, sampleHelp)).toBe(
      "leasehold: nothing found in 14 commits, 61 files · 0.8 s · coverage complete\n",
    );
  });
});
