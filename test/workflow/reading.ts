// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
/** What the tests of this folder share: reading a text as a file, and texts to read. */
import fc from "fast-check";
import type { Model, Workflow } from "../../src/workflow/model.ts";
import { scanWorkflow, type WorkflowScan } from "../../src/workflow/scan-workflow.ts";

export const path = ".github/workflows/test.yml";

export function scanText(text: string, at: string = path): WorkflowScan {
  return scanWorkflow(at, Buffer.from(text), "salt");
}

/** The workflow that a text is; fails when it is none. */
export function workflowOf(text: string): Workflow {
  const { model } = scanText(text);
  if (model?.kind !== "workflow") throw new Error("the text is no workflow that can be read");
  return model;
}

export function modelOf(text: string, at: string): Model {
  const { model } = scanText(text, at);
  if (model === undefined) throw new Error("the text cannot be read");
  return model;
}

/** The bytes of a span as text. */
export function bytesOf(text: string, span: { start: number; end: number }): string {
  return Buffer.from(text).subarray(span.start, span.end).toString();
}

/** One job with the given steps, each a block of lines that begins with `- `. */
export function withSteps(steps: string, head = "on: push\n"): string {
  const lines = steps
    .trimEnd()
    .split("\n")
    .map((line) => (line === "" ? "" : `      ${line}`));
  return `${head}jobs:\n  build:\n    runs-on: ubuntu-latest\n    steps:\n${lines.join("\n")}\n`;
}

const word = fc.constantFrom("alpha", "beta", "v1.2", "x-y", "größe", "日本", "a b", "tool.sh");
const expression = fc.constantFrom(
  `$\{{ secrets.KEY }}`,
  `$\{{ secrets['other'] }}`,
  `$\{{ github.event.issue.title }}`,
  `$\{{ env.A && format('{0}', secrets.KEY) }}`,
  `$\{{ matrix.os == 'linux' }}`,
);
const value = fc.oneof(
  word,
  expression,
  fc.tuple(word, expression).map(([a, b]) => `${a}-${b}`),
  fc.constantFrom(
    "true",
    "3.10",
    "null",
    "~",
    "'it''s'",
    '"a \\"quoted\\" text"',
    "''",
    '"tab\\there"',
    "[a, b]",
    "{ a: b, c: 'd' }",
    "a # not",
    "a#b",
    "http://x.test/y",
  ),
);
const script = fc.array(
  fc.oneof(
    word,
    expression.map((one) => `echo "${one}"`),
    fc.constant(""),
    fc.constant("  indented $A"),
  ),
  { minLength: 1, maxLength: 4 },
);

function block(header: string, lines: readonly string[], indent: string): string {
  const first = lines.findIndex((line) => line !== "" && !line.startsWith(" "));
  const body = first < 0 ? ["echo"] : lines.slice(first);
  return `${header}\n${body.map((line) => (line === "" ? "" : indent + line)).join("\n")}`;
}

const step = fc.record({
  name: value,
  env: fc.array(fc.tuple(fc.constantFrom("A", "B", "C"), value), { maxLength: 2 }),
  run: script,
  header: fc.constantFrom("|", ">", "|-", ">-", "|+"),
  comment: fc.boolean(),
});

/** Workflows in the forms people write them: block and flow, quoted and plain, with comments, blank lines, CRLF or a byte order mark. */
export const workflowText: fc.Arbitrary<string> = fc
  .record({
    steps: fc.array(step, { minLength: 1, maxLength: 3 }),
    trigger: fc.constantFrom(
      "on: push",
      "on: [push, pull_request]",
      "on:\n  push:\n    branches: [main]\n  workflow_dispatch:",
      '"on": push',
      "on:\n- push",
    ),
    permissions: fc.constantFrom(
      "",
      "permissions: {}\n",
      "permissions: read-all # wide\n",
      "permissions:\n  contents: read\n  id-token: write\n",
      "permissions: { contents: read }\n",
    ),
    dashes: fc.boolean(),
    crlf: fc.boolean(),
    mark: fc.boolean(),
    end: fc.constantFrom("\n", "", "\n\n", "\n# end\n"),
    width: fc.constantFrom(2, 4, 3),
  })
  .map(({ steps, trigger, permissions, dashes, crlf, mark, end, width }) => {
    const pad = (level: number): string => " ".repeat(width * level);
    const lines = steps.map(({ name, env, run, header, comment }) => {
      const unique = [...new Map(env).entries()];
      const own =
        unique.length === 0
          ? ""
          : `\n${pad(3)}  env:${unique.map(([key, text]) => `\n${pad(3)}    ${key}: ${text}`).join("")}`;
      return `${comment ? `${pad(3)}# a comment\n` : ""}${pad(3)}- name: ${name}${own}\n${pad(3)}  run: ${block(header, run, `${pad(3)}    `)}`;
    });
    const text = `${dashes ? "---\n" : ""}name: test\n${trigger}\n${permissions}\njobs:\n${pad(1)}build:\n${pad(2)}runs-on: ubuntu-latest\n${pad(2)}steps:\n${lines.join("\n")}${end}`;
    return (mark ? "\ufeff" : "") + (crlf ? text.replaceAll("\n", "\r\n") : text);
  });

/** A text with a few characters removed, doubled or put in. */
export function mutated(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const edit = fc.tuple(
    fc.nat(),
    fc.constantFrom(
      "",
      "&a ",
      "*a",
      "\t",
      " ",
      "\n",
      ":",
      "- ",
      "'",
      '"',
      "#",
      "{",
      "]",
      "<<: *a",
      "|",
      "$" + "{{",
      "}}",
      "!",
      "? ",
      "\r",
      "%",
      "\u0000",
      "é",
    ),
    fc.nat(3),
  );
  return fc.tuple(texts, fc.array(edit, { minLength: 1, maxLength: 4 })).map(([text, edits]) =>
    edits.reduce((all, [at, put, drop]) => {
      const where = all.length === 0 ? 0 : at % all.length;
      return all.slice(0, where) + put + all.slice(where + drop);
    }, text),
  );
}
