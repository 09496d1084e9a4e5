/** Writes a waiver into the waivers file as a splice of text: what stands there keeps its comments, order and spelling. */
import { isMap, type Node } from "yaml";
import { LeaseholdError } from "../error.ts";
import { compareText } from "../finding.ts";
import { insertItems } from "../yaml-splice.ts";
import { parseWaivers, type Waiver, waiverSubject } from "./waiver.ts";

const header =
  "# Exceptions for findings of Leasehold. Each has a reason, an approver who is not its author, and a last day.\n";

/**
 * The file with one more waiver, before the first whose id (or rule and target) sorts after it.
 * In: the file's text, undefined when there is none, and its name for messages. Throws LeaseholdError("config") where the
 * file cannot be read or its list is in flow style, and ("usage") where the finding has a waiver already.
 */
export function addWaiver(text: string | undefined, waiver: Waiver, file = ".github/leasehold-waivers.yml"): string {
  const before = text ?? header;
  const present = parseWaivers(before, file).waivers;
  const subject = waiverSubject(waiver);
  const same = present.find((other) => waiverSubject(other) === subject);
  if (same) {
    throw new LeaseholdError("usage", `${subject} has a waiver until ${same.until}: change its last day there`, {
      file,
      ...(same.place ? { line: same.place.line, column: same.place.column } : {}),
    });
  }
  const after = insertItems(before, "waivers", [{ fields: fieldsOf(waiver) }], (items) => {
    const next = items.findIndex((item) => compareText(subjectOf(item), subject) > 0);
    return next === -1 ? undefined : next;
  });
  if (after === "flow")
    throw new LeaseholdError(
      "config",
      "the waivers stand in one line ([…] or {…}): give each waiver a block of its own, then run this again",
      { file },
    );
  if (parseWaivers(after, file).waivers.length !== present.length + 1)
    throw new Error("addWaiver: the splice lost its place");
  return after;
}

/** A waiver's fields in the order in which they are written. */
function fieldsOf({ id, rule, target, reason, why, compensating, approvedBy, until }: Waiver): Record<string, unknown> {
  return { id, rule, target, reason, why, compensating, "approved-by": approvedBy, until };
}

function subjectOf(item: Node): string {
  const get = (key: string) => {
    const value = isMap(item) ? item.get(key) : undefined;
    return typeof value === "string" ? value : undefined;
  };
  return get("id") ?? `${get("rule")} ${get("target")}`;
}
