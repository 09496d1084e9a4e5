/** What people do with installations, repositories, members and teams. Each changes the state and tells Apps of it. */
import { type Links, nodeId } from "./links.ts";
import { addUser } from "./seed.ts";
import { addInstallation } from "./seed-app.ts";
import { showInstallation, showSimpleOrganisation, showTeam, showUser } from "./show-account.ts";
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
  if ("name" in change) state.formerNames.set(fullNameOf(repository).toLowerCase(), repository.id);
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
  state.formerNames.set(fullNameOf(repository).toLowerCase(), repository.id);
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

function removeFromTeam(state: State, organisation: Organisation, slug: string, login: string, sender: Account): void {
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
