import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { type JsonReport, jsonReport } from "../../src/report/json.ts";
import { reportLineSchema, reportSchema } from "../../src/report/json-schema.ts";
import { jsonlReport } from "../../src/report/jsonl.ts";
import { mixedVerdict, sampleFinding, sampleInfo, sampleJudged, sampleVerdict } from "./sample.ts";

/** Compiles only while the document fits its schema, key by key. */
function fitsSchema(document: JsonReport): z.input<typeof reportSchema> {
  return document;
}

const withOrigin = sampleJudged({
  finding: sampleFinding({
    origin: { commit: "4e1c9d2".padEnd(40, "0"), author: "A <a@b.example>", date: "2026-01-02", atHead: false },
    fixes: [{ title: "Use OIDC", edits: [] }],
  }),
});

describe("jsonReport", () => {
  it.each([mixedVerdict(), sampleVerdict([]), sampleVerdict([withOrigin])])("fits its schema", (verdict) => {
    const document: JsonReport = JSON.parse(jsonReport(verdict, sampleInfo));
    expect(reportSchema.parse(fitsSchema(document))).toEqual(document);
    expect(document.findings).toHaveLength(verdict.judged.length);
  });

  it("fits the schema that is published", () => {
    const schema = JSON.parse(readFileSync(new URL("../../schema/report.json", import.meta.url), "utf8"));
    const validate = new Ajv({ strict: false }).compile(schema);
    validate(JSON.parse(jsonReport(mixedVerdict(), sampleInfo)));
    expect(validate.errors).toBe(null);
    expect(validate({ version: 2 })).toBe(false);
  });

  it("says that coverage is not complete", () => {
    const document: JsonReport = JSON.parse(jsonReport(mixedVerdict(), sampleInfo));
    expect(document.coverage.complete).toBe(false);
    expect(document.coverage.gaps).toHaveLength(1);
  });

  it("refuses a key that the schema does not know, so that the schema cannot lag behind", () => {
    const document = { ...JSON.parse(jsonReport(mixedVerdict(), sampleInfo)), surprise: 1 };
    expect(reportSchema.safeParse(document).success).toBe(false);
  });
});

describe("jsonlReport", () => {
  it("gives one line a finding and the summary last", () => {
    const lines = [...jsonlReport(mixedVerdict(), sampleInfo)];
    const parsed = lines.map((line) => reportLineSchema.parse(JSON.parse(line)));
    expect(lines.every((line) => line.indexOf("\n") === line.length - 1)).toBe(true);
    expect(parsed.map(({ type }) => type)).toEqual(["finding", "finding", "finding", "summary"]);
  });
});
