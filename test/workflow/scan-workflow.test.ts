// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
import fc from "fast-check";
import { expect, test } from "vitest";
import { mayBeWorkflow, scanWorkflow } from "../../src/workflow/scan-workflow.ts";
import { bytesOf, mutated, path, scanText, withSteps, workflowText } from "./reading.ts";

const plain = withSteps("- run: echo\n", "on: push\npermissions: {}\n");

test.each([
  [".github/workflows/a.yml", plain, "workflow"],
  ["deep/down/.github/workflows/a.yaml", plain, "workflow"],
  ["templates/deploy.yml", plain, "workflow"],
  ["templates/deploy.yml", plain.replace("on: push", '"on": push'), "workflow"],
  ["templates/deploy.yml", "jobs: [a]\non: push\n", undefined],
  ["templates/deploy.yml", "a: 1\n", undefined],
  ["templates/deploy.txt", plain, undefined],
  ["x/action.yml", "name: A\nruns: { using: node24, main: x.js }\n", "action"],
  [".github/dependabot.yml", "version: 2\nupdates: []\n", "dependabot"],
  ["dependabot.yml", "version: 2\nupdates: []\n", undefined],
  [".github/workflows/readme.md", plain, undefined],
])("%s with %j is %s", (at, text, kind) => {
  const bytes = Buffer.from(text);
  expect(scanWorkflow(at, bytes, "salt").kind).toBe(kind);
  if (kind !== undefined) expect(mayBeWorkflow(at, bytes)).toBe(true);
});

test("a broken file is one finding with line and column, and nothing else is said of it", () => {
  const { findings, model, uses } = scanText(
    "on: push\njobs:\n  a:\n    steps:\n      - run: ${{ secrets.A }}\n     - run: b\n",
  );
  expect(findings.map((finding) => [finding.rule, finding.place.line, finding.place.column])).toEqual([
    ["workflow/syntax-error", 6, 6],
  ]);
  expect([model, uses]).toEqual([undefined, []]);
});

test("a key that stands twice is refused by GitHub, in whatever case", () => {
  const { findings } = scanText(
    "on: push\npermissions: {}\njobs:\n  a:\n    runs-on: x\n    env:\n      Key: 1\n      KEY: 2\n    steps: []\n",
  );
  expect(findings.map((finding) => [finding.rule, finding.place.line, finding.place.column])).toEqual([
    ["workflow/syntax-error", 8, 7],
  ]);
});

test.each(["- a\n", "text\n", "1\n"])("%j is no workflow", (text) => {
  expect(scanText(text).findings.map((finding) => finding.rule)).toEqual(["workflow/syntax-error"]);
});

test("an empty file is nothing", () => {
  expect(scanText("").findings).toEqual([]);
  expect(scanText("# nothing\n").findings).toEqual([]);
});

test("a file that is too large is a gap", () => {
  const { gap, findings } = scanWorkflow(path, Buffer.alloc(5 * 1024 * 1024, 32), "salt");
  expect(gap?.kind).toBe("too-large");
  expect(findings).toEqual([]);
});

test("steps beyond the limit are a gap, not silence", () => {
  const steps = "      - run: a\n".repeat(100);
  const jobs = Array.from({ length: 60 }, (_, at) => `  b${at}: *a\n`).join("");
  const { gap } = scanText(`on: push\njobs:\n  a: &a\n    runs-on: x\n    steps:\n${steps}${jobs}`);
  expect(gap?.kind).toBe("parse-cap");
  expect(scanText(`on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n${steps}`).gap).toBeUndefined();
});

test("a message never quotes what may be a secret", () => {
  const value = ["hunter", "2hunter2"].join("");
  const texts = [
    `on: push\njobs:\n  a: "\\q${value}"\n`,
    `on: push\njobs: |${value}\n`,
    `on: push\njobs: !${value} x\n`,
    withSteps(`- run: \${{ secrets.A ${value} }}\n`),
    `on: push\njobs:\n  a: ${value}\n  b\n`,
  ];
  for (const text of texts) {
    for (const finding of scanText(text).findings) expect(finding.message).not.toContain(value);
  }
});

test("ids outlive moves within the file and version bumps, and differ between places", () => {
  const step = "- uses: acme-tools/publish@v3\n  with: { key: '${{ secrets.K }}' }\n";
  const ids = (text: string): string[] =>
    scanText(text)
      .findings.filter((finding) => finding.rule === "workflow/unpinned-action-secret")
      .map((finding) => finding.id);
  const [id] = ids(withSteps(step));
  expect(ids(withSteps(`- run: echo\n# moved\n${step.replace("@v3", "@v4")}`))).toEqual([id]);
  expect(ids(withSteps(step).replace("build:", "other:"))).not.toEqual([id]);
  const both = ids(withSteps(step + step));
  expect(both[0]).toBe(id);
  expect(new Set(both).size).toBe(2);
});

test("nothing that a file can hold makes it throw; places lie in the file; ids are distinct", () => {
  fc.assert(
    fc.property(
      fc.oneof(workflowText, mutated(workflowText), mutated(mutated(workflowText))),
      fc.constantFrom(path, "action.yml", ".github/dependabot.yml", "other/x.yml"),
      (text, at) => {
        const bytes = Buffer.from(text);
        const { findings, uses } = scanWorkflow(at, bytes, "salt");
        for (const { place } of findings) {
          expect(place.start).toBeGreaterThanOrEqual(0);
          expect(place.end).toBeGreaterThanOrEqual(place.start);
          expect(place.end).toBeLessThanOrEqual(bytes.length);
          expect(place.line).toBeGreaterThan(0);
          expect(place.endLine).toBeGreaterThanOrEqual(place.line);
        }
        expect(new Set(findings.map((finding) => finding.id)).size).toBe(findings.length);
        for (const use of uses) expect(use.place.end).toBeLessThanOrEqual(bytes.length);
      },
    ),
    { numRuns: 1000 },
  );
});

test("arbitrary bytes do not make it throw either", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(scanWorkflow(path, bytes, "salt").kind).toBe("workflow");
    }),
  );
});

test("place and bytes agree behind letters beyond ASCII", () => {
  const text = withSteps(
    "- name: größe 日本 \u{1f600}\n  run: ü ${{ secrets.K }}\n",
    "\ufeffon: push\npermissions: {}\n",
  );
  const [finding] = scanText(text).findings;
  expect(finding?.rule).toBe("workflow/secret-on-command-line");
  expect(bytesOf(text, finding?.place ?? { start: 0, end: 0 })).toBe("secrets.K");
  expect([finding?.place.line, finding?.place.column, finding?.place.endColumn]).toEqual([8, 20, 29]);
});
