/** Which of the findings in a content stand on lines that a change adds. */
import type { Change } from "../git/change.ts";
import { addedLines, type LineRange } from "../git/line-diff.ts";
import { type ObjectSource, packObjectIds, readObjects } from "../git/object.ts";
import type { Found } from "./blob-scanner.ts";

/** What a change is compared with and by. */
export type Compared = Pick<Change, "oid" | "olds">;

/**
 * The lines that each change adds.
 * In: changes. Out: for each its ranges, in order; undefined where all of the content counts as added: it is new, or one of the contents is too large
 * to compare or missing (whoever scans it says so). One process reads all of them, and only the contents of one change are held at a time.
 */
export async function linesAdded(
  source: ObjectSource,
  changes: readonly Compared[],
): Promise<(LineRange[] | undefined)[]> {
  const ranges: (LineRange[] | undefined)[] = changes.map(() => undefined);
  const plan: { oid: string; change: number; isNew: boolean }[] = [];
  changes.forEach(({ oid, olds }, change) => {
    if (olds.every((old) => old === undefined)) return;
    for (const old of new Set(olds)) if (old !== undefined) plan.push({ oid: old, change, isNew: false });
    plan.push({ oid, change, isNew: true });
  });
  let next = 0;
  let held: { change: number; olds: Buffer[] } = { change: -1, olds: [] };
  await readObjects(source, packObjectIds(plan.map(({ oid }) => oid)), (object) => {
    if (object.offset > 0) return;
    // What is missing is not delivered.
    while (next < plan.length && plan[next]!.oid !== object.oid) next++;
    const step = plan[next++];
    if (step === undefined || !object.last) return;
    if (held.change !== step.change) held = { change: step.change, olds: [] };
    if (!step.isNew) {
      held.olds.push(Buffer.from(object.bytes));
      return;
    }
    ranges[step.change] = addedLines(held.olds, object.bytes);
    held = { change: -1, olds: [] };
  });
  return ranges;
}

/** Whether a finding, its other half or the step it is about touches added lines. In: `undefined`: everything is added. */
export function touches({ finding, related, step }: Found, ranges: readonly LineRange[] | undefined): boolean {
  if (ranges === undefined) return true;
  const { start, end } = step ?? finding.place;
  return ranges.some(
    (range) =>
      (start < range.end && Math.max(end, start + 1) > range.start) ||
      (related > 0 && related >= range.line && related <= range.endLine),
  );
}
