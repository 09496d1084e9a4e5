/** The expressions that the readers of Terraform, Bicep, ARM, TypeScript and Python have in common. */
import type { Span } from "./source.ts";
import type { Origin } from "./value.ts";

/** How strings, comments and separators are written. */
export type Dialect = "hcl" | "bicep" | "arm" | "typescript" | "python";

export type TemplatePart = { kind: "text"; text: string; origins: Origin[] } | { kind: "expression"; of: Expression };

export type Argument = { name: string | undefined; value: Expression };
export type ObjectEntry = { key: Expression; value: Expression } | { spread: Expression };

export type Expression =
  | { kind: "plain"; value: number | boolean | null; span: Span }
  | { kind: "template"; parts: TemplatePart[]; span: Span }
  | { kind: "list"; items: Expression[]; span: Span }
  | { kind: "object"; entries: ObjectEntry[]; span: Span }
  | { kind: "name"; name: string; span: Span }
  | { kind: "member"; of: Expression; name: string; span: Span }
  | { kind: "index"; of: Expression; index: Expression; span: Span }
  /** `a.b.c(…)` has the callee's names joined by dots as `name`; a tagged template is a call with the template as argument. */
  | { kind: "call"; name: string; of: Expression | undefined; args: Argument[]; span: Span }
  | { kind: "choice"; test: Expression; whenTrue: Expression; otherwise: Expression; span: Span }
  | { kind: "binary"; operator: string; left: Expression; right: Expression; span: Span }
  | { kind: "not"; of: Expression; span: Span }
  | {
      kind: "for";
      names: string[];
      over: Expression;
      key: Expression | undefined;
      value: Expression;
      test: Expression | undefined;
      span: Span;
    }
  | { kind: "spread"; of: Expression; span: Span }
  /** A function written in place: what it gives back. */
  | { kind: "lambda"; body: Expression; span: Span }
  | { kind: "unknown"; why: string; span: Span };

/** `a.b.c` as its names; undefined for anything that is more than names. Indices are left out, or (`strict`) are more than names. */
export function pathOf(expression: Expression, strict = false): string[] | undefined {
  const names: string[] = [];
  let at = expression;
  while (at.kind === "member" || (at.kind === "index" && !strict && isPlainIndex(at.index))) {
    if (at.kind === "member") names.push(at.name);
    at = at.of;
  }
  if (at.kind !== "name") return undefined;
  names.push(at.name);
  return names.reverse();
}

/** `x[0]` and `x[*]` name the same resource as `x`. */
function isPlainIndex(index: Expression): boolean {
  return index.kind === "plain" || (index.kind === "name" && index.name === "*");
}

/** The text of a literal without interpolation. */
export function literalOf(expression: Expression | undefined): string | undefined {
  if (expression?.kind !== "template") return undefined;
  let text = "";
  for (const part of expression.parts) {
    if (part.kind !== "text") return undefined;
    text += part.text;
  }
  return text;
}
