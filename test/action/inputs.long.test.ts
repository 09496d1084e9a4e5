/** Inputs, and what a run leaves: outputs, files, and never a command, a clean look or a value that is not its own. */
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { tokenOf } from "../e2e/leasehold.ts";
import { git } from "../git/temporary-repository.ts";
import { expectInert } from "../report/running-text.ts";
import { branch, checkout, origin, pullRequest, runAction } from "./runner.ts";

const pat = (seed: number) => tokenOf("github-pat", seed);

/** A pull request with some files, checked out. Out: how to run the Action on it. */
function proposed(files: Record<string, string>) {
  const folder = origin();
  branch(folder, "topic", [files]);
  const { merge, payload } = pullRequest(folder, "topic");
  const workspace = checkout(folder, merge);
  return {
    workspace,
    run: (inputs: Record<string, string> = {}, env: Record<string, string> = {}) =>
      runAction({ workspace, event: "pull_request", payload, inputs, env }),
  };
}

it("an input that there is not is a warning with the nearest name; a value that is none is an error", async () => {
  const { run } = proposed({ "a.txt": "a\n" });
  const mistyped = await run({ "fial-on": "high", summary: "never" });
  expect([mistyped.code, mistyped.summary]).toEqual([0, ""]);
  expect(mistyped.stdout).toContain('::warning title=Leasehold::there is no input "fial-on"; did you mean "fail-on"?');
  const wrong = await run({ comment: "allways" });
  expect([wrong.code, wrong.outputs.result]).toEqual([2, "error"]);
  expect(wrong.stdout).toContain('found "allways"; did you mean "always"?');
  const threshold = await run({ "fail-on": "hihg" });
  expect([threshold.code, threshold.stdout]).toEqual([2, expect.stringContaining("fail-on: expected a severity")]);
});

it("thresholds go before the policy's, and the summary may wait for findings", async () => {
  const { run } = proposed({ "a.txt": `${pat(41)}\n` });
  const lenient = await run({ "fail-on": "critical/certain", summary: "on-findings", sarif: "on" });
  expect(lenient.report?.failOn).toEqual({ severity: "critical", confidence: "certain" });
  expect(lenient.summary).not.toBe("");
  expect(lenient.sarif?.runs[0]?.results.map(({ ruleId }) => ruleId)).toEqual(["leak/github-pat"]);
  const quiet = await run({ "fail-on": "critical", "min-confidence": "certain", summary: "on-findings", sarif: "off" });
  expect([quiet.outputs["sarif-path"], quiet.report?.failOn.severity]).toEqual([undefined, "critical"]);
});

it("what could not be read is partial, whatever on-error says", async () => {
  const { workspace, run } = proposed({ "a.txt": "fine\n", "b.txt": "gone\n" });
  const oid = git(workspace, ["rev-parse", "HEAD:b.txt"]);
  git(workspace, ["repack", "-q", "-a", "-d"]);
  const loose = join(workspace, ".git/objects", oid.slice(0, 2), oid.slice(2));
  git(workspace, ["unpack-objects", "-q"], packOf(workspace));
  rmSync(loose);
  const step = await run({ "on-error": "warn" });
  expect([step.code, step.outputs.result, step.outputs.coverage]).toEqual([4, "error", "partial"]);
  expect(step.stdout).toContain("::warning title=Leasehold%3A not everything was scanned::");
  expect(step.summary).toMatch(/^## ⚠️ Leasehold: nothing found in what could be scanned /);
});

/** Takes a repository's packs away and gives back their content. */
function packOf(workspace: string): Uint8Array {
  const folder = join(workspace, ".git/objects/pack");
  const packs = readdirSync(folder).filter((name) => name.endsWith(".pack"));
  const content = Buffer.from(readFileSync(join(folder, packs[0]!)));
  if (packs.length !== 1) throw new Error("expected one pack");
  rmSync(folder, { recursive: true });
  return content;
}

it("a failure of the tool fails the step, or with on-error: warn is told and is no clean result", async () => {
  const { run } = proposed({ "a.txt": "a\n" });
  const nowhere = { RUNNER_TEMP: "/nonexistent/leasehold" };
  const failed = await run({}, nowhere);
  expect([failed.code, failed.outputs.result, failed.outputs.coverage]).toEqual([70, "error", "partial"]);
  expect(failed.stdout).toMatch(/^::error title=Leasehold::leasehold: internal error \(Error\)/);
  const excused = await run({ "on-error": "warn" }, nowhere);
  expect([excused.code, excused.outputs.result, excused.outputs.coverage]).toEqual([0, "error", "partial"]);
  expect(excused.stdout).toMatch(/^::warning title=Leasehold::.*there is no verdict/);
  expect(excused.summary).toContain("no verdict");
});

it("a run that cannot write its outputs ends with 70 and not with the code for findings", async () => {
  const { run } = proposed({ "a.txt": "a\n" });
  await expect(run({}, { GITHUB_OUTPUT: "/nonexistent/output" })).resolves.toMatchObject({ code: 70 });
});

it("without a repository says what has to come before", async () => {
  const workspace = origin();
  rmSync(join(workspace, ".git"), { recursive: true });
  const { payload } = pullRequest(origin(), "main");
  const step = await runAction({ workspace, event: "pull_request", payload });
  expect([step.code, step.stdout]).toEqual([2, expect.stringContaining("actions/checkout")]);
});

it("names and contents of files forge no command, link, mention or output", async () => {
  const token = pat(42);
  const name = "x\n::set-output name=result::pass\n##[add-mask]y,%0A![i](http://a.example)@octocat|`.txt";
  const { run } = proposed({ [name]: `::error::@octocat <img src=x> ${token}\n`, [`${token}.txt`]: `${pat(43)}\n` });
  const step = await run({ sarif: "on" });
  expect([step.code, step.outputs.result, step.report?.findings.length]).toEqual([1, "fail", 3]);
  const commands = step.stdout.split(/\r?\n|\r/).filter((line) => /^\s*::/.test(line));
  expect(commands.map((line) => line.slice(0, 13))).toEqual(Array(3).fill("::error file="));
  expect(step.stdout).not.toMatch(/##\[/);
  expectInert(step.summary);
  for (const secret of [token, pat(43)]) expect(JSON.stringify(step)).not.toContain(secret);
  expect(Object.keys(step.outputs).sort()).toEqual([
    "blocking-count",
    "coverage",
    "findings-count",
    "highest-severity",
    "report-path",
    "result",
    "sarif-path",
    "waived-count",
  ]);
});
