/**
 * Paths as git and the file system give them are bytes; Leasehold carries strings. A path that is valid UTF-8 is decoded as
 * such. Each byte that is not part of valid UTF-8 becomes the lone surrogate U+DC80–U+DCFF (byte + 0xDC00), which no valid
 * UTF-8 decodes to: the mapping loses nothing, and `encodePath` gives the bytes back. (The scheme of PEP 383.)
 */

/** In: the bytes of a path. Out: the path as text, with stray bytes as lone surrogates. */
export function decodePath(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = buffer.toString("utf8");
  if (!text.includes("\ufffd")) return text;
  let path = "";
  let at = 0;
  while (at < buffer.length) {
    const length = sequenceLength(buffer, at);
    path += length === 0 ? String.fromCharCode(0xdc00 + buffer[at]!) : buffer.toString("utf8", at, at + length);
    at += Math.max(1, length);
  }
  return path;
}

/** In: a path from `decodePath`. Out: its bytes. */
export function encodePath(path: string): Buffer {
  if (path.isWellFormed()) return Buffer.from(path, "utf8");
  const parts: Buffer[] = [];
  for (const character of path) {
    const code = character.codePointAt(0) ?? 0;
    parts.push(code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(character, "utf8"));
  }
  return Buffer.concat(parts);
}

/** The form that `node:fs` takes: text where that is exact (faster), bytes otherwise. */
export function fsPath(path: string): string | Buffer {
  return path.isWellFormed() ? path : encodePath(path);
}

/** `root/path` for a path relative to a root; both may hold lone surrogates. */
export function joinPath(root: string, path: string): string {
  if (root === "") return path;
  if (path === "") return root;
  return root.endsWith("/") ? root + path : `${root}/${path}`;
}

/** How many bytes of a valid UTF-8 sequence stand at `at` (RFC 3629: no overlong forms, no surrogates); 0 when none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xc2 && lead <= 0xdf ? 2 : (lead & 0xf0) === 0xe0 ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  for (let i = 1; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] ?? 0;
  if (lead === 0xe0 && second < 0xa0) return 0;
  if (lead === 0xed && second > 0x9f) return 0;
  if (lead === 0xf0 && second < 0x90) return 0;
  if (lead === 0xf4 && second > 0x8f) return 0;
  return length;
}
