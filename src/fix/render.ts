/** Changes of a file as splices of bytes. */
import type { Span, YamlEntry, YamlMap } from "../workflow/model.ts";
import type { Changes, MapChange } from "./change.ts";
import { lineEnd } from "./layout.ts";
import { blockPieces, flowPieces, hollow } from "./map-lines.ts";
import type { Piece, Writing } from "./piece.ts";
import { refuse } from "./refusal.ts";
import type { Splice } from "./splice.ts";
import { insertPieces, removedStepPieces } from "./step-lines.ts";
import { holdsShared, isShared } from "./tree.ts";

/**
 * The splices of a file's changes. In: the changes. Out: splices that do not overlap, in order.
 * Throws Refused where the file is written in a way that cannot be edited safely.
 */
export function splicesOf(changes: Changes): Splice[] {
  const { source } = changes;
  const writing: Writing = { bytes: source.bytes, eol: lineEnd(source.bytes), changes };
  const maps = withEmptied(changes);
  const gone: Span[] = [
    ...[...maps.values()].flatMap((change) => [...change.remove].map((entry) => entry.span)),
    ...[...changes.removedSteps.keys()].map((step) => step.span),
  ];
  const isGone = (span: Span): boolean => gone.some((one) => one.start <= span.start && span.end <= one.end);
  const pieces: Piece[] = [];
  for (const [map, change] of maps) {
    if (isGoneMap(changes, maps, map)) continue;
    if (change.remove.size === map.entries.length && change.add.length + change.above.size === 0)
      pieces.push(hollow(writing, map));
    else pieces.push(...(map.flow ? flowPieces(writing, map, change) : blockPieces(writing, map, change)));
  }
  for (const { span, text } of changes.texts.values()) {
    if (!isGone(span)) pieces.push({ ...span, text, rank: 0 });
  }
  pieces.push(...insertPieces(writing), ...removedStepPieces(writing));
  return joined(writing, pieces);
}

/** Whether a mapping goes with an entry above it or with its step. An entry that is all of its mapping has the same span, so spans do not tell. */
function isGoneMap(changes: Changes, maps: ReadonlyMap<YamlMap, MapChange>, map: YamlMap): boolean {
  for (let at: YamlMap | undefined = map; at !== undefined; ) {
    const here: YamlMap = at;
    if ([...changes.removedSteps.keys()].some((step) => step.map === here)) return true;
    const parent = changes.tree.parents.get(here);
    if (parent !== undefined && maps.get(parent.map)?.remove.has(parent.entry)) return true;
    at = parent?.map;
  }
  return false;
}

/** Keys that mean nothing without what is under them. */
const removable = new Set(["with", "env", "secrets", "credentials"]);

/** The map changes, with every mapping that would be left empty taken out of the one above it. */
function withEmptied(changes: Changes): Map<YamlMap, MapChange> {
  const maps = new Map(
    [...changes.maps].map(([map, change]): [YamlMap, MapChange] => [
      map,
      { ...change, remove: new Set(change.remove) },
    ]),
  );
  for (let again = true; again; ) {
    again = false;
    for (const [map, change] of maps) {
      const left = map.entries.length - change.remove.size + change.add.length + change.above.size;
      if (left > 0 || change.remove.size === 0) continue;
      const parent = changes.tree.parents.get(map);
      if (parent === undefined) refuse("nothing would be left of this mapping");
      // Other keys say something without a value too: `workflow_call:` is a trigger.
      if (!removable.has(parent.entry.key.text)) continue;
      if (isShared(changes.tree, parent.entry.span) || holdsShared(changes.tree, parent.entry.span))
        refuse("a YAML alias repeats the mapping that would be left empty");
      maps.delete(map);
      const above = maps.get(parent.map) ?? { remove: new Set<YamlEntry>(), add: [], above: new Map() };
      above.remove.add(parent.entry);
      maps.set(parent.map, above);
      again = true;
      break;
    }
  }
  return maps;
}

/** Pieces as splices: those that touch become one, and a file that ended without a line end still does. */
function joined(writing: Writing, pieces: readonly Piece[]): Splice[] {
  const sorted = [...pieces].sort((a, b) => a.start - b.start || a.end - b.end || a.rank - b.rank);
  const splices: Splice[] = [];
  for (const { start, end, text } of sorted) {
    const last = splices.at(-1);
    if (last !== undefined && last.end === start)
      splices[splices.length - 1] = { start: last.start, end, text: last.text + text };
    else splices.push({ start, end, text });
  }
  return splices.map((one) => atFileEnd(writing, one));
}

function atFileEnd({ bytes, eol }: Writing, one: Splice): Splice {
  if (one.end !== bytes.length || one.end === one.start || bytes.at(-1) === 10) return one;
  if (one.text.endsWith(eol)) return { ...one, text: one.text.slice(0, -eol.length) };
  if (one.text !== "" || bytes[one.start - 1] !== 10) return one;
  return { ...one, start: one.start - (bytes[one.start - 2] === 13 ? 2 : 1) };
}
