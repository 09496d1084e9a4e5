// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
import { FeatureFlags } from "@actions/expressions";
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import { TemplateContext, TemplateValidationErrors } from "@actions/workflow-parser/templates/template-context";
import { getWorkflowSchema } from "@actions/workflow-parser/workflows/workflow-schema";
import fc from "fast-check";
import { expect, test } from "vitest";
import { mutated, path, scanText, withSteps, workflowText } from "./reading.ts";

/** What GitHub's own parser says of a text: of its keys and forms, then of its jobs. */
async function githubErrors(content: string): Promise<string[]> {
  const context = new TemplateContext(
    new TemplateValidationErrors(),
    getWorkflowSchema(),
    new NoOperationTraceWriter(),
  );
  // Parallel steps and case() are behind flags in the parser, but not at GitHub.
  context.state.featureFlags = new FeatureFlags({ all: true });
  const result = parseWorkflow({ name: path, content }, context);
  if (result.value !== undefined) await convertWorkflowTemplate(result.context, result.value);
  return result.context.errors.getErrors().map((error) => error.message);
}

function ourErrors(text: string): string[] {
  return scanText(text)
    .findings.filter((finding) => finding.rule === "workflow/syntax-error" || finding.rule === "workflow/merge-key")
    .map((finding) => finding.message);
}

test("what GitHub's parser accepts, ours does", async () => {
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(fc.oneof(workflowText, mutated(workflowText)), async (text) => {
      if ((await githubErrors(text)).length > 0) return;
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
])("reads %s, as GitHub's parser does", async (_, text) => {
  expect(await githubErrors(text)).toEqual([]);
  expect(ourErrors(text)).toEqual([]);
});

test.each([
  ["a merge key", "on: push\njobs:\n  a: &a\n    runs-on: x\n    steps: [{ run: x }]\n  b:\n    <<: *a\n"],
  ["a key that stands twice", "on: push\njobs:\n  a:\n    runs-on: x\n    runs-on: y\n    steps: [{ run: x }]\n"],
  ["an expression without an end", withSteps("- run: echo ${{ github.sha\n")],
  ["an expression that does not parse", withSteps("- run: echo ${{ github.sha && }}\n")],
  ["broken YAML", "on: push\njobs: [\n"],
  ["no jobs", "on: push\n"],
  ["no trigger", "jobs:\n  a:\n    runs-on: x\n    steps: [{ run: x }]\n"],
  ["an unknown trigger", withSteps("- run: x\n", "on: pushed\n")],
  ["a key of the workflow", withSteps("- run: x\n", "on: push\nenvs: { A: b }\n")],
  ["a key of a job", "on: push\njobs:\n  a:\n    run-on: x\n    runs-on: x\n    steps: [{ run: x }]\n"],
  ["a key of a step", withSteps("- run: x\n  environment: y\n")],
  ["a step that does nothing", withSteps("- name: x\n")],
  ["a step with both", withSteps("- run: x\n  uses: a/b@c\n")],
  ["a shell for an action", withSteps("- uses: a/b@c\n  shell: bash\n")],
  ["a job without a runner", "on: push\njobs:\n  a:\n    steps: [{ run: x }]\n"],
  ["steps of a call", "on: push\njobs:\n  a:\n    uses: ./.github/workflows/b.yml\n    steps: [{ run: x }]\n"],
  ["a list for env", withSteps("- run: x\n  env: [A]\n")],
  ["an env that is not there", withSteps("- run: x\n  env:\n")],
  ["a mapping for steps", "on: push\njobs:\n  a:\n    runs-on: x\n    steps: { run: x }\n"],
  ["a text for a number", withSteps("- run: x\n  timeout-minutes: long\n")],
  ["a text for a boolean", withSteps("- run: x\n  continue-on-error: maybe\n")],
  ["a permission that is none", withSteps("- run: x\n", "on: push\npermissions: { contents: all }\n")],
  ["a scope that is none", withSteps("- run: x\n", "on: push\npermissions: { content: read }\n")],
  ["write for id-token as read", withSteps("- run: x\n", "on: push\npermissions: { id-token: read }\n")],
  ["a word for permissions", withSteps("- run: x\n", "on: push\npermissions: all\n")],
  ["a need that is no job", "on: push\njobs:\n  a:\n    needs: b\n    runs-on: x\n    steps: [{ run: x }]\n"],
  [
    "jobs in a circle",
    "on: push\njobs:\n  c: { runs-on: x, steps: [{ run: x }] }\n  a: { needs: b, runs-on: x, steps: [{ run: x }] }\n  b: { needs: a, runs-on: x, steps: [{ run: x }] }\n",
  ],
  ["an id that is none", "on: push\njobs:\n  a b:\n    runs-on: x\n    steps: [{ run: x }]\n"],
  ["an id twice", withSteps("- run: x\n  id: a\n- run: y\n  id: a\n")],
  ["a schedule without a time", withSteps("- run: x\n", "on:\n  schedule:\n    - timezone: UTC\n")],
  ["a filter that is none", withSteps("- run: x\n", "on:\n  push:\n    branch: main\n")],
  [
    "an input without a type",
    withSteps("- run: x\n", "on:\n  workflow_call:\n    inputs:\n      a: { required: true }\n"),
  ],
])("refuses %s, as GitHub's parser does", async (_, text) => {
  expect((await githubErrors(text)).length).toBeGreaterThan(0);
  expect(ourErrors(text).length).toBeGreaterThan(0);
});
