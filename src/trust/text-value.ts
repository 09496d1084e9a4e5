/** Texts put together from lists and formats. */
import { textLimit } from "./evaluate.ts";
import type { Argument } from "./expression.ts";
import type { Span } from "./source.ts";
import { hole, type ListValue, textOrHole, textValue, unknownValue, type Value } from "./value.ts";

/** The items of a list as one text. */
export function joined(list: ListValue, separator: string | undefined, span: Span): Value {
  const texts = list.items.map((item) => textOrHole(item));
  if (separator === undefined || texts.some((text) => text === undefined))
    return unknownValue("a joined list is not known", span);
  const text = texts.join(separator);
  return text.length > textLimit
    ? unknownValue("the text is too long", span)
    : textValue(
        text,
        span,
        list.items
          .map((item) => (item.kind === "unknown" || item.kind === "text" ? item.why : undefined))
          .find((why) => why !== undefined),
      );
}

/** Python's `"{}:{name}".format(…)`. */
export function formatted(text: string, written: readonly Argument[], args: readonly Value[], span: Span): Value {
  let next = 0;
  let why: string | undefined;
  const result = text.replace(/\{\{|\}\}|\{([A-Za-z0-9_]*)\}/g, (all, field: string | undefined) => {
    if (field === undefined) return all[0]!;
    const index =
      field === "" ? next++ : /^[0-9]+$/.test(field) ? Number(field) : written.findIndex(({ name }) => name === field);
    const value = args[index];
    why ??= value?.kind === "unknown" ? value.why : undefined;
    return value === undefined ? hole : (textOrHole(value) ?? hole);
  });
  return result.length > textLimit ? unknownValue("the text is too long", span) : textValue(result, span, why);
}
