import { closeSync, constants, lstatSync, openSync, readSync, type Stats } from "node:fs";
import type { Gap, Skipped } from "../finding.ts";
import { gapList } from "./gaps.ts";
import { fsPath, joinPath } from "./path.ts";
import { type Piece, pieceCutter, pieceSize, wholeLimit } from "./piece.ts";

/** A file's content, whole or (above 32 MB) in pieces. `bytes` is valid only during the call. */
export type FilePiece = Piece & {
  /** As it was asked for. */
  path: string;
  /** Size in bytes when it was opened. */
  size: number;
};

/** What reading files leaves beside their contents. */
export type FilesRead = {
  files: number;
  bytes: number;
  /** Paths that do not exist: deleted but still tracked, or outside a sparse checkout. */
  absent: string[];
  gaps: Gap[];
  skipped: Skipped[];
};

// O_NOFOLLOW and O_NONBLOCK close the gap between lstat and open: whatever the path has become meanwhile, no link is followed
// and no FIFO waits for a writer.
const openFlags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Read files below a root, one after the other, in this thread.
 * In: the root's absolute path; paths from it with forward slashes (see `decodePath`); `onPiece`, called with each content.
 * Out: counts, gaps and what was left out. Only regular files are opened; a link is named and not followed, also where a
 * directory on the way is one; a FIFO, socket or device is a gap and never opened. Throws what `onPiece` throws.
 */
export function readFiles(root: string, paths: Iterable<string>, onPiece: (piece: FilePiece) => void): FilesRead {
  const result: FilesRead = { files: 0, bytes: 0, absent: [], gaps: [], skipped: [] };
  const gaps = gapList();
  const linkAbove = linkFinder(root);
  const read = contentReader();
  for (const path of paths) {
    const link = linkAbove(path);
    if (link !== undefined) {
      result.skipped.push({
        subject: path,
        kind: "symlink",
        detail: `lies behind the symbolic link ${link}, which is not followed`,
      });
      continue;
    }
    const file = joinPath(root, path);
    try {
      const stat = lstatSync(fsPath(file), { throwIfNoEntry: false });
      if (stat === undefined || stat.isDirectory()) result.absent.push(path);
      else if (stat.isSymbolicLink()) result.skipped.push(linkSkipped(path));
      else if (!stat.isFile())
        gaps.add({ subject: path, kind: "unreadable", detail: `not opened: it is ${kindOf(stat)}` });
      else {
        result.bytes += read(file, stat.size, (piece) => onPiece({ ...piece, path, size: stat.size }));
        result.files++;
      }
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      if (code === "ENOENT" || code === "ENOTDIR") result.absent.push(path);
      else if (code === "ELOOP") result.skipped.push(linkSkipped(path));
      else gaps.add({ subject: path, kind: "unreadable", detail: readFailure(code) });
    }
  }
  result.gaps = gaps.list();
  return result;
}

/** The code of an error of the operating system that a read can meet; undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}

/** A sentence for a file or directory that could not be read. */
export function readFailure(code: string): string {
  if (code === "EACCES" || code === "EPERM")
    return "not read: permission denied. Run as a user who may read it, or leave the path out";
  return `not read: the system answered ${code}`;
}

export function linkSkipped(path: string): Skipped {
  return { subject: path, kind: "symlink", detail: "symbolic links are not followed" };
}

/** Reads one file after the other into memory that is used again. Out: bytes read. */
function contentReader(): (file: string, size: number, deliver: (piece: Piece) => void) => number {
  let buffer = Buffer.allocUnsafeSlow(1024 * 1024);
  return (file, size, deliver) => {
    const descriptor = openSync(fsPath(file), openFlags);
    try {
      if (size <= wholeLimit && size >= buffer.length)
        buffer = Buffer.allocUnsafeSlow(Math.min(wholeLimit, size * 2) + 1);
      let filled = 0;
      if (size <= wholeLimit) {
        while (filled < buffer.length) {
          const count = readSync(descriptor, buffer, filled, buffer.length - filled, null);
          filled += count;
          // A read that ends at the size the file had is its end, unless the file grows.
          if (count === 0 || (filled === size && size > 0)) {
            deliver({ bytes: buffer.subarray(0, filled), offset: 0, line: 0, last: true });
            return filled;
          }
        }
      }
      // Too big to hold, or grown past what was held.
      const cutter = pieceCutter(deliver);
      cutter.push(buffer.subarray(0, filled));
      const window = Buffer.allocUnsafeSlow(pieceSize / 8);
      let total = filled;
      for (;;) {
        const count = readSync(descriptor, window, 0, window.length, null);
        if (count === 0) break;
        total += count;
        cutter.push(window.subarray(0, count));
      }
      cutter.end();
      return total;
    } finally {
      closeSync(descriptor);
    }
  };
}

/** Out: a function that says which directory on the way to a path, if any, is a symbolic link. Asks once per directory. */
function linkFinder(root: string): (path: string) => string | undefined {
  const known = new Map<string, string | undefined>();
  function ask(directory: string): string | undefined {
    if (known.has(directory)) return known.get(directory);
    const slash = directory.lastIndexOf("/");
    let link = slash === -1 ? undefined : ask(directory.slice(0, slash));
    if (link === undefined && isLink(joinPath(root, directory))) link = directory;
    known.set(directory, link);
    return link;
  }
  return (path) => {
    const slash = path.lastIndexOf("/");
    return slash === -1 ? undefined : ask(path.slice(0, slash));
  };
}

function isLink(path: string): boolean {
  try {
    return lstatSync(fsPath(path), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  } catch (error) {
    // A directory that may not be looked into is met again, and named, when its file is opened.
    if (systemCode(error) === undefined) throw error;
    return false;
  }
}

function kindOf(stat: Stats): string {
  return stat.isFIFO()
    ? "a FIFO"
    : stat.isSocket()
      ? "a socket"
      : stat.isBlockDevice() || stat.isCharacterDevice()
        ? "a device"
        : "not a file";
}
