import { expect, test } from "vitest";
import { parseInlineAllows } from "../../src/policy/inline-allow.ts";
import { costsFarMore, fill } from "../leak/cost.ts";

const words = 'leasehold:allow leak/github-pat until=2026-12-31 reason="docs"';

test.each([
  `# ${words}`,
  `// ${words}`,
  `/* ${words} */`,
  `/*${words}*/`,
  `<!-- ${words} -->`,
  `-- ${words}`,
  `; ${words}`,
  ` * ${words}`,
  `{{! ${words} }}`,
  `REM ${words}`,
])("%s", (text) => {
  expect(parseInlineAllows(text, "f")).toMatchObject([
    { path: "f", line: 1, rule: "leak/github-pat", until: "2026-12-31", reason: "docs", lastLine: 2 },
  ]);
});

test.each([
  ["prose", `Write \`${words}\` beside the line.`],
  ["a text", `x = "${words}"`],
  ["another word", `# leasehold:allowed leak/x`],
  ["words between", `# see leasehold:allow leak/x`],
])("%s is no allow", (_name, text) => {
  expect(parseInlineAllows(text, "f")).toEqual([]);
});

test.each([
  [
    "any order",
    '# leasehold:allow reason="x y" until=2026-12-31 leak/x',
    { rule: "leak/x", until: "2026-12-31", reason: "x y" },
  ],
  ["closed at once", "/* leasehold:allow leak/x until=2026-12-31*/ key", { rule: "leak/x", until: "2026-12-31" }],
  ["closed at once, in markup", "<!-- leasehold:allow leak/a-b-->", { rule: "leak/a-b" }],
  ["a day that does not exist", "# leasehold:allow leak/x until=2026-02-30", { rule: "leak/x" }],
  ["nothing else", "# leasehold:allow", { rule: "" }],
  [
    "another tool after it",
    '# leasehold:allow leak/x until=2026-12-31 reason="r" gitleaks:allow',
    { rule: "leak/x", until: "2026-12-31", reason: "r" },
  ],
  ["an open reason", '# leasehold:allow leak/x reason="never closed', { rule: "leak/x" }],
])("%s", (_name, text, expected) => {
  const [allow] = parseInlineAllows(text, "f");
  const { rule, until, reason } = allow!;
  expect({ rule, ...(until ? { until } : {}), ...(reason ? { reason } : {}) }).toEqual(expected);
});

test("lines, columns and bytes, also after letters of several bytes and with CRLF", () => {
  const text = `ü = "é" # ${words}\r\n\r\n\t// ${words}\r\nx`;
  const bytes = Buffer.from(text);
  const found = parseInlineAllows(text, "f");
  expect(found).toMatchObject([
    { line: 1, column: 11, lastLine: 1 },
    { line: 3, column: 5, lastLine: 4 },
  ]);
  for (const { start, end } of found) expect(bytes.subarray(start, end).toString()).toBe(words);
});

test.each([
  ["one line full of markers", "# leasehold:allow leak/x ".repeat(60_000)],
  ["a line of megabytes before one", `${" ".repeat(5_000_000)}# leasehold:allow leak/x`],
  ["an endless reason", `# leasehold:allow reason="${"x ".repeat(2_000_000)}`],
  ["a million lines", `${"\n".repeat(1_000_000)}# leasehold:allow leak/x\n`],
])("%s: soon", (_name, text) => {
  expect(parseInlineAllows(text, "f").length).toBeGreaterThan(0);
  const usual = `${fill("const x = call(y); // some words\n", text.length)}\n# ${words}\n`;
  const cost = costsFarMore(
    () => parseInlineAllows(text, "f"),
    () => parseInlineAllows(usual, "f"),
  );
  expect(cost).toBeUndefined();
});
