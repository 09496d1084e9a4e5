// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
import { expect, test } from "vitest";
import { readLockfile } from "../../src/workflow/lockfile.ts";
import { scanWorkflow } from "../../src/workflow/scan-workflow.ts";
import { path, withSteps } from "./reading.ts";

const text = withSteps("- uses: acme-tools/publish@v3\n  with: { key: '${{ secrets.K }}' }\n");

function unpinned(lock: string): number {
  const lockfile = readLockfile(".github/workflows/actions.lock", Buffer.from(lock));
  return scanWorkflow(path, Buffer.from(text), "salt", { lockfile }).findings.filter(
    (finding) => finding.rule === "workflow/unpinned-action-secret",
  ).length;
}

test("an action that the lockfile lists for this workflow counts as pinned", () => {
  expect(unpinned(`version: 'v0.0.2'\nworkflows:\n    '${path}':\n        - 'Acme-Tools/publish@v3'\n`)).toBe(0);
  expect(
    unpinned(`version: v0.0.1\nworkflows:\n  ${path}:\n    - acme-tools/publish@v3:sha1-${"0".repeat(40)}\n`),
  ).toBe(0);
});

test.each([
  ["another workflow", "version: v0.0.2\nworkflows:\n  .github/workflows/other.yml:\n    - acme-tools/publish@v3\n"],
  ["another version", `version: v0.0.2\nworkflows:\n  ${path}:\n    - acme-tools/publish@v2\n`],
  ["a format that is not known", `version: v1\nworkflows:\n  ${path}:\n    - acme-tools/publish@v3\n`],
  ["a broken file", "version: [\n"],
  ["nothing", ""],
])("%s locks nothing", (_, lock) => {
  expect(unpinned(lock)).toBe(1);
});
