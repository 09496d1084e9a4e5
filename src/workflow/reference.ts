/** Which contexts an expression reads, and whether it passes their values on or only decides by them. */
import type { ExpressionNode, Reference } from "./model.ts";

/** A reference whose place is still in offsets of the expression's source. */
export type FoundReference = Omit<Reference, "span" | "source"> & { at: number; to: number };

/** Calls whose result is a boolean: the arguments decide, they do not go on. */
const deciding = new Set(["contains", "startswith", "endswith", "always", "success", "failure", "cancelled"]);

/** Every context access in an expression, in order of position; an access is given once, with its whole path. */
export function referencesIn(node: ExpressionNode): FoundReference[] {
  const found: FoundReference[] = [];
  visit(node, "value", [], found);
  return found.sort((a, b) => a.at - b.at);
}

function visit(node: ExpressionNode, role: Reference["role"], within: string[], found: FoundReference[]): void {
  switch (node.type) {
    case "literal":
      return;
    case "not":
      visit(node.operand, "condition", within, found);
      return;
    case "binary":
      // `a && b` is `b` or something false of `a`; `a || b` is either.
      visit(node.left, node.operator === "||" ? role : "condition", within, found);
      visit(node.right, node.operator === "||" || node.operator === "&&" ? role : "condition", within, found);
      return;
    case "call":
      visitCall(node, role, within, found);
      return;
    default:
      visitAccess(node, role, within, found);
  }
}

function visitCall(
  node: Extract<ExpressionNode, { type: "call" }>,
  role: Reference["role"],
  within: string[],
  found: FoundReference[],
): void {
  const name = node.name.toLowerCase();
  const inner = [name, ...within];
  node.args.forEach((argument, index) => {
    // case(condition, value, condition, value, …, default)
    const decides = deciding.has(name) || (name === "case" && index % 2 === 0 && index < node.args.length - 1);
    visit(argument, decides ? "condition" : role, inner, found);
  });
}

type Access = Extract<ExpressionNode, { type: "context" | "index" | "star" }>;

function visitAccess(node: Access, role: Reference["role"], within: string[], found: FoundReference[]): void {
  const path: (string | undefined)[] = [];
  let target: ExpressionNode = node;
  while (target.type === "index" || target.type === "star") {
    if (target.type === "star") path.unshift("*");
    else if (target.index.type === "literal") path.unshift(String(target.index.value));
    else {
      path.unshift(undefined);
      // What computes the index only chooses.
      visit(target.index, "condition", within, found);
    }
    target = target.target;
  }
  if (target.type === "context")
    found.push({ context: target.name.toLowerCase(), path, at: node.at, to: node.to, within, role });
  else visit(target, role, within, found);
}
