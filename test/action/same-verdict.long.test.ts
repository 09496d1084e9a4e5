/** One engine: what the CLI says of some commits, the Action says too. */
import { expect, it } from "vitest";
import type { JsonReport } from "../../src/report/json.ts";
import { scanJson } from "../e2e/leasehold.ts";
import { git } from "../git/temporary-repository.ts";
import { fixtures } from "../scan/verdict-fixtures.ts";
import { checkout, pullRequest, pushPayload, runAction } from "./runner.ts";

/** Everything but the command line and the time it took. */
function verdictOf(report: JsonReport | undefined) {
  expect(report).toBeDefined();
  const { run, ...rest } = report!;
  return { range: run.range, today: run.today, ...rest };
}

it.each(fixtures)("%s", async (name, make) => {
  const folder = make();
  git(folder, ["remote", "add", "origin", "git@github.com:octo-org/octo-repo.git"]);
  const { merge, base, head, payload } = pullRequest(folder, "topic");
  const workspace = checkout(folder, merge);
  git(workspace, ["remote", "set-url", "origin", "git@github.com:octo-org/octo-repo.git"]);
  const repository = { default_branch: "main", private: true };
  const cases: [event: string, payload: object, words: string[]][] = [
    ["pull_request", payload, [`${base}...${head}`]],
    [
      "merge_group",
      { merge_group: { base_sha: base, base_ref: "refs/heads/main", head_sha: head } },
      [`${base}..${head}`],
    ],
    ["push", pushPayload("refs/heads/main", base, head), [`${base}..${head}`]],
    ["workflow_dispatch", { repository }, ["--history"]],
  ];
  for (const [event, about, words] of cases) {
    const [cli, step] = await Promise.all([
      scanJson(workspace, ["--min-confidence", "weak", ...words]),
      runAction({ workspace, event, payload: about, inputs: { "min-confidence": "weak" } }),
    ]);
    expect(verdictOf(step.report), event).toEqual(verdictOf(cli.report));
    expect(step.code, event).toBe(cli.code);
    expect(cli.report.findings.length > 0, event).toBe(name !== "nothing");
  }
});
