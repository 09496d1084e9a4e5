/** From what an event asks for to what is scanned here, in the words of the CLI, and to the commit whose policy counts. */
import { LeaseholdError } from "../src/error.ts";
import type { Repository } from "../src/git/repository.ts";
import { isAncestor, mergeBase, resolveCommit } from "../src/git/revision.ts";
import type { EventScope } from "./event.ts";
import type { Inputs } from "./input.ts";

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
  range: Inputs["range"],
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
      const { head, target } = event;
      // A branch that was forced elsewhere no longer has the commit that the event names.
      const gone = !repository.shallow && (await resolveCommit(repository, event.base)) === undefined;
      const base = (gone ? await branchHere(repository, target) : undefined) ?? event.base;
      await requireHere(repository, [base, head], "the commits of this pull request");
      if (repository.shallow && (await mergeBase(repository, base, head)) === undefined)
        throw notHere("the commit from which this pull request starts");
      return { range: `${base}...${head}`, steering: await tipOf(repository, target, base) };
    }
    case "merge-group": {
      const { base, head, target } = event;
      await requireHere(repository, [base, head], "the commits of this merge group");
      return { range: `${base}..${head}`, steering: await tipOf(repository, target, base) };
    }
    case "push":
      return await scopeOfPush(repository, event);
    case "everything":
      return {
        range: undefined,
        steering: event.defaultBranch === undefined ? undefined : await branchHere(repository, event.defaultBranch),
      };
  }
}

async function scopeOfPush(repository: Repository, event: EventScope & { kind: "push" }): Promise<Scope> {
  const { ref, after, defaultBranch } = event;
  const tip = await requireHere(repository, [after], `what was pushed to ${ref}`);
  // After a force push the old commit is nowhere that a checkout looks.
  const before = event.before === undefined ? undefined : await resolveCommit(repository, event.before);
  if (ref === `refs/heads/${defaultBranch}`) {
    if (before !== undefined) return { range: `${before}..${tip}`, steering: before };
    return { range: undefined, steering: tip };
  }
  const steering = await branchHere(repository, defaultBranch);
  if (steering === undefined) throw notHere(`the branch ${defaultBranch}, whose policy counts,`);
  if (before !== undefined) return { range: `${before}..${tip}`, steering };
  if (repository.shallow && (await mergeBase(repository, steering, tip)) === undefined)
    throw notHere(`the commit in which ${ref} leaves ${defaultBranch}`);
  return { range: `${steering}...${tip}`, steering };
}

/** The tip of the branch that a change is meant for: what was fetched of it when that is newer than what the event knew. */
async function tipOf(repository: Repository, branch: string, known: string): Promise<string> {
  const tip = await branchHere(repository, branch);
  return tip !== undefined && (await isAncestor(repository, known, tip)) ? tip : known;
}

/** Where actions/checkout puts the branches that it fetches. */
function branchHere(repository: Repository, branch: string): Promise<string | undefined> {
  return resolveCommit(repository, `refs/remotes/origin/${branch}`);
}

/** Out: the commit that the last id names: a tag is peeled. */
async function requireHere(repository: Repository, oids: readonly string[], what: string): Promise<string> {
  let last: string | undefined;
  for (const oid of oids) {
    last = await resolveCommit(repository, oid);
    if (last === undefined) throw notHere(what);
  }
  return last!;
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
