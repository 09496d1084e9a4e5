/** Conditions that ask whether the secret is set: without the secret they would never hold again, so they go with it. */
import type { Reference, Step } from "../workflow/model.ts";
import { entryOf } from "../workflow/node.ts";
import { removeEntry, setText } from "./change.ts";
import { withoutGuard } from "./expression-edit.ts";
import { refuse } from "./refusal.ts";
import type { Target } from "./target.ts";

/** Whether a reference reads one of the replaced secrets, by name or through a variable that holds nothing else. */
function readsGone({ gone }: Target): (reference: Reference) => boolean {
  return ({ context, path: [name] }) =>
    name !== undefined &&
    ((context === "env" && gone.variables.has(name)) ||
      (context === "secrets" && gone.secrets.has(name.toUpperCase())));
}

/** The condition a step will have once its guards are gone; undefined for none. */
export function stepCondition(target: Target, step: Step): string | undefined {
  const text = step.if;
  if (text === undefined || text.value.trim() === "") return undefined;
  const reads = readsGone(target);
  if (!text.expressions.some((expression) => expression.references.some(reads))) return text.value.trim();
  return withoutGuard(target.changes.source, text, reads).rest;
}

/** Whether a step's condition asks for a replaced secret. */
export function isGuarded(target: Target, step: Step): boolean {
  const reads = readsGone(target);
  return step.if?.expressions.some((expression) => expression.references.some(reads)) === true;
}

/** Takes the guard out of a step's condition. Throws Refused where it is more than a guard. */
export function removeGuard(target: Target, step: Step): void {
  const text = step.if;
  const entry = entryOf(step.map, "if");
  if (text === undefined || entry === undefined) refuse("the step has no condition");
  const { rest } = withoutGuard(target.changes.source, text, readsGone(target));
  if (rest === undefined) {
    removeEntry(target.changes, step.map, entry);
    return;
  }
  if (text.node.style === "literal" || text.node.style === "folded")
    refuse("its condition is written over several lines");
  const quoted =
    text.node.style === "single"
      ? `'${rest.replaceAll("'", "''")}'`
      : text.node.style === "double"
        ? JSON.stringify(rest)
        : rest;
  setText(target.changes, text.span, quoted);
}
