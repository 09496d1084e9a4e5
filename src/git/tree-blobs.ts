import { LeaseholdError } from "../error.ts";
import type { Gap } from "../finding.ts";
import { firstMessage, requireGit } from "./command.ts";
import { decodePath } from "./path.ts";
import { oidLength, type Repository } from "./repository.ts";
import { streamGit } from "./stream.ts";

/** A file or symbolic link of a commit or of the index. */
export type TreeBlob = {
  path: string;
  oid: string;
  /** File mode in octal digits: `100644`, `100755`, `120000` (symbolic link). */
  mode: string;
};

/**
 * The blobs of a commit's tree; submodules are left out.
 * In: a full commit id; exact paths from the root, folders with a slash behind them, or nothing for all. Out: the blobs, and a gap when the trees could not all be read.
 */
export async function treeBlobs(
  repository: Repository,
  commit: string,
  paths: readonly string[] = [],
): Promise<{ blobs: TreeBlob[]; gaps: Gap[] }> {
  const blobs: TreeBlob[] = [];
  const digits = oidLength(repository.objectFormat);
  const wanted = wantedIn(paths);
  // Paths that are no text cannot stand on a command line of node's; then the whole tree is listed.
  const named = paths.every((path) => path.isWellFormed()) && paths.length <= 200 ? paths : [];
  let rest: Buffer = Buffer.alloc(0);
  const args = ["ls-tree", "-r", "-z", "--full-tree", commit, ...(named.length === 0 ? [] : ["--", ...named])];
  const { code, stderr } = await streamGit(args, repository, "", (chunk) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, at)) {
      // `100644 blob OID<TAB>path`
      const tab = bytes.indexOf(9, at);
      if (bytes[at + 7] === 98) {
        const path = decodePath(bytes.subarray(tab + 1, end));
        if (wanted(path)) {
          blobs.push({
            path,
            oid: bytes.toString("latin1", tab - digits, tab),
            mode: bytes.toString("latin1", at, at + 6),
          });
        }
      }
      at = end + 1;
    }
    // A copy: the chunk is used again.
    rest = Buffer.from(bytes.subarray(at));
  });
  if (code === 0) return { blobs, gaps: [] };
  const detail = `its tree could not be read to its end: ${firstMessage(stderr)}`;
  return { blobs, gaps: [{ subject: commit, kind: repository.promisor ? "missing-object" : "corrupt", detail }] };
}

/**
 * Files as they stand in the index; unmerged ones are left out.
 * In: as for `treeBlobs`. Throws LeaseholdError `git` when the index cannot be read.
 */
export async function indexBlobs(repository: Repository, paths: readonly string[] = []): Promise<TreeBlob[]> {
  if (paths.some((path) => !path.isWellFormed())) throw new LeaseholdError("git", "a path of the index is not text");
  const wanted = wantedIn(paths);
  const listed = await requireGit(["ls-files", "-z", "--stage", "--full-name", "--", ...paths], repository);
  return decodePath(listed)
    .split("\0")
    .flatMap((record) => {
      // `100644 OID 0<TAB>path`
      const [head = "", path = ""] = [record.slice(0, record.indexOf("\t")), record.slice(record.indexOf("\t") + 1)];
      const [mode = "", oid = "", stage] = head.split(" ");
      return stage === "0" && mode.startsWith("1") && mode !== "160000" && wanted(path) ? [{ path, oid, mode }] : [];
    });
}

function wantedIn(paths: readonly string[]): (path: string) => boolean {
  if (paths.length === 0) return () => true;
  const exact = new Set(paths);
  const folders = paths.filter((path) => path.endsWith("/"));
  return (path) => exact.has(path) || folders.some((folder) => path.startsWith(folder));
}
