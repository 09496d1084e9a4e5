/** What we ask of others holds here: our own policy on our own files. */
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { scanJson } from "../e2e/leasehold.ts";

it("our own files pass our own policy", async () => {
  const { code, report } = await scanJson(fileURLToPath(new URL("../..", import.meta.url)), ["."]);
  expect(report.findings.filter(({ blocking }) => blocking).map(({ rule, place }) => `${rule} ${place.path}`)).toEqual(
    [],
  );
  expect([code, report.coverage.complete]).toEqual([0, true]);
}, 240_000);
