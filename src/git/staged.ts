import { LeaseholdError } from "../error.ts";
import type { Gap, Skipped } from "../finding.ts";
import { type Change, changeParser } from "./change.ts";
import { firstMessage, runGit } from "./command.ts";
import { oidLength, type Repository } from "./repository.ts";

/** What the next commit would change. */
export type Staged = { changes: Change[]; gaps: Gap[]; skipped: Skipped[] };

// The empty tree of each object format: git knows both without having them stored.
const emptyTree = {
  sha1: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
  sha256: "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321",
};

/**
 * The entries of the index that differ from HEAD (from nothing when HEAD is unborn); their contents are read with `readObjects`.
 * In a hook the index that git prepared for the commit is used (see `openRepository`). Deletions are left out, and so are
 * intent-to-add entries (`git add -N`), which add no content to the commit.
 * Out: also submodules, named, and unmerged entries as gaps, since what will be committed there is not known yet.
 * Throws LeaseholdError `git` when the index or HEAD's tree cannot be read.
 */
export async function stagedBlobs(repository: Repository): Promise<Staged> {
  const staged: Staged = { changes: [], gaps: [], skipped: [] };
  const against = repository.head ?? emptyTree[repository.objectFormat];
  const options = [
    "--cached",
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-renames",
    "--no-ext-diff",
    "--ita-invisible-in-index",
  ];
  const { code, stdout, stderr } = await runGit(["diff-index", ...options, against, "--"], repository);
  if (code !== 0) throw new LeaseholdError("git", `the index could not be compared with HEAD: ${firstMessage(stderr)}`);
  const parser = changeParser(oidLength(repository.objectFormat), {
    change(change) {
      if (change.status.includes("U")) {
        staged.gaps.push({
          subject: change.path,
          kind: "unreadable",
          detail: "it has unresolved conflicts; resolve and add it, then scan again",
        });
      } else if (change.mode === "160000") {
        staged.skipped.push({
          subject: change.path,
          kind: "submodule",
          detail: "a repository of its own; scan it where it is checked out",
        });
      } else staged.changes.push(change);
    },
  });
  parser.push(stdout);
  return staged;
}
