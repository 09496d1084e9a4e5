/** The functions of Terraform that trust policies are written with. Source: Terraform and OpenTofu docs, "Built-in functions". */
import { textLimit } from "./evaluate.ts";
import { readJsonText } from "./json-read.ts";
import type { Span } from "./source.ts";
import { joined } from "./text-value.ts";
import {
  hole,
  type ListValue,
  type MapEntry,
  textOf,
  textOrHole,
  textValue,
  unknownValue,
  type Value,
} from "./value.ts";

/** The value of a call; undefined for a function that is not listed here. Bicep's functions of the same names do the same. */
export function callHcl(name: string, args: Value[], span: Span): Value | undefined {
  const first = args[0];
  if (first === undefined)
    return Object.hasOwn(functions, name) ? unknownValue(`${name} without arguments`, span) : undefined;
  return Object.hasOwn(functions, name) ? functions[name]!(first, args, span) : undefined;
}

const same = (first: Value): Value => first;

const functions: Record<string, (first: Value, args: Value[], span: Span) => Value> = {
  // The document itself: it is read as what it encodes.
  jsonencode: same,
  string: same,
  json: (first) => decoded(first),
  jsondecode: (first) => decoded(first),
  tostring: same,
  sensitive: same,
  nonsensitive: same,
  toset: distinct,
  tolist: same,
  tomap: same,
  distinct,
  array: (_first, args, span) => ({ kind: "list", items: args, span }),
  createArray: (_first, args, span) => ({ kind: "list", items: args, span }),
  list: (_first, args, span) => ({ kind: "list", items: args, span }),
  sort: same,
  one: (first, _args, span) =>
    first.kind === "list" && first.items.length === 1
      ? first.items[0]!
      : unknownValue("one of a list that is not known", span),
  concat: (_first, args, span) => {
    if (args.every((arg) => arg.kind === "text" || arg.kind === "plain")) return concatenated(args, span);
    const items = args.flatMap((arg) =>
      arg.kind === "list" ? arg.items : [unknownValue("a list is not known", arg.span)],
    );
    return { kind: "list", items, span };
  },
  setunion: (first, args) =>
    distinct({
      kind: "list",
      items: args.flatMap((arg) => (arg.kind === "list" ? arg.items : [unknownValue("a set is not known", arg.span)])),
      span: first.span,
    }),
  flatten: (first, _args, span) => flattened(first, span, 0),
  compact: (first) =>
    first.kind === "list"
      ? {
          ...first,
          items: first.items.filter((item) => textOf(item) !== "" && !(item.kind === "plain" && item.value === null)),
        }
      : first,
  coalesce: (_first, args, span) =>
    args.find((arg) => !(arg.kind === "plain" && arg.value === null) && textOf(arg) !== "") ??
    unknownValue("nothing to take", span),
  // Whether an expression fails is known only to Terraform: a first argument that is known does not.
  try: same,
  merge: (_first, args, span) => {
    const entries: MapEntry[] = [];
    for (const arg of args) {
      if (arg.kind !== "map") return unknownValue(arg.kind === "unknown" ? arg.why : "a merged value is no map", span);
      entries.push(...arg.entries);
    }
    return { kind: "map", entries, span };
  },
  keys: (first, _args, span) =>
    first.kind === "map"
      ? { kind: "list", items: first.entries.map(({ key, keySpan }) => textValue(key, keySpan)), span }
      : unknownValue("the keys are not known", span),
  values: (first, _args, span) =>
    first.kind === "map"
      ? { kind: "list", items: first.entries.map(({ value }) => value), span }
      : unknownValue("the values are not known", span),
  lookup: (first, args, span) => {
    const key = textOf(args[1]);
    if (first.kind !== "map" || key === undefined || key.includes(hole))
      return unknownValue("a looked-up value is not known", span);
    return (
      first.entries.findLast((entry) => entry.key === key)?.value ?? args[2] ?? unknownValue(`there is no ${key}`, span)
    );
  },
  element: (first, args, span) => {
    const index = Number(textOf(args[1]));
    return first.kind === "list" && first.items.length > 0 && Number.isInteger(index) && index >= 0
      ? first.items[index % first.items.length]!
      : unknownValue("an element is not known", span);
  },
  join: (first, args, span) => {
    // Terraform puts the separator first, Bicep the list.
    const [list, separator] = first.kind === "list" ? [first, args[1]] : [args[1], first];
    if (list?.kind !== "list" || separator === undefined)
      return unknownValue(list?.kind === "unknown" ? list.why : "a joined list is not known", span);
    return joined(list, textOrHole(separator), span);
  },
  split: (first, args, span) => {
    const separator = textOf(first);
    const text = textOf(args[1]);
    if (
      separator === undefined ||
      text === undefined ||
      separator === "" ||
      text.includes(hole) ||
      separator.includes(hole)
    )
      return unknownValue("a split text is not known", span);
    return {
      kind: "list",
      items: text.split(separator).map((part) => textValue(part, span)),
      span,
    } satisfies ListValue;
  },
  format: (first, args, span) => formatted(first, args.slice(1), span),
  formatlist: (first, args, span) => formattedList(first, args.slice(1), span),
  replace: (first, args, span) => {
    const text = textOrHole(first);
    const from = textOf(args[1]);
    const to = textOrHole(args[2] ?? unknownValue("", span));
    if (text === undefined || from === undefined || to === undefined || from.includes(hole) || from === "")
      return unknownValue("a replaced text is not known", span);
    // Between slashes stands a regular expression.
    if (from.length > 2 && from.startsWith("/") && from.endsWith("/")) {
      const plain = /^\/\^?([A-Za-z0-9 :/_-]+|https\?:\/\/)\/$/.exec(from.replaceAll("\\/", "/"));
      if (plain === null) return unknownValue("a replaced pattern is not worked out", span);
      const literal = plain[1]!;
      if (literal === "https?://")
        return textValue(
          text.replace(/^https?:\/\//, () => to),
          span,
          whyOf(first),
        );
      return textValue(
        text.replaceAll(literal, () => to),
        span,
        whyOf(first),
      );
    }
    const result = text.replaceAll(from, () => to);
    return result.length > textLimit
      ? unknownValue("the text is too long", span)
      : textValue(result, span, whyOf(first));
  },
  lower: (first, _args, span) => onText(first, span, (text) => text.toLowerCase()),
  toLower: (first, _args, span) => onText(first, span, (text) => text.toLowerCase()),
  upper: (first, _args, span) =>
    onText(first, span, (text) => text.replace(/[^\uFDD0]+/g, (part) => part.toUpperCase())),
  trimspace: (first, _args, span) => onText(first, span, (text) => text.trim()),
  chomp: (first, _args, span) => onText(first, span, (text) => text.replace(/[\r\n]+$/, "")),
  trimprefix: (first, args, span) =>
    onText(first, span, (text) =>
      text.startsWith(textOf(args[1]) ?? hole) ? text.slice((textOf(args[1]) ?? "").length) : text,
    ),
  trimsuffix: (first, args, span) =>
    onText(first, span, (text) =>
      text.endsWith(textOf(args[1]) ?? hole) ? text.slice(0, text.length - (textOf(args[1]) ?? "").length) : text,
    ),
};

function whyOf(value: Value | undefined): string | undefined {
  return value?.kind === "unknown" || value?.kind === "text" ? value.why : undefined;
}

function onText(value: Value, span: Span, change: (text: string) => string): Value {
  const text = textOrHole(value);
  return text === undefined ? unknownValue("a text is not known", span) : textValue(change(text), span, whyOf(value));
}

function decoded(value: Value): Value {
  return value.kind === "text" ? (readJsonText(value) ?? unknownValue("the JSON cannot be read", value.span)) : value;
}

function concatenated(args: readonly Value[], span: Span): Value {
  const text = args.map((arg) => textOrHole(arg) ?? hole).join("");
  return text.length > textLimit
    ? unknownValue("the text is too long", span)
    : textValue(
        text,
        span,
        args.map(whyOf).find((why) => why !== undefined),
      );
}

function distinct(value: Value): Value {
  if (value.kind !== "list") return value;
  const seen = new Set<string>();
  const items = value.items.filter((item) => {
    const text = textOf(item);
    if (text === undefined || text.includes(hole)) return true;
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
  return { ...value, items };
}

function flattened(value: Value, span: Span, depth: number): Value {
  if (value.kind !== "list") return value;
  if (depth > 20) return unknownValue("nested too deeply", span);
  const items = value.items.flatMap((item) => {
    const flat = flattened(item, span, depth + 1);
    return flat.kind === "list" ? flat.items : [flat];
  });
  return { ...value, items };
}

/** `format("%s/%s", a, b)` of Terraform and `format('{0}/{1}', a, b)` of Bicep. */
function formatted(template: Value, args: readonly Value[], span: Span): Value {
  const text = textOf(template);
  if (text === undefined) return unknownValue("a format is not known", span);
  let next = 0;
  let why = whyOf(template);
  const piece = (index: number): string => {
    const value = args[index];
    why ??= whyOf(value);
    return value === undefined ? hole : (textOrHole(value) ?? hole);
  };
  const result = text.replace(
    /%(?:%|\[([0-9]{1,3})\][sdvq]|[sdvq])|\{([0-9]{1,3})\}/g,
    (all, position: string | undefined, field: string | undefined) => {
      if (all === "%%") return "%";
      if (field !== undefined) return Number(field) < args.length ? piece(Number(field)) : all;
      const filled = piece(position === undefined ? next++ : Number(position) - 1);
      return all.endsWith("q") ? `"${filled}"` : filled;
    },
  );
  return result.length > textLimit ? unknownValue("the text is too long", span) : textValue(result, span, why);
}

function formattedList(template: Value, args: readonly Value[], span: Span): Value {
  const lengths = args.filter((arg) => arg.kind === "list").map((arg) => arg.items.length);
  if (
    args.some((arg) => arg.kind === "unknown") ||
    lengths.length === 0 ||
    lengths.some((length) => length !== lengths[0])
  )
    return unknownValue("a formatted list is not known", span);
  const items = Array.from({ length: lengths[0]! }, (_, index) => {
    const row = args.map((arg) => (arg.kind === "list" ? arg.items[index]! : arg));
    const at = row.find((value) => value.kind === "text")?.span ?? span;
    return { ...formatted(template, row, span), span: at } as Value;
  });
  return { kind: "list", items, span };
}
