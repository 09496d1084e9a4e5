/** An organisation `acme` with a public repository `shop` that has some history, an App that may do everything there, and the tokens to try it with. */
import { onTestFinished } from "vitest";
import { type Client, client, jwtOf } from "./client.ts";
import { commitFiles } from "./commit.ts";
import {
  addDeployKey,
  addEnvironment,
  addHook,
  addOrganisation,
  addRepository,
  addRuleset,
  addRun,
  addSecret,
  addTeam,
  addUser,
  addVariable,
  addWorkflow,
} from "./seed.ts";
import { addApp, addClassicToken, addInstallation, addInstallationToken } from "./seed-app.ts";
import { type FakeGitHub, startFakeGitHub } from "./server.ts";
import type { App, Installation, Organisation, Permissions, Repository } from "./state.ts";

export const everything: Permissions = {
  ...{
    actions: "read",
    administration: "write",
    checks: "write",
    contents: "write",
    environments: "read",
    issues: "write",
  },
  ...{ pull_requests: "write", statuses: "write", workflows: "write", secrets: "write", dependabot_secrets: "write" },
  ...{ codespaces_secrets: "write", agent_secrets: "write", actions_variables: "read", repository_hooks: "read" },
  ...{ members: "read", organization_secrets: "read", organization_dependabot_secrets: "read" },
  ...{ organization_codespaces_secrets: "read", organization_agent_secrets: "read" },
  ...{ organization_actions_variables: "read", organization_administration: "read" },
  ...{ organization_private_registries: "read", organization_personal_access_tokens: "read" },
  ...{ organization_custom_properties: "read", secret_scanning_alerts: "read", agent_variables: "read" },
  organization_agent_variables: "read",
};
const events = ["push", "pull_request", "pull_request_review", "issues", "issue_comment"];

export type Sample = {
  github: FakeGitHub;
  acme: Organisation;
  shop: Repository;
  app: App;
  installation: Installation;
  /** The App's installation token, and who asks with it. */
  token: string;
  asApp: Client;
  /** The App itself, by JWT. */
  asJwt: Client;
  /** An owner of the organisation. */
  asOwner: Client;
  asNobody: Client;
  /** Id of the first commit. */
  first: string;
};

/** Started for one test, and closed with it: what was not valid fails the test. In: the clock; whether it stays open until the test closes it. */
export async function sample(
  options: { now?: () => number; visibility?: Repository["visibility"]; closes?: boolean } = {},
): Promise<Sample> {
  const { now = () => Date.parse("2026-11-21T06:00:00Z"), visibility = "public", closes = true } = options;
  const github = await startFakeGitHub(() => {}, { now, patience: 60_000 });
  if (closes) onTestFinished(() => github.close());
  const { state } = github;
  const acme = addOrganisation(state, "acme", { alice: "admin", carol: "member" });
  acme.outsideCollaborators.add(addUser(state, "eve").login);
  const shop = addRepository(state, "acme/shop", { visibility, properties: new Map([["owner", "platform"]]) });
  const first = await commitFiles(state, shop, {
    files: { "README.md": "# shop\n", ".github/workflows/ci.yml": "on: push\n", "src/a b/ü.txt": "one\ntwo\n" },
    message: "first",
  });
  const app = addApp(state, "leasehold", everything, { events, webhook: { url: undefined, secret: "s".repeat(32) } });
  const installation = addInstallation(state, app, "acme");
  const token = addInstallationToken(state, installation);
  const owner = addClassicToken(state, "alice", ["repo", "workflow", "admin:org", "admin:repo_hook"]);
  return {
    ...{ github, acme, shop, app, installation, token, first },
    asApp: client(github, token),
    asJwt: (...request) => client(github, jwtOf(app, now()))(...request),
    asOwner: client(github, owner),
    asNobody: client(github),
  };
}

/** One of everything that the stores can hold. */
export function fillStores({ github: { state }, acme, shop, first }: Sample): void {
  for (const store of ["actions", "dependabot", "codespaces", "agents"] as const) {
    addSecret(state, shop, store, "KEY");
    addSecret(state, acme, store, "SHARED", { visibility: "selected", repositories: new Set([shop.id]) });
  }
  addVariable(state, shop, "REGION", "eu");
  addVariable(state, acme, "REGION", "eu", { visibility: "all" });
  addTeam(state, acme, "platform", ["alice"]);
  addEnvironment(state, shop, "production", {
    reviewers: [{ team: "platform" }, { user: "alice" }],
    branches: "selected",
  });
  shop.environments.get("production")!.guards.push({ id: 5, enabled: true, app: "gate", appId: 6 });
  addDeployKey(state, shop, { id: 77 });
  addHook(state, shop, "https://hooks.example/x");
  addRun(state, shop, addWorkflow(state, shop, ".github/workflows/ci.yml"), { id: 88, headSha: first });
  addRuleset(state, shop, { id: 99, rules: [{ type: "deletion" }] });
  addRuleset(state, acme, { rules: [{ type: "required_linear_history" }] });
  shop.alerts = [
    {
      ...{ number: 1, type: "acme_token", state: "open", resolution: null, validity: "active", secret: "of a test" },
      createdAt: "2026-11-01T08:00:00Z",
    },
  ];
  acme.ssoCredentials = [
    {
      ...{ id: 1, login: "alice", type: "SSH key", authorisedAt: "2026-11-01T08:00:00Z", accessedAt: null, scopes: [] },
      expiresAt: "2026-12-01T08:00:00Z",
    },
  ];
}
