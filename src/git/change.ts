import type { Gap } from "../finding.ts";
import { firstMessage, type GitTarget } from "./command.ts";
import { gapList } from "./gaps.ts";
import { decodePath } from "./path.ts";
import { oidLength, type Repository } from "./repository.ts";
import { streamGit } from "./stream.ts";

/** One path that a commit (or the index) gives new content, against each parent. */
export type Change = {
  path: string;
  /** The new content. */
  oid: string;
  /** File mode in octal digits: `100644`, `100755`, `120000` (symbolic link), `160000` (submodule). */
  mode: string;
  /** What each parent has at the path; undefined where it has no file there. One entry, undefined, for a root commit. */
  olds: (string | undefined)[];
  /** The status letters of git-diff(1), one for each parent: A, M, T, U. */
  status: string;
};

/** Takes the output of `git diff-tree` or `diff-index` with `--raw -z --no-abbrev`, chunk by chunk. */
export type ChangeParser = { push(chunk: Buffer): void };

/**
 * Parser of git-diff-tree(1), "RAW OUTPUT FORMAT" with `-z`, plain and combined (`-c`).
 * In: digits of an object id; `onCommit` for each commit's head; `onChange` for each path with new content (deletions are left out);
 * `wanted`: report only changes to these contents.
 */
export function changeParser(
  digits: number,
  listener: { commit?(oid: string): void; change(change: Change): void },
  wanted?: ReadonlySet<string>,
): ChangeParser {
  let rest: Buffer = Buffer.alloc(0);
  let pending: Omit<Change, "path"> | "skip" | undefined;
  function head(token: Buffer): void {
    if (token[0] !== 58) {
      listener.commit?.(token.toString("latin1"));
      return;
    }
    let parents = 1;
    while (token[parents] === 58) parents++;
    // `:` for each parent, then modes and ids of the parents and of the result, then the status.
    const ids = parents + (parents + 1) * 7;
    const newAt = ids + parents * (digits + 1);
    const oid = token.toString("latin1", newAt, newAt + digits);
    const status = token.toString("latin1", newAt + digits + 1);
    const deleted = isZero(oid) && !status.includes("U");
    if (deleted || (wanted !== undefined && !wanted.has(oid))) {
      pending = "skip";
      return;
    }
    const olds: Change["olds"] = [];
    for (let i = 0; i < parents; i++) {
      const old = token.toString("latin1", ids + i * (digits + 1), ids + i * (digits + 1) + digits);
      olds.push(isZero(old) ? undefined : old);
    }
    const modeAt = parents + parents * 7;
    pending = { oid, mode: token.toString("latin1", modeAt, modeAt + 6), olds, status };
  }
  return {
    push(chunk) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, at)) {
        if (pending === undefined) head(bytes.subarray(at, end));
        else {
          if (pending !== "skip") listener.change({ path: decodePath(bytes.subarray(at, end)), ...pending });
          pending = undefined;
        }
        at = end + 1;
      }
      // A copy: the chunk is used again.
      rest = Buffer.from(bytes.subarray(at));
    },
  };
}

/**
 * What each of some commits changes: against its parent, or for a merge only what differs from all its parents.
 * In: full commit ids; `onChange`, called in their order; `wanted`: only these contents. Out: gaps for commits that git could not
 * compare (their trees are missing or corrupt); the others are not lost.
 * Throws LeaseholdError `git` when git cannot be started.
 */
export async function commitChanges(
  repository: GitTarget & Pick<Repository, "objectFormat" | "promisor">,
  commits: readonly string[],
  onChange: (commit: string, change: Change) => void,
  wanted?: ReadonlySet<string>,
): Promise<Gap[]> {
  const gaps = gapList();
  let next = 0;
  for (let deaths = 0; next < commits.length; deaths++) {
    // `--always` prints the head of a commit without changes too: so the heads tell where git stopped.
    const options = ["--stdin", "--always", "-r", "-z", "-c", "--root", "--raw", "--no-abbrev", "--no-renames"];
    const args = ["diff-tree", ...options, "--no-ext-diff", "--no-textconv"];
    let current = "";
    let heads = 0;
    const parser = changeParser(
      oidLength(repository.objectFormat),
      {
        commit(oid) {
          current = oid;
          heads++;
        },
        change: (change) => onChange(current, change),
      },
      wanted,
    );
    const { code, stderr } = await streamGit(args, repository, `${commits.slice(next).join("\n")}\n`, parser.push);
    next += heads;
    if (code === 0) break;
    if (next >= commits.length) break;
    const subject = commits[next] ?? "";
    const kind = repository.promisor ? "missing-object" : "corrupt";
    if (deaths >= 200) {
      gaps.add({
        subject,
        kind,
        detail: `git died ${deaths} times; this and ${commits.length - next - 1} more commits were not read`,
      });
      break;
    }
    gaps.add({ subject, kind, detail: `what this commit changes could not be read: ${firstMessage(stderr)}` });
    next++;
  }
  return gaps.list();
}

function isZero(oid: string): boolean {
  return oid.startsWith("00000000") && /^0+$/.test(oid);
}
