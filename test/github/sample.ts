/** An organisation `acme` with one repository `shop` on the fake GitHub, and an App that may read nearly everything there. */
import {
  addDeployKey,
  addEnvironment,
  addHook,
  addOrganisation,
  addRepository,
  addRun,
  addSecret,
  addTeam,
  addUser,
  addVariable,
  addWorkflow,
  newSecret,
} from "../fake-github/seed.ts";
import { addApp, addInstallation, addInstallationToken } from "../fake-github/seed-app.ts";
import { type FakeGitHub, startFakeGitHub } from "../fake-github/server.ts";
import type { Organisation, Permissions, Repository, State } from "../fake-github/state.ts";

const then = "2026-11-01T08:00:00Z";
const dates = { createdAt: then, updatedAt: then };

/** A value that must reach no output. */
export const hidden = ["plain", "value", "of", "a", "variable"].join("-");

/** Everything that the inventory reads, but the Codespaces secrets. */
export const reading: Permissions = {
  ...{ actions: "read", administration: "read", secrets: "read", environments: "read", actions_variables: "read" },
  ...{ dependabot_secrets: "read", agent_secrets: "read", repository_hooks: "read", members: "read" },
  ...{ organization_secrets: "read", organization_dependabot_secrets: "read", organization_agent_secrets: "read" },
  ...{ organization_actions_variables: "read", organization_administration: "read" },
  ...{ organization_private_registries: "read", organization_personal_access_tokens: "read" },
};

export type Acme = FakeGitHub & {
  acme: Organisation;
  shop: Repository;
  /** Of the App. */
  token: string;
  /** Requests as `PATH?QUERY STATUS`. */
  log(): string[];
};

/** In: what is put in beside; the clock, in milliseconds since 1970. */
export async function startAcme(
  more: (state: State, acme: Organisation, shop: Repository) => void = () => {},
  now: () => number = () => Date.parse("2026-11-21T06:00:00Z"),
): Promise<Acme> {
  const github = await startFakeGitHub(() => {}, { now });
  const { state } = github;
  const { acme, shop, token } = seedAcme(state);
  more(state, acme, shop);
  // Stores that this GitHub has not, or keeps from the App.
  github.fail({ path: /^\/(?:repos\/acme\/shop|orgs\/acme)\/agents\//, status: 404 });
  github.fail({ path: "/repos/acme/shop/environments/preview/variables", status: 403 });
  const log = () => github.calls.map(({ path, query, status }) => `${path}${query} ${status}`);
  return { ...github, acme, shop, token, log };
}

function seedAcme(state: State) {
  const acme = addOrganisation(
    state,
    "acme",
    { alice: "admin", carol: "member" },
    { outsideCollaborators: new Set(["eve"]) },
  );
  for (const login of ["bob", "eve"]) addUser(state, login);
  addUser(state, "build", "Bot");
  addTeam(state, acme, "platform", ["alice", "build"]);
  const shop = addRepository(state, "acme/shop", { properties: new Map([["owner", "platform"]]) });
  for (const name of ["DEPLOY_KEY", "NPM_KEY"]) addSecret(state, shop, "actions", name, dates);
  addSecret(state, shop, "dependabot", "REGISTRY_KEY", dates);
  for (let at = 0; at < 65; at++) addVariable(state, shop, `V${at}`, hidden, dates);
  addEnvironment(state, shop, "production/eu", {
    ...{ waitMinutes: 30, reviewers: [{ user: "alice" }, { team: "platform" }], preventSelfReview: true },
    ...{ branches: "protected", secrets: new Map([["PAYMENT_KEY", newSecret(state, "PAYMENT_KEY", dates)]]) },
    guards: [
      { id: 1, enabled: true, app: "gatekeeper", appId: 1 },
      { id: 2, enabled: false, app: "asleep", appId: 2 },
    ],
  });
  addEnvironment(state, shop, "preview");
  addDeployKey(state, shop, { title: "ci", readOnly: false, createdAt: then, addedBy: "bob" });
  const hook = { ...dates, insecureTls: true, secret: "present" };
  addHook(state, shop, `https://hooks.example:8443/services/${hidden}`, hook);
  const workflow = addWorkflow(state, shop, ".github/workflows/ci.yml");
  addRun(state, shop, workflow, { createdAt: then });
  addRun(state, shop, workflow, { createdAt: "2026-11-20T10:00:00Z" });
  addWorkflow(state, shop, ".github/workflows/never.yml");
  seedCredentials(state, acme, shop);
  const app = addApp(state, "leasehold", reading);
  const installation = addInstallation(state, app, "acme");
  addInstallation(state, addApp(state, "renovate", { contents: "write" }), "acme");
  return { acme, shop, token: addInstallationToken(state, installation) };
}

function seedCredentials(state: State, acme: Organisation, shop: Repository): void {
  addSecret(state, acme, "actions", "SHARED", { ...dates, visibility: "selected", repositories: new Set([shop.id]) });
  addSecret(state, acme, "actions", "OPEN", { ...dates, visibility: "all" });
  acme.registries = [
    { name: "MAVEN", type: "maven_repository", auth: "token", visibility: "all", ...dates },
    { name: "CLOUD", type: "docker_registry", auth: "oidc_aws", visibility: "private", ...dates },
  ];
  acme.personalTokens = [
    {
      ...{ id: 3, tokenId: 33, name: "laptop", owner: addUser(state, "bob"), repositories: "all", permissions: {} },
      ...{ grantedAt: "2026-10-01T10:00:00+02:00", expired: false, expiresAt: null },
      lastUsedAt: "2026-11-20T10:00:00Z",
    },
  ];
}
