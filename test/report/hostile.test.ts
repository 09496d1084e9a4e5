/** Promise: untrusted text is inert in every format. Hostile text stands in every field that a repository's author can reach. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { render } from "../../src/report/format.ts";
import type { Format } from "../../src/report/format-name.ts";
import { reportLineSchema, reportSchema } from "../../src/report/json-schema.ts";
import type { RuleHelp, RunInfo } from "../../src/report/run-info.ts";
import type { Verdict } from "../../src/verdict.ts";
import { hostileHelp, hostileInfo, hostileVerdict } from "./hostile-verdict.ts";
import { expectInert } from "./running-text.ts";

const runs = { numRuns: 150 };

/** Controls and characters that hide, the line feed apart, which the report writes itself. */
const hidden = /(?!\n)(?:[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]|[\u{e0100}-\u{e01ef}])/u;

function forHostile(
  format: Format,
  check: (text: string, verdict: Verdict, info: RunInfo) => void,
  color = false,
): void {
  fc.assert(
    fc.property(hostileVerdict, hostileInfo, hostileHelp, (verdict: Verdict, info: RunInfo, help: RuleHelp) => {
      check(render(format, verdict, info, { ruleHelp: () => help, color, width: 80 }), verdict, info);
    }),
    runs,
  );
}

/** What GitHub's runner takes for a command: `::name …::` at the start of a line, or `##[name…]` anywhere. */
function commandsIn(text: string): string[] {
  return text.split(/\r?\n|\r/).filter((line) => /^\s*::\S.*::/.test(line) || line.includes("##["));
}

describe("text", () => {
  it("holds no control character and no workflow command", () => {
    forHostile("text", (text) => {
      expect(text).not.toMatch(hidden);
      expect(commandsIn(text)).toEqual([]);
    });
  });

  it("holds no control sequence but its own colours when it is coloured", () => {
    forHostile(
      "text",
      (text) => expect(text.replace(/\x1b\[(?:31;1|33;1|2|1|36|32|0)m/g, "")).not.toMatch(hidden),
      true,
    );
  });
});

describe("github", () => {
  it("holds no command but its own, each on one line with its own properties", () => {
    forHostile("github", (text, verdict) => {
      expect(text).not.toMatch(hidden);
      const lines = text.trimEnd().split("\n");
      expect(lines.length).toBeLessThanOrEqual(verdict.judged.length + 4);
      expect(lines.filter((line) => line.includes("##["))).toEqual([]);
      for (const line of lines.slice(0, -1)) {
        const properties = /^::(?:error|warning|notice) (.*?)::/.exec(line)![1]!.split(",");
        expect(properties.map((property) => property.split("=")[0]).join()).toMatch(
          /^(?:file,)?(?:line,endLine,(?:col,endColumn,)?)?title$/,
        );
      }
      expect(lines.at(-1)).toMatch(/^leasehold: /);
    });
  });
});

describe("json, jsonl and sarif", () => {
  it("always parse, fit their schema, and hold no raw control character", () => {
    forHostile("json", (text, verdict) => {
      const document = reportSchema.parse(JSON.parse(text));
      expect(document.findings.map(({ place }) => place.path)).toEqual(
        verdict.judged.map(({ finding }) => finding.place.path.toWellFormed()),
      );
      expect(text).not.toMatch(hidden);
      expect(commandsIn(text)).toEqual([]);
    });
    forHostile("jsonl", (text, verdict) => {
      const lines = text.trimEnd().split("\n");
      expect(lines).toHaveLength(verdict.judged.length + 1);
      for (const line of lines) reportLineSchema.parse(JSON.parse(line));
      expect(text).not.toMatch(hidden);
    });
    forHostile("sarif", (text) => {
      JSON.parse(text);
      expect(text).not.toMatch(hidden);
      expect(commandsIn(text)).toEqual([]);
    });
  });
});

describe("csv", () => {
  it("has as many cells in each row as in the header, and none that is a formula", () => {
    forHostile("csv", (text) => {
      const rows = text.split("\r\n");
      expect(rows.pop()).toBe("");
      for (const row of rows) {
        const cells = row.match(/"(?:[^"]|"")*"(?:,|$)/g)!;
        expect(cells.join("")).toBe(row);
        expect(cells).toHaveLength(18);
        for (const cell of cells) expect(cell).not.toMatch(/^"\s*[=+\-@\t\r＝＋－＠]/);
      }
      expect(text.replaceAll("\r\n", "")).not.toMatch(/(?:[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}])/u);
    });
  });
});

describe("html", () => {
  it("holds no element and no attribute but those of the template", () => {
    forHostile("html", (text) => {
      expect(text.match(/<script/gi)).toHaveLength(1);
      expect(text.match(/<\/script/gi)).toHaveLength(1);
      expect(text).not.toMatch(hidden);
      const body = text.slice(text.indexOf("<body>"), text.indexOf("<script>"));
      for (const [, tag] of body.matchAll(/<([^>]*)>/g)) {
        expect(tag).toMatch(
          /^\/?(?:body|header|main|section|h[123]|p|code|pre|ul|li|dl|dt|dd|article|span|form|label|input|select|option|output)(?: [\w-]+(?:="[^"<>]*")?)*$/,
        );
        expect(tag!.replace(/"[^"]*"/g, "")).not.toMatch(/ (?:on\w+|style|href|src)=/i);
      }
    });
  });
});

describe("markdown", () => {
  it("has no live link, image, mention, reference, address, HTML or emphasis from untrusted text", () => {
    forHostile("markdown", (text) => {
      expect(text).not.toMatch(hidden);
      expectInert(text);
    });
  });

  it("keeps each row of the table one row of six cells", () => {
    forHostile("markdown", (text, verdict) => {
      const rows = text.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| |"));
      if (!text.includes("not listed here")) expect(rows).toHaveLength(verdict.judged.length);
      for (const row of rows) expect(row.split("|")).toHaveLength(8);
    });
  });
});
