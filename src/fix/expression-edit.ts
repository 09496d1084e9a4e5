/** Edits inside expressions: another value in the place of a secret, a guard taken out of a condition. */
import type { Expression, ExpressionNode, Reference, Source, Span, Text } from "../workflow/model.ts";
import { contentOffsets } from "../workflow/scalar-offsets.ts";
import { refuse } from "./refusal.ts";

/** The inside of `${{ … }}`. */
export function insideOf(value: string): string {
  const match = /^\$\{\{([\s\S]*)\}\}$/.exec(value.trim());
  return match?.[1]?.trim() ?? value;
}

/** The expression that holds a place. */
export function expressionAt(text: Text, place: Span): Expression | undefined {
  return text.expressions.find(({ span }) => span.start <= place.start && place.end <= span.end);
}

/** Whether an expression is one reference and nothing else. */
export function isOnly(expression: Expression): boolean {
  const { ast } = expression;
  return ast !== undefined && (ast.type === "context" || ast.type === "index");
}

/** Whether every value that a text can take comes from stored secrets or is fixed: then it can go with them. */
export function onlySecrets(text: Text): boolean {
  return text.expressions.every((expression) =>
    expression.references.every((one) => one.role === "condition" || one.context === "secrets"),
  );
}

/** What is left of a condition without its guards: `undefined` when nothing is. */
export type WithoutGuard = { rest: string | undefined };

/**
 * A condition without the parts that ask whether a value is there (`X != ''`, or `X` alone), joined to the rest by `&&`.
 * In: the condition of a step and which references are those of the value. Out: what is left. Throws Refused where they are used in another way.
 */
export function withoutGuard(source: Source, text: Text, isGuarded: (reference: Reference) => boolean): WithoutGuard {
  const guarded = text.expressions.filter((expression) => expression.references.some(isGuarded));
  const [expression] = guarded;
  if (guarded.length !== 1 || expression?.ast === undefined || text.expressions.length !== 1)
    refuse("its condition asks for the secret in a way that cannot be taken apart");
  const places = expression.references.filter(isGuarded).map((reference) => reference.span);
  const offsets = contentOffsets(source, text.node);
  const opening = text.value.startsWith("${{", expression.at) ? 3 : 0;
  const base = expression.at + opening;
  const holds = (node: ExpressionNode): boolean =>
    places.some((place) => offsets(base + node.at) <= place.start && place.end <= offsets(base + node.to));
  const rest = cut(expression.source, expression.ast, holds);
  if (opening === 0 || rest === undefined) return { rest: rest?.trim() };
  const whole =
    text.value.slice(0, expression.at) +
    `\${{ ${rest.trim()} }}` +
    text.value.slice(base + expression.source.length + 2);
  return { rest: whole.trim() };
}

function cut(code: string, node: ExpressionNode, holds: (node: ExpressionNode) => boolean): string | undefined {
  if (!holds(node)) return code.slice(node.at, node.to);
  if (node.type === "binary" && node.operator === "&&") {
    const left = cut(code, node.left, holds);
    const right = cut(code, node.right, holds);
    if (left === undefined || right === undefined) return left ?? right;
    return (
      code.slice(node.at, node.left.at) +
      left +
      code.slice(node.left.to, node.right.at) +
      right +
      code.slice(node.right.to, node.to)
    );
  }
  if (isPresenceTest(node)) return undefined;
  return refuse("its condition depends on the secret in another way than whether it is set");
}

/** `X != ''`, `'' != X`, or the value alone. */
function isPresenceTest(node: ExpressionNode): boolean {
  if (node.type === "index" || node.type === "context") return true;
  if (node.type !== "binary" || node.operator !== "!=") return false;
  return [node.left, node.right].some((side) => side.type === "literal" && (side.value === "" || side.value === null));
}
