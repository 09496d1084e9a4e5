import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { htmlReport } from "../../src/report/html.ts";
import { mixedVerdict, sampleHelp, sampleInfo, sampleVerdict } from "./sample.ts";

const page = htmlReport(mixedVerdict(), sampleInfo, sampleHelp);

describe("htmlReport", () => {
  it("allows its own style and script by hash and nothing else", () => {
    const csp = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
    expect(csp).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/,
    );
    for (const element of ["style", "script"]) {
      const parts = [...page.matchAll(new RegExp(`<${element}>([^]*?)</${element}>`, "g"))];
      expect(parts).toHaveLength(1);
      expect(csp).toContain(`sha256-${createHash("sha256").update(parts[0]![1]!).digest("base64")}`);
    }
  });

  it("loads nothing and has no handler or inline style", () => {
    expect(page).not.toMatch(/<(?:link|img|iframe|object|embed|base)\b|\bsrc=|\bhref=|\son\w+=|\sstyle=|url\(|@import/);
  });

  it("shows every finding without JavaScript, and the filters only with it", () => {
    expect(page.match(/<article /g)).toHaveLength(3);
    expect(page).toContain('<form id="filters" hidden>');
    expect(page).toContain("Not scanned");
  });

  it("says in what nothing was found", () => {
    expect(htmlReport(sampleVerdict([]), sampleInfo, sampleHelp)).toContain("nothing found in 14 commits, 61 files");
  });
});
