/** A pull request with 5,000 files: every one is looked at, and the reports stay within what GitHub takes. */
import { expect, it } from "vitest";
import { tokenOf } from "../e2e/leasehold.ts";
import { git } from "../git/temporary-repository.ts";
import { checkout, origin, pullRequest, runAction } from "./runner.ts";

const files = 5_000;

it("finds one token in each of 5,000 files, and shows the worst ten", async () => {
  const folder = origin();
  const changes = Array.from({ length: files }, (_, at) => {
    const text = `const key = "${tokenOf("github-pat", at)}";\n`;
    return `M 100644 inline src/part${at % 40}/file${at}.ts\ndata ${text.length}\n${text}\n`;
  });
  const commit = "commit refs/heads/topic\ncommitter Ada <ada@example.com> 1700000000 +0000\ndata 1\nx\n";
  git(folder, ["fast-import", "--quiet"], `${commit}from refs/heads/main^0\n${changes.join("")}\n`);
  const { merge, payload } = pullRequest(folder, "topic");
  const step = await runAction({
    workspace: checkout(folder, merge),
    event: "pull_request",
    payload,
    inputs: { sarif: "on" },
  });
  expect([step.code, step.outputs["blocking-count"], step.outputs.coverage]).toEqual([1, String(files), "complete"]);
  expect(step.report?.findings).toHaveLength(files);
  expect(step.sarif?.runs[0]?.results).toHaveLength(files);
  const lines = step.stdout.trimEnd().split("\n");
  expect(lines.filter((line) => line.startsWith("::error"))).toHaveLength(10);
  expect(lines.at(-2)).toBe(`::notice title=Leasehold::4,990 more in the summary`);
  expect(Buffer.byteLength(step.summary)).toBeLessThanOrEqual(1_024 * 1_024);
  expect(step.summary).toContain("4,500 more findings not listed here");
}, 240_000);
