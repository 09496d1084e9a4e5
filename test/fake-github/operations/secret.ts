/** Secrets and variables of every store: names and dates, and for variables the value. */
import {
  type Access,
  type Call,
  notFound,
  type Operations,
  organisationOfCall,
  page,
  repositoryOfCall,
} from "../call.ts";
import type { Secret, SecretStore, Variable, Variables } from "../holding.ts";
import { showMinimalRepository } from "../show-repository.ts";
import type { Organisation, Repository } from "../state.ts";

/** By store: the permissions for a repository's secrets and for an organisation's (GitHub Docs, "Permissions required for GitHub Apps"). */
const stores = {
  actions: { own: "secrets", shared: "organization_secrets" },
  dependabot: { own: "dependabot_secrets", shared: "organization_dependabot_secrets" },
  codespaces: { own: "codespaces_secrets", shared: "organization_codespaces_secrets" },
  agents: { own: "agent_secrets", shared: "organization_agent_secrets" },
} as const;

const ofRepository = { role: "write", scopes: ["repo"] } as const;
const ofOrganisation = { member: "admin", scopes: ["admin:org"] } as const;

export const secretOperations: Operations = {
  ...storeOperations("actions"),
  ...storeOperations("dependabot"),
  ...storeOperations("codespaces"),
  ...storeOperations("agents"),
  "actions/list-repo-organization-secrets": sharedWithRepository("actions"),
  "agents/list-repo-organization-secrets": sharedWithRepository("agents"),
  ...variableOperations("actions"),
  ...variableOperations("agents"),
};

function storeOperations(store: SecretStore): Operations {
  const own: Access = { ...ofRepository, needs: `${stores[store].own}:read` };
  const shared: Access = { ...ofOrganisation, needs: `${stores[store].shared}:read` };
  const path = `${store}/secrets`;
  return {
    [`${store}/list-repo-secrets`]: {
      ...own,
      handle: (call) => page(call, [...repositoryOfCall(call).secrets[store].values()], showSecret, "secrets"),
    },
    [`${store}/get-repo-secret`]: {
      ...own,
      handle: (call) => ({ body: showSecret(named(repositoryOfCall(call).secrets[store], call)) }),
    },
    [`${store}/delete-repo-secret`]: {
      ...{ ...own, needs: `${stores[store].own}:write` },
      handle: (call) => {
        const { secrets } = repositoryOfCall(call);
        secrets[store].delete(named(secrets[store], call).name);
        return {};
      },
    },
    [`${store}/list-org-secrets`]: {
      ...shared,
      handle: (call) => {
        const show = (one: Secret) => ({ ...showSecret(one), ...visibilityOf(call, one, path) });
        return page(call, [...organisationOfCall(call).secrets[store].values()], show, "secrets");
      },
    },
    [`${store}/list-selected-repos-for-org-secret`]: {
      ...shared,
      handle: (call) => {
        const { repositories } = named(organisationOfCall(call).secrets[store], call);
        const all = [...call.state.repositories.values()].filter(({ id }) => repositories.has(id));
        return page(call, all, (one) => showMinimalRepository(call.links, one), "repositories");
      },
    },
  };
}

function variableOperations(store: keyof Variables): Operations {
  const own = store === "actions" ? "actions_variables" : "agent_variables";
  const ofOwn: Access = { ...ofRepository, needs: `${own}:read` };
  return {
    [`${store}/list-repo-variables`]: {
      ...ofOwn,
      handle: (call) => page(call, [...repositoryOfCall(call).variables[store].values()], showVariable, "variables"),
    },
    [`${store}/list-repo-organization-variables`]: {
      ...ofOwn,
      handle: (call) => {
        const repository = repositoryOfCall(call);
        const all =
          "members" in repository.owner ? [...(repository.owner as Organisation).variables[store].values()] : [];
        return page(
          call,
          all.filter((one) => reaches(one, repository)),
          showVariable,
          "variables",
        );
      },
    },
    [`${store}/list-org-variables`]: {
      ...{ ...ofOrganisation, needs: `organization_${own}:read` },
      handle: (call) => {
        const show = (one: Variable) => ({ ...showVariable(one), ...visibilityOf(call, one, `${store}/variables`) });
        return page(call, [...organisationOfCall(call).variables[store].values()], show, "variables");
      },
    },
  };
}

/** The organisation's secrets that a repository may read. */
function sharedWithRepository(store: "actions" | "agents"): Operations[string] {
  return {
    ...{ ...ofRepository, needs: `${stores[store].own}:read` },
    handle: (call) => {
      const repository = repositoryOfCall(call);
      const all = "members" in repository.owner ? [...(repository.owner as Organisation).secrets[store].values()] : [];
      const shared = all.filter((secret) => reaches(secret, repository));
      return page(call, shared, showSecret, "secrets");
    },
  };
}

function reaches({ visibility, repositories }: Secret, { id, visibility: own }: Repository): boolean {
  if (visibility === "selected") return repositories.has(id);
  return visibility === "all" || own !== "public";
}

export function showSecret({ name, createdAt, updatedAt }: Secret) {
  return { name, created_at: createdAt, updated_at: updatedAt };
}

export function showVariable(variable: Variable) {
  return { ...showSecret(variable), value: variable.value };
}

function visibilityOf(call: Call, { name, visibility }: Secret, path: string) {
  const repositories = `${call.links.api}/orgs/${call.params.org}/${path}/${name}/repositories`;
  return { visibility, ...(visibility === "selected" && { selected_repositories_url: repositories }) };
}

function named<T extends Secret>(secrets: ReadonlyMap<string, T>, call: Call): T {
  const secret = secrets.get((call.params.secret_name ?? "").toUpperCase());
  if (secret === undefined) throw notFound();
  return secret;
}
