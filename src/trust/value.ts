/**
 * The values that every reader produces, whatever language they were written in. Nothing is guessed: what could not be
 * worked out is an `unknown` value, or a hole inside a text.
 */
import type { Span } from "./source.ts";

/**
 * Stands in a text for a part that is not known (`${var.org}` without a default). A Unicode noncharacter, which no text
 * may hold; a file that holds it all the same is read as unknown there, which is the safe side.
 */
export const hole = "\uFDD0";

/** From here on, a character of the text stands as it is in the source, until the next entry. */
export type Origin = { text: number; source: number };

export type TextValue = {
  kind: "text";
  text: string;
  /** The literal with its quotes. */
  span: Span;
  /** Where the characters of the text stand in the source; absent when the text was put together from several places. */
  origins?: Origin[];
  /** Why there are holes. */
  why?: string;
};
export type ListValue = { kind: "list"; items: Value[]; span: Span };
export type MapEntry = { key: string; keySpan: Span; value: Value };
export type MapValue = { kind: "map"; entries: MapEntry[]; span: Span };
export type PlainValue = { kind: "plain"; value: number | boolean | null; span: Span };
export type UnknownValue = { kind: "unknown"; why: string; span: Span };
export type Value = TextValue | ListValue | MapValue | PlainValue | UnknownValue;

/** A text that stands at a span without a place for each character. */
export function textValue(text: string, span: Span, why?: string): TextValue {
  return why === undefined ? { kind: "text", text, span } : { kind: "text", text, span, why };
}

/** A value that is not known, and why. */
export function unknownValue(why: string, span: Span): UnknownValue {
  return { kind: "unknown", why, span };
}

/** Value of a key, letter case ignored where asked; the last one written wins, as in every JSON reader that IAM and Terraform use. */
export function entryOf(value: Value | undefined, key: string, ignoreCase = false): MapEntry | undefined {
  if (value?.kind !== "map") return undefined;
  const wanted = ignoreCase ? key.toLowerCase() : key;
  return value.entries.findLast((entry) => (ignoreCase ? entry.key.toLowerCase() : entry.key) === wanted);
}

/** `entryOf(...)?.value` along a path of keys. */
export function valueAt(value: Value | undefined, ...path: string[]): Value | undefined {
  let at = value;
  for (const key of path) at = entryOf(at, key)?.value;
  return at;
}

/** A list as it is, one value as a list of one, nothing as an empty list: IAM, Terraform and Vault read a single value so. */
export function itemsOf(value: Value | undefined): Value[] {
  if (value === undefined || (value.kind === "plain" && value.value === null)) return [];
  return value.kind === "list" ? value.items : [value];
}

/** The text of a value: numbers and booleans as they are written. Undefined for lists, maps, null and unknown values. */
export function textOf(value: Value | undefined): string | undefined {
  if (value?.kind === "text") return value.text;
  if (value?.kind === "plain" && value.value !== null) return String(value.value);
  return undefined;
}

/** The text of a value with a hole for one that is not known. Undefined for what is no text at all. */
export function textOrHole(value: Value): string | undefined {
  return value.kind === "unknown" ? hole : textOf(value);
}

/** The first reason in a value, at any depth, for which it is not wholly known. Stops at the first. */
export function whyUnknown(value: Value | undefined): { why: string; span: Span } | undefined {
  if (value === undefined) return undefined;
  switch (value.kind) {
    case "unknown":
      return { why: value.why, span: value.span };
    case "text":
      return value.text.includes(hole)
        ? { why: value.why ?? "part of the text is not known", span: value.span }
        : undefined;
    case "list":
      return firstOf(value.items);
    case "map":
      return firstOf(value.entries.map((entry) => entry.value));
    default:
      return undefined;
  }
}

function firstOf(values: Value[]): { why: string; span: Span } | undefined {
  for (const value of values) {
    const found = whyUnknown(value);
    if (found) return found;
  }
  return undefined;
}

/** The span of characters [start, end) of a text where they stand one by one in the source; else of the whole literal. */
export function spanInside(value: TextValue, start: number, end: number): Span {
  const from = sourceOffset(value, start);
  const to = end > start ? sourceOffset(value, end - 1) : from;
  if (from === undefined || to === undefined) return value.span;
  return { source: value.span.source, start: from, end: end > start ? to + 1 : to };
}

/** Where one character of the text stands in the source. */
export function sourceOffset(value: TextValue, at: number): number | undefined {
  const origins = value.origins;
  if (origins === undefined || origins.length === 0) return undefined;
  let low = 0;
  let high = origins.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (origins[middle]!.text <= at) low = middle;
    else high = middle - 1;
  }
  const found = origins[low]!;
  return found.text > at ? undefined : found.source + (at - found.text);
}

/** Puts a text together from pieces of the source and replaced pieces (escapes), keeping where each character came from. */
export function textBuilder(source: string): {
  /** Characters [from, to) of the source as they are. */
  copy(from: number, to: number): void;
  /** A text that stands for what begins at `from` in the source. */
  put(text: string, from: number): void;
  text(): string;
  origins(): Origin[];
} {
  const pieces: string[] = [];
  const origins: Origin[] = [];
  let length = 0;
  const add = (text: string, from: number): void => {
    if (text === "") return;
    const last = origins.at(-1);
    if (last === undefined || last.source + (length - last.text) !== from) origins.push({ text: length, source: from });
    pieces.push(text);
    length += text.length;
  };
  return {
    copy: (from, to) => add(source.slice(from, to), from),
    put: add,
    text: () => pieces.join(""),
    origins: () => origins,
  };
}
