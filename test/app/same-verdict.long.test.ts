/** One engine: a check says, byte for byte, what the CLI says of the same commits, and what the Action writes into its summary. */
import { expect, it } from "vitest";
import { checkout, pullRequest, runAction } from "../action/runner.ts";
import { leasehold } from "../e2e/leasehold.ts";
import { refMoved } from "../fake-github/commit.ts";
import { folderOf, noObject } from "../fake-github/git.ts";
import { git } from "../git/temporary-repository.ts";
import { fixtures } from "../scan/verdict-fixtures.ts";
import { world } from "./world.ts";

/** A check does not say how long it took: GitHub does. Without a policy it says so first. */
function timeless(markdown: string): string {
  return markdown.replace(/\d+(?:\.\d)? s, coverage/, "coverage").replace(/^There is no policy yet.*\n\n/, "");
}

it.each(fixtures)("%s", async (name, make) => {
  const { github, repository, open, settled, check } = await world();
  const folder = make();
  const shop = repository("shop");
  git(folder, ["push", "-q", folderOf(github.state, shop), "main", "topic"]);
  const url = `${github.url}/acme/shop.git`;
  git(folder, ["remote", "add", "origin", url]);
  const tip = git(folder, ["rev-parse", "topic"]);
  refMoved(github.state, shop, { ref: "refs/heads/topic", before: noObject, after: tip, sender: "alice" });
  await open(shop, "topic");
  await settled();
  const { merge, base, head, payload } = pullRequest(folder, "topic");
  const workspace = checkout(folder, merge);
  git(workspace, ["remote", "set-url", "origin", url]);
  const cli = await leasehold(workspace, ["scan", "--format", "markdown", `${base}...${head}`]);
  const action = await runAction({ workspace, event: "pull_request", payload, inputs: { summary: "always" } });
  const app = timeless(check(shop, head)!.summary!);
  expect(app).toBe(timeless(cli.stdout));
  expect(app).toBe(timeless(action.summary));
  expect(app.includes("LH-")).toBe(name !== "nothing");
});
