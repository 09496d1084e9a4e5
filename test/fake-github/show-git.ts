/** Commits, trees and differences as the API and the webhooks show them. */
import { type Commit, commitOf, commitsOf, type Difference, differences, emptyTree, noObject } from "./git.ts";
import { type Links, nodeId } from "./links.ts";
import { showUser } from "./show-account.ts";
import { accountOf, fullNameOf, type Repository, type State } from "./state.ts";

export function addressesOf(links: Links, repository: Repository) {
  const name = fullNameOf(repository);
  return { api: `${links.api}/repos/${name}`, web: `${links.web}/${name}` };
}

function verificationOf(repository: Repository, { sha }: Commit) {
  const verified = repository.signed.has(sha);
  return {
    ...{ verified, reason: verified ? "valid" : "unsigned", verified_at: null },
    ...{ signature: verified ? "by GitHub" : null, payload: verified ? sha : null },
  };
}

/** `git-commit` of the description. */
export function showGitCommit(links: Links, repository: Repository, commit: Commit) {
  const { api, web } = addressesOf(links, repository);
  return {
    ...{ sha: commit.sha, node_id: `C_${commit.sha}`, url: `${api}/git/commits/${commit.sha}` },
    ...{ html_url: `${web}/commit/${commit.sha}`, author: commit.author, committer: commit.committer },
    ...{ tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` }, message: commit.message },
    parents: commit.parents.map((sha) => ({
      ...{ sha, url: `${api}/git/commits/${sha}`, html_url: `${web}/commit/${sha}` },
    })),
    verification: verificationOf(repository, commit),
  };
}

/** `commit`. People are found by the name before the @ of their address. */
export function showCommit(state: State, links: Links, repository: Repository, commit: Commit) {
  const { api, web } = addressesOf(links, repository);
  const git = showGitCommit(links, repository, commit);
  const person = ({ email }: { email: string }) => {
    const account = accountOf(state, email.replace(/@.*$/, "").replace(/^\d+\+/, ""));
    return account === undefined ? null : showUser(links, account);
  };
  return {
    ...{ sha: commit.sha, node_id: git.node_id, url: `${api}/commits/${commit.sha}`, html_url: git.html_url },
    ...{ comments_url: `${api}/commits/${commit.sha}/comments` },
    commit: {
      ...{ author: git.author, committer: git.committer, message: git.message, tree: git.tree, url: git.url },
      ...{ comment_count: 0, verification: git.verification },
    },
    ...{ author: person(commit.author), committer: person(commit.committer) },
    parents: commit.parents.map((sha) => ({ sha, url: `${api}/commits/${sha}`, html_url: `${web}/commit/${sha}` })),
  };
}

/** `simple-commit`. */
export function showSimpleCommit({ sha, tree, message, author, committer }: Commit) {
  const person = ({ name, email }: { name: string; email: string }) => ({ name, email });
  const who = { author: person(author), committer: person(committer) };
  return { id: sha, tree_id: tree, message, timestamp: committer.date, ...who };
}

/** `diff-entry`. In: the commit after the change. */
export function showDifference(links: Links, repository: Repository, sha: string, one: Difference) {
  const { api, web } = addressesOf(links, repository);
  const path = one.path.split("/").map(encodeURIComponent).join("/");
  return {
    ...{ sha: one.sha, filename: one.path, status: one.status, additions: one.additions, deletions: one.deletions },
    ...{ changes: one.additions + one.deletions, blob_url: `${web}/blob/${sha}/${path}` },
    ...{ raw_url: `${web}/raw/${sha}/${path}`, contents_url: `${api}/contents/${path}?ref=${sha}` },
    ...(one.patch !== undefined && { patch: one.patch }),
    ...(one.previous !== undefined && { previous_filename: one.previous }),
  };
}

/** The payload of a push. At most 2,048 commits are told. */
export async function showPush(
  state: State,
  links: Links,
  repository: Repository,
  { ref, before, after, sender }: { ref: string; before: string; after: string; sender: string },
) {
  const { web } = addressesOf(links, repository);
  const gone = after === noObject;
  const range = before === noObject ? [after, "--not", "--exclude", ref, "--all"] : [`${before}..${after}`];
  const commits = gone ? [] : await commitsOf(state, repository, ["--reverse", ...range]);
  const show = async (commit: Commit) => {
    const changes = await differences(state, repository, commit.parents[0] ?? emptyTree, commit.sha);
    const paths = (...kinds: Difference["status"][]) =>
      changes.filter(({ status }) => kinds.includes(status)).map(({ path }) => path);
    return {
      ...{
        id: commit.sha,
        tree_id: commit.tree,
        distinct: true,
        message: commit.message,
        timestamp: commit.committer.date,
      },
      ...{ url: `${web}/commit/${commit.sha}`, author: { name: commit.author.name, email: commit.author.email } },
      committer: { name: commit.committer.name, email: commit.committer.email },
      ...{
        added: paths("added"),
        removed: paths("removed"),
        modified: paths("modified", "renamed", "changed", "copied"),
      },
    };
  };
  const shown = [];
  for (const commit of commits.slice(0, 2_048)) shown.push(await show(commit));
  return {
    ...{ ref, before, after, base_ref: null, created: before === noObject, deleted: gone },
    forced: !gone && before !== noObject && (await isForced(state, repository, before, after)),
    compare: `${web}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: shown,
    head_commit: gone ? null : await show(await commitOf(state, repository, after)),
    pusher: { name: sender, email: `${sender}@example.com` },
  };
}

async function isForced(state: State, repository: Repository, before: string, after: string): Promise<boolean> {
  const [lost] = await commitsOf(state, repository, ["-1", `${after}..${before}`]);
  return lost !== undefined;
}

/** `git-ref`. */
export function showRef(
  links: Links,
  repository: Repository,
  { ref, sha, type }: { ref: string; sha: string; type: string },
) {
  const { api } = addressesOf(links, repository);
  return {
    ...{ ref, node_id: nodeId("REF", repository.id), url: `${api}/git/${ref}` },
    object: { type, sha, url: `${api}/git/${type}s/${sha}` },
  };
}
