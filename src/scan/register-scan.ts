/** What a scan says of the register of secrets: that of its tree against the workflows beside it, and of a change what is new. */
import { LeaseholdError } from "../error.ts";
import type { Finding, FindingId } from "../finding.ts";
import type { PlainDate } from "../plain-date.ts";
import { audit } from "../register/audit.ts";
import type { RegisterLimits } from "../register/limits.ts";
import { type Register, registerPaths } from "../register/register.ts";
import { type GithubFolder, githubFolderIn } from "./github-folder.ts";
import { hasRegister, registerOf } from "./register-files.ts";
import type { Source } from "./source.ts";
import type { SteeringSource } from "./steering-files.ts";
import { usesInFolder } from "./workflow-uses.ts";

/** By what a register is judged. */
export type RegisterScanContext = {
  limits: RegisterLimits;
  today: PlainDate;
  /** Owner of the repository, whose own actions are no third party. */
  owner: string | undefined;
};

export type RegisterScan = {
  findings: Finding[];
  /** Ids that the tree before a change has. */
  baseIds: Set<FindingId>;
  /** Files that could not be understood: what they use is not known. */
  unread: string[];
};

/**
 * Audits the register that lies in what is scanned, without a snapshot of the stores. A repository that has none is left alone; in a
 * change that takes the register away, whatever is used is undeclared. Before a register came, uses without an entry were no news.
 * In: the source, by what it is judged. Out: the findings; of a change only those that the tree before it does not have. Throws
 * LeaseholdError("config") for a register that is wrong, where the tree before had no such fault either.
 */
export async function scanRegister(source: Source, context: RegisterScanContext): Promise<RegisterScan> {
  const none: RegisterScan = { findings: [], baseIds: new Set(), unread: [] };
  const { before, after } = treesOf(source);
  const [hadOne, hasOne] = await Promise.all([hasRegister(before), hasRegister(after)]);
  if (!hadOne && !hasOne) return none;
  const now = await auditTree(after, context, (folder) => registerOf(folder)?.register ?? empty);
  if (before.kind === "none") return { ...none, ...now };
  const { findings: old } = await auditTree(before, context, (folder) => registerOrNone(folder));
  const baseIds = new Set(old.map(({ id }) => id));
  return { ...now, baseIds, findings: now.findings.filter(({ id }) => !baseIds.has(id)) };
}

/** The tree that is judged, and the one that a change starts from. */
function treesOf(source: Source): { before: SteeringSource; after: SteeringSource } {
  const none = { kind: "none" } as const;
  switch (source.kind) {
    case "tree": {
      // Of a part of a tree it cannot be said what the rest uses.
      const [root] = source.roots.length === 1 ? source.roots : [];
      return { before: none, after: root?.whole === true ? { kind: "folder", root: root.root } : none };
    }
    case "range": {
      const { repository, range } = source;
      return {
        before: range.base === undefined ? none : { kind: "commit", repository, commit: range.base },
        after: { kind: "commit", repository, commit: range.tip },
      };
    }
    case "staged": {
      const { repository } = source;
      return {
        before: repository.head === undefined ? none : { kind: "commit", repository, commit: repository.head },
        after: { kind: "index", repository },
      };
    }
    case "history": {
      // A part of a history is a change, and its range says what that brings.
      const { repository, since } = source;
      const whole = since === undefined && repository.head !== undefined;
      return { before: none, after: whole ? { kind: "commit", repository, commit: repository.head! } : none };
    }
    case "stream":
      return { before: none, after: none };
  }
}

async function auditTree(
  tree: SteeringSource,
  { limits, today, owner }: RegisterScanContext,
  read: (folder: GithubFolder) => Register,
): Promise<{ findings: Finding[]; unread: string[] }> {
  const folder = await githubFolderIn(tree);
  const { rows, unread } = usesInFolder(folder, limits.salt, owner);
  const uses = { rows, complete: unread.length === 0 ? ("all" as const) : [] };
  return { findings: audit(read(folder), undefined, uses, limits, today), unread };
}

const empty: Register = { entries: [], file: registerPaths[0] };

/** A register that was wrong before the change declared nothing that could be relied on. */
function registerOrNone(folder: GithubFolder): Register {
  try {
    return registerOf(folder)?.register ?? empty;
  } catch (error) {
    if (error instanceof LeaseholdError && error.code === "config") return empty;
    throw error;
  }
}
