/** Bodies of Terraform and OpenTofu files: attributes and blocks with their places. Source: the HCL native syntax specification. */
import { type Cursor, cursorOf, isSign, peek, skipNewlines, spanFrom } from "./cursor.ts";
import type { Expression } from "./expression.ts";
import { parseExpression } from "./expression-parse.ts";
import type { Source, Span } from "./source.ts";
import { readString } from "./string-literal.ts";

export type HclAttribute = { name: string; nameSpan: Span; value: Expression };
export type HclBlock = { type: string; labels: string[]; body: HclBody; span: Span; headSpan: Span };
export type HclBody = {
  attributes: HclAttribute[];
  blocks: HclBlock[] /** Where something could not be read. */;
  broken: Span[];
};

/** Blocks inside each other. */
const nestingLimit = 60;

/** Reads a file. Never throws; `broken` says what it left out. */
export function readHcl(source: Source): HclBody {
  const cursor = cursorOf(source, source.text.startsWith("\uFEFF") ? 1 : 0, source.text.length, "hcl");
  return readBody(cursor, cursor.tokens.length - 1, 0);
}

function readBody(cursor: Cursor, close: number, depth: number): HclBody {
  const body: HclBody = { attributes: [], blocks: [], broken: [] };
  while (cursor.at < close) {
    skipNewlines(cursor);
    if (cursor.at >= close) break;
    const token = peek(cursor);
    if (token.kind === "name" && isSign(cursor, "=", 1)) {
      cursor.at += 2;
      const value = parseExpression(cursor);
      body.attributes.push({
        name: token.text,
        nameSpan: { source: cursor.source, start: token.start, end: token.end },
        value,
      });
      endLine(cursor, close, body);
    } else if (token.kind === "name") readBlock(cursor, close, depth, body);
    else {
      body.broken.push({ source: cursor.source, start: token.start, end: token.end });
      cursor.at = Math.min(token.close !== undefined ? token.close + 1 : cursor.at + 1, close);
    }
  }
  return body;
}

function readBlock(cursor: Cursor, close: number, depth: number, body: HclBody): void {
  const first = peek(cursor);
  cursor.at++;
  const labels: string[] = [];
  while (peek(cursor).kind === "string" || peek(cursor).kind === "name") {
    const label = peek(cursor);
    labels.push(label.kind === "name" ? label.text : labelText(cursor, label.start, label.end));
    cursor.at++;
  }
  const headSpan = spanFrom(cursor, first.start);
  if (!isSign(cursor, "{")) {
    body.broken.push(headSpan);
    endLine(cursor, close, body);
    return;
  }
  const end = Math.min(peek(cursor).close!, close);
  cursor.at++;
  const inner =
    depth >= nestingLimit ? { attributes: [], blocks: [], broken: [headSpan] } : readBody(cursor, end, depth + 1);
  cursor.at = Math.min(end + 1, cursor.tokens.length - 1);
  body.blocks.push({ type: first.text, labels, body: inner, span: spanFrom(cursor, first.start), headSpan });
}

function labelText(cursor: Cursor, start: number, end: number): string {
  const raw = readString(cursor.source.text, start, end, "hcl", cursor.budget);
  return raw === undefined ? "" : raw.parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
}

/** An attribute ends with its line; what is left on it was not understood. */
function endLine(cursor: Cursor, close: number, body: HclBody): void {
  while (cursor.at < close && peek(cursor).kind !== "newline") {
    const token = peek(cursor);
    if (!(token.kind === "sign" && token.text === ","))
      body.broken.push({ source: cursor.source, start: token.start, end: token.end });
    cursor.at = Math.min(token.close !== undefined ? token.close + 1 : cursor.at + 1, close);
  }
}

/** The last attribute of a name: Terraform refuses a second one. */
export function attributeOf(body: HclBody, name: string): HclAttribute | undefined {
  return body.attributes.findLast((attribute) => attribute.name === name);
}

/** The blocks of a type. */
export function blocksOf(body: HclBody, type: string): HclBlock[] {
  return body.blocks.filter((block) => block.type === type);
}
