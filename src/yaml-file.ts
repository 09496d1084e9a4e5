/**
 * The one strict reading of Leasehold's own YAML files. A part of YAML is refused on purpose: aliases, anchors, merge
 * keys, tags, directives and several documents are how a small file becomes a large or surprising value, and none of
 * these files needs them. A byte order mark and CRLF are read as if they were not there: a work tree on Windows has them.
 */
import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLError } from "yaml";
import type { z } from "zod";
import { LeaseholdError } from "./error.ts";
import type { Place } from "./finding.ts";
import { explainIssues, type KeyPath, shown } from "./schema-error.ts";
import { outlineOf, partAt, rangeOf } from "./yaml-outline.ts";

/** A file that was read: its value, and where in the file each part of it stands. */
export type YamlFile<T> = {
  value: T;
  /**
   * Where a value stands, by its keys and indices; `key` asks for the key instead.
   * A path that is not in the file gives the nearest part above it.
   */
  placeAt(path: KeyPath, part?: "key" | "value"): Place;
};

/** One thing that is wrong, at offsets of the text. */
type Fault = { start: number; end: number; sentence: string };
type Places = (start: number, end: number) => Place;

/** Largest file that is read, in UTF-16 units: far above any real policy, low enough to parse in a second. */
export const yamlSizeLimit = 1_000_000;
/** Open brackets at one time. The parser would give up by itself, but only after seconds. */
const nestingLimit = 200;
const faultLimit = 10;

/**
 * Reads one YAML file strictly and checks it against a schema.
 * In: the decoded text, the file's name for messages, the schema. Out: the schema's output and the places of its parts.
 * Throws LeaseholdError("config") at the first fault; its message lists up to ten, each with its place, what stood there
 * and what was expected.
 */
export function readYaml<T>(text: string, file: string, schema: z.ZodType<T>): YamlFile<T> {
  const bom = text.startsWith("\uFEFF");
  const source = bom ? text.slice(1) : text;
  const places = placesOf(source, file, bom ? 3 : 0);
  const fail = (...faults: Fault[]) => faultError(faults, 0, places);
  if (source.length > yamlSizeLimit) throw fail({ start: 0, end: 0, sentence: "the file is larger than 1 MB" });
  const deep = tooDeep(source);
  if (deep !== undefined) throw fail({ start: deep, end: deep + 1, sentence: tooDeepSentence });

  const document = parseDocument(source, {
    prettyErrors: false,
    uniqueKeys: false,
    stringKeys: true,
    logLevel: "error",
  });
  const broken = document.errors.find((error) => error.code === "RESOURCE_EXHAUSTION") ?? document.errors[0];
  if (broken) throw fail({ start: broken.pos[0], end: broken.pos[1], sentence: syntaxSentence(broken) });
  if (document.directives?.yaml.explicit || source.startsWith("%")) {
    throw fail({ start: 0, end: 0, sentence: "a line that begins with % (a YAML directive) is not allowed here" });
  }

  const faults: Fault[] = [];
  const root = document.contents as Node | null;
  // An empty file, or one of comments only, is an empty mapping: the schema says what is missing.
  const value = root === null ? {} : plainValue(root, faults);
  for (const { code, pos, message } of document.warnings) {
    if (code !== "TAG_RESOLVE_FAILED") faults.push({ start: pos[0], end: pos[1], sentence: firstLine(message) });
  }
  if (faults.length > 0) throw faultError(faults.slice(0, 1000), Math.max(0, faults.length - 1000), places);

  const outline = outlineOf(root);
  const rangeAt = (path: KeyPath, part: "key" | "value") => rangeOf(partAt(outline, path, part));
  const checked = schema.safeParse(value, { reportInput: true });
  if (checked.success) {
    return { value: checked.data, placeAt: (path, part = "value") => places(...rangeAt(path, part)) };
  }
  const { faults: explained, more } = explainIssues(checked.error.issues, schema);
  const placed = explained.map(({ path, part, sentence }): Fault => {
    const [start, end] = rangeAt(path, part);
    return { start, end, sentence };
  });
  throw faultError(placed, more, places);
}

/** The value of a node, with every refused construct put on the list. Duplicate keys are found here because the parser's own check is quadratic. */
function plainValue(node: Node, faults: Fault[]): unknown {
  const refuse = (at: Node, sentence: string) => {
    faults.push({ start: at.range?.[0] ?? 0, end: at.range?.[1] ?? 0, sentence });
  };
  if (isAlias(node)) {
    refuse(node, "an alias (*) is not allowed here: write the value out");
    return null;
  }
  if ("anchor" in node && node.anchor) refuse(node, "an anchor (&) is not allowed here: write the value out");
  if (node.tag) refuse(node, "a tag (!) is not allowed here: write the plain value");
  if (isScalar(node)) return node.value;
  if (isSeq(node)) return node.items.map((item) => plainValue(item as Node, faults));
  if (!isMap(node)) return null;

  const seen = new Set<string>();
  const value: Record<string, unknown> = {};
  for (const pair of node.items as Pair<Node, Node | null>[]) {
    const key = plainValue(pair.key, faults);
    if (typeof key !== "string") {
      refuse(pair.key, "expected a plain text as key");
    } else if (key === "<<") {
      refuse(pair.key, "a merge key (<<) is not allowed here: write the keys out");
    } else if (key === "__proto__") {
      refuse(pair.key, 'unknown key "__proto__"');
    } else if (seen.has(key)) {
      refuse(pair.key, `the key ${shown(key)} stands twice in this mapping: keep one of the two`);
    } else {
      seen.add(key);
      value[key] = pair.value === null ? null : plainValue(pair.value, faults);
    }
  }
  return value;
}

/** Turns offsets in the text into places: lines and columns from 1, offsets in bytes. */
function placesOf(source: string, file: string, firstByte: number): Places {
  const lines = [{ start: 0, byte: firstByte }];
  for (let from = 0, at = source.indexOf("\n"); at !== -1; from = at + 1, at = source.indexOf("\n", from)) {
    lines.push({ start: at + 1, byte: lines.at(-1)!.byte + Buffer.byteLength(source.slice(from, at + 1)) });
  }
  const position = (offset: number) => {
    let low = 0;
    let high = lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (lines[middle]!.start <= offset) low = middle;
      else high = middle - 1;
    }
    const { start, byte } = lines[low]!;
    return { line: low + 1, column: offset - start + 1, byte: byte + Buffer.byteLength(source.slice(start, offset)) };
  };
  return (from, to) => {
    const start = position(from);
    const end = position(to);
    return {
      path: file,
      start: start.byte,
      end: end.byte,
      line: start.line,
      column: start.column,
      endLine: end.line,
      endColumn: end.column,
    };
  };
}

const tooDeepSentence = "the values are nested too deeply to be read";

/** Where more than `nestingLimit` brackets are open at one time, or undefined. Brackets in texts count too, which no real file notices. */
function tooDeep(source: string): number | undefined {
  let open = 0;
  for (let at = 0; at < source.length; at++) {
    const unit = source.charCodeAt(at);
    if (unit === 0x5b || unit === 0x7b) open++;
    else if ((unit === 0x5d || unit === 0x7d) && open > 0) open--;
    if (open > nestingLimit) return at;
  }
  // `- - - -` and `? ? ? ?` nest on one line without a bracket.
  const nest = /(?:[-?] ){200}/.exec(source);
  return nest?.index;
}

/** The parser's finding in the words of this project where its own would not help. */
function syntaxSentence(error: YAMLError): string {
  switch (error.code) {
    case "RESOURCE_EXHAUSTION":
      return tooDeepSentence;
    case "TAB_AS_INDENT":
      return "a tab stands where only spaces may stand: indent by two spaces";
    case "MULTIPLE_DOCS":
      return "a second YAML document begins here: keep one document, without ---";
    case "BAD_SCALAR_START":
      return 'a value cannot begin with this character: put it in quotes, like "@team"';
    case "NON_STRING_KEY":
      return "expected a plain text as key";
    case "BLOCK_AS_IMPLICIT_KEY":
      return 'a second ": " stands on this line: put the value in quotes, or on lines of its own';
    default:
      return `not valid YAML: ${firstLine(error.message)}`;
  }
}

function firstLine(message: string): string {
  const end = message.indexOf("\n");
  return (end === -1 ? message : message.slice(0, end)).replace(/^./, (letter) => letter.toLowerCase());
}

/** One error for all faults: placed at the first, listing up to ten; `more` counts those that are not in the list handed in. */
function faultError(faults: readonly Fault[], more: number, places: Places): LeaseholdError {
  const sorted = [...faults].sort((a, b) => a.start - b.start);
  const listed = sorted.slice(0, faultLimit).map(({ start, end, sentence }) => ({ at: places(start, end), sentence }));
  const { path, line, column } = listed[0]!.at;
  const lines = listed.map(({ at, sentence }, index) =>
    index === 0 ? sentence : `${at.path}:${at.line}:${at.column}: ${sentence}`,
  );
  const rest = sorted.length - listed.length + more;
  if (rest > 0) lines.push(`and ${rest} more`);
  return new LeaseholdError("config", lines.join("\n"), { file: path, line, column });
}
