import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { historyObjects, reachableObjects, splitHistory } from "../../src/git/history.ts";
import { objectSource, packObjectIds, readObjects, unpackObjectIds } from "../../src/git/object.ts";
import { commit, git, initialise, open, temporaryFolder, write } from "./temporary-repository.ts";

async function readAll(folder: string, oids: string[]) {
  const contents = new Map<string, string>();
  const result = await readObjects(
    objectSource(await open(folder)),
    packObjectIds(oids),
    ({ oid, bytes, offset, last }) => {
      contents.set(oid, (offset === 0 ? "" : "…") + bytes.toString("latin1") + (last ? "" : "…"));
    },
  );
  return { contents, result };
}

function blob(folder: string, content: string): string {
  return git(folder, ["hash-object", "-w", "--stdin"], content);
}

function looseFile(folder: string, oid: string): string {
  return join(folder, ".git/objects", oid.slice(0, 2), oid.slice(2));
}

function packFile(folder: string): string {
  const name = readdirSync(join(folder, ".git/objects/pack")).find((file) => file.endsWith(".pack"));
  const file = join(folder, ".git/objects/pack", name ?? "");
  chmodSync(file, 0o600);
  return file;
}

/** Contents that do not compress into one another. */
function noise(seed: number, length: number): string {
  let state = seed * 2_654_435_761 + 1;
  let text = "";
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += state.toString(36);
  }
  return text.slice(0, length);
}

test.each(["sha1", "sha256"])(
  "objects of a %s repository, loose and packed, in the order asked for",
  async (format) => {
    const folder = initialise(`--object-format=${format}`);
    const contents = ["", "a\n", "x".repeat(300_000), "NUL\0\xff"];
    const oids = contents.map((content) =>
      git(folder, ["hash-object", "-w", "--stdin"], Buffer.from(content, "latin1")),
    );
    const first = await readAll(folder, oids);
    expect([...first.contents]).toEqual(oids.map((oid, i) => [oid, contents[i]]));
    expect(first.result).toMatchObject({ objects: 4, bytes: contents.join("").length, gaps: [] });
    const tree = git(folder, ["mktree"], oids.map((oid, i) => `100644 blob ${oid}\tf${i}\n`).join(""));
    git(folder, ["update-ref", "refs/heads/main", git(folder, ["commit-tree", "-m", "m", tree])]);
    git(folder, ["repack", "-q", "-a", "-d"]);
    expect((await readAll(folder, oids.toReversed())).contents).toEqual(first.contents);
  },
);

test("no ids, no work", async () => {
  expect(await readAll(initialise(), [])).toMatchObject({ result: { objects: 0, bytes: 0, gaps: [] } });
});

test("ids survive the way to bytes and back", () => {
  const oids = ["a".repeat(40), "b".repeat(40)];
  expect(unpackObjectIds(packObjectIds(oids))).toEqual(oids);
  expect(unpackObjectIds(packObjectIds([]))).toEqual([]);
});

test("a missing loose object is a gap, and those around it are read", async () => {
  const folder = initialise();
  const [a, b, c] = ["a", "b", "c"].map((text) => blob(folder, text)) as [string, string, string];
  rmSync(looseFile(folder, b));
  const { contents, result } = await readAll(folder, [a, b, c]);
  expect([...contents]).toEqual([
    [a, "a"],
    [c, "c"],
  ]);
  expect(result.gaps).toEqual([{ subject: b, kind: "missing-object", detail: expect.stringContaining("git fsck") }]);
});

test("a corrupt loose object is a gap, and those around it are read", async () => {
  const folder = initialise();
  const [a, b, c] = [1, 2, 3].map((seed) => blob(folder, noise(seed, 5000))) as [string, string, string];
  const file = looseFile(folder, b);
  chmodSync(file, 0o600);
  truncateSync(file, 200);
  const { contents, result } = await readAll(folder, [a, b, c]);
  expect([...contents.keys()]).toEqual([a, c]);
  expect(result.gaps.map(({ subject, kind }) => [subject, kind])).toEqual([[b, "corrupt"]]);
});

test("flipped bytes in a pack cost the objects they hit and no other", async () => {
  const folder = initialise();
  const files = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}`, noise(i, 4000)]));
  commit(folder, files);
  git(folder, ["repack", "-q", "-a", "-d", "--depth=0"]);
  const oids = Object.keys(files).map((name) => git(folder, ["rev-parse", `HEAD:${name}`]));
  const file = packFile(folder);
  const bytes = readFileSync(file);
  // Inside the compressed data of one object somewhere in the middle.
  for (let i = 0; i < 8; i++) bytes[Math.floor(bytes.length / 2) + i]! ^= 0xff;
  writeFileSync(file, bytes);
  const { contents, result } = await readAll(folder, oids);
  expect(contents.size).toBe(19);
  expect(result.gaps).toHaveLength(1);
  expect(result.gaps[0]?.kind).toBe("corrupt");
  expect([...contents.keys(), result.gaps[0]?.subject].toSorted()).toEqual(oids.toSorted());
});

test("a truncated pack: every object is either read or named", async () => {
  const folder = initialise();
  const files = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`f${i}`, noise(i, 4000)]));
  commit(folder, files);
  git(folder, ["repack", "-q", "-a", "-d"]);
  const repository = await open(folder);
  const oids = Object.keys(files).map((name) => git(folder, ["rev-parse", `HEAD:${name}`]));
  const file = packFile(folder);
  truncateSync(file, Math.floor(readFileSync(file).length / 2));
  const { contents, result } = await readAll(folder, oids);
  expect([...contents.keys(), ...result.gaps.map(({ subject }) => subject)].toSorted()).toEqual(oids.toSorted());
  expect(new Set(result.gaps.map(({ kind }) => kind))).toEqual(new Set(["corrupt"]));
  const history = await historyObjects(repository);
  const read = await readObjects(objectSource(repository), history.ids, () => {});
  expect(history.gaps.length + read.gaps.length).toBeGreaterThan(0);
  const walked = await reachableObjects(repository, new Set(oids));
  expect(walked.gaps.length).toBeGreaterThan(0);
  expect(walked.reachable.size).toBe(20);
});

test("damage without end is counted, not listed", async () => {
  const folder = initialise();
  const kept = blob(folder, "kept");
  const lost = Array.from({ length: 150 }, (_, i) => i.toString(16).padStart(40, "0"));
  const { contents, result } = await readAll(folder, [...lost, kept]);
  expect(contents.get(kept)).toBe("kept");
  expect(result.gaps).toHaveLength(101);
  expect(result.gaps.at(-1)).toMatchObject({ subject: "50 more", kind: "missing-object" });
});

test("an object above 32 MB comes in pieces", async () => {
  const folder = initialise();
  const oid = git(folder, ["hash-object", "-w", "--stdin"], Buffer.alloc(40_000_000, "0123456789\n"));
  let end = 0;
  let pieces = 0;
  await readObjects(objectSource(await open(folder)), packObjectIds([oid]), ({ bytes, offset, size }) => {
    expect(size).toBe(40_000_000);
    expect(offset).toBeLessThanOrEqual(end);
    expect(bytes[0]).toBe("0123456789\n".charCodeAt(offset % 11));
    end = offset + bytes.length;
    pieces++;
  });
  expect(end).toBe(40_000_000);
  expect(pieces).toBe(5);
});

test("what the consumer throws comes back, and an abort ends the read", async () => {
  const folder = initialise();
  const oids = ["a", "b"].map((text) => blob(folder, text));
  const source = objectSource(await open(folder));
  const failure = new Error("consumer");
  await expect(
    readObjects(source, packObjectIds(oids), () => {
      throw failure;
    }),
  ).rejects.toBe(failure);
  const controller = new AbortController();
  let seen = 0;
  const reading = readObjects(
    source,
    packObjectIds(Array.from({ length: 50_000 }, () => oids[0]!)),
    () => {
      seen++;
      controller.abort(failure);
    },
    { signal: controller.signal },
  );
  await expect(reading).rejects.toBe(failure);
  expect(seen).toBeLessThan(50_000);
});

test("an alternate's objects are read and listed", async () => {
  const origin = initialise();
  commit(origin, { a: "from the alternate" });
  const clones = temporaryFolder();
  git(clones, ["clone", "-q", "--shared", origin, "clone"]);
  const clone = join(clones, "clone");
  commit(clone, { b: "own" });
  const repository = await open(clone);
  const history = await historyObjects(repository);
  expect([history.blobs, history.commits]).toEqual([2, 2]);
  const seen: string[] = [];
  await readObjects(
    objectSource(repository),
    history.ids,
    ({ type, bytes }) => type === "blob" && seen.push(bytes.toString()),
  );
  expect(seen.toSorted()).toEqual(["from the alternate", "own"]);
});

test("replace refs replace nothing", async () => {
  const folder = initialise();
  const [shown, hidden] = [blob(folder, "innocent"), blob(folder, "secret")];
  git(folder, ["replace", hidden, shown]);
  expect((await readAll(folder, [hidden])).contents.get(hidden)).toBe("secret");
});

test("shares cover a history without overlap, each of about the same work", async () => {
  const folder = initialise();
  commit(folder, Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`f${i}`, noise(i, 3000)])));
  const history = await historyObjects(await open(folder));
  for (const shares of [1, 2, 3, 7, 100]) {
    const parts = splitHistory(history, shares);
    expect(Buffer.concat(parts)).toEqual(Buffer.from(history.ids));
    expect(parts.length).toBe(Math.min(shares, parts.length));
    expect(
      parts.every(({ length, byteOffset, buffer }) => length > 0 && byteOffset === 0 && buffer.byteLength === length),
    ).toBe(true);
  }
  const [left, right] = splitHistory(history, 2);
  expect(Math.abs((left?.length ?? 0) - (right?.length ?? 0)) / history.ids.length).toBeLessThan(0.1);
  expect(splitHistory({ ids: new Uint8Array(0), sizes: new Float64Array(0) }, 3)).toEqual([]);
});

test("a loose object whose file holds rubbish after its end is still read", async () => {
  const folder = initialise();
  const oid = blob(folder, "content");
  const good = blob(folder, "good");
  chmodSync(looseFile(folder, oid), 0o600);
  appendFileSync(looseFile(folder, oid), "rubbish");
  write(folder, ".git/objects/aa/not-an-object", "x");
  const { contents, result } = await readAll(folder, [oid, good]);
  expect(contents.get(good)).toBe("good");
  expect([...contents.keys(), ...result.gaps.map(({ subject }) => subject)].toSorted()).toEqual([oid, good].toSorted());
});

test("a server-side hook sees the objects that a push brings, in their quarantine only", async () => {
  const bare = initialise("--bare");
  const quarantine = join(bare, "objects/incoming");
  mkdirSync(quarantine);
  const env = {
    GIT_QUARANTINE_PATH: quarantine,
    GIT_OBJECT_DIRECTORY: quarantine,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: join(bare, "objects"),
  };
  const oid = execFileSync("git", ["hash-object", "-w", "--stdin"], {
    cwd: bare,
    input: "pushed",
    env: { ...process.env, ...env, GIT_DIR: bare },
  })
    .toString()
    .trim();
  const read = async (callerEnv: NodeJS.ProcessEnv) =>
    readObjects(objectSource(await open(bare, callerEnv)), packObjectIds([oid]), ({ bytes }) =>
      expect(bytes.toString()).toBe("pushed"),
    );
  expect(await read(env)).toMatchObject({ objects: 1, gaps: [] });
  expect((await read({})).gaps).toHaveLength(1);
  expect((await read({ ...env, GIT_QUARANTINE_PATH: "/elsewhere" })).gaps).toHaveLength(1);
});
