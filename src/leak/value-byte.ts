/** What a byte may be in a name, beside a name, or in a value. */
import { type ByteClass, classOf } from "./alphabet.ts";

/** Bytes of a name. */
export const nameBytes: ByteClass = classOf("0-9A-Za-z_.$-");

/** What may stand between a name and its operator: quotes, brackets, spaces. */
export const closerBytes: ByteClass = tableOf("\"'`]}) \t\\");

/** First bytes of what gives a name a value. */
export const operatorBytes: ByteClass = tableOf("=:,>(-<|?!+");

/** Bytes that go on with a value past a run: `=` `.` `~` `%` `:` and the signs that passwords have. */
export const valueBytes: ByteClass = tableOf("=.~%:!@#$^*?");

/** Bytes that end a sentence rather than a value. */
export const trailingBytes: ByteClass = tableOf(".:!?");

/** Bytes before a run that belong to the same value: part of a token with dots, or a sign at its front. */
export const leadingBytes: ByteClass = classOf("0-9A-Za-z.~!#^*");

function tableOf(bytes: string): ByteClass {
  const table = new Uint8Array(256);
  for (const byte of Buffer.from(bytes, "latin1")) table[byte] = 1;
  return table;
}
