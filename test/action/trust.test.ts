/** Whose policy counts: that of the branch a change is meant for, never the change's own. */
import { expect, it } from "vitest";
import { tokenOf } from "../e2e/leasehold.ts";
import { commit, git } from "../git/temporary-repository.ts";
import { branch, checkout, origin, pullRequest, pushPayload, runAction, zero } from "./runner.ts";

const pat = (seed: number) => tokenOf("github-pat", seed);
const policyFile = ".github/leasehold.yml";
const waiverFile = ".github/leasehold-waivers.yml";
const waiver = (id: string) =>
  `waivers:\n  - id: ${id}\n    reason: test-data\n    why: sample\n    approved-by: "@bob"\n    until: ${soon}\n`;
const soon = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10);

it("a pull request is judged by its target, and told what it weakens", async () => {
  const folder = origin({ [policyFile]: "version: 1\nfail-on: { severity: high }\n" });
  branch(folder, "topic", [
    { [policyFile]: "version: 1\nmode: observe\nrules: { leak/github-pat: off }\n", "a.txt": `${pat(31)}\n` },
  ]);
  const { merge, payload } = pullRequest(folder, "topic");
  const step = await runAction({ workspace: checkout(folder, merge), event: "pull_request", payload });
  expect([step.code, step.report?.mode]).toEqual([1, "enforce"]);
  for (const shown of [step.stdout, step.summary]) {
    expect(shown).toContain("this change weakens 2 rules");
    expect(shown).toMatch(/mode goes from enforce to observe/);
  }
});

it("takes the newest target that was fetched, and holds no older policy against a branch that leaves it alone", async () => {
  const folder = origin({ [policyFile]: "version: 1\nmode: observe\n" });
  branch(folder, "topic", [{ "a.txt": `${pat(32)}\n` }]);
  const { merge, payload } = pullRequest(folder, "topic");
  commit(folder, { [policyFile]: "version: 1\nmode: enforce\n" }, "enforce from now on");
  const step = await runAction({ workspace: checkout(folder, merge), event: "pull_request", payload });
  expect([step.code, step.report?.mode, step.report?.notes]).toEqual([1, "enforce", []]);
});

it("a waiver in the change that it would excuse is requested; one on the target counts", async () => {
  const folder = origin();
  branch(folder, "topic", [{ "a.txt": `${pat(33)}\n` }]);
  const first = pullRequest(folder, "topic");
  const found = await runAction({
    workspace: checkout(folder, first.merge),
    event: "pull_request",
    payload: first.payload,
  });
  const id = found.report!.findings[0]!.id;
  branch(folder, "topic", [{ [waiverFile]: waiver(id) }], "topic");
  const asked = pullRequest(folder, "topic");
  const requested = await runAction({
    workspace: checkout(folder, asked.merge),
    event: "pull_request",
    payload: asked.payload,
  });
  expect([requested.code, requested.report?.findings[0]?.state, requested.outputs["waived-count"]]).toEqual([
    1,
    "waiver-requested",
    "0",
  ]);
  git(folder, ["checkout", "-q", "main"]);
  commit(folder, { [waiverFile]: waiver(id) }, "approved");
  const given = pullRequest(folder, "topic");
  const waived = await runAction({
    workspace: checkout(folder, given.merge),
    event: "pull_request",
    payload: given.payload,
  });
  expect([waived.code, waived.report?.findings[0]?.state, waived.outputs["waived-count"]]).toEqual([0, "waived", "1"]);
});

it("a push to a branch is judged by the default branch, one to that by what was there before", async () => {
  const folder = origin({ [policyFile]: "version: 1\nmode: enforce\n" });
  const main = git(folder, ["rev-parse", "HEAD"]);
  const before = branch(folder, "topic", [{ [policyFile]: "version: 1\nmode: observe\n" }]);
  const after = branch(folder, "topic", [{ "a.txt": `${pat(34)}\n` }], "topic");
  const workspace = checkout(folder, after);
  for (const from of [before, zero]) {
    const step = await runAction({ workspace, event: "push", payload: pushPayload("refs/heads/topic", from, after) });
    expect([step.code, step.report?.mode]).toEqual([1, "enforce"]);
  }
  git(folder, ["checkout", "-q", "main"]);
  git(folder, ["merge", "-q", "--ff-only", "topic"]);
  const step = await runAction({
    workspace: checkout(folder, "main"),
    event: "push",
    payload: pushPayload("refs/heads/main", main, after),
  });
  expect([step.code, step.report?.mode]).toEqual([1, "enforce"]);
});

it("config-file and baseline name files of the target", async () => {
  const folder = origin({ "ci/leasehold.yml": "version: 1\nmode: observe\n", [policyFile]: "version: 1\n" });
  branch(folder, "topic", [{ "a.txt": `${pat(35)}\n`, "ci/new.yml": "version: 1\nmode: observe\n" }]);
  const { merge, payload } = pullRequest(folder, "topic");
  const workspace = checkout(folder, merge);
  const run = (inputs: Record<string, string>) => runAction({ workspace, event: "pull_request", payload, inputs });
  expect((await run({ "config-file": "./ci/leasehold.yml" })).report?.mode).toBe("observe");
  const brought = await run({ "config-file": "ci/new.yml" });
  expect([brought.code, brought.report?.mode]).toEqual([1, "enforce"]);
  expect(brought.report?.notes.join()).toContain("ci/new.yml comes with this change");
  const missing = await run({ baseline: "ci/nothing.txt" });
  expect([missing.code, missing.stdout]).toEqual([2, expect.stringContaining("ci/nothing.txt: there is no such file")]);
  const outside = await run({ "config-file": "../policy.yml" });
  expect([outside.code, outside.stdout]).toEqual([2, expect.stringContaining("from the root of the repository")]);
});

it("a policy that cannot be read fails the change that brings it", async () => {
  const folder = origin();
  branch(folder, "topic", [{ [policyFile]: "version: 1\nmood: enforce\n" }]);
  const { merge, payload } = pullRequest(folder, "topic");
  const inputs = { "on-error": "warn" };
  const step = await runAction({ workspace: checkout(folder, merge), event: "pull_request", payload, inputs });
  expect([step.code, step.outputs.result]).toEqual([2, "error"]);
  expect(step.stdout).toMatch(/leasehold\.yml \(at [0-9a-f]{12}\):2:1: .*mode/);
});
