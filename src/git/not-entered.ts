/** Contents that stand for more than their bytes show: pointers to files that are elsewhere, and files that are packed or compressed. */
import type { Skipped } from "../finding.ts";

/** What is not looked into, and what to say of it. */
export type NotEntered = Pick<Skipped, "kind" | "detail">;

/**
 * First bytes of formats that hold other bytes compressed, as their specifications give them (gzip: RFC 1952, Zstandard: RFC 8878).
 * A plain tar, cpio or ISO file is not among them: its members stand in it as they are, and are read.
 */
const marks: readonly { bytes: Buffer; kind: NotEntered["kind"]; name: string }[] = (
  [
    ["PK\x03\x04", "archive", "a ZIP file (archive, office document, package)"],
    ["PK\x07\x08", "archive", "a part of a ZIP file"],
    ["\x1f\x8b\x08", "archive", "a gzip file"],
    ["\x1f\x9d", "archive", "a file made by compress"],
    ["BZh", "archive", "a bzip2 file"],
    ["\xfd7zXZ\0", "archive", "an xz file"],
    ["LZIP\x01", "archive", "an lzip file"],
    ["\x28\xb5\x2f\xfd", "archive", "a Zstandard file"],
    ["\x04\x22\x4d\x18", "archive", "an LZ4 file"],
    ["7z\xbc\xaf\x27\x1c", "archive", "a 7z file"],
    ["Rar!\x1a\x07", "archive", "a RAR file"],
    ["MSCF\0\0\0\0", "archive", "a cabinet file"],
    ["!<arch>\ndebian-binary", "archive", "a Debian package"],
    ["\xed\xab\xee\xdb", "archive", "an RPM package"],
    ["PACK\0\0\0\x02", "archive", "a Git pack"],
    ["# v2 git bundle\n", "archive", "a Git bundle"],
    ["# v3 git bundle\n", "archive", "a Git bundle"],
    ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "document", "a binary office document"],
  ] as const
).map(([text, kind, name]) => ({ bytes: Buffer.from(text, "latin1"), kind, name }));

/** The first byte decides for nearly every content that it is none of these. */
const firstBytes = new Set(marks.map(({ bytes }) => bytes[0]!));
/** "%" of a PDF, "v" of an LFS pointer. */
const percent = 0x25;
const letterV = 0x76;

/**
 * What of a content is not looked into. In: its bytes from the start (all of them, or the first piece). Out: undefined where its bytes are all there is.
 * Only what the first bytes say counts, never the name. A bzip2 file is told by the block mark that follows its head.
 */
export function notEntered(bytes: Buffer): NotEntered | undefined {
  const first = bytes[0];
  if (first === letterV && isLfsPointer(bytes))
    return { kind: "lfs-pointer", detail: "only the pointer is here, not the file it stands for" };
  if (first === percent && isCompressedPdf(bytes)) return unread("document", "a PDF file with compressed text");
  if (first === undefined || !firstBytes.has(first)) return undefined;
  const mark = marks.find(({ bytes: wanted }) => bytes.subarray(0, wanted.length).equals(wanted));
  if (mark === undefined) return undefined;
  if (mark.name === "a bzip2 file" && !isBzip2(bytes)) return undefined;
  return unread(mark.kind, mark.name);
}

function unread(kind: NotEntered["kind"], name: string): NotEntered {
  return { kind, detail: `${name}: read as the bytes it is, what is packed inside was not looked at` };
}

/** After `BZh` comes a digit and then the mark of a block, pi in decimal digits, or of the end, its square root. */
function isBzip2(bytes: Buffer): boolean {
  const block = bytes.toString("hex", 4, 10);
  return bytes[3]! >= 0x31 && bytes[3]! <= 0x39 && (block === "314159265359" || block === "177245385090");
}

/** A PDF whose text is compressed names the filter in plain bytes (ISO 32000-1, 7.4.4): the streams of nearly every one. */
function isCompressedPdf(bytes: Buffer): boolean {
  return bytes.toString("latin1", 0, 5) === "%PDF-" && bytes.includes("/FlateDecode", 0, "latin1");
}

const lfsStart = "version https://git-lfs.github.com/spec/v1\n";

/**
 * Whether a content is a Git LFS pointer: the large file itself is elsewhere and was not read.
 * The format is that of the Git LFS specification (docs/spec.md): under 1,024 bytes, `version` first, then `oid` and `size`.
 */
function isLfsPointer(bytes: Buffer): boolean {
  if (bytes.length >= 1024 || bytes.length < lfsStart.length) return false;
  const text = bytes.toString("latin1");
  return text.startsWith(lfsStart) && /^oid sha256:[0-9a-f]{64}$/m.test(text) && /^size [0-9]{1,20}$/m.test(text);
}
