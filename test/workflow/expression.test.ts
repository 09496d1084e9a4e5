// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
import { Lexer, Parser } from "@actions/expressions";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseExpression } from "../../src/workflow/expression.ts";
import { ExpressionProblem } from "../../src/workflow/expression-token.ts";
import type { ExpressionNode } from "../../src/workflow/model.ts";
import { referencesIn } from "../../src/workflow/reference.ts";

/** The tree with every operation in brackets. */
function shown(node: ExpressionNode): string {
  switch (node.type) {
    case "literal":
      return JSON.stringify(node.value);
    case "context":
      return node.name;
    case "index":
      return `${shown(node.target)}[${shown(node.index)}]`;
    case "star":
      return `${shown(node.target)}[*]`;
    case "call":
      return `${node.name}(${node.args.map(shown).join(",")})`;
    case "not":
      return `!${shown(node.operand)}`;
    case "binary":
      return `(${shown(node.left)} ${node.operator} ${shown(node.right)})`;
  }
}

test.each([
  ["a && b || c && d", "((a && b) || (c && d))"],
  ["a == b && !c.d", '((a == b) && !c["d"])'],
  ["a < b == c", "((a < b) == c)"],
  ["(a || b) && c", "((a || b) && c)"],
  ["secrets['x']", 'secrets["x"]'],
  ["a.*.b", 'a[*]["b"]'],
  ["a[*]", "a[*]"],
  ["'it''s'", '"it\'s"'],
  ["format('{0}', secrets[format('K_{0}', x)])", 'format("{0}",secrets[format("K_{0}",x)])'],
  ["f(a,)", "f(a)"],
  ["case(a, 1, b, 2, 3)", "case(a,1,b,2,3)"],
  ["-1.5e3 == 0x10", "(-1500 == 16)"],
  ["fromJSON('[]')[0].true", 'fromJSON("[]")[0]["true"]'],
  ["!!true", "!!true"],
])("reads %s", (source, tree) => {
  expect(shown(parseExpression(source))).toBe(tree);
});

test.each([
  "",
  "a &&",
  "a b",
  "(a",
  "a[",
  "'x",
  '"x"',
  "a.",
  "1a",
  "a = b",
  "a ? b",
  "&",
  "a..b",
  `${"(".repeat(60)}a${")".repeat(60)}`,
])("refuses %j", (source) => {
  expect(() => parseExpression(source)).toThrow(ExpressionProblem);
});

const atom = fc.constantFrom(
  "secrets.A",
  "secrets['b-c']",
  "env.x",
  "github.event.issue.title",
  "'text'",
  "'it''s'",
  "1",
  "-2.5",
  "true",
  "null",
  "matrix.a.*.b",
  "steps.x.outputs.y",
);
const tree: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small" },
    atom,
    fc
      .tuple(tie("node"), fc.constantFrom("&&", "||", "==", "!=", "<", ">="), tie("node"))
      .map(([a, op, b]) => `${a} ${op} ${b}`),
    tie("node").map((a) => `(${a})`),
    tie("node").map((a) => `!${a}`),
    fc.tuple(tie("node"), tie("node")).map(([a, b]) => `contains(${a}, ${b})`),
    tie("node").map((a) => `toJSON(${a})`),
    tie("node").map((a) => `secrets[${a}]`),
  ),
})).node;

/** Whether GitHub's own parser takes a text. */
function githubTakes(source: string): boolean {
  try {
    const names = ["github", "secrets", "env", "matrix", "steps", "vars", "inputs"];
    new Parser(new Lexer(source).lex().tokens, names, []).parse();
    return true;
  } catch {
    return false;
  }
}

function weTake(source: string): boolean {
  try {
    parseExpression(source);
    return true;
  } catch (error) {
    if (error instanceof ExpressionProblem) return false;
    throw error;
  }
}

test("takes what GitHub's parser takes", () => {
  fc.assert(
    fc.property(tree, (source) => {
      expect(weTake(source)).toBe(githubTakes(source));
    }),
    { numRuns: 500 },
  );
});

test("refuses damaged expressions where GitHub's parser does, and never throws anything else", () => {
  const damaged = fc
    .tuple(tree, fc.nat(), fc.constantFrom("", "'", "(", ")", "[", "]", ".", "&", "!", ",", " ", "=", "*"))
    .map(([source, at, put]) => {
      const where = at % (source.length + 1);
      return source.slice(0, where) + put + source.slice(where + (put === "" ? 1 : 0));
    });
  fc.assert(
    fc.property(damaged, (source) => {
      // Names that GitHub does not know are no concern of this parser, and an empty expression is none to GitHub's.
      if (source.trim() === "" || /unknown/i.test(source)) return;
      if (githubTakes(source)) expect(weTake(source)).toBe(true);
      else weTake(source);
    }),
    { numRuns: 800 },
  );
});

/** References as `context.path:role` with the calls they stand in. */
function found(source: string): string[] {
  return referencesIn(parseExpression(source)).map(({ context, path, role, within, at, to }) => {
    expect(source.slice(at, to).toLowerCase()).toContain(context);
    return `${context}.${path.map((name) => name ?? "?").join(".")} ${role}${within.map((name) => ` ${name}`).join("")}`;
  });
}

test.each([
  ["SECRETS.x", ["secrets.x value"]],
  ["secrets['a b']", ["secrets.a b value"]],
  ["toJSON(secrets)", ["secrets. value tojson"]],
  ["secrets.*", ["secrets.* value"]],
  ["secrets[matrix.name]", ["secrets.? value", "matrix.name condition"]],
  [
    "github.event_name == 'push' && secrets.A || secrets.B",
    ["github.event_name condition", "secrets.A value", "secrets.B value"],
  ],
  ["secrets.A != ''", ["secrets.A condition"]],
  ["!secrets.A", ["secrets.A condition"]],
  ["secrets.A && 'x'", ["secrets.A condition"]],
  [
    "case(secrets.A, secrets.B, secrets.C)",
    ["secrets.A condition case", "secrets.B value case", "secrets.C value case"],
  ],
  ["format('{0}', join(secrets.A))", ["secrets.A value join format"]],
  ["contains(secrets.A, 'x')", ["secrets.A condition contains"]],
  ["fromJSON(secrets.A).key", ["secrets.A value fromjson"]],
  ["needs.a.outputs.b == steps.c.outputs.d", ["needs.a.outputs.b condition", "steps.c.outputs.d condition"]],
])("finds what %s reads", (source, references) => {
  expect(found(source)).toEqual(references);
});
