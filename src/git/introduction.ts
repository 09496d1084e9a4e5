import type { Gap } from "../finding.ts";
import { commitChanges } from "./change.ts";
import { firstMessage, runGit } from "./command.ts";
import { parseCommit } from "./commit.ts";
import { objectSource, packObjectIds, readObjects } from "./object.ts";
import { decodePath } from "./path.ts";
import { oidLength, type Repository } from "./repository.ts";
import { streamGit } from "./stream.ts";

/** A commit that brought a content to a path. Names are untrusted text. */
export type Introduction = {
  commit: string;
  path: string;
  /** File mode in octal digits. */
  mode: string;
  author: string;
  email: string;
  /** The author's date, `YYYY-MM-DD`. */
  date: string;
};

/** For each content, where it came from, oldest first; and gaps of the look-up itself. */
export type Introductions = { introductions: Map<string, Introduction[]>; gaps: Gap[] };

/** Up to how many commits one process compares them all. */
const commitsPerProcess = 1500;

/**
 * Which commits and paths introduced some contents, over all refs and full history: one walk, whatever their number.
 * In: blob ids; `since`: leave out what this commit (full id) reaches. Out: introductions for each; a content that no commit
 * introduces (it hangs on a tag, or is unreachable) has no entry. A merge introduces only what it has from no parent.
 */
export async function introductions(
  repository: Repository,
  oids: ReadonlySet<string>,
  options: { since?: string } = {},
): Promise<Introductions> {
  const found = new Map<string, Introduction[]>();
  if (oids.size === 0) return { introductions: found, gaps: [] };
  const ends = options.since === undefined ? ["--all"] : ["--all", "--not", options.since];
  const listed = await runGit(["rev-list", "--topo-order", "--reverse", ...ends], repository);
  const commits = listed.stdout
    .toString("latin1")
    .split("\n")
    .filter((line) => line !== "");
  const walkGaps: Gap[] = [];
  if (listed.code !== 0) {
    const detail = `not every commit could be looked up: ${firstMessage(listed.stderr)}. Run: git fsck`;
    walkGaps.push({ subject: "refs", kind: "corrupt", detail });
  }
  const middle = commits.length > commitsPerProcess ? Math.ceil(commits.length / 2) : commits.length;
  const halves = [commits.slice(0, middle), commits.slice(middle)].map(async (half) => {
    const list: [string, Introduction][] = [];
    const gaps = await commitChanges(
      repository,
      half,
      (commit, { oid, path, mode }) => list.push([oid, { commit, path, mode, author: "", email: "", date: "" }]),
      oids,
    );
    return { list, gaps };
  });
  const results = await Promise.all(halves);
  const byCommit = new Map<string, Introduction[]>();
  for (const [oid, introduction] of results.flatMap((result) => result.list)) {
    append(found, oid, introduction);
    append(byCommit, introduction.commit, introduction);
  }
  const read = await readObjects(objectSource(repository), packObjectIds(byCommit.keys()), (object) => {
    if (object.offset > 0) return;
    const { author, email, date } = parseCommit(object.bytes);
    for (const introduction of byCommit.get(object.oid) ?? []) Object.assign(introduction, { author, email, date });
  });
  return { introductions: found, gaps: [...walkGaps, ...results.flatMap((result) => result.gaps), ...read.gaps] };
}

/**
 * Where some contents stand in one commit.
 * In: a full commit id; blob ids. Out: for each that is there, its paths; and a gap when the commit's trees could not all be read.
 */
export async function pathsAt(
  repository: Repository,
  commit: string,
  oids: ReadonlySet<string>,
): Promise<{ paths: Map<string, string[]>; gaps: Gap[] }> {
  const paths = new Map<string, string[]>();
  const digits = oidLength(repository.objectFormat);
  let rest: Buffer = Buffer.alloc(0);
  const list = ["ls-tree", "-r", "-z", "--full-tree", commit];
  const { code, stderr } = await streamGit(list, repository, "", (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, at)) {
      // `100644 blob OID<TAB>path`
      const tab = bytes.indexOf(9, at);
      const oid = bytes.toString("latin1", tab - digits, tab);
      if (oids.has(oid)) append(paths, oid, decodePath(bytes.subarray(tab + 1, end)));
      at = end + 1;
    }
    // A copy: the chunk is used again.
    rest = Buffer.from(bytes.subarray(at));
  });
  if (code === 0) return { paths, gaps: [] };
  return {
    paths,
    gaps: [
      { subject: commit, kind: "corrupt", detail: `its tree could not be read to its end: ${firstMessage(stderr)}` },
    ],
  };
}

function append<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
