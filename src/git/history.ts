import type { Gap } from "../finding.ts";
import { firstMessage, runGit } from "./command.ts";
import { gapList } from "./gaps.ts";
import { missingGap, type ObjectIds } from "./object.ts";
import { shallowBoundary } from "./range.ts";
import { oidLength, type Repository } from "./repository.ts";
import { streamGit } from "./stream.ts";

/** The objects of a history that hold text: blobs, commits and annotated tags (for their messages), each once. */
export type HistoryObjects = {
  /** In the order in which they lie in the packs, so that neighbours share their delta bases. */
  ids: ObjectIds;
  /** Size in bytes of each object, in the same order. */
  sizes: Float64Array;
  blobs: number;
  commits: number;
  gaps: Gap[];
};

/**
 * List a history's objects.
 * In: `since`: the full id of a commit; only what is reachable from refs and not from it. Without it every object in the
 * repository (and its alternates) is listed, which is much faster than walking, and includes what no ref reaches: ask
 * `reachableObjects` about those that matter.
 * Out: ids and sizes, and gaps for a shallow clone and for objects that git lists but cannot read.
 */
export async function historyObjects(
  repository: Repository,
  options: { since?: string } = {},
): Promise<HistoryObjects> {
  const gaps = gapList();
  for (const subject of shallowBoundary(repository)) {
    gaps.add({
      subject,
      kind: "shallow",
      detail: "history is cut off here; what is older was not scanned. Run: git fetch --unshallow",
    });
  }
  const collector = listCollector(oidLength(repository.objectFormat), gaps.add, repository.promisor);
  const check = ["cat-file", "--batch-check", "--buffer"];
  const all = ["--batch-all-objects", "--unordered"];
  const input = options.since === undefined ? "" : await walkSince(repository, options.since, gaps.add);
  const args = options.since === undefined ? [...check, ...all] : check;
  const { code, stderr } = await streamGit(args, repository, input, collector.push);
  if (code !== 0)
    gaps.add({
      subject: "objects",
      kind: "corrupt",
      detail: `git could not list all objects: ${firstMessage(stderr)}. Run: git fsck`,
    });
  return { ...collector.list(), gaps: gaps.list() };
}

/**
 * Cut a history into contiguous shares of about the same work, one or more for each worker thread.
 * In: the objects; how many shares. Out: at most that many, none empty.
 */
export function splitHistory(history: Pick<HistoryObjects, "ids" | "sizes">, shares: number): ObjectIds[] {
  const count = history.sizes.length;
  if (count === 0) return [];
  const width = history.ids.length / count;
  // An object costs its bytes and something for itself.
  const cost = (index: number) => (history.sizes[index] ?? 0) + 2000;
  let total = 0;
  for (let i = 0; i < count; i++) total += cost(i);
  const parts: ObjectIds[] = [];
  let start = 0;
  let done = 0;
  for (let i = 0; i < count; i++) {
    done += cost(i);
    if (i === count - 1 || (done >= (total * (parts.length + 1)) / shares && parts.length < shares - 1)) {
      // A copy of its own, so that a share can be transferred without the rest.
      parts.push(new Uint8Array(history.ids.subarray(start * width, (i + 1) * width)));
      start = i + 1;
    }
  }
  return parts;
}

/** What a walk from the refs found. */
export type Reachable = { reachable: Set<string>; gaps: Gap[] };

/**
 * Walk everything that refs (and the HEADs of all worktrees) reach.
 * In: ids of objects in question. Out: which of them are reachable, and as gaps which reachable objects are missing. When the walk
 * breaks off because the repository is damaged, all of them count as reachable: nothing is dropped on a guess. `since`: leave out what this commit reaches.
 * `onName`: told the path under which the walk came upon each blob and tree, one each, up to a line break in it, one char a byte.
 */
export async function reachableObjects(
  repository: Repository,
  wanted: ReadonlySet<string>,
  { since, onName }: { since?: string | undefined; onName?: (oid: string, path: string) => void } = {},
): Promise<Reachable> {
  const gaps = gapList();
  const reachable = new Set<string>();
  const ends = since === undefined ? ["--all"] : ["--all", "--not", since];
  const names = onName === undefined ? ["--no-object-names"] : [];
  const walk = ["rev-list", "--objects", ...names, "--missing=print", ...ends];
  const digits = oidLength(repository.objectFormat);
  let rest = "";
  const { code, stderr } = await streamGit(walk, repository, "", (chunk) => {
    const lines = (rest + chunk.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("?")) gaps.add(missingGap(line.slice(1), repository.promisor));
      else if (wanted.has(line.slice(0, digits))) reachable.add(line.slice(0, digits));
      if (onName !== undefined && line.length > digits + 1 && line[digits] === " ")
        onName(line.slice(0, digits), line.slice(digits + 1));
    }
  });
  if (code === 0) return { reachable, gaps: gaps.list() };
  gaps.add({
    subject: "refs",
    kind: "corrupt",
    detail: `the history could not be walked to its end: ${firstMessage(stderr)}. Run: git fsck`,
  });
  return { reachable: new Set(wanted), gaps: gaps.list() };
}

async function walkSince(repository: Repository, since: string, addGap: (gap: Gap) => void): Promise<Buffer> {
  const walk = ["rev-list", "--objects", "--no-object-names", "--missing=print", "--all", "--not", since];
  const { code, stdout, stderr } = await runGit(walk, repository);
  if (code !== 0)
    addGap({
      subject: "refs",
      kind: "corrupt",
      detail: `the history could not be walked to its end: ${firstMessage(stderr)}. Run: git fsck`,
    });
  if (stdout.indexOf(63) === -1) return stdout;
  const lines = stdout.toString("latin1").split("\n");
  for (const line of lines) if (line.startsWith("?")) addGap(missingGap(line.slice(1), repository.promisor));
  return Buffer.from(lines.filter((line) => !line.startsWith("?")).join("\n"), "latin1");
}

type Collector = { push(chunk: Buffer): void; list(): Omit<HistoryObjects, "gaps"> };

/** Collects the lines `OID SP TYPE SP SIZE` of `git cat-file --batch-check` that are no trees. */
function listCollector(digits: number, addGap: (gap: Gap) => void, promisor: boolean): Collector {
  let ids = Buffer.allocUnsafe(1024 * (digits + 1));
  let sizes = new Float64Array(1024);
  const counts = { total: 0, blobs: 0, commits: 0 };
  let rest: Buffer = Buffer.alloc(0);
  return {
    push(chunk) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, at)) {
        line(bytes, at, end);
        at = end + 1;
      }
      // A copy: the chunk is used again.
      rest = Buffer.from(bytes.subarray(at));
    },
    list: () => ({
      ids: ids.subarray(0, counts.total * (digits + 1)),
      sizes: sizes.subarray(0, counts.total),
      blobs: counts.blobs,
      commits: counts.commits,
    }),
  };
  function line(bytes: Buffer, at: number, end: number): void {
    const type = bytes[at + digits + 1];
    if (type === 109) {
      addGap(missingGap(bytes.toString("latin1", at, at + digits), promisor));
      return;
    }
    // `tree` and `tag` differ in their second letter.
    if (type === 116 && bytes[at + digits + 2] === 114) return;
    if (type === 98) counts.blobs++;
    if (type === 99) counts.commits++;
    if (counts.total === sizes.length) {
      const more = new Float64Array(sizes.length * 2);
      more.set(sizes);
      sizes = more;
      ids = Buffer.concat([ids], ids.length * 2);
    }
    bytes.copy(ids, counts.total * (digits + 1), at, at + digits);
    ids[counts.total * (digits + 1) + digits] = 10;
    sizes[counts.total] = Number(bytes.toString("latin1", bytes.indexOf(32, at + digits + 1) + 1, end));
    counts.total++;
  }
}
