import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LeaseholdError } from "../error.ts";
import type { Gap, Skipped } from "../finding.ts";
import { type Change, commitChanges } from "./change.ts";
import { requireGit } from "./command.ts";
import { oidLength, type Repository } from "./repository.ts";
import { mergeBase, requireCommit } from "./revision.ts";

/** A range of commits, resolved to full ids. */
export type Range = {
  /** The A of `A..B`: its policy counts. Undefined when A is all zeros, as in the event of a new branch: then all of B counts. */
  from: string | undefined;
  /** What decides whether something is new: A for `A..B`, the merge base for `A...B`. */
  base: string | undefined;
  /** The B of the range. */
  tip: string;
};

/** One commit of a range: its first parents first; which contents it adds. */
export type RangeCommit = { oid: string; parents: string[]; changes: Change[] };

/** A range's commits, oldest first. */
export type RangeCommits = { commits: RangeCommit[]; gaps: Gap[]; skipped: Skipped[] };

/**
 * Resolve `A..B` or `A...B` (gitrevisions(7); an empty side is HEAD).
 * Out: the range, or undefined when the text is no range: it holds no two dots, or they stand in a path (`..`, `../a`).
 * Throws LeaseholdError `nothing-matched` when a side names no commit.
 */
export async function resolveRange(repository: Repository, text: string): Promise<Range | undefined> {
  const parts = /^(.*?)(\.\.\.?)(?!\.)(.*)$/s.exec(text);
  if (parts === null) return undefined;
  const [, left, dots, right] = parts;
  if (text === ".." || right?.startsWith("/")) return undefined;
  if (repository.head === undefined && (left === "" || right === "")) {
    throw new LeaseholdError("nothing-matched", `${text}: HEAD has no commit yet`);
  }
  const tip = await requireCommit(repository, right || "HEAD");
  if (left !== undefined && /^(0{40}|0{64})$/.test(left)) return { from: undefined, base: undefined, tip };
  const from = await requireCommit(repository, left || "HEAD");
  const base = dots === "..." ? await mergeBase(repository, from, tip) : from;
  return { from, base: base ?? from, tip };
}

/**
 * Every commit that B has and A has not, oldest first (topological order), with the contents each adds: a merge only what
 * differs from all its parents. The commits' own ids can be given to `readObjects` for their messages.
 * Out: also gaps (a shallow boundary inside the range shows its whole tree as added; commits whose trees are missing) and
 * submodules, which are named and not entered.
 */
export async function rangeCommits(repository: Repository, range: Range): Promise<RangeCommits> {
  const ends = range.from === undefined ? [range.tip] : [range.tip, `^${range.from}`];
  const listed = await requireGit(["rev-list", "--topo-order", "--reverse", "--parents", ...ends], repository);
  const commits = new Map<string, RangeCommit>();
  for (const line of listed.toString("latin1").split("\n")) {
    const [oid, ...parents] = line.split(" ");
    if (oid !== undefined && oid.length === oidLength(repository.objectFormat))
      commits.set(oid, { oid, parents, changes: [] });
  }
  const skipped: Skipped[] = [];
  const gaps: Gap[] = shallowBoundary(repository)
    .filter((oid) => commits.has(oid))
    .map((subject) => ({
      subject,
      kind: "shallow",
      detail:
        "history is cut off here, so what this commit adds is not known and its whole tree was taken. Run: git fetch --unshallow, or in a workflow check out with fetch-depth: 0",
    }));
  const missing = await commitChanges(repository, [...commits.keys()], (oid, change) => {
    if (change.mode === "160000")
      skipped.push({
        subject: change.path,
        kind: "submodule",
        detail: "a repository of its own; its commits are not here",
      });
    else commits.get(oid)?.changes.push(change);
  });
  gaps.push(...missing);
  return { commits: [...commits.values()], gaps, skipped };
}

/** The full ids of a range's commits and of all their parents. Only commits are read, no trees. Throws LeaseholdError `git`. */
export async function rangeWithParents(repository: Repository, range: Range): Promise<string[]> {
  const ends = range.from === undefined ? [range.tip] : [range.tip, `^${range.from}`];
  const listed = await requireGit(["rev-list", "--parents", ...ends], repository);
  return [...new Set(listed.toString("latin1").split(/[ \n]/))].filter((oid) => oid !== "");
}

/** A commit and its first parents, so many of them, the newest first. In: a full id. Throws LeaseholdError `git`. */
export async function firstParents(repository: Repository, commit: string, most: number): Promise<string[]> {
  const listed = await requireGit(["rev-list", "--first-parent", `--max-count=${most}`, commit], repository);
  return listed
    .toString("latin1")
    .split("\n")
    .filter((oid) => oid !== "");
}

/** The commits whose parents a shallow clone left out (gitrepository-layout(5), `shallow`). */
export function shallowBoundary(repository: Repository): string[] {
  if (!repository.shallow) return [];
  return readFileSync(join(repository.commonDir, "shallow"), "latin1")
    .split("\n")
    .filter((line) => line !== "");
}
