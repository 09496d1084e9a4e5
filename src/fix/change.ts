/** What is to change in one file, in terms of its tree; written down first, turned into bytes together, so that fixes of one file fit each other. */
import type { Job, Source, Span, Step, YamlEntry, YamlMap, YamlScalar } from "../workflow/model.ts";
import { refuse } from "./refusal.ts";
import { holdsShared, isShared, type Tree } from "./tree.ts";
import type { NewEntry } from "./yaml-write.ts";

export type MapChange = {
  remove: Set<YamlEntry>;
  /** In order; where something is removed they take its place, else they follow the last entry. */
  add: NewEntry[];
  /** Put in above an entry instead. */
  above: Map<YamlEntry, NewEntry[]>;
};

/** A step to put in. `pin` is the comment behind a commit id. */
export type NewStep = { name?: string; id?: string; if?: string; uses: string; pin?: string; with: NewEntry[] };

export type StepInsert = { job: Job; before: Step; step: NewStep };

export type Changes = {
  source: Source;
  tree: Tree;
  maps: Map<YamlMap, MapChange>;
  /** New texts of bytes that are no whole entries: values, keys, parts of scripts, comments. */
  texts: Map<number, { span: Span; text: string }>;
  inserts: StepInsert[];
  removedSteps: Map<Step, Job>;
};

export function noChanges(source: Source, tree: Tree): Changes {
  return { source, tree, maps: new Map(), texts: new Map(), inserts: [], removedSteps: new Map() };
}

/** A copy that can be thrown away, so that a refused fix leaves nothing behind. */
export function copyOf(changes: Changes): Changes {
  return {
    ...changes,
    maps: new Map(
      [...changes.maps].map(([map, change]) => [
        map,
        { remove: new Set(change.remove), add: [...change.add], above: new Map(change.above) },
      ]),
    ),
    texts: new Map(changes.texts),
    inserts: [...changes.inserts],
    removedSteps: new Map(changes.removedSteps),
  };
}

function changeOf(changes: Changes, map: YamlMap): MapChange {
  let change = changes.maps.get(map);
  if (change === undefined) {
    change = { remove: new Set(), add: [], above: new Map() };
    changes.maps.set(map, change);
  }
  return change;
}

const sharedReason =
  "these bytes are repeated elsewhere by a YAML alias, so a change here would change another place too";

/** Throws Refused where the bytes stand for more than one place. */
export function requireOwn(changes: Changes, span: Span): void {
  if (isShared(changes.tree, span)) refuse(sharedReason);
}

/** Takes an entry out of a mapping; a mapping that is left empty goes with it. Throws Refused where an alias needs it. */
export function removeEntry(changes: Changes, map: YamlMap, entry: YamlEntry): void {
  requireOwn(changes, entry.span);
  if (holdsShared(changes.tree, entry.span)) refuse("it holds a YAML anchor that another place repeats");
  changeOf(changes, map).remove.add(entry);
}

export function isRemoved(changes: Changes, map: YamlMap, entry: YamlEntry): boolean {
  return changes.maps.get(map)?.remove.has(entry) === true;
}

/**
 * Adds an entry: behind the last one, or above the entry that is named. The same entry twice is one; another value under the same key is refused.
 */
export function addEntry(changes: Changes, map: YamlMap, entry: NewEntry, above?: YamlEntry): void {
  requireOwn(changes, map.span);
  const change = changeOf(changes, map);
  const list = above === undefined ? change.add : (change.above.get(above) ?? []);
  const merged = mergedEntries(list, [entry]);
  if (above === undefined) change.add = merged;
  else change.above.set(above, merged);
}

/** Puts an entry in the place of one that a fix has already put above another. */
export function replaceAdded(changes: Changes, map: YamlMap, entry: NewEntry, above: YamlEntry): void {
  requireOwn(changes, map.span);
  const change = changeOf(changes, map);
  const others = (change.above.get(above) ?? []).filter((one) => one.key !== entry.key);
  change.above.set(above, [...others, entry]);
}

function mergedEntries(present: readonly NewEntry[], more: readonly NewEntry[]): NewEntry[] {
  const merged = [...present];
  for (const entry of more) {
    const at = merged.findIndex((one) => one.key === entry.key);
    const same = merged[at];
    if (same === undefined) merged.push(entry);
    else if (typeof same.value !== "string" && typeof entry.value !== "string")
      merged[at] = { ...same, value: mergedEntries(same.value, entry.value) };
    else if (same.value !== entry.value) refuse(`another fix writes a different ${entry.key} in the same place`);
  }
  return merged;
}

/** Puts text in the place of bytes inside a scalar, a key or a comment. */
export function setText(changes: Changes, span: Span, text: string): void {
  requireOwn(changes, span);
  const present = changes.texts.get(span.start);
  if (present !== undefined && present.text === "" && span.end === span.start) {
    // What is put in where something was taken out takes its place.
    changes.texts.set(span.start, { span: present.span, text });
    return;
  }
  if (present !== undefined && (present.span.end !== span.end || present.text !== text))
    refuse("another fix changes the same value");
  changes.texts.set(span.start, { span, text });
}

/** Sets the value of a scalar entry, in the quotes it has. Throws Refused for values of several lines and for other nodes. */
export function setValue(changes: Changes, entry: YamlEntry, value: string, plainText: string): void {
  if (entry.alias) {
    setText(changes, entry.alias.span, plainText);
    return;
  }
  const scalar = entry.value;
  if (scalar.kind !== "scalar" || scalar.style === "empty" || scalar.style === "literal" || scalar.style === "folded")
    refuse(`the value of ${entry.key.text} is written over several lines`);
  setText(changes, scalar.span, quotedAs(scalar, value, plainText));
}

function quotedAs(scalar: YamlScalar, value: string, plainText: string): string {
  if (scalar.style === "single" && !value.includes("'")) return `'${value}'`;
  if (scalar.style === "double" && !/["\\]/.test(value)) return `"${value}"`;
  return plainText;
}

/**
 * Puts a step before another. A step that does the same in the same job is put in once, before the first of the two; it then runs when either would.
 */
export function insertStep(changes: Changes, insert: StepInsert): void {
  const { if: condition, ...what } = insert.step;
  const at = changes.inserts.findIndex((one) => {
    const { if: _, ...other } = one.step;
    return one.job === insert.job && JSON.stringify(other) === JSON.stringify(what);
  });
  const present = changes.inserts[at];
  if (present === undefined) {
    changes.inserts.push(insert);
    return;
  }
  const before = insert.before.index < present.before.index ? insert.before : present.before;
  const both = eitherCondition(present.step.if, condition);
  changes.inserts[at] = {
    ...present,
    before,
    step: { ...withoutCondition(present.step), ...(both !== undefined && { if: both }) },
  };
}

function withoutCondition(step: NewStep): NewStep {
  const { if: _, ...rest } = step;
  return rest;
}

/** A condition under which either of two holds; none where one always does, or where it would read steps that come later. */
function eitherCondition(a: string | undefined, b: string | undefined): string | undefined {
  if (a === b) return a;
  if (a === undefined || b === undefined || /\bsteps\./.test(a + b) || a.includes("${{") || b.includes("${{"))
    return undefined;
  return `(${a}) || (${b})`;
}

/** Takes a step out of a job. Throws Refused when it is the only one. */
export function removeStep(changes: Changes, job: Job, step: Step): void {
  requireOwn(changes, step.span);
  if (holdsShared(changes.tree, step.span)) refuse("the step holds a YAML anchor that another place repeats");
  changes.removedSteps.set(step, job);
}
