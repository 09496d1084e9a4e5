import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync, gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { notEntered } from "../../src/git/not-entered.ts";
import { commit, git, initialise, temporaryFolder } from "./temporary-repository.ts";

const text = Buffer.from("name: value\n".repeat(40));
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 12345\n`;

/** The local header and data of one member, as APPNOTE.TXT 4.3.7 has it. */
function zipOf(name: string, content: Buffer): Buffer {
  const data = deflateRawSync(content);
  const head = Buffer.alloc(30);
  head.write("PK\x03\x04", "latin1");
  head.writeUInt16LE(20, 4);
  head.writeUInt16LE(8, 8);
  head.writeUInt32LE(data.length, 18);
  head.writeUInt32LE(content.length, 22);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, Buffer.from(name), data]);
}

describe("what is not looked into", () => {
  it.each([
    ["a ZIP file", zipOf("a.txt", text)],
    ["a gzip file", gzipSync(text)],
    ["a Zstandard file", zstdCompressSync(text)],
  ])("is %s, made here", (name, bytes) => {
    expect(notEntered(bytes)).toMatchObject({ kind: "archive", detail: expect.stringContaining(name) });
  });

  it.each([
    ["BZh91AY&SY", "bzip2"],
    ["\xfd7zXZ\0\0\x04", "xz"],
    ["7z\xbc\xaf\x27\x1c\0\x04", "7z"],
    ["Rar!\x1a\x07\x01\0", "RAR"],
    ["!<arch>\ndebian-binary   1", "Debian"],
    ["\xed\xab\xee\xdb\x03", "RPM"],
  ])("is what begins with %j", (start, name) => {
    expect(notEntered(Buffer.from(start, "latin1"))).toMatchObject({
      kind: "archive",
      detail: expect.stringContaining(name),
    });
  });

  it("is a Git bundle", () => {
    const folder = initialise();
    commit(folder, { "a.txt": "a\n" });
    const bundle = join(temporaryFolder(), "b");
    git(folder, ["bundle", "create", "-q", bundle, "HEAD"]);
    expect(notEntered(readFileSync(bundle))).toMatchObject({
      kind: "archive",
      detail: expect.stringContaining("bundle"),
    });
  });

  it("is a document whose text is compressed, and a pointer to a file elsewhere", () => {
    const pdf = (filter: string) => Buffer.from(`%PDF-1.7\n1 0 obj << /Filter ${filter} >>\n`);
    expect(notEntered(pdf("/FlateDecode"))).toMatchObject({ kind: "document" });
    expect(notEntered(pdf("/ASCIIHexDecode"))).toBeUndefined();
    expect(notEntered(Buffer.from("d0cf11e0a1b11ae1", "hex"))).toMatchObject({ kind: "document" });
    expect(notEntered(Buffer.from(pointer))).toMatchObject({ kind: "lfs-pointer" });
  });

  it("is not text, and not what only begins like one of these", () => {
    for (const other of ["", "P", "PK", "PKI=1\n", "BZh9 is a word", "7zip\n", "%PDF", "version: 1\n", "Rarely"])
      expect(notEntered(Buffer.from(other)), other).toBeUndefined();
    expect(notEntered(Buffer.from(pointer.replace("oid", "id")))).toBeUndefined();
    expect(notEntered(Buffer.from(pointer + "#".repeat(1024)))).toBeUndefined();
  });
});
