import { expect, it } from "vitest";
import { scanJson, tokenOf } from "../e2e/leasehold.ts";
import { commit, git, initialise } from "../git/temporary-repository.ts";
import { deployment, publish, role, workflow } from "./workflow-text.ts";

it("a small tree with leaks, workflows and trust policies gives the report it gave before", async () => {
  const folder = initialise();
  git(folder, ["remote", "add", "origin", "git@github.com:octo-org/octo-repo.git"]);
  commit(folder, {
    "src/config.env": `GITHUB_TOKEN=${tokenOf("github-pat", 11)}\n`,
    ".github/workflows/release.yml": workflow(publish),
    ".github/workflows/deploy.yml": deployment("staging"),
    ".github/workflows/broken.yml": "on: push\njobs:\n  a: [\n",
    "infra/role.json": role("repo:octo-org/octo-repo:ref:refs/heads/*"),
    "infra/open.json": role("repo:octo-org*", "open"),
  });
  const { report, code } = await scanJson(folder, ["--min-confidence", "weak"]);
  expect(code).toBe(1);
  const { tool, run, ...rest } = report;
  expect(run.command).toBe("leasehold scan --format json --min-confidence weak");
  expect(tool.rules).toBeGreaterThan(1_500);
  await expect(`${JSON.stringify(rest, null, 2)}\n`).toMatchFileSnapshot("../fixtures/golden-report.json");
});
