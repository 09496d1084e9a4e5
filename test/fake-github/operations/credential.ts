/** Credentials that are no secrets: deploy keys, webhooks, personal tokens, single sign-on, registries, installations. */
import { byId, type Call, notFound, type Operations, organisationOfCall, page, repositoryOfCall } from "../call.ts";
import type { DeployKey, Hook } from "../holding.ts";
import { showInstallation, showUser } from "../show-account.ts";
import { fullNameOf } from "../state.ts";

const ofAdmins = { role: "admin", hidden: true, needs: "administration:read", scopes: ["repo"] } as const;
const ofHooks = {
  role: "admin",
  hidden: true,
  needs: "repository_hooks:read",
  scopes: ["admin:repo_hook", "write:repo_hook", "read:repo_hook", "repo"],
} as const;
const ofOwners = { member: "admin", scopes: ["admin:org"] } as const;

export const credentialOperations: Operations = {
  "repos/list-deploy-keys": {
    ...ofAdmins,
    handle: (call) => page(call, repositoryOfCall(call).deployKeys, (one) => showKey(call, one)),
  },
  "repos/get-deploy-key": {
    ...ofAdmins,
    handle: (call) => ({ body: showKey(call, byId(repositoryOfCall(call).deployKeys, call.params.key_id)) }),
  },
  "repos/delete-deploy-key": {
    ...{ ...ofAdmins, needs: "administration:write" },
    handle: (call) => {
      const repository = repositoryOfCall(call);
      const key = byId(repository.deployKeys, call.params.key_id);
      repository.deployKeys = repository.deployKeys.filter((one) => one !== key);
      return {};
    },
  },
  "repos/list-webhooks": {
    ...ofHooks,
    handle: (call) => page(call, repositoryOfCall(call).hooks, (one) => showHook(call, one)),
  },
  "orgs/list-pat-grants": {
    ...{ needs: "organization_personal_access_tokens:read", only: "installation" },
    handle: (call) =>
      page(call, organisationOfCall(call).personalTokens, (token) => ({
        ...{ id: token.id, owner: showUser(call.links, token.owner), repository_selection: token.repositories },
        ...{ token_id: token.tokenId, token_name: token.name, token_expired: token.expired },
        ...{ token_expires_at: token.expiresAt, token_last_used_at: token.lastUsedAt },
        ...{ access_granted_at: token.grantedAt, permissions: { repository: token.permissions } },
        repositories_url: `${call.links.api}/orgs/${call.params.org}/personal-access-tokens/${token.id}/repositories`,
      })),
  },
  "orgs/list-saml-sso-authorizations": {
    ...{ ...ofOwners, needs: "organization_administration:read" },
    handle: (call) => {
      const { ssoCredentials } = organisationOfCall(call);
      if (ssoCredentials === undefined) throw notFound();
      return page(call, ssoCredentials, (one) => ({
        ...{ login: one.login, credential_id: one.id, credential_type: one.type, scopes: one.scopes },
        ...{ credential_authorized_at: one.authorisedAt, credential_accessed_at: one.accessedAt },
        ...{ authorized_credential_id: one.id, authorized_credential_expires_at: one.expiresAt },
      }));
    },
  },
  "private-registries/list-org-private-registries": {
    ...{ ...ofOwners, needs: "organization_private_registries:read" },
    handle: (call) =>
      page(
        call,
        organisationOfCall(call).registries,
        (one) => ({
          ...{ name: one.name, registry_type: one.type, auth_type: one.auth, visibility: one.visibility },
          ...{ created_at: one.createdAt, updated_at: one.updatedAt },
        }),
        "configurations",
      ),
  },
  "orgs/list-app-installations": {
    ...{ member: "admin", scopes: ["admin:org", "admin:read"], needs: "organization_administration:read" },
    handle: (call) => {
      const organisation = organisationOfCall(call);
      const own = [...call.state.installations.values()].filter(
        ({ account, app }) => account.id === organisation.id && app.slug !== "github-actions",
      );
      return page(call, own, (one) => showInstallation(call.links, one), "installations");
    },
  },
};

function showKey(call: Call, key: DeployKey) {
  return {
    ...{ id: key.id, key: key.key, title: key.title, read_only: key.readOnly, verified: true, enabled: true },
    ...{ created_at: key.createdAt, last_used: key.lastUsed, added_by: key.addedBy },
    url: `${call.links.api}/repos/${fullNameOf(repositoryOfCall(call))}/keys/${key.id}`,
  };
}

/** The secret of a webhook is shown as stars. */
function showHook(call: Call, hook: Hook) {
  const url = `${call.links.api}/repos/${fullNameOf(repositoryOfCall(call))}/hooks/${hook.id}`;
  return {
    ...{ id: hook.id, type: "Repository", name: "web", active: hook.active, events: hook.events, url },
    config: {
      ...{ url: hook.url, content_type: "json", insecure_ssl: hook.insecureTls ? "1" : "0" },
      ...(hook.secret !== undefined && { secret: "********" }),
    },
    ...{ ping_url: `${url}/pings`, test_url: `${url}/test`, deliveries_url: `${url}/deliveries` },
    ...{ created_at: hook.createdAt, updated_at: hook.updatedAt },
    last_response: { code: null, status: "unused", message: null },
  };
}
