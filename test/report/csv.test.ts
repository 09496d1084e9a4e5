import { expect, it } from "vitest";
import { csvColumns, csvReport } from "../../src/report/csv.ts";
import { mixedVerdict, sampleVerdict } from "./sample.ts";

it("gives a header, a row for each finding and a row for what was not scanned", () => {
  const lines = csvReport(mixedVerdict()).split("\r\n");
  expect(lines).toHaveLength(6);
  expect(lines[0]).toBe(csvColumns.map((column) => `"${column}"`).join(","));
  expect(lines[1]).toMatch(/^"LH-7F3A9C","leak\/aws-access-key","high","likely","open","true","deploy.sh","12","26",/);
  expect(lines[3]).toMatch(
    /"waived","false","deploy.sh".*"2026-12-20","accepted-risk: Vendor appliance cannot federate"$/,
  );
  expect(lines[4]).toContain('"not-scanned","","big.iso"');
  expect(lines[5]).toBe("");
});

it("gives the header alone when there is nothing", () => {
  expect(csvReport(sampleVerdict([])).split("\r\n")).toHaveLength(2);
});
