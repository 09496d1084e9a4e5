/** People, organisations, teams and Apps as the API shows them. */
import { type Links, linksTo, nodeId } from "./links.ts";
import type { Account, App, Installation, Organisation, Team } from "./state.ts";

/** `simple-user` of the description. */
export function showUser(links: Links, { id, login, type }: Account) {
  const url = `${links.api}/users/${encodeURIComponent(login)}`;
  return {
    ...{ id, login, node_id: nodeId("U", id), type, site_admin: false, gravatar_id: "", url },
    ...{ avatar_url: `${links.web}/avatars/${id}`, html_url: `${links.web}/${encodeURIComponent(login)}` },
    ...linksTo(
      url,
      "followers following{/other_user} gists{/gist_id} starred{/owner}{/repo} subscriptions organizations=orgs repos events{/privacy} received_events",
    ),
  };
}

/** `public-user`. */
export function showPublicUser(links: Links, account: Account) {
  return {
    ...showUser(links, account),
    ...{ name: null, company: null, blog: null, location: null, email: null, hireable: null, bio: null },
    ...{ public_repos: 0, public_gists: 0, followers: 0, following: 0 },
    ...{ created_at: account.createdAt, updated_at: account.createdAt },
  };
}

/** `organization-simple`. */
export function showSimpleOrganisation(links: Links, { id, login }: Account) {
  const url = `${links.api}/orgs/${login}`;
  return {
    ...{ login, id, node_id: nodeId("O", id), url, avatar_url: `${links.web}/avatars/${id}`, description: null },
    ...linksTo(url, "repos events hooks issues members{/member} public_members{/member}"),
  };
}

/** `organization-full`. The second factor is told to owners alone. */
export function showOrganisation(links: Links, organisation: Organisation, toOwner: boolean) {
  return {
    ...showSimpleOrganisation(links, organisation),
    ...{ type: "Organization", html_url: `${links.web}/${organisation.login}`, has_organization_projects: true },
    ...{ has_repository_projects: true, public_repos: 0, public_gists: 0, followers: 0, following: 0 },
    ...{ created_at: organisation.createdAt, updated_at: organisation.createdAt, archived_at: null },
    ...(toOwner && {
      two_factor_requirement_enabled: organisation.twoFactorRequired,
      default_repository_permission: organisation.basePermission,
    }),
  };
}

/** `team`. */
export function showTeam(links: Links, organisation: Organisation, team: Team) {
  const url = `${links.api}/organizations/${organisation.id}/team/${team.id}`;
  return {
    ...{ id: team.id, node_id: nodeId("T", team.id), slug: team.slug, name: team.name, description: null, url },
    ...{ privacy: "closed", notification_setting: "notifications_enabled", permission: "pull", parent: null },
    ...{ type: "organization", organization_id: organisation.id },
    ...{ html_url: `${links.web}/orgs/${organisation.login}/teams/${team.slug}` },
    ...{ members_url: `${url}/members{/member}`, repositories_url: `${url}/repos` },
  };
}

/** `integration`. */
export function showApp(links: Links, app: App) {
  return {
    ...{ id: app.id, slug: app.slug, name: app.name, node_id: nodeId("A", app.id), client_id: app.clientId },
    ...{ owner: showUser(links, app.owner), description: null, external_url: `${links.web}/apps/${app.slug}` },
    ...{ html_url: `${links.web}/apps/${app.slug}`, created_at: app.createdAt, updated_at: app.createdAt },
    ...{ permissions: app.permissions, events: app.events },
  };
}

/** `installation`. */
export function showInstallation(links: Links, installation: Installation) {
  const { id, app, account, repositories } = installation;
  return {
    ...{ id, app_id: app.id, app_slug: app.slug, target_id: account.id },
    ...{ target_type: account.type, account: showUser(links, account), permissions: installation.permissions },
    ...{ events: installation.events, repository_selection: repositories === "all" ? "all" : "selected" },
    ...{ single_file_name: null, has_multiple_single_files: false, single_file_paths: [] },
    ...{ created_at: installation.createdAt, updated_at: installation.createdAt },
    ...{ suspended_at: installation.suspendedAt, suspended_by: null },
    access_tokens_url: `${links.api}/app/installations/${id}/access_tokens`,
    repositories_url: `${links.api}/installation/repositories`,
    html_url: `${links.web}/organizations/${account.login}/settings/installations/${id}`,
  };
}
