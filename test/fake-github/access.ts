/** Who asks, and whether they may: tokens, permissions, roles and scopes, as GitHub Docs describe them for Apps, people and workflows. */
import { verify } from "node:crypto";
import { type Access, notFound, Refusal } from "./call.ts";
import {
  type Account,
  type App,
  type Level,
  type Organisation,
  organisationOf,
  type Permissions,
  type Repository,
  type Role,
  roles,
  type State,
  type Token,
} from "./state.ts";

export type Actor = Token | { kind: "app"; app: App } | { kind: "nobody" };

const levels: readonly Level[] = ["read", "write", "admin"];

/** In: the `Authorization` header. Throws a Refusal (401) for a token that is wrong, revoked or past its end. */
export function actorOf(state: State, authorization: string | undefined): Actor {
  if (authorization === undefined) return { kind: "nobody" };
  const token = tokenIn(authorization);
  if (/^ey[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return { kind: "app", app: appOf(state, token) };
  const known = state.tokens.get(token);
  if (known === undefined) throw new Refusal(401, "Bad credentials");
  if (known.kind !== "installation") return known;
  if (known.expiresAt <= state.now()) throw new Refusal(401, "Bad credentials");
  if (known.installation.suspendedAt !== null) throw new Refusal(403, "This installation has been suspended");
  return known;
}

/** The token of `token X`, `Bearer X`, or the password of `Basic …` as git sends it. */
export function tokenIn(authorization: string): string {
  const [scheme = "", rest = ""] = authorization.split(/ +/, 2);
  if (scheme.toLowerCase() !== "basic") return rest;
  const text = Buffer.from(rest, "base64").toString("utf8");
  return text.slice(text.indexOf(":") + 1);
}

/** An App's JWT: RS256, at most ten minutes long (GitHub Docs, "Generating a JSON Web Token"). */
function appOf(state: State, token: string): App {
  const [head, claims, signature] = token.split(".") as [string, string, string];
  const { iss, exp, iat } = JSON.parse(Buffer.from(claims, "base64url").toString("utf8")) as {
    iss: string | number;
    exp: number;
    iat: number;
  };
  const app = [...state.apps.values()].find((one) => String(one.id) === String(iss) || one.clientId === iss);
  const signed = Buffer.from(`${head}.${claims}`);
  if (app === undefined || !verify("RSA-SHA256", signed, app.keys().publicKey, Buffer.from(signature, "base64url")))
    throw new Refusal(401, "A JSON web token could not be decoded");
  const now = state.now() / 1000;
  if (exp < now)
    throw new Refusal(
      401,
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (exp - iat > 660 || exp - now > 660)
    throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  return app;
}

/** The person behind a token, the bot behind an installation. */
export function accountOfActor(state: State, actor: Actor): Account | undefined {
  switch (actor.kind) {
    case "classic":
    case "fine-grained":
      return actor.user;
    case "installation":
      return state.accounts.get(`${actor.installation.app.slug}[bot]`);
    default:
      return undefined;
  }
}

/** What a person may do with a repository; undefined where nothing. */
export function roleOf(state: State, account: Account, repository: Repository): Role | undefined {
  if (repository.owner.id === account.id) return "admin";
  const held: (Role | undefined)[] = [repository.collaborators.get(account.login)];
  const organisation = organisationOf(state, repository.owner.login);
  const membership = organisation?.members.get(account.login);
  if (membership === "admin") return "admin";
  if (membership === "member" && organisation!.basePermission !== "none") held.push(organisation!.basePermission);
  for (const team of organisation?.teams.values() ?? [])
    if (team.members.has(account.login)) held.push(team.repositories.get(repository.id));
  if (repository.visibility === "public") held.push("read");
  return held.filter((one) => one !== undefined).sort((a, b) => roles.indexOf(b) - roles.indexOf(a))[0];
}

export function roleOfActor(state: State, actor: Actor, repository: Repository): Role | undefined {
  return actor.kind === "classic" || actor.kind === "fine-grained" ? roleOf(state, actor.user, repository) : undefined;
}

/** Whether the actor can know that a repository is there. */
export function sees(state: State, actor: Actor, repository: Repository): boolean {
  if (repository.visibility === "public") return true;
  switch (actor.kind) {
    case "installation":
      return reaches(actor, repository, actor.installation.account);
    case "classic":
      return roleOf(state, actor.user, repository) !== undefined && actor.scopes.includes("repo");
    case "fine-grained":
      return roleOf(state, actor.user, repository) !== undefined && reaches(actor, repository, actor.owner);
    default:
      return false;
  }
}

function reaches(
  { repositories }: { repositories: "all" | Set<number> },
  repository: Repository,
  account: Account,
): boolean {
  return repository.owner.id === account.id && (repositories === "all" || repositories.has(repository.id));
}

/** Whether permissions hold what is needed, like `contents:write`. */
export function holds(permissions: Permissions, needs: string): boolean {
  const [name, level] = needs.split(":") as [string, Level];
  const held = permissions[name];
  return held !== undefined && levels.indexOf(held) >= levels.indexOf(level);
}

/** Throws a Refusal where the actor may not do this: 404 for what they may not know of, 403 for the rest. */
export function authorise(
  state: State,
  actor: Actor,
  access: Access,
  { repository, organisation }: { repository?: Repository | undefined; organisation?: Organisation | undefined },
): void {
  only(actor, access.only);
  if (actor.kind === "app") return;
  const { needs, orNeeds } = access;
  if (repository !== undefined && !sees(state, actor, repository)) throw notFound();
  if (actor.kind === "installation" || actor.kind === "fine-grained") {
    const account = actor.kind === "installation" ? actor.installation.account : actor.owner;
    const within =
      repository === undefined
        ? organisation === undefined || organisation.id === account.id
        : reaches(actor, repository, account);
    const granted =
      needs === undefined ||
      (within && (holds(actor.permissions, needs) || (orNeeds !== undefined && holds(actor.permissions, orNeeds))));
    const free = access.open === true && repository?.visibility === "public";
    const publicOrganisation = organisation !== undefined && access.member === "anyone";
    if (!granted && !free && !publicOrganisation) {
      const message = `Resource not accessible by ${actor.kind === "installation" ? "integration" : "personal access token"}`;
      throw new Refusal(403, message, {}, { "x-accepted-github-permissions": String(needs).replace(":", "=") });
    }
    if (actor.kind === "installation") return;
  }
  if (actor.kind === "classic") scoped(actor.scopes, access.scopes);
  if (repository !== undefined) personOnRepository(state, actor, access, repository);
  else if (organisation !== undefined) personInOrganisation(actor, access, organisation);
  else if (actor.kind === "nobody" && access.only !== "anyone") throw new Refusal(401, "Requires authentication");
}

function only(actor: Actor, wanted: Access["only"]): void {
  const isApp = actor.kind === "app";
  if (wanted === "app" && !isApp) throw new Refusal(401, "A JSON web token could not be decoded");
  if (isApp && wanted !== "app" && wanted !== "app or installation" && wanted !== "anyone")
    throw new Refusal(403, "Resource not accessible by integration");
  if ((wanted === "installation" || wanted === "app or installation") && actor.kind !== "installation" && !isApp)
    throw new Refusal(403, "You must authenticate with an installation access token");
}

/** Without one of the scopes GitHub hides the thing, and says in headers which scopes would do. */
function scoped(held: readonly string[], accepted: readonly string[] | undefined): void {
  if (accepted === undefined || accepted.some((scope) => held.includes(scope))) return;
  throw notFound();
}

function personOnRepository(state: State, actor: Actor, access: Access, repository: Repository): void {
  const role = roleOfActor(state, actor, repository) ?? (repository.visibility === "public" ? "read" : undefined);
  const least = access.role ?? "read";
  if (role !== undefined && roles.indexOf(role) >= roles.indexOf(least)) {
    if (actor.kind === "nobody" && access.open !== true) throw new Refusal(401, "Requires authentication");
    return;
  }
  if (actor.kind === "nobody") throw new Refusal(401, "Requires authentication");
  if (access.hidden === true) throw notFound();
  throw new Refusal(
    403,
    least === "admin" ? "Must have admin rights to Repository." : "Must have push access to repository",
  );
}

function personInOrganisation(actor: Actor, access: Access, organisation: Organisation): void {
  const wanted = access.member ?? "admin";
  if (wanted === "anyone") return;
  const membership = "user" in actor ? organisation.members.get(actor.user.login) : undefined;
  if (membership === "admin" || (wanted === "member" && membership === "member")) return;
  throw wanted === "member" ? notFound() : new Refusal(403, "You must be an org admin to see this.");
}
