/** Steps put into a list of steps and taken out of it. */
import type { Step, YamlItem, YamlSeq } from "../workflow/model.ts";
import { entryOf } from "../workflow/node.ts";
import type { NewStep, StepInsert } from "./change.ts";
import {
  aboveComment,
  indentUnit,
  itemOf,
  type ListLayout,
  lineEnd,
  lineKind,
  lineStart,
  listLayout,
  nextLine,
} from "./layout.ts";
import type { Piece, Writing } from "./piece.ts";
import { refuse } from "./refusal.ts";

import { blockLines, flowText, type NewEntry } from "./yaml-write.ts";

/** The steps to put in, each before its step, above the comment that belongs to that step. */
export function insertPieces(writing: Writing): Piece[] {
  return writing.changes.inserts.map((insert, at) => insertPiece(writing, insert, at));
}

function place(insert: { job: StepInsert["job"]; step: Step }): { list: YamlSeq; item: YamlItem } {
  const found = itemOf(entryOf(insert.job.map, "steps")?.value, insert.step.map);
  if (found === undefined || found.item.alias) refuse("the steps are repeated by a YAML alias");
  return found;
}

function insertPiece(writing: Writing, insert: StepInsert, order: number): Piece {
  const { bytes, changes } = writing;
  const { list, item } = place({ job: insert.job, step: insert.before });
  const rank = 5000 + order;
  if (list.flow) {
    const at = item.span.start;
    return { start: at, end: at, text: `{ ${flowText(entriesOf(insert.step))} }, `, rank };
  }
  const layout = layoutOf(writing, list, item);
  const at = list.items.indexOf(item);
  const previous = list.items[at - 1];
  const floor = previous === undefined ? 0 : nextLine(bytes, previous.span.end);
  const start = aboveComment(bytes, item.span.start, floor);
  const lines = stepLines(insert.step, layout, indentUnit(changes.source, stepMaps(insert)));
  const blank = hasBlankBetween(writing, list, at);
  return {
    start,
    end: start,
    text: [...lines, ...(blank ? [""] : [])].map((line) => line + lineEnd(bytes)).join(""),
    rank,
  };
}

/** The layout of the item itself, else of any other of its list. */
function layoutOf({ changes }: Writing, list: YamlSeq, item: YamlItem): ListLayout {
  const layout = [item, ...list.items].map((one) => listLayout(changes.source, one)).find((one) => one !== undefined);
  return layout ?? refuse("the steps are written in a way that cannot be followed");
}

function stepMaps(insert: StepInsert) {
  return [...insert.job.steps.filter((step) => !step.map.flow).map((step) => step.map), insert.job.map];
}

/** Whether the steps of a list are set apart by blank lines: looked at above the item, or below it when it is the first. */
function hasBlankBetween({ bytes }: Writing, list: YamlSeq, at: number): boolean {
  const from = list.items[Math.max(0, at - 1)];
  const to = list.items[Math.max(1, at)];
  if (from === undefined || to === undefined) return false;
  for (let line = nextLine(bytes, from.span.end); line < to.span.start; line = nextLine(bytes, line))
    if (lineKind(bytes, line) === "blank") return true;
  return false;
}

function entriesOf(step: NewStep): NewEntry[] {
  return [
    ...(step.name === undefined ? [] : [{ key: "name", value: step.name }]),
    ...(step.id === undefined ? [] : [{ key: "id", value: step.id }]),
    ...(step.if === undefined ? [] : [{ key: "if", value: step.if }]),
    { key: "uses", value: step.uses, ...(step.pin !== undefined && { comment: step.pin }) },
    ...(step.with.length === 0 ? [] : [{ key: "with", value: step.with }]),
  ];
}

function stepLines(step: NewStep, layout: ListLayout, unit: number): string[] {
  const lines = blockLines(entriesOf(step), layout.key, unit);
  if (layout.split) return [`${" ".repeat(layout.dash)}-`, ...lines];
  const [first = "", ...rest] = lines;
  const dash = `${" ".repeat(layout.dash)}-${" ".repeat(layout.key - layout.dash - 1)}`;
  return [dash + first.slice(layout.key), ...rest];
}

/** The lines of removed steps; of the blank lines on both sides one is left. */
export function removedStepPieces(writing: Writing): Piece[] {
  const { bytes, changes } = writing;
  return [...changes.removedSteps].map(([step, job]): Piece => {
    const { list, item } = place({ job, step });
    const left = list.items.filter((one) => ![...changes.removedSteps.keys()].some((gone) => gone.map === one.value));
    if (left.length === 0) refuse("the job would be left without steps");
    if (list.flow) return flowRemoval(list, item);
    const start = lineStart(bytes, item.span.start);
    let end = nextLine(bytes, item.span.end);
    const above = start > 0 && lineKind(bytes, lineStart(bytes, start - 1)) === "blank";
    if (above && end < bytes.length && lineKind(bytes, end) === "blank") end = nextLine(bytes, end);
    return { start, end, text: "", rank: 0 };
  });
}

function flowRemoval(list: YamlSeq, item: YamlItem): Piece {
  const at = list.items.indexOf(item);
  const next = list.items[at + 1];
  if (next) return { start: item.span.start, end: next.span.start, text: "", rank: 0 };
  const previous = list.items[at - 1];
  return { start: previous?.span.end ?? item.span.start, end: item.span.end, text: "", rank: 0 };
}
