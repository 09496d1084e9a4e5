/** The stores of an organisation, and the people who may answer for what lies in them. */
import { itemsOf, type OrganisationInventory, type Seen } from "../register/inventory.ts";
import {
  installationAnswer,
  loginAnswer,
  personalTokenAnswer,
  registryAnswer,
  repositoryNameAnswer,
  sharedSecretAnswer,
  ssoAnswer,
  teamAnswer,
} from "./answer.ts";
import { secretOf, utcOrNull, variablesAt } from "./inventory-repository.ts";
import type { GitHubPort } from "./port.ts";
import { asSeenBy, mapSeen, mapSeenLater, utc } from "./seen.ts";

/** In: the port, the organisation's login, whether the token is an owner's. Throws as the port does. */
export async function organisationInventory(
  port: GitHubPort,
  login: string,
  seesAll: boolean,
): Promise<OrganisationInventory> {
  const base = `/orgs/${encodeURIComponent(login)}`;
  const seen = <T>(store: Seen<T>): Seen<T> => asSeenBy(store, seesAll);
  const secretsOf = async (store: string) => seen(await sharedSecrets(port, `${base}/${store}/secrets`));
  const registries = await port.list({
    path: `${base}/private-registries`,
    key: "configurations",
    item: registryAnswer,
  });
  const tokens = await port.list({ path: `${base}/personal-access-tokens`, item: personalTokenAnswer });
  const sso = await port.list({ path: `${base}/credential-authorizations`, item: ssoAnswer });
  const installations = await port.list({
    path: `${base}/installations`,
    key: "installations",
    item: installationAnswer,
  });
  const teams = await teamsOf(port, base);
  return {
    actions: await secretsOf("actions"),
    dependabot: await secretsOf("dependabot"),
    codespaces: await secretsOf("codespaces"),
    agents: await secretsOf("agents"),
    variables: await variablesAt(port, `${base}/actions/variables`, seesAll),
    registries: seen(
      mapSeen(registries, ({ name, auth_type, visibility, updated_at }) => ({
        ...{ name, visibility, updatedAt: utc(updated_at) },
        auth: auth_type?.startsWith("oidc") === true ? ("oidc" as const) : ("static" as const),
      })),
    ),
    personalTokens: seen(
      mapSeen(tokens, (token) => ({
        ...{ id: token.id, tokenId: token.token_id, name: token.token_name, owner: token.owner.login },
        ...{ repositories: token.repository_selection, grantedAt: utc(token.access_granted_at) },
        ...{ expiresAt: utcOrNull(token.token_expires_at), expired: token.token_expired },
        lastUsedAt: utcOrNull(token.token_last_used_at),
      })),
    ),
    ssoCredentials: seen(
      mapSeen(sso, (one) => ({
        ...{ login: one.login, kind: kindOf(one.credential_type), id: one.credential_id },
        authorisedAt: utc(one.credential_authorized_at),
        accessedAt: utcOrNull(one.credential_accessed_at),
        expiresAt: utcOrNull(one.authorized_credential_expires_at),
      })),
    ),
    installations: seen(
      mapSeen(installations, ({ id, app_slug, repository_selection, permissions, suspended_at }) => ({
        ...{ id, app: app_slug, repositories: repository_selection, permissions },
        suspended: suspended_at !== null && suspended_at !== undefined,
      })),
    ),
    members: seen(await membersOf(port, base, teams)),
    teams: seen(teams),
  };
}

type SharedSecret = Extract<OrganisationInventory["actions"], { status: "listed" }>["items"][number];

async function sharedSecrets(port: GitHubPort, path: string): Promise<Seen<SharedSecret>> {
  const secrets = await port.list({ path, key: "secrets", item: sharedSecretAnswer });
  return await mapSeenLater(secrets, async (secret) => {
    const { visibility } = secret;
    if (visibility !== "selected") return { ...secretOf(secret), visibility };
    const answer = await port.list({
      path: `${path}/${encodeURIComponent(secret.name)}/repositories`,
      ...{ key: "repositories", item: repositoryNameAnswer },
    });
    const repositories = itemsOf(answer)?.map((one) => one.full_name);
    return { ...secretOf(secret), visibility, ...(repositories !== undefined && { repositories }) };
  });
}

/** GitHub describes the type in words: "SSH key", "personal access token". */
function kindOf(type: string): "classic token" | "fine-grained token" | "ssh key" | "oauth token" {
  if (/ssh/i.test(type)) return "ssh key";
  if (/fine[-_ ]grained/i.test(type)) return "fine-grained token";
  return /oauth|app/i.test(type) ? "oauth token" : "classic token";
}

/** Teams with their members. One team that hides its members makes the whole unknown, so that it does not look empty. */
async function teamsOf(port: GitHubPort, base: string): Promise<OrganisationInventory["teams"]> {
  const teams = await port.list({ path: `${base}/teams`, item: teamAnswer });
  if (teams.status !== "listed") return teams;
  const items = [];
  for (const { slug } of teams.items) {
    const members = await port.list({ path: `${base}/teams/${encodeURIComponent(slug)}/members`, item: loginAnswer });
    if (members.status === "not permitted") return members;
    // A team that was deleted meanwhile.
    if (members.status === "listed") items.push({ slug, members: members.items.map(({ login }) => login) });
  }
  return { status: "listed", items };
}

/**
 * Members and outside collaborators. To those who are not in the organisation GitHub lists its public members alone, as if they were
 * all; only those who are in it may list its teams, so without the teams the list of members is not believed.
 */
async function membersOf(
  port: GitHubPort,
  base: string,
  teams: OrganisationInventory["teams"],
): Promise<OrganisationInventory["members"]> {
  const groups = [
    { role: "admin", path: "members", query: { role: "admin" } },
    { role: "member", path: "members", query: { role: "member" } },
    { role: "outside collaborator", path: "outside_collaborators", query: {} },
  ] as const;
  if (teams.status !== "listed") return { status: "not permitted" };
  const items: Extract<OrganisationInventory["members"], { status: "listed" }>["items"] = [];
  for (const { role, path, query } of groups) {
    const answer = await port.list({ path: `${base}/${path}`, query, item: loginAnswer });
    if (answer.status !== "listed") return answer;
    for (const { login, type } of answer.items) items.push({ login, kind: type === "Bot" ? "bot" : "user", role });
  }
  return { status: "listed", items };
}
