/** What people do on GitHub in their browsers and with git, and what Apps are told of it. Each changes the state and tells. */
import { tellOfRun, tellOfSuite } from "./check.ts";
import { type Change, commitFiles, refMoved, setRef } from "./commit.ts";
import { commitIdOf, commitOf, git, noObject } from "./git.ts";
import { type Links, nodeId } from "./links.ts";
import { mergeOf, tellOfPull } from "./pull.ts";
import { addUser } from "./seed.ts";
import { addInstallation } from "./seed-app.ts";
import { showInstallation, showSimpleOrganisation, showTeam, showUser } from "./show-account.ts";
import { showSimpleCommit } from "./show-git.ts";
import {
  type Account,
  type App,
  fullNameOf,
  type Installation,
  moment,
  type Organisation,
  type Repository,
  type State,
} from "./state.ts";
import type { CheckRun, CheckSuite, Issue } from "./work.ts";

/** Commits to a branch and pushes. Out: the commit's id. */
export async function push(state: State, repository: Repository, sender: Account, change: Change): Promise<string> {
  const { branch = repository.defaultBranch } = change;
  const before = (await commitIdOf(state, repository, `heads/${branch}`)) ?? noObject;
  const author = { name: sender.login, email: `${sender.login}@users.noreply.github.com` };
  const after = await commitFiles(state, repository, { author, ...change });
  refMoved(state, repository, { ref: `refs/heads/${branch}`, before, after, sender: sender.login });
  return after;
}

/** Points a branch somewhere else, as a forced push does; takes it away where no commit is given. */
export async function forcePush(
  state: State,
  repository: Repository,
  sender: Account,
  branch: string,
  sha?: string,
): Promise<void> {
  const ref = `refs/heads/${branch}`;
  const moved = await setRef(state, repository, ref, sha);
  if (moved === undefined) throw new Error(`${branch} could not be moved`);
  refMoved(state, repository, { ref, before: moved.before, after: sha ?? noObject, sender: sender.login });
}

/** Installs an App. In: as `addInstallation`. */
export function install(
  state: State,
  app: App,
  account: Account,
  sender: Account,
  changes: Parameters<typeof addInstallation>[3] = {},
): Installation {
  const installation = addInstallation(state, app, account.login, changes);
  tellOfInstallation(state, installation, "created", sender);
  return installation;
}

export function uninstall(state: State, installation: Installation, sender: Account): void {
  tellOfInstallation(state, installation, "deleted", sender);
  state.installations.delete(installation.id);
}

export function suspend(
  state: State,
  installation: Installation,
  sender: Account,
  until: "suspend" | "unsuspend",
): void {
  installation.suspendedAt = until === "suspend" ? moment(state) : null;
  tellOfInstallation(state, installation, until, sender);
}

/** Changes which repositories an installation reaches. */
export function changeReach(
  state: State,
  installation: Installation,
  sender: Account,
  repository: Repository,
  action: "added" | "removed",
): void {
  if (installation.repositories === "all") throw new Error("the installation reaches all repositories");
  if (action === "added") installation.repositories.add(repository.id);
  else installation.repositories.delete(repository.id);
  state.tell({
    ...{ event: "installation_repositories", action, installation, sender: sender.login },
    payload: (links) => ({
      ...{ installation: showInstallation(links, installation), repository_selection: "selected", requester: null },
      repositories_added: action === "added" ? [brief(repository)] : [],
      repositories_removed: action === "removed" ? [brief(repository)] : [],
    }),
  });
}

/** Renames, archives, opens or closes a repository. */
export function changeRepository(
  state: State,
  repository: Repository,
  sender: Account,
  change: { name: string } | { archived: boolean } | { visibility: "public" | "private" },
): void {
  const from = repository.name;
  Object.assign(repository, change);
  const action =
    "name" in change
      ? "renamed"
      : "archived" in change
        ? change.archived
          ? "archived"
          : "unarchived"
        : change.visibility === "public"
          ? "publicized"
          : "privatized";
  tellOfRepository(
    state,
    repository,
    sender,
    action,
    action === "renamed" ? { changes: { repository: { name: { from } } } } : {},
  );
}

/** Gives a repository to another account. Those who may hear of it are the new owner's. */
export function transfer(state: State, repository: Repository, sender: Account, to: Account): void {
  const from = repository.owner;
  repository.owner = to;
  tellOfRepository(state, repository, sender, "transferred", (links) => ({
    changes: {
      owner: {
        from:
          from.type === "Organization"
            ? { organization: showSimpleOrganisation(links, from) }
            : { user: showUser(links, from) },
      },
    },
  }));
}

/** Tells of a repository that was made. */
export function createRepository(state: State, repository: Repository, sender: Account): void {
  tellOfRepository(state, repository, sender, "created");
}

export function deleteRepository(state: State, repository: Repository, sender: Account): void {
  tellOfRepository(state, repository, sender, "deleted");
  state.repositories.delete(repository.id);
}

/** Someone leaves an organisation, and with it all its teams. */
export function removeMember(state: State, organisation: Organisation, login: string, sender: Account): void {
  const account = addUser(state, login);
  const role = organisation.members.get(login) ?? "member";
  for (const team of organisation.teams.values())
    if (team.members.has(login)) removeFromTeam(state, organisation, team.slug, login, sender);
  organisation.members.delete(login);
  state.tell({
    ...{ event: "organization", action: "member_removed", organisation, sender: sender.login },
    payload: (links) => {
      const url = `${links.api}/orgs/${organisation.login}`;
      const membership = { url: `${url}/memberships/${login}`, state: "inactive", role, organization_url: url };
      return { membership: { ...membership, user: showUser(links, account) } };
    },
  });
}

export function removeFromTeam(
  state: State,
  organisation: Organisation,
  slug: string,
  login: string,
  sender: Account,
): void {
  const team = organisation.teams.get(slug)!;
  team.members.delete(login);
  state.tell({
    ...{ event: "membership", action: "removed", organisation, sender: sender.login },
    payload: (links) => ({
      ...{
        scope: "team",
        member: showUser(links, addUser(state, login)),
        team: briefTeam(links, organisation, slug, team),
      },
    }),
  });
}

export function deleteTeam(state: State, organisation: Organisation, slug: string, sender: Account): void {
  const team = organisation.teams.get(slug)!;
  organisation.teams.delete(slug);
  state.tell({
    ...{ event: "team", action: "deleted", organisation, sender: sender.login },
    payload: (links) => ({ team: briefTeam(links, organisation, slug, team) }),
  });
}

/** Someone presses a button of a check, or asks for it again. */
export function pressButton(
  state: State,
  repository: Repository,
  run: CheckRun,
  sender: Account,
  identifier: string,
): void {
  if (!run.actions.some((one) => one.identifier === identifier))
    throw new Error(`the check has no button ${identifier}`);
  tellOfRun(state, repository, run, "requested_action", sender.login, { requested_action: { identifier } });
}

export function rerequest(state: State, repository: Repository, what: CheckRun | CheckSuite, sender: Account): void {
  if ("suite" in what) tellOfRun(state, repository, what, "rerequested", sender.login);
  else tellOfSuite(state, repository, what, "rerequested", sender.login);
}

/** Says that a draft is ready. */
export function markReady(state: State, repository: Repository, issue: Issue, sender: Account): void {
  issue.pull!.draft = false;
  issue.updatedAt = moment(state);
  tellOfPull(state, repository, issue, "ready_for_review", sender.login);
}

/** Puts a pull request into the merge queue: GitHub makes a branch with the merge, and asks for checks of it. Out: its commit. */
export async function queue(
  state: State,
  repository: Repository,
  issue: Issue,
  sender: Account,
): Promise<{ headSha: string; headRef: string }> {
  const { base, baseSha, headSha: sha } = issue.pull!;
  if ((await mergeOf(state, repository, issue)).mergeable !== true)
    throw new Error("the pull request cannot be merged");
  const tree = (await git(state, repository, ["merge-tree", "--write-tree", baseSha, sha])).split("\n")[0]!;
  const headSha = await git(state, repository, ["commit-tree", tree, "-p", baseSha, "-p", sha], {
    input: `Merge #${issue.number}`,
  });
  const headRef = `refs/heads/gh-readonly-queue/${base}/pr-${issue.number}-${baseSha}`;
  await setRef(state, repository, headRef, headSha);
  await tellOfGroup(state, repository, sender, "checks_requested", { headSha, headRef, base, baseSha });
  return { headSha, headRef };
}

/** The group is merged, invalid or taken out, and its branch goes. */
export async function unqueue(
  state: State,
  repository: Repository,
  issue: Issue,
  sender: Account,
  group: { headSha: string; headRef: string },
  reason: "merged" | "invalidated" | "dequeued",
): Promise<void> {
  const { base, baseSha } = issue.pull!;
  await tellOfGroup(state, repository, sender, "destroyed", { ...group, base, baseSha }, { reason });
  await setRef(state, repository, group.headRef, undefined);
}

async function tellOfGroup(
  state: State,
  repository: Repository,
  sender: Account,
  action: string,
  group: { headSha: string; headRef: string; base: string; baseSha: string },
  more: object = {},
): Promise<void> {
  const commit = showSimpleCommit(await commitOf(state, repository, group.headSha));
  state.tell({
    ...{ event: "merge_group", action, repository, sender: sender.login },
    payload: () => ({
      merge_group: {
        ...{ head_sha: group.headSha, head_ref: group.headRef, base_sha: group.baseSha },
        ...{ base_ref: `refs/heads/${group.base}`, head_commit: commit },
      },
      ...more,
    }),
  });
}

function tellOfInstallation(state: State, installation: Installation, action: string, sender: Account): void {
  const { account, repositories } = installation;
  const reached = [...state.repositories.values()].filter(
    ({ id, owner }) => owner.id === account.id && (repositories === "all" || repositories.has(id)),
  );
  state.tell({
    ...{ event: "installation", action, installation, sender: sender.login },
    payload: (links) => ({
      installation: showInstallation(links, installation),
      repositories: reached.map(brief),
      ...(action === "created" && { requester: null }),
    }),
  });
}

function tellOfRepository(
  state: State,
  repository: Repository,
  sender: Account,
  action: string,
  more: object | ((links: Links) => object) = {},
): void {
  state.tell({
    ...{ event: "repository", action, repository, sender: sender.login },
    payload: (links) => (typeof more === "function" ? (more as (links: Links) => object)(links) : more),
  });
}

function brief(repository: Repository) {
  const { id, name, visibility } = repository;
  return { id, node_id: nodeId("R", id), name, full_name: fullNameOf(repository), private: visibility !== "public" };
}

/** Webhooks show less of a team than the API. */
function briefTeam(links: Links, organisation: Organisation, slug: string, team: { id: number; name: string }) {
  const shown = showTeam(links, organisation, { ...team, slug, members: new Set(), repositories: new Map() });
  const { type: _, organization_id: __, ...rest } = shown;
  return rest;
}
