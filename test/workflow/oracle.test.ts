// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
import { FeatureFlags } from "@actions/expressions";
import { NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { TemplateContext, TemplateValidationErrors } from "@actions/workflow-parser/templates/template-context";
import { getWorkflowSchema } from "@actions/workflow-parser/workflows/workflow-schema";
import fc from "fast-check";
import { expect, test } from "vitest";
import { mutated, path, scanText, withSteps, workflowText } from "./reading.ts";

/** What GitHub's own parser says of a text. */
function githubErrors(content: string): string[] {
  const context = new TemplateContext(
    new TemplateValidationErrors(),
    getWorkflowSchema(),
    new NoOperationTraceWriter(),
  );
  // Parallel steps and case() are behind flags in the parser, but not at GitHub.
  context.state.featureFlags = new FeatureFlags({ all: true });
  const result = parseWorkflow({ name: path, content }, context);
  return result.context.errors.getErrors().map((error) => error.message);
}

function ourErrors(text: string): string[] {
  return scanText(text)
    .findings.filter((finding) => finding.rule === "workflow/syntax-error" || finding.rule === "workflow/merge-key")
    .map((finding) => finding.message);
}

test("what GitHub's parser accepts, ours does", () => {
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof(workflowText, mutated(workflowText)), (text) => {
      if (githubErrors(text).length > 0) return;
      accepted++;
      expect(ourErrors(text)).toEqual([]);
    }),
    { numRuns: 600 },
  );
  expect(accepted).toBeGreaterThan(60);
});

test.each([
  ["anchors", "on: push\njobs:\n  a: &a\n    runs-on: ubuntu-latest\n    steps: [{ run: x }]\n  b: *a\n"],
  ["self-repository uses", withSteps("- uses: $/actions/x\n")],
  ["case()", withSteps("- run: echo ${{ case(github.ref == 'x', 'a', 'b') }}\n")],
  ["time zones", withSteps("- run: x\n", "on:\n  schedule:\n    - cron: '0 3 * * 1'\n      timezone: Europe/Berlin\n")],
  [
    "parallel steps",
    withSteps(
      "- run: a\n  id: s\n  background: true\n- parallel:\n    - run: b\n    - run: c\n- wait: s\n- wait-all:\n- cancel: s\n",
    ),
  ],
  ["job snapshots", "on: push\njobs:\n  a:\n    runs-on: x\n    snapshot: image\n    steps: [{ run: x }]\n"],
])("reads %s, as GitHub's parser does", (_, text) => {
  expect(githubErrors(text)).toEqual([]);
  expect(ourErrors(text)).toEqual([]);
});

test.each([
  ["a merge key", "on: push\njobs:\n  a: &a\n    runs-on: x\n    steps: [{ run: x }]\n  b:\n    <<: *a\n"],
  ["a key that stands twice", "on: push\njobs:\n  a:\n    runs-on: x\n    runs-on: y\n    steps: [{ run: x }]\n"],
  ["an expression without an end", withSteps("- run: echo ${{ github.sha\n")],
  ["an expression that does not parse", withSteps("- run: echo ${{ github.sha && }}\n")],
  ["broken YAML", "on: push\njobs: [\n"],
])("refuses %s, as GitHub's parser does", (_, text) => {
  expect(githubErrors(text).length).toBeGreaterThan(0);
  expect(ourErrors(text).length).toBeGreaterThan(0);
});
