/** Makes commits, and moves refs with all that follows from it. */
import { requestChecks } from "./check.ts";
import { commitIdOf, git, noObject, type Person, tryGit } from "./git.ts";
import { tellOfPull } from "./pull.ts";
import { showPush } from "./show-git.ts";
import { moment, type Repository, type State } from "./state.ts";

export type Change = {
  branch?: string;
  /** What the branch grows from; its own head, or the default branch's where it is new. Null for a commit without parents. */
  parent?: string | null;
  /** Content by path; null takes the file away. */
  files: Record<string, string | Uint8Array | null>;
  message?: string;
  author?: Person;
  /** GitHub signs what an App commits without naming an author (GitHub Docs, "About commit signature verification"). */
  signed?: boolean;
};

const writing = new WeakMap<Repository, Promise<unknown>>();

/** Does one thing after another on a repository, so that nobody writes between a look at a branch and its change. */
export function oneByOne<T>(repository: Repository, work: () => Promise<T>): Promise<T> {
  const done = (writing.get(repository) ?? Promise.resolve()).then(work, work);
  writing.set(repository, done);
  return done;
}

/** Commits files to a branch, which is made where it is not there. Tells nobody. Out: the commit's id. */
export async function commitFiles(state: State, repository: Repository, change: Change): Promise<string> {
  const { branch = repository.defaultBranch, files, message = "change" } = change;
  const own = await commitIdOf(state, repository, `heads/${branch}`);
  const parent =
    change.parent === undefined
      ? (own ?? (await commitIdOf(state, repository, repository.defaultBranch)))
      : change.parent;
  const { name, email } = change.author ?? { name: "GitHub", email: "noreply@github.com" };
  const who = `${name} <${email}> ${Math.floor(state.now() / 1000)} +0000`;
  const parts: (string | Uint8Array)[] = [`commit refs/heads/${branch}\nmark :1\nauthor ${who}\ncommitter ${who}\n`];
  parts.push(...data(message));
  if (parent !== undefined && parent !== null) parts.push(`from ${parent}\n`);
  for (const [path, content] of Object.entries(files)) {
    const quoted = JSON.stringify(path);
    if (content === null) parts.push(`D ${quoted}\n`);
    else parts.push(`M 100644 inline ${quoted}\n`, ...data(content));
  }
  parts.push("\nget-mark :1\ndone\n");
  const input = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
  const output = await git(state, repository, ["fast-import", "--quiet", "--force", "--done", "--date-format=raw"], {
    input,
  });
  const sha = output.trim();
  if (change.signed === true) repository.signed.add(sha);
  return sha;
}

function data(content: string | Uint8Array): (string | Uint8Array)[] {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return [`data ${bytes.length}\n`, bytes, "\n"];
}

/** Points a ref at a commit, or takes it away (undefined). Out: where it pointed. Undefined where the ref has moved meanwhile or cannot be. */
export async function setRef(
  state: State,
  repository: Repository,
  ref: string,
  sha: string | undefined,
): Promise<{ before: string } | undefined> {
  const before = (await commitIdOf(state, repository, ref.replace(/^refs\//, ""))) ?? noObject;
  const args = sha === undefined ? ["update-ref", "-d", ref, before] : ["update-ref", ref, sha, before];
  const done = await tryGit(state, repository, args);
  return done === undefined ? undefined : { before };
}

/** What happens on GitHub when a ref has moved: pull requests get their new head, and everyone is told. */
export function refMoved(
  state: State,
  repository: Repository,
  { ref, before, after, sender }: { ref: string; before: string; after: string; sender: string },
): void {
  if (before === after) return;
  repository.pushedAt = moment(state);
  state.tell({
    ...{ event: "push", repository, sender },
    payload: (links) => showPush(state, links, repository, { ref, before, after, sender }),
  });
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  if (branch === undefined || after === noObject) return;
  for (const target of state.repositories.values())
    for (const issue of target.issues.values()) {
      const { pull } = issue;
      if (pull === undefined || issue.state !== "open") continue;
      if (target === repository && pull.base === branch) pull.baseSha = after;
      if (pull.headRepository !== repository || pull.head !== branch) continue;
      pull.headSha = after;
      issue.updatedAt = moment(state);
      tellOfPull(state, target, issue, "synchronize", sender, { before, after });
    }
  requestChecks(state, repository, { headSha: after, headBranch: branch, before }, sender);
}
