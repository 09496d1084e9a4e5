/** Policies and texts out of values, whatever form they were written in. */
import { readJsonText } from "./json-read.ts";
import { withoutPlaceholders } from "./placeholder.ts";
import { hole, type TextValue, textOrHole, textValue, unknownValue, type Value } from "./value.ts";

/** A policy given as an object (`jsonencode`) or as text. */
export function documentFrom(value: Value): Value {
  return value.kind === "text"
    ? (readJsonText(value) ?? unknownValue(value.why ?? "the policy is not JSON that can be read", value.span))
    : value;
}

/** A text value, a hole for one that is not known. */
export function textFrom(value: Value): TextValue {
  if (value.kind === "text") return withoutPlaceholders(value);
  return textValue(
    textOrHole(value) ?? hole,
    value.span,
    value.kind === "unknown" ? value.why : "the value is no text",
  );
}
