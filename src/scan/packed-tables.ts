/** The tables of a rule set's searches as one short text, so that a bundle need not make them at each start: that takes ten times as long. */
import { deserialize, serialize } from "node:v8";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { SearchTables } from "../leak/rule-set.ts";

/** In: tables. Out: text that `unpackTables` reads, in Node 22 and newer. The same tables give the same text. */
export function packTables(tables: SearchTables): string {
  return deflateRawSync(serialize(tables), { level: 9 }).toString("base64");
}

/** In: what `packTables` gave. Out: the tables. Throws Error for any other text. */
export function unpackTables(packed: string): SearchTables {
  return deserialize(inflateRawSync(Buffer.from(packed, "base64"))) as SearchTables;
}
