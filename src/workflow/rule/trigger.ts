/** Who can start a run: events that strangers cause, and whether a condition on the job rules them out. */
import type { ExpressionNode, Job, Workflow } from "../model.ts";

/** Events with the rights and secrets of the base repository that somebody without write access can cause. */
export const outsiderEvents: ReadonlySet<string> = new Set([
  "pull_request_target",
  "workflow_run",
  "issue_comment",
  "issues",
  "discussion",
  "discussion_comment",
  "pull_request_review",
  "pull_request_review_comment",
  "fork",
  "watch",
]);

/** Events of the workflow that can start the job: those that its `if` does not exclude by name. */
export function eventsReaching(workflow: Workflow, job: Job): string[] {
  const events = workflow.on.map((trigger) => trigger.event);
  const ast = job.if?.expressions.length === 1 ? job.if.expressions[0]?.ast : undefined;
  return ast === undefined ? events : events.filter((event) => canHold(ast, event) !== false);
}

/** Whether a condition can hold for an event: undefined when the event alone does not tell. */
function canHold(node: ExpressionNode, event: string): boolean | undefined {
  if (node.type === "not") {
    const inner = canHold(node.operand, event);
    return inner === undefined ? undefined : !inner;
  }
  if (node.type !== "binary") return undefined;
  if (node.operator === "==" || node.operator === "!=") {
    const literal = isEventName(node.left) ? node.right : isEventName(node.right) ? node.left : undefined;
    if (literal?.type !== "literal" || typeof literal.value !== "string") return undefined;
    return (literal.value.toLowerCase() === event) === (node.operator === "==");
  }
  const left = canHold(node.left, event);
  const right = canHold(node.right, event);
  if (node.operator === "&&")
    return left === false || right === false ? false : left === true && right === true ? true : undefined;
  if (node.operator === "||")
    return left === true || right === true ? true : left === false && right === false ? false : undefined;
  return undefined;
}

function isEventName(node: ExpressionNode): boolean {
  return (
    node.type === "index" &&
    node.target.type === "context" &&
    node.target.name.toLowerCase() === "github" &&
    node.index.type === "literal" &&
    node.index.value === "event_name"
  );
}
