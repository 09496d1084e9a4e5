import { type Piece, pieceCutter, wholeLimit } from "./piece.ts";

/** An object of a repository, whole or (above `wholeLimit`) in pieces. `bytes` is valid only during the call. */
export type GitObject = Piece & {
  oid: string;
  type: "blob" | "tree" | "commit" | "tag";
  /** Size of the whole object in bytes. */
  size: number;
};

/** Who listens to a stream of objects. `missing`: git knows no such object. Both are told in the order of the request. */
export type ObjectListener = { object(object: GitObject): void; missing(oid: string): void };

/** A parser of the output of `git cat-file --batch`. */
export type ObjectParser = {
  push(chunk: Buffer): void;
  /** How many answers (objects or missing ones) have been told in full. */
  readonly answered: number;
};

const types: Record<number, GitObject["type"]> = { 98: "blob", 99: "commit" };

/**
 * Parser of git-cat-file(1), "BATCH OUTPUT": `OID SP TYPE SP SIZE LF CONTENTS LF`, or `OID SP missing LF`.
 * In: digits of an object id; who listens. A small object that lies whole in one chunk is handed over as a view of that chunk,
 * any other as a view of one buffer that is used again and again.
 * Throws Error on output that git does not write.
 */
export function objectParser(digits: number, listener: ObjectListener): ObjectParser {
  const head = Buffer.alloc(digits + 64);
  let headLength = 0;
  let body = Buffer.allocUnsafeSlow(256 * 1024);
  let bodyFilled = 0;
  let state: "head" | "body" | "pieces" | "end" = "head";
  let oid = "";
  let type: GitObject["type"] = "blob";
  let size = 0;
  let left = 0;
  const parser = { push, answered: 0 };
  const cutter = pieceCutter((piece) => listener.object({ ...piece, oid, type, size }));

  function deliver(bytes: Buffer): void {
    listener.object({ oid, type, size, bytes, offset: 0, line: 0, last: true });
  }

  /** Reads a head line in [start, end); true when contents follow. */
  function readHead(bytes: Buffer, start: number, end: number): boolean {
    oid = bytes.toString("latin1", start, start + digits);
    const typeByte = bytes[start + digits + 1] ?? 0;
    if (bytes[start + digits] !== 32) throw new Error("git cat-file wrote a line that is not an object's head");
    // `missing`, or in newer versions `submodule`: no type of object starts with either letter.
    if (typeByte === 109 || typeByte === 115) {
      parser.answered++;
      listener.missing(oid);
      return false;
    }
    type = types[typeByte] ?? (bytes[start + digits + 2] === 114 ? "tree" : "tag");
    const space = bytes.indexOf(32, start + digits + 1);
    size = 0;
    for (let at = space + 1; at < end; at++) {
      const digit = (bytes[at] ?? 0) - 48;
      if (digit < 0 || digit > 9) throw new Error("git cat-file wrote a size that is not a number");
      size = size * 10 + digit;
    }
    return true;
  }

  function push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      if (state === "head") {
        const newline = chunk.indexOf(10, at);
        const end = newline === -1 ? chunk.length : newline;
        let follows: boolean;
        if (headLength === 0 && newline !== -1) follows = readHead(chunk, at, end);
        else {
          if (headLength + end - at > head.length) throw new Error("git cat-file wrote a head that is too long");
          chunk.copy(head, headLength, at, end);
          headLength += end - at;
          if (newline === -1) return;
          follows = readHead(head, 0, headLength);
          headLength = 0;
        }
        at = end + 1;
        if (!follows) continue;
        if (at + size < chunk.length) {
          // Contents and their line break are all here.
          deliver(chunk.subarray(at, at + size));
          parser.answered++;
          at += size + 1;
          continue;
        }
        left = size;
        bodyFilled = 0;
        state = size === 0 ? "end" : size > wholeLimit ? "pieces" : "body";
        if (size === 0) deliver(head.subarray(0, 0));
        if (state === "body" && size > body.length) {
          body = Buffer.allocUnsafeSlow(Math.min(wholeLimit, Math.max(size, body.length * 2)));
        }
      } else if (state === "end") {
        at++;
        parser.answered++;
        state = "head";
      } else {
        const taken = Math.min(left, chunk.length - at);
        if (state === "pieces") cutter.push(chunk.subarray(at, at + taken));
        else chunk.copy(body, bodyFilled, at, at + taken);
        bodyFilled += taken;
        at += taken;
        left -= taken;
        if (left > 0) continue;
        if (state === "pieces") cutter.end();
        else deliver(body.subarray(0, size));
        state = "end";
      }
    }
  }
  return parser;
}
