import type { Gap } from "../finding.ts";
import { firstMessage, type GitTarget } from "./command.ts";
import { gapList } from "./gaps.ts";
import { type GitObject, objectParser } from "./object-stream.ts";
import type { Repository } from "./repository.ts";
import { streamGit } from "./stream.ts";

/**
 * Object ids as bytes: each is its hexadecimal digits and a line break, 41 or 65 bytes, in the order in which to read them.
 * Plain data (can be transferred to a worker thread), cheap to slice, and exactly what `git cat-file --batch` reads.
 */
export type ObjectIds = Uint8Array;

/** Which objects to read from where; plain data. */
export type ObjectSource = GitTarget & Pick<Repository, "objectFormat" | "promisor">;

export type ReadOptions = { signal?: AbortSignal };

/** What a read leaves beside the objects. */
export type ReadResult = { objects: number; bytes: number; gaps: Gap[] };

/** How often a git process that dies is replaced before the rest is given up. */
const restartLimit = 500;

/** In: full object ids. Out: the same as bytes. */
export function packObjectIds(oids: Iterable<string>): ObjectIds {
  const text = [...oids].join("\n");
  return text === "" ? new Uint8Array(0) : Buffer.from(`${text}\n`, "latin1");
}

/** The opposite of `packObjectIds`. */
export function unpackObjectIds(ids: ObjectIds): string[] {
  const text = Buffer.from(ids.buffer, ids.byteOffset, ids.length).toString("latin1");
  return text === "" ? [] : text.slice(0, -1).split("\n");
}

/** Only the four fields of a repository that reading needs. */
export function objectSource(repository: Repository): ObjectSource {
  const { gitDir, workTree, quarantine, objectFormat, promisor } = repository;
  return {
    gitDir,
    objectFormat,
    promisor,
    ...(workTree !== undefined && { workTree }),
    ...(quarantine && { quarantine }),
  };
}

/**
 * Read objects through one `git cat-file --batch`, in the order given.
 * In: the source; ids; `onObject`, called synchronously with each object (in pieces above 32 MB: see `Piece`). It does its work
 * before it returns: git waits meanwhile, so memory stays bounded.
 * Out: counts and gaps. A missing object is a gap `missing-object`. When git dies on an object (corrupt contents), that object
 * is a gap `corrupt` and reading goes on behind it with a new process.
 * Throws what `onObject` throws, `signal`'s reason when aborted, and LeaseholdError `git` when git cannot be started.
 */
export async function readObjects(
  source: ObjectSource,
  ids: ObjectIds,
  onObject: (object: GitObject) => void,
  options: ReadOptions = {},
): Promise<ReadResult> {
  const width = (source.objectFormat === "sha1" ? 40 : 64) + 1;
  if (ids.length % width !== 0) throw new Error("object ids of the wrong length for this repository");
  const gaps = gapList();
  const result = { objects: 0, bytes: 0 };
  const absent = source.promisor ? await absentIn(source, ids, width) : undefined;
  const wanted = absent === undefined ? ids : absent.present;
  for (const oid of absent?.missing ?? []) gaps.add(missingGap(oid, source.promisor));
  let next = 0;
  let restarts = 0;
  while (next < wanted.length) {
    const run = await readRun(source, wanted.subarray(next), width, onObject, result, options.signal);
    for (const oid of run.missing) gaps.add(absentGap(oid, run.stderr, source.promisor));
    next += run.answered * width;
    if (next >= wanted.length) break;
    // A process that was killed may have kept finished objects in its buffer: only one that gets nowhere names the culprit.
    if (run.code > 0 || run.answered === 0) {
      gaps.add({
        subject: idAt(wanted, next, width),
        kind: "corrupt",
        detail: `git could not read it: ${firstMessage(run.stderr)}`,
      });
      next += width;
    }
    if (++restarts > restartLimit && next < wanted.length) {
      const left = (wanted.length - next) / width;
      gaps.add({
        subject: idAt(wanted, next, width),
        kind: "corrupt",
        detail: `git died ${restartLimit} times; this and ${left - 1} more objects were not read. Run: git fsck`,
      });
      break;
    }
  }
  return { ...result, gaps: gaps.list() };
}

type Run = { answered: number; missing: string[]; code: number; stderr: string };

async function readRun(
  source: ObjectSource,
  ids: ObjectIds,
  width: number,
  onObject: (object: GitObject) => void,
  result: { objects: number; bytes: number },
  signal: AbortSignal | undefined,
): Promise<Run> {
  const missing: string[] = [];
  const parser = objectParser(width - 1, {
    object(object) {
      if (object.last) {
        result.objects++;
        result.bytes += object.size;
      }
      onObject(object);
    },
    missing: (oid) => missing.push(oid),
  });
  const { code, stderr } = await streamGit(["cat-file", "--batch", "--buffer"], source, ids, parser.push, signal);
  return { answered: parser.answered, missing, code, stderr };
}

/**
 * In a partial clone git before 2.45 tries to fetch each missing object and dies when that is forbidden. So such a repository is
 * first asked what it has.
 */
async function absentIn(
  source: ObjectSource,
  ids: ObjectIds,
  width: number,
): Promise<{ present: ObjectIds; missing: string[] }> {
  const has = new Set<string>();
  const list = ["cat-file", "--batch-all-objects", "--batch-check=%(objectname)", "--unordered", "--buffer"];
  let rest = "";
  await streamGit(list, source, "", (chunk) => {
    const lines = (rest + chunk.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.length === width - 1) has.add(line);
  });
  const all = unpackObjectIds(ids);
  return { present: packObjectIds(all.filter((oid) => has.has(oid))), missing: all.filter((oid) => !has.has(oid)) };
}

/** Git answers "missing" for an object that it cannot unpack too, and then says so among its messages. */
function absentGap(oid: string, stderr: string, promisor: boolean): Gap {
  const damaged =
    stderr.includes(oid) || stderr.includes(`${oid.slice(0, 2)}/${oid.slice(2)}`) || stderr.includes("packfile");
  return damaged
    ? { subject: oid, kind: "corrupt", detail: `git could not read it: ${firstMessage(stderr)}` }
    : missingGap(oid, promisor);
}

/** The gap for an object that is not in the repository. */
export function missingGap(oid: string, promisor: boolean): Gap {
  const way = promisor
    ? "it was left out of this partial clone. Scan a full clone, or run: git fetch --refetch --no-filter"
    : "the repository is incomplete. Run: git fsck";
  return { subject: oid, kind: "missing-object", detail: `not scanned, because ${way}` };
}

function idAt(ids: ObjectIds, at: number, width: number): string {
  return Buffer.from(ids.buffer, ids.byteOffset + at, width - 1).toString("latin1");
}
