/** From what an event asks for to what is scanned here, in the words of the CLI, and to the commit whose policy counts. The Action and the App share it. */
import { LeaseholdError } from "../error.ts";
import type { Repository } from "../git/repository.ts";
import { isAncestor, mergeBase, resolveCommits } from "../git/revision.ts";

/** What an event asks for. Commits are full ids, branches short names. */
export type EventScope =
  /** Commits that are meant for a branch; what the two sides share is not theirs. */
  | { kind: "pull-request"; number: number; base: string; head: string; target: string }
  /** Commits that a merge queue is about to put on a branch. */
  | { kind: "merge-group"; base: string; head: string; target: string }
  /** A branch or tag that moved. `before` is missing for a new one. */
  | { kind: "push"; ref: string; before: string | undefined; after: string; defaultBranch: string }
  /** A branch or tag that went. */
  | { kind: "deletion"; ref: string }
  /** Everything. `open`: what is shown of it everybody can read. */
  | { kind: "everything"; defaultBranch: string | undefined; open: boolean };

/** What follows `leasehold scan` for the same: a range, or undefined for the whole history. */
export type Scope = { range: string | undefined; steering: string | undefined };

/**
 * Look up the commits of an event.
 * Out: what to scan and whose policy counts. Throws LeaseholdError("git") with the lines to paste when commits are not here, and "usage" when `range`
 * asks for a comparison and the event has nothing to compare with.
 */
export async function scopeHere(
  repository: Repository,
  event: Exclude<EventScope, { kind: "deletion" }>,
  range: "auto" | "diff" | "full",
): Promise<Scope> {
  const asked = await scopeAsked(repository, event);
  if (range === "full" || asked.range === undefined) {
    if (range === "diff") throw nothingToCompare(event);
    if (repository.shallow) throw notHere("the whole history");
    return { ...asked, range: undefined };
  }
  return asked;
}

async function scopeAsked(repository: Repository, event: Exclude<EventScope, { kind: "deletion" }>): Promise<Scope> {
  switch (event.kind) {
    case "pull-request": {
      const [known, head, target] = await here(repository, event.base, event.head, remote(event.target));
      // A branch that was forced elsewhere no longer has the commit that the event names.
      const base = known ?? (repository.shallow ? undefined : target);
      if (base === undefined || head === undefined) throw notHere("a commit of this pull request");
      if (repository.shallow && (await mergeBase(repository, base, head)) === undefined)
        throw notHere("the commit from which this pull request starts");
      return { range: `${base}...${head}`, steering: await newest(repository, base, target) };
    }
    case "merge-group": {
      const [base, head, target] = await here(repository, event.base, event.head, remote(event.target));
      if (base === undefined || head === undefined) throw notHere("a commit of this merge group");
      return { range: `${base}..${head}`, steering: await newest(repository, base, target) };
    }
    case "push":
      return await scopeOfPush(repository, event);
    case "everything": {
      const { defaultBranch } = event;
      const [steering] = defaultBranch === undefined ? [] : await here(repository, remote(defaultBranch));
      return { range: undefined, steering };
    }
  }
}

async function scopeOfPush(repository: Repository, event: EventScope & { kind: "push" }): Promise<Scope> {
  const { ref, defaultBranch } = event;
  // A tag is peeled; after a force push the old commit is nowhere that a checkout looks.
  const [tip, before, steering] = await here(repository, event.after, event.before, remote(defaultBranch));
  if (tip === undefined) throw notHere(`what was pushed to ${ref}`);
  if (ref === `refs/heads/${defaultBranch}`) {
    if (before !== undefined) return { range: `${before}..${tip}`, steering: before };
    return { range: undefined, steering: tip };
  }
  if (steering === undefined) throw notHere(`the branch ${defaultBranch}, whose policy counts,`);
  if (before !== undefined) return { range: `${before}..${tip}`, steering };
  if (repository.shallow && (await mergeBase(repository, steering, tip)) === undefined)
    throw notHere(`the commit in which ${ref} leaves ${defaultBranch}`);
  return { range: `${steering}...${tip}`, steering };
}

/** The tip of the branch that a change is meant for: what was fetched of it when that is newer than what the event knew. */
async function newest(repository: Repository, known: string, fetched: string | undefined): Promise<string> {
  if (fetched === undefined || fetched === known) return known;
  return (await isAncestor(repository, known, fetched)) ? fetched : known;
}

/** Where actions/checkout puts a branch that it fetches. */
function remote(branch: string): string {
  return `refs/remotes/origin/${branch}`;
}

/** The commits of some names, those that are here. */
async function here(repository: Repository, ...names: (string | undefined)[]): Promise<(string | undefined)[]> {
  const found = await resolveCommits(
    repository,
    names.filter((name) => name !== undefined),
  );
  return names.map((name) => (name === undefined ? undefined : found.shift()));
}

function nothingToCompare(event: EventScope): LeaseholdError {
  const why = event.kind === "push" ? "the commit before this push is not here" : "this event has no commits before";
  return new LeaseholdError("usage", `range: diff needs something to compare with, and ${why}; use auto or full`);
}

/** Exit code 4: what was not looked at is not clean. */
function notHere(what: string): LeaseholdError {
  return new LeaseholdError(
    "git",
    `${what} is not in this checkout, which holds a part of the history. Add to the step with actions/checkout:\nwith:\n  fetch-depth: 0`,
  );
}
