/** Says in a sentence what a value has wrong: what was expected, what stood there, and the nearest valid name. */
import { z } from "zod";
import { nearestName } from "./error.ts";

/** Keys and indices from the root of a file to one of its values. */
export type KeyPath = readonly (string | number)[];

/** A fault of a checked value; `part` says whether its key or its value is meant. */
export type SchemaFault = { path: KeyPath; part: "key" | "value"; sentence: string };

type Issue = z.core.$ZodIssue;
type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Most faults that are put into words; a hostile file can have a hundred thousand. */
const explainLimit = 100;

/**
 * The faults behind the issues of a failed check.
 * In: the issues (with their input reported) and the schema they come from. Out: a sentence each for the first hundred, and
 * how many more there are. Messages that a schema sets itself begin with "expected" or are whole sentences; zod's own are put
 * into words here.
 */
export function explainIssues(issues: readonly Issue[], schema: z.ZodType): { faults: SchemaFault[]; more: number } {
  let described: JsonSchema | undefined;
  const keysAt = (path: KeyPath): string[] => {
    described ??= z.toJSONSchema(schema, { io: "input", target: "draft-7", unrepresentable: "any" });
    return keysUnder(described, path);
  };
  const total = issues.reduce((sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 1), 0);
  const faults = issues.slice(0, explainLimit).flatMap((issue) => explain(issue, [], keysAt));
  return { faults: faults.slice(0, explainLimit), more: Math.max(0, total - explainLimit) };
}

function explain(issue: Issue, above: KeyPath, keysAt: (path: KeyPath) => string[]): SchemaFault[] {
  const path = [...above, ...(issue.path as (string | number)[])];
  const value = (sentence: string): SchemaFault[] => [{ path, part: "value", sentence: label(path) + sentence }];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys
        .slice(0, explainLimit)
        .map((key) => ({ path: [...path, key], part: "key", sentence: unknownKey(key, keysAt(path)) }));
    case "invalid_key": {
      const reason = issue.issues[0]?.message ?? "expected another key";
      return [{ path, part: "key", sentence: `${reason}, found ${shown(path.at(-1))}` }];
    }
    case "invalid_union":
      return explainUnion(issue, path, keysAt);
    case "invalid_type":
      if (issue.input === undefined) return [{ path, part: "value", sentence: `the key "${path.at(-1)}" is missing` }];
      return value(
        `${ownMessage(issue.message) ?? `expected ${typeNames[issue.expected] ?? issue.expected}`}, found ${shown(issue.input)}`,
      );
    case "invalid_value": {
      if (issue.input === undefined) return [{ path, part: "value", sentence: `the key "${path.at(-1)}" is missing` }];
      const names = issue.values.map(String);
      return value(`expected ${anyOf(names)}, found ${shown(issue.input)}${suggestion(issue.input, names)}`);
    }
    default: {
      const plain = typeof issue.input === "string" || typeof issue.input === "number";
      // A sentence about a whole mapping says itself what it found.
      return value(
        plain && issue.message.startsWith("expected") ? `${issue.message}, found ${shown(issue.input)}` : issue.message,
      );
    }
  }
}

/** Of a choice, the branch that was meant: the one whose faults lie deeper than "this is another type". */
function explainUnion(
  issue: Extract<Issue, { code: "invalid_union" }>,
  path: KeyPath,
  keysAt: (path: KeyPath) => string[],
): SchemaFault[] {
  const mismatch = (inner: Issue) =>
    inner.path.length === 0 && (inner.code === "invalid_type" || inner.code === "invalid_value");
  const meant = issue.errors.find((branch) => branch.length > 0 && !branch.some(mismatch));
  if (meant) return meant.flatMap((inner) => explain(inner, path, keysAt));
  const names = issue.errors.flat().flatMap((inner) => {
    if (inner.code === "invalid_value") return inner.values.map(String);
    if (inner.code === "invalid_type")
      return [ownMessage(inner.message)?.replace(/^expected /, "") ?? typeNames[inner.expected] ?? inner.expected];
    return [];
  });
  return [
    {
      path,
      part: "value",
      sentence: `${label(path)}expected ${anyOf(names)}, found ${shown(issue.input)}${suggestion(issue.input, names)}`,
    },
  ];
}

/** How a value is named in a message. A text that could be a secret is measured, not shown. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a mapping";
  const text = String(value);
  if (typeof value !== "string") return text.length <= 12 ? text : `a ${typeof value} of ${text.length} characters`;
  return showable(text) ? JSON.stringify(text) : `a text of ${text.length} characters`;
}

/** Short texts, and words joined by `-`, `_`, `/`, `.` or a space: names, not tokens. */
function showable(text: string): boolean {
  return (
    text.length <= 12 ||
    (text.length <= 60 && /^[@A-Za-z]?[a-z]*(?:[-_/. ][a-z]+)*(?:[-_/. ](?:[0-9]{1,4}|\*))?$/.test(text))
  );
}

function unknownKey(key: string, valid: string[]): string {
  const near = nearestName(key, valid);
  const help = near ? `; did you mean "${near}"?` : valid.length > 0 ? `; expected ${anyOf(valid)}` : "";
  return `unknown key ${shown(key)}${help}`;
}

function suggestion(input: unknown, names: string[]): string {
  const near =
    typeof input === "string"
      ? nearestName(
          input,
          names.filter((name) => !name.includes(" ")),
        )
      : undefined;
  return near ? `; did you mean "${near}"?` : "";
}

const typeNames: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a mapping",
  record: "a mapping",
  array: "a list",
  null: "nothing",
};

/** A message that the schema set, as against zod's own. */
function ownMessage(message: string): string | undefined {
  return message.startsWith("Invalid") ? undefined : message;
}

function label(path: KeyPath): string {
  if (path.length === 0) return "";
  const steps = path.map((step, index) => {
    if (typeof step === "number") return `[${step}]`;
    return (index === 0 ? "" : ".") + (showable(step) ? step : "…");
  });
  return `${steps.join("")}: `;
}

function anyOf(names: readonly string[]): string {
  const unique = [...new Set(names)];
  return unique.length < 2 ? (unique[0] ?? "nothing") : `${unique.slice(0, -1).join(", ")} or ${unique.at(-1)}`;
}

/** The keys that a schema allows at a path, over all branches of its choices. */
function keysUnder(schema: JsonSchema, path: KeyPath): string[] {
  let here = branches(schema);
  for (const step of path) {
    here = here.flatMap((one) => {
      const next = typeof step === "number" ? one.items : (one.properties?.[step] ?? one.additionalProperties);
      return typeof next === "object" && !Array.isArray(next) ? branches(next as JsonSchema) : [];
    });
  }
  return [...new Set(here.flatMap((one) => Object.keys(one.properties ?? {})))];
}

function branches(schema: JsonSchema): JsonSchema[] {
  return schema.anyOf ? (schema.anyOf as JsonSchema[]).flatMap(branches) : [schema];
}
