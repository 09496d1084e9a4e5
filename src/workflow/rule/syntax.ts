/** What GitHub refuses in a file. These two do not need a model: a broken file has none. */
import type { Model, Step, SyntaxProblem, Text, YamlEntry } from "../model.ts";
import { workflowTextsOf } from "../model-texts.ts";
import type { SchemaProblem } from "../schema-check.ts";
import type { Draft, WorkflowRule } from "./rule.ts";

/** Without `check`: they run before there is a model. */
export type SyntaxRule = Omit<WorkflowRule, "check">;

export const syntaxError: SyntaxRule = {
  id: "workflow/syntax-error",
  title: "GitHub cannot read this file",
  why: "GitHub runs nothing of a file that it cannot read. A workflow that is thought to check or deploy does neither; and Leasehold cannot say what secrets it uses.",
  silent:
    "What an expression gives; composite actions and files outside .github/workflows. A key or event that is not known is told with less confidence: newer syntax may have it.",
  bad: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
   steps: []
`,
  good: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps: []
`,
};

export const mergeKey: SyntaxRule = {
  id: "workflow/merge-key",
  title: "YAML merge key",
  why: "GitHub's parser knows anchors and aliases but no merge keys: it refuses a file with `<<`.",
  silent: "A quoted `'<<'`, which is an ordinary key; plain aliases.",
  bad: `on: push
jobs:
  a: &base
    runs-on: ubuntu-latest
    steps: []
  b:
    <<: *base
`,
  good: `on: push
jobs:
  a: &base
    runs-on: ubuntu-latest
    steps: []
  b: *base
`,
};

/** Problems of the YAML or of mappings, as drafts: the first says why the file is refused, more follow from it. */
export function syntaxDrafts(problems: readonly SyntaxProblem[]): Draft[] {
  const [first] = problems;
  if (first === undefined) return [];
  return [
    {
      span: first.span,
      name: first.message,
      severity: "medium",
      confidence: "certain",
      message: `GitHub cannot read this file: ${first.message}.`,
    },
  ];
}

/** What GitHub's schema does not allow: each has a cause of its own. */
export function schemaDrafts(problems: readonly SchemaProblem[]): Draft[] {
  return problems.map(({ message, span, open }) => ({
    span,
    name: message,
    severity: "medium",
    confidence: open ? "likely" : "certain",
    message: `GitHub refuses this file: ${message}.`,
  }));
}

export function mergeKeyDrafts(entries: readonly YamlEntry[]): Draft[] {
  return entries.map((entry) => ({
    span: entry.key.span,
    severity: "medium",
    confidence: "certain",
    message: "GitHub refuses files with a merge key; write the entries out, or alias the whole value.",
    preview: "<<",
  }));
}

/** Expressions that do not parse. */
export function expressionDrafts(model: Model): Draft[] {
  if (!model.source.broken) return [];
  return workflowTextsOf(model).flatMap(({ text, job, step }: { text: Text; job?: string; step?: Step }) =>
    text.expressions.flatMap((expression): Draft[] => {
      if (expression.problem === undefined) return [];
      return [
        {
          span: expression.problem.span,
          ...(job !== undefined && { job }),
          ...(step && { step }),
          name: expression.problem.message,
          severity: "medium",
          confidence: "likely",
          message: `GitHub cannot read this expression: ${expression.problem.message}.`,
        },
      ];
    }),
  );
}
