// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
import fc from "fast-check";
import { expect, test } from "vitest";
import { secretUses } from "../../src/workflow/flow.ts";
import { sliceOf } from "../../src/workflow/source.ts";
import { bytesOf, mutated, scanText, withSteps, workflowOf, workflowText } from "./reading.ts";

/** The references to secrets in a workflow as they stand in the file's bytes. */
function places(text: string): string[] {
  return secretUses(workflowOf(text)).map((use) => bytesOf(text, use.place));
}

test.each([
  ["plain", "- run: echo ${{ secrets.A }} ü ${{ secrets['b'] }}\n", ["secrets.A", "secrets['b']"]],
  [
    "single quotes with an escape",
    "- run: 'it''s ü ${{ secrets[''b''] }} ${{ secrets.C }}'\n",
    ["secrets[''b'']", "secrets.C"],
  ],
  [
    "double quotes with escapes",
    '- run: "a\\tb \\u00fc \\"x\\" ${{ secrets.A }} \\\\ ${{secrets.B}}"\n',
    ["secrets.A", "secrets.B"],
  ],
  [
    "double quotes over lines",
    '- run: "a\n    ${{ secrets.A }}\n\n    b \\\n    ${{ secrets.B }}"\n',
    ["secrets.A", "secrets.B"],
  ],
  ["a plain scalar over lines", "- run: a\n    ${{ secrets.A }}\n\n    ${{ secrets.B }}\n", ["secrets.A", "secrets.B"]],
  [
    "a literal block",
    "- run: |\n    echo ü ${{ secrets.A }}\n\n      deeper ${{ secrets.B }}\n",
    ["secrets.A", "secrets.B"],
  ],
  [
    "a literal block with an indentation digit",
    "- run: |2\n      deeper ${{ secrets.A }}\n    ${{ secrets.B }}\n",
    ["secrets.A", "secrets.B"],
  ],
  [
    "a folded block",
    "- run: >-\n    echo ü\n    ${{ secrets.A }}\n\n    ${{ secrets.B }}\n      kept ${{ secrets.C }}\n",
    ["secrets.A", "secrets.B", "secrets.C"],
  ],
  ["flow style", "- { run: 'x ${{ secrets.A }}', env: { B: '${{ secrets.B }}' } }\n", ["secrets.A", "secrets.B"]],
  [
    "an expression over lines",
    "- run: |\n    ${{\n      secrets.A\n      || secrets.B\n    }}\n",
    ["secrets.A", "secrets.B"],
  ],
])("places in %s are exact", (_, step, expected) => {
  const text = withSteps(step);
  expect(places(text)).toEqual(expected);
  expect(places(text.replaceAll("\n", "\r\n"))).toEqual(expected);
  expect(places(`\ufeff${text}`)).toEqual(expected);
});

test("two braces inside a string do not end an expression", () => {
  const text = withSteps("- run: ${{ format('}}', secrets.A) }} and ${{ secrets.B }}\n");
  expect(places(text)).toEqual(["secrets.A", "secrets.B"]);
});

test("an `if` is an expression without braces, and with them a text", () => {
  const workflow = workflowOf(withSteps("- if: env.A != '' && always()\n  run: a\n- if: ${{ env.B }}\n  run: b\n"));
  expect(workflow.jobs[0]?.steps.map((step) => step.if?.expressions.map((one) => one.source.trim()))).toEqual([
    ["env.A != '' && always()"],
    ["env.B"],
  ]);
});

test("an expression without an end is a problem with its place", () => {
  const { findings } = scanText(withSteps("- run: echo ${{ secrets.A\n"));
  expect(
    findings
      .filter((finding) => finding.rule === "workflow/syntax-error")
      .map((finding) => [finding.place.line, finding.place.column]),
  ).toEqual([[6, 19]]);
});

test("every reference in generated workflows stands where it says", () => {
  fc.assert(
    fc.property(fc.oneof(workflowText, mutated(workflowText)), (text) => {
      const { uses, model } = scanText(text);
      for (const use of uses) {
        if (use.form === "inherit" || model === undefined) continue;
        // Line breaks and escapes inside a reference are not in the source's form; these texts have none in it.
        expect(sliceOf(model.source, use.place).replaceAll("''", "'").replace(/\s+/g, " ")).toBe(
          use.written.replaceAll("''", "'").replace(/\s+/g, " "),
        );
      }
    }),
    { numRuns: 500 },
  );
});
