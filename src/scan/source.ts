/** From what a user names to what is scanned, and which files steer that. */

import { resolve } from "node:path";
import { LeaseholdError } from "../error.ts";
import { kindAt } from "../git/folder.ts";
import { type Range, resolveRange } from "../git/range.ts";
import { openRepository, type Repository } from "../git/repository.ts";
import { requireCommit } from "../git/revision.ts";
import { readSteeringFiles, type SteeringSource } from "./steering-files.ts";
import { type TreeRoot, treeRoots } from "./tree.ts";

/** What a user names. `words`: paths, or one range; none: the folder itself. */
export type NamedSource =
  | { kind: "words"; words: readonly string[] }
  | { kind: "staged" }
  | { kind: "history"; since: string | undefined }
  | { kind: "stream"; input: AsyncIterable<Uint8Array> };

/** The same, looked up. */
export type Source =
  | { kind: "tree"; roots: TreeRoot[] }
  | { kind: "range"; repository: Repository; range: Range; text: string }
  | { kind: "staged"; repository: Repository }
  | { kind: "history"; repository: Repository; since: string | undefined }
  | { kind: "stream"; input: AsyncIterable<Uint8Array>; root: string };

/**
 * Look up what was named.
 * In: the folder that relative paths start from; whether repositories count. A word that names commits on both sides of two dots is a range also where
 * a file of that name exists: otherwise a change could bring such a file and be scanned in its place. Throws LeaseholdError.
 */
export async function lookUpSource(named: NamedSource, cwd: string, git: boolean): Promise<Source> {
  switch (named.kind) {
    case "words": {
      const range = git ? await rangeNamed(named.words, cwd) : undefined;
      return range ?? { kind: "tree", roots: await treeRoots(cwd, named.words, git) };
    }
    case "staged":
      return { kind: "staged", repository: await repositoryFor("--staged", cwd) };
    case "history": {
      const repository = await repositoryFor("--history", cwd);
      const since = named.since === undefined ? undefined : await requireCommit(repository, named.since);
      return { kind: "history", repository, since };
    }
    case "stream": {
      const repository = git ? await openRepository(cwd) : undefined;
      return { ...named, root: repository?.root ?? cwd };
    }
  }
}

async function rangeNamed(words: readonly string[], cwd: string): Promise<Source | undefined> {
  const text = words.find((word) => word.includes(".."));
  if (text === undefined) return undefined;
  const repository = await openRepository(cwd);
  if (repository === undefined) return undefined;
  const isPath = kindAt(resolve(cwd, text)) !== undefined;
  let range: Range | undefined;
  try {
    range = await resolveRange(repository, text);
  } catch (error) {
    if (isPath && error instanceof LeaseholdError && error.code === "nothing-matched") return undefined;
    throw error;
  }
  if (range === undefined) return undefined;
  if (words.length > 1) throw new LeaseholdError("usage", `${text} is a range of commits, which stands alone`);
  return { kind: "range", repository, range, text };
}

async function repositoryFor(flag: string, cwd: string): Promise<Repository> {
  const repository = await openRepository(cwd);
  if (repository === undefined)
    throw new LeaseholdError("usage", `${flag} needs a git repository, and ${cwd} is in none`);
  return repository;
}

/** Where the files that count are read, and for a change where those are that it brings and where those were that it began with. */
export type SteeringSources = {
  trusted: SteeringSource;
  underTest: SteeringSource | undefined;
  before: SteeringSource | undefined;
};

/**
 * The trust rule: a change is judged by the files of what it is compared with, never by its own. A range: those of A; the index and a history: those of
 * HEAD; files: those beside them.
 * In: `trusted`: a commit that counts in place of that, where more is known than the names of commits tell: the tip of the branch a change is meant for.
 * Throws LeaseholdError("usage") when files of several folders are scanned that each have a policy of their own.
 */
export async function steeringSources(source: Source, trusted?: string): Promise<SteeringSources> {
  switch (source.kind) {
    case "range": {
      const { repository, range } = source;
      return {
        trusted: commitOf(repository, trusted ?? range.from),
        underTest: commitOf(repository, range.tip),
        before: commitOf(repository, range.base),
      };
    }
    case "staged": {
      const { repository } = source;
      const head = commitOf(repository, repository.head);
      return { trusted: head, underTest: { kind: "index", repository }, before: head };
    }
    case "history":
      return unchanging(commitOf(source.repository, trusted ?? source.repository.head));
    case "stream":
      return unchanging({ kind: "folder", root: source.root });
    case "tree":
      return unchanging(await folderOf(source.roots));
  }
}

function unchanging(trusted: SteeringSource): SteeringSources {
  return { trusted, underTest: undefined, before: undefined };
}

function commitOf(repository: Repository, commit: string | undefined): SteeringSource {
  return commit === undefined ? { kind: "none" } : { kind: "commit", repository, commit };
}

async function folderOf(roots: readonly TreeRoot[]): Promise<SteeringSource> {
  const folders = roots.map(({ root }): SteeringSource => ({ kind: "folder", root }));
  if (folders.length === 1) return folders[0]!;
  const steered: TreeRoot[] = [];
  for (const root of roots) {
    const { policy, waivers, baseline } = await readSteeringFiles({ kind: "folder", root: root.root });
    if (policy !== undefined || waivers !== undefined || baseline !== undefined) steered.push(root);
  }
  if (steered.length > 1) {
    const named = steered.map(({ root }) => root).join(" and ");
    throw new LeaseholdError(
      "usage",
      `${named} each have a policy of their own: scan them one by one, or with --no-config`,
    );
  }
  return steered[0] === undefined ? { kind: "none" } : { kind: "folder", root: steered[0].root };
}
