/** Puts Apps, their installations and everybody's tokens into the fake GitHub. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { addUser } from "./seed.ts";
import { type App, type Installation, moment, nextId, type Permissions, repositoryOf, type State } from "./state.ts";

/** Key pairs take long to make, so the first App of every fake has the same one, the second another. */
const keyPairs: ReturnType<App["keys"]>[] = [];

function keyPair(number: number): ReturnType<App["keys"]> {
  keyPairs[number] ??= generateKeyPairSync("rsa", { modulusLength: 2048 });
  return keyPairs[number];
}

/** An App with a key of its own. In: its slug and what it asks for. */
export function addApp(
  state: State,
  slug: string,
  permissions: Permissions,
  changes: Partial<Omit<App, "keys">> = {},
): App {
  const number = state.apps.size;
  const app: App = {
    ...{ id: nextId(state), slug, name: slug, owner: addUser(state, `${slug}-maker`), clientId: `Iv1.${slug}` },
    ...{ permissions: { metadata: "read", ...permissions }, events: [] },
    keys: () => keyPair(number),
    ...{ webhook: { url: undefined, secret: "" }, deliveries: [], createdAt: moment(state) },
    ...changes,
  };
  addUser(state, `${slug}[bot]`, "Bot");
  state.apps.set(app.id, app);
  return app;
}

/** In: the account it is installed on; its repositories as `owner/name`, all where none are named; permissions where fewer were granted. */
export function addInstallation(
  state: State,
  app: App,
  login: string,
  changes: { repositories?: readonly string[]; permissions?: Permissions; suspendedAt?: string } = {},
): Installation {
  const installation: Installation = {
    ...{ id: nextId(state), app, account: addUser(state, login), events: app.events, createdAt: moment(state) },
    permissions: changes.permissions === undefined ? app.permissions : { metadata: "read", ...changes.permissions },
    repositories: changes.repositories === undefined ? "all" : idsOf(state, changes.repositories),
    suspendedAt: changes.suspendedAt ?? null,
  };
  state.installations.set(installation.id, installation);
  return installation;
}

/** A classic personal access token. In: whose; its scopes. Out: the token. */
export function addClassicToken(state: State, login: string, scopes: readonly string[]): string {
  return issue(state, "classic", { kind: "classic", user: addUser(state, login), scopes: [...scopes] });
}

/** A fine-grained one for one account's repositories: all of them where none are named. */
export function addFineGrainedToken(
  state: State,
  login: string,
  owner: string,
  permissions: Permissions,
  repositories?: readonly string[],
): string {
  return issue(state, "fine", {
    ...{ kind: "fine-grained", user: addUser(state, login), owner: addUser(state, owner) },
    permissions: { metadata: "read", ...permissions },
    repositories: repositories === undefined ? "all" : idsOf(state, repositories),
  });
}

/** The token of an installation, with fewer repositories and permissions where these are named. It ends after an hour. */
export function addInstallationToken(
  state: State,
  installation: Installation,
  less: { repositories?: ReadonlySet<number>; permissions?: Permissions } = {},
): string {
  return issue(state, "app", {
    kind: "installation",
    installation,
    permissions: { metadata: "read", ...(less.permissions ?? installation.permissions) },
    repositories: less.repositories === undefined ? installation.repositories : new Set(less.repositories),
    expiresAt: state.now() + 3_600_000,
  });
}

/** The `GITHUB_TOKEN` of a workflow run: a token of the App "github-actions" for one repository. */
export function addWorkflowToken(state: State, fullName: string, permissions: Permissions): string {
  const [login] = fullName.split("/") as [string];
  const app =
    [...state.apps.values()].find(({ slug }) => slug === "github-actions") ?? addApp(state, "github-actions", {});
  const installation = addInstallation(state, app, login, { repositories: [fullName], permissions });
  return addInstallationToken(state, installation);
}

function issue(state: State, kind: string, token: Parameters<State["tokens"]["set"]>[1]): string {
  // Not of the form of GitHub's own, so that no scanner takes it for one.
  const text = `fake.${kind}.${randomBytes(15).toString("hex")}`;
  state.tokens.set(text, token);
  return text;
}

function idsOf(state: State, names: readonly string[]): Set<number> {
  return new Set(
    names.map((fullName) => {
      const [owner, name] = fullName.split("/") as [string, string];
      const repository = repositoryOf(state, owner, name);
      if (repository === undefined) throw new Error(`there is no repository ${fullName}`);
      return repository.id;
    }),
  );
}
