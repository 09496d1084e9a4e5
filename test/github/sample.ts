/** An organisation `acme` with one repository, as GitHub's REST API describes it. */
import type { Reply } from "./server.ts";

const then = "2026-11-01T08:00:00Z";
const dates = { created_at: then, updated_at: then };
export const secret = (name: string, more: object = {}) => ({ name, ...dates, ...more });
const user = (login: string, type = "User") => ({ login, type, id: 1 });

/** A value that must reach no output. */
export const hidden = ["plain", "value", "of", "a", "variable"].join("-");

export const shop = {
  ...{ id: 7, name: "shop", full_name: "acme/shop", private: true, visibility: "private", archived: false },
  ...{ default_branch: "main", owner: user("acme", "Organization"), permissions: { admin: true, push: true } },
};

export function acme(): Record<string, Reply> {
  const repo = "/repos/acme/shop";
  const production = `${repo}/environments/production%2Feu`;
  return {
    "/orgs/acme": { record: { login: "acme", two_factor_requirement_enabled: true } },
    "/orgs/acme/repos": { items: [shop] },
    [repo]: { record: shop },
    [`${repo}/actions/secrets`]: { key: "secrets", items: [secret("DEPLOY_KEY"), secret("NPM_KEY")] },
    [`${repo}/actions/organization-secrets`]: { key: "secrets", items: [secret("SHARED")] },
    [`${repo}/actions/variables`]: {
      ...{ key: "variables", most: 30 },
      items: Array.from({ length: 65 }, (_, at) => ({ name: `V${at}`, value: hidden, ...dates })),
    },
    [`${repo}/environments`]: {
      key: "environments",
      items: [
        {
          ...{ id: 1, name: "production/eu", ...dates },
          protection_rules: [
            { type: "wait_timer", wait_timer: 30 },
            {
              ...{ type: "required_reviewers", prevent_self_review: true },
              reviewers: [
                { type: "User", reviewer: user("alice") },
                { type: "Team", reviewer: { id: 2, slug: "platform" } },
              ],
            },
            { type: "branch_policy" },
          ],
          deployment_branch_policy: { protected_branches: true, custom_branch_policies: false },
        },
        { id: 2, name: "preview", protection_rules: [], deployment_branch_policy: null },
      ],
    },
    [`${production}/secrets`]: { key: "secrets", items: [secret("PAYMENT_KEY")] },
    [`${production}/variables`]: { key: "variables", items: [] },
    [`${production}/deployment_protection_rules`]: {
      key: "custom_deployment_protection_rules",
      items: [
        { id: 1, enabled: true, app: { id: 1, slug: "gatekeeper" } },
        { id: 2, enabled: false, app: { id: 2, slug: "asleep" } },
      ],
    },
    [`${repo}/environments/preview/secrets`]: { key: "secrets", items: [] },
    [`${repo}/environments/preview/variables`]: { status: 403 },
    [`${repo}/dependabot/secrets`]: { key: "secrets", items: [secret("REGISTRY_KEY")] },
    [`${repo}/codespaces/secrets`]: { status: 403 },
    [`${repo}/keys`]: {
      items: [
        {
          id: 5,
          key: "ssh-ed25519 …",
          title: "ci",
          read_only: false,
          created_at: then,
          last_used: null,
          added_by: "bob",
        },
      ],
    },
    [`${repo}/hooks`]: {
      items: [
        {
          ...{ id: 9, active: true, ...dates },
          config: { url: `https://hooks.example:8443/services/${hidden}`, insecure_ssl: "1", secret: "********" },
        },
      ],
    },
    [`${repo}/actions/workflows`]: {
      key: "workflows",
      items: [
        { id: 11, path: ".github/workflows/ci.yml", state: "active" },
        { id: 12, path: ".github/workflows/never.yml", state: "active" },
      ],
    },
    [`${repo}/actions/workflows/11/runs`]: {
      key: "workflow_runs",
      items: [
        { id: 2, created_at: "2026-11-20T10:00:00Z" },
        { id: 1, created_at: then },
      ],
    },
    [`${repo}/actions/workflows/12/runs`]: { key: "workflow_runs", items: [] },
    [`${repo}/properties/values`]: { items: [{ property_name: "owner", value: "platform" }] },
    "/orgs/acme/actions/secrets": {
      key: "secrets",
      items: [secret("SHARED", { visibility: "selected" }), secret("OPEN", { visibility: "all" })],
    },
    "/orgs/acme/actions/secrets/SHARED/repositories": { key: "repositories", items: [shop] },
    "/orgs/acme/dependabot/secrets": { key: "secrets", items: [] },
    "/orgs/acme/codespaces/secrets": { status: 403 },
    "/orgs/acme/actions/variables": { key: "variables", items: [] },
    "/orgs/acme/private-registries": {
      key: "configurations",
      items: [
        { name: "MAVEN", registry_type: "maven_repository", auth_type: "token", visibility: "all", ...dates },
        { name: "CLOUD", registry_type: "docker_registry", auth_type: "oidc_aws", visibility: "private", ...dates },
      ],
    },
    "/orgs/acme/personal-access-tokens": {
      items: [
        {
          ...{ id: 3, token_id: 33, token_name: "laptop", owner: user("bob"), repository_selection: "all" },
          ...{ access_granted_at: "2026-10-01T10:00:00+02:00", token_expired: false },
          ...{ token_expires_at: null, token_last_used_at: "2026-11-20T10:00:00Z" },
        },
      ],
    },
    "/orgs/acme/installations": {
      key: "installations",
      items: [
        {
          ...{ id: 4, app_slug: "renovate", repository_selection: "all", suspended_at: null },
          permissions: { contents: "write", metadata: "read" },
        },
      ],
    },
    "/orgs/acme/members": { items: [user("alice")] },
    "/orgs/acme/outside_collaborators": { items: [user("eve")] },
    "/orgs/acme/teams": { items: [{ id: 1, slug: "platform" }] },
    "/orgs/acme/teams/platform/members": { items: [user("alice"), user("build", "Bot")] },
  };
}
