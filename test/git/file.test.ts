import { execFileSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { readFiles } from "../../src/git/file.ts";
import { folderFiles } from "../../src/git/folder.ts";
import { pieceOverlap, pieceSize, wholeLimit } from "../../src/git/piece.ts";
import { temporaryFolder, write } from "./temporary-repository.ts";

function read(root: string, paths: string[]) {
  const contents = new Map<string, string>();
  const result = readFiles(root, paths, ({ path, bytes }) => contents.set(path, bytes.toString("latin1")));
  return { contents, result };
}

test("files of all sizes are read whole", () => {
  const root = temporaryFolder();
  const sizes = [0, 1, 65_536, 1_048_575, 1_048_576, 1_048_577, 3_000_000];
  for (const size of sizes) write(root, `f${size}`, Buffer.alloc(size, "x"));
  const { contents, result } = read(
    root,
    sizes.map((size) => `f${size}`),
  );
  expect(sizes.map((size) => contents.get(`f${size}`)?.length)).toEqual(sizes);
  expect(result).toMatchObject({ files: sizes.length, gaps: [], skipped: [], absent: [] });
  expect(result.bytes).toBe(sizes.reduce((sum, size) => sum + size));
});

test("a single line of 10 MB arrives in one piece", () => {
  const root = temporaryFolder();
  write(root, "line", Buffer.alloc(10_000_000, "a"));
  expect(read(root, ["line"]).contents.get("line")?.length).toBe(10_000_000);
});

test("a file of 1 GB is read in bounded pieces, and what stands across a cut is whole in one of them", () => {
  const root = temporaryFolder();
  const size = 1024 * 1024 * 1024;
  const descriptor = openSync(join(root, "big"), "w");
  ftruncateSync(descriptor, size);
  const cut = pieceSize + pieceOverlap;
  for (const at of [0, cut - 5, size - 6]) writeSync(descriptor, "marker", at);
  closeSync(descriptor);
  const seen = new Set<number>();
  let longest = 0;
  let last = 0;
  const result = readFiles(root, ["big"], ({ bytes, offset, size: told }) => {
    expect(told).toBe(size);
    longest = Math.max(longest, bytes.length);
    last = offset + bytes.length;
    for (let at = bytes.indexOf("marker"); at !== -1; at = bytes.indexOf("marker", at + 1)) seen.add(offset + at);
  });
  expect([...seen]).toEqual([0, cut - 5, size - 6]);
  expect(longest).toBeLessThan(wholeLimit);
  expect(last).toBe(size);
  expect(result.bytes).toBe(size);
});

test("links are named and not followed, also on the way to a file", () => {
  const root = temporaryFolder();
  const outside = temporaryFolder();
  write(outside, "secret", "outside");
  write(root, "real", "inside");
  symlinkSync(join(outside, "secret"), join(root, "link"));
  symlinkSync(outside, join(root, "folder"));
  const { contents, result } = read(root, ["real", "link", "folder/secret"]);
  expect([...contents]).toEqual([["real", "inside"]]);
  expect(result.skipped.map(({ subject, kind }) => [subject, kind])).toEqual([
    ["link", "symlink"],
    ["folder/secret", "symlink"],
  ]);
});

test("a FIFO and a socket are gaps and are not opened", async () => {
  const root = temporaryFolder();
  execFileSync("mkfifo", [join(root, "fifo")]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(root, "socket"), resolve));
  onTestFinished(() => void server.close());
  const list = folderFiles(root);
  expect(list.files.sort()).toEqual(["fifo", "socket"]);
  const { contents, result } = read(root, list.files);
  expect(contents.size).toBe(0);
  expect(result.gaps.map(({ subject, kind, detail }) => [subject, kind, detail])).toEqual([
    ["fifo", "unreadable", "not opened: it is a FIFO"],
    ["socket", "unreadable", "not opened: it is a socket"],
  ]);
});

test("a file that is gone is absent, not a gap", () => {
  const root = temporaryFolder();
  mkdirSync(join(root, "now-a-folder"));
  write(root, "file", "");
  const { result } = read(root, ["gone", "now-a-folder", "file/below"]);
  expect(result).toMatchObject({ absent: ["gone", "now-a-folder", "file/below"], gaps: [], files: 0 });
});

test.skipIf(process.getuid?.() === 0 && !isMainThread)("a file and a folder without permission are gaps", () => {
  const root = temporaryFolder();
  chmodSync(root, 0o755);
  write(root, "closed", "x");
  write(root, "folder/file", "x");
  chmodSync(join(root, "closed"), 0);
  chmodSync(join(root, "folder"), 0);
  onTestFinished(() => chmodSync(join(root, "folder"), 0o700));
  const { list, gaps } = asOrdinaryUser(() => {
    const listed = folderFiles(root);
    return { list: listed, gaps: read(root, [...listed.files, "folder/file"]).result.gaps };
  });
  expect(list.gaps.map(({ subject, kind }) => [subject, kind])).toEqual([["folder", "unreadable"]]);
  expect(gaps.map(({ subject, kind }) => [subject, kind])).toEqual([
    ["closed", "unreadable"],
    ["folder/file", "unreadable"],
  ]);
  expect(gaps[0]?.detail).toContain("permission denied");
});

/** Root may read everything: step down for the time of a call. */
function asOrdinaryUser<T>(work: () => T): T {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}

test("a folder is walked without `.git`, without loops, with nested repositories named", () => {
  const root = temporaryFolder();
  write(root, "a/b/file", "x");
  write(root, ".git/config", "x");
  write(root, "nested/.git/HEAD", "x");
  write(root, "nested/file", "x");
  write(root, "worktree/.git", "gitdir: elsewhere");
  write(root, "worktree/file", "x");
  symlinkSync("..", join(root, "a/loop"));
  symlinkSync("self", join(root, "a/self"));
  const list = folderFiles(root);
  expect(list.files).toEqual(["a/b/file"]);
  expect(list.nested.sort()).toEqual(["nested", "worktree"]);
  expect(list.skipped.map(({ subject }) => subject).sort()).toEqual(["a/loop", "a/self"]);
  expect(folderFiles(root, [""], { enterNested: true }).files.sort()).toEqual([
    "a/b/file",
    "nested/file",
    "worktree/file",
  ]);
  expect(folderFiles(root, ["a", "a/b/file", "none"])).toMatchObject({ files: ["a/b/file"], unmatched: ["none"] });
});

test("a name that is not UTF-8 is listed and read", () => {
  const root = temporaryFolder();
  writeFileSync(Buffer.concat([Buffer.from(`${root}/a`), Buffer.from([0xff]), Buffer.from("é")]), "odd");
  const list = folderFiles(root);
  expect(list.files).toEqual(["a\udcffé"]);
  expect(read(root, list.files).contents.get("a\udcffé")).toBe("odd");
});
