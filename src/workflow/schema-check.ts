/** Holds a workflow's tree against the forms that GitHub's parser takes. */
import { nearestName } from "../error.ts";
import type { Span, SyntaxProblem, YamlEntry, YamlMap, YamlNode, YamlScalar } from "./model.ts";
import { type Shape, workflowShape } from "./schema.ts";

/** What GitHub refuses. `open`: a key or event that no schema known here has; newer syntax may have it. */
export type SchemaProblem = SyntaxProblem & { open: boolean };

/** More than anyone mends at once. */
const most = 20;

type Check = { problems: SchemaProblem[]; seen: Set<YamlNode> };

/** In: the root of a workflow. Out: what GitHub would refuse in it, in document order; at most 20. */
export function schemaProblems(root: YamlMap): SchemaProblem[] {
  const check: Check = { problems: [], seen: new Set() };
  checkNode(check, root, workflowShape, root.span);
  return check.problems.sort((a, b) => a.span.start - b.span.start);
}

function report(check: Check, span: Span, message: string, open = false): void {
  if (check.problems.length < most) check.problems.push({ message, span, open });
}

/** `place`: where to show a value that is not there. */
function checkNode(check: Check, node: YamlNode, shape: Shape, place: Span): void {
  if (shape.kind === "any") return;
  // Most of a file: a text where any will do.
  const plain = shape.kind === "text" && shape.words === undefined && node.kind === "scalar";
  if (plain ? shape.filled !== true || node.text !== "" : isComputed(node)) return;
  if (shape.kind === "choice") {
    const fitting = shape.shapes.find((one) => fitsKind(node, one)) ?? shape.shapes.find((one) => isOf(node, one));
    if (fitting !== undefined) checkNode(check, node, fitting, place);
    else refuse(check, node, shape, place);
    return;
  }
  if (shape.kind === "by-key") {
    if (node.kind !== "map") refuse(check, node, shape, place);
    else {
      const chosen =
        shape.cases.find(([key]) => node.entries.some((entry) => entry.key.text === key)) ?? shape.cases.at(-1);
      if (chosen !== undefined) checkNode(check, node, chosen[1], place);
    }
    return;
  }
  if (!isOf(node, shape)) {
    refuse(check, node, shape, place);
    return;
  }
  if (node.kind === "scalar") {
    if (!fitsKind(node, shape)) refuse(check, node, shape, place);
    return;
  }
  // What an alias repeats is looked at where it is written.
  if (check.seen.has(node)) return;
  check.seen.add(node);
  if (node.kind === "seq" && shape.kind === "list")
    for (const item of node.items) checkNode(check, item.value, shape.item, item.span);
  if (node.kind === "map" && shape.kind === "map") checkMap(check, node, shape, place);
}

function checkMap(check: Check, node: YamlMap, shape: Extract<Shape, { kind: "map" }>, place: Span): void {
  const names = new Set<string>();
  for (const entry of node.entries) {
    const { key } = entry;
    names.add(key.text);
    const inner = Object.hasOwn(shape.keys, key.text) ? shape.keys[key.text] : shape.rest;
    if (inner !== undefined) checkNode(check, entry.value, inner, key.span);
    else if (!isSpecial(entry)) unknownKey(check, key, shape);
  }
  // A merge key may bring what is missing; it is refused for itself.
  if (names.has("<<") || node.entries.some((entry) => entry.key.text.includes("${{"))) return;
  for (const name of shape.needs)
    if (!names.has(name) && !(name === "on" && names.has("true")))
      report(check, headOf(node, place), `a ${shape.of} needs the key ${name}`);
}

/** Keys that other checks speak of: merge keys, `on` read as true, computed ones. */
function isSpecial({ key }: YamlEntry): boolean {
  return key.text === "<<" || key.text === "true" || key.text.includes("${{");
}

function unknownKey(check: Check, key: YamlScalar, shape: Extract<Shape, { kind: "map" }>): void {
  const nearest = nearestName(key.text, Object.keys(shape.keys));
  const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
  report(check, key.span, `${key.text.slice(0, 60)} is no key of a ${shape.of}${hint}`, true);
}

/** The first key of a mapping: its whole would mark the file. */
function headOf(node: YamlMap, place: Span): Span {
  return node.entries[0]?.key.span ?? place;
}

function isComputed(node: YamlNode): boolean {
  return node.kind === "scalar" && node.text.includes("${{");
}

/** Whether a node is of the sort that a shape speaks of: text, list or mapping. */
function isOf(node: YamlNode, shape: Shape): boolean {
  switch (shape.kind) {
    case "map":
    case "by-key":
      return node.kind === "map";
    case "list":
      return node.kind === "seq";
    case "choice":
      return shape.shapes.some((one) => isOf(node, one));
    case "any":
      return true;
    default:
      return node.kind === "scalar";
  }
}

/** Whether a node fits a shape, its inside not looked at. */
function fitsKind(node: YamlNode, shape: Shape): boolean {
  if (!isOf(node, shape)) return false;
  if (node.kind !== "scalar") return true;
  switch (shape.kind) {
    case "nothing":
      return node.value === null;
    case "boolean":
      return typeof node.value === "boolean";
    case "number":
      return typeof node.value === "number";
    case "text":
      if (shape.words !== undefined) return node.value !== null && shape.words.includes(node.text);
      return shape.filled !== true || (node.value !== null && node.text !== "");
    default:
      return true;
  }
}

function refuse(check: Check, node: YamlNode, shape: Shape, place: Span): void {
  const span = node.span.end > node.span.start ? node.span : place;
  const first = node.kind === "scalar" || node.kind === "seq" ? span : headOf(node, span);
  const words = shape.kind === "text" ? shape.words : undefined;
  const open = words !== undefined && words.length > 5 && node.kind === "scalar" && node.value !== null;
  report(check, first, `expected ${named(shape)}, found ${found(node)}`, open);
}

/** A shape in words. */
function named(shape: Shape): string {
  switch (shape.kind) {
    case "text":
      if (shape.words !== undefined) return shape.words.length > 5 ? "an event's name" : shape.words.join(" or ");
      return "a text";
    case "boolean":
      return "true or false";
    case "number":
      return "a number";
    case "nothing":
      return "nothing";
    case "list":
      return "a list";
    case "map":
      return `a mapping (${shape.of})`;
    case "by-key":
      return "a mapping";
    case "choice":
      return [...new Set(shape.shapes.map(named))].join(", or ");
    case "any":
      return "anything";
  }
}

/** What stands there, without what it says: it may be a secret. */
function found(node: YamlNode): string {
  if (node.kind === "map") return "a mapping";
  if (node.kind === "seq") return "a list";
  if (node.value === null) return "nothing";
  return typeof node.value === "string" ? (node.text === "" ? "an empty text" : "a text") : `a ${typeof node.value}`;
}
