/** What the fake GitHub knows: accounts, repositories, Apps, tokens, and everything that hangs on them. Plain data, changed by `seed.ts` and by requests. */
import type { KeyObject } from "node:crypto";
import type { Told } from "./event.ts";
import type {
  Alert,
  DeployKey,
  Environment,
  Hook,
  PersonalToken,
  Registry,
  Ruleset,
  Secrets,
  SsoCredential,
  Variables,
  Workflow,
  WorkflowRun,
} from "./holding.ts";
import type { CheckRun, CheckSuite, CommitStatus, Issue, Label } from "./work.ts";

/** A moment as GitHub writes it, `2026-11-21T06:00:00Z`. */
export type Moment = string;
export type Level = "read" | "write" | "admin";
export type Permissions = Record<string, Level>;
/** What a person may do with a repository, the least first. */
export const roles = ["read", "triage", "write", "maintain", "admin"] as const;
export type Role = (typeof roles)[number];

export type Account = { id: number; login: string; type: "User" | "Bot" | "Organization"; createdAt: Moment };

export type Team = { id: number; slug: string; name: string; members: Set<string>; repositories: Map<number, Role> };

export type Organisation = Account & {
  type: "Organization";
  members: Map<string, "admin" | "member">;
  outsideCollaborators: Set<string>;
  /** What members may do with every repository. */
  basePermission: Role | "none";
  twoFactorRequired: boolean;
  teams: Map<string, Team>;
  secrets: Secrets;
  variables: Variables;
  registries: Registry[];
  personalTokens: PersonalToken[];
  /** Undefined where the organisation has no SAML single sign-on. */
  ssoCredentials: SsoCredential[] | undefined;
  rulesets: Ruleset[];
  hooks: Hook[];
  oidcClaims: string[];
};

export type Repository = {
  id: number;
  owner: Account;
  name: string;
  visibility: "public" | "private" | "internal";
  archived: boolean;
  fork: boolean;
  description: string | null;
  defaultBranch: string;
  hasIssues: boolean;
  createdAt: Moment;
  pushedAt: Moment;
  /** The bare repository; made when it is first needed. */
  folder: string | undefined;
  collaborators: Map<string, Role>;
  secrets: Secrets;
  variables: Variables;
  environments: Map<string, Environment>;
  deployKeys: DeployKey[];
  hooks: Hook[];
  workflows: Workflow[];
  runs: WorkflowRun[];
  properties: Map<string, string | string[] | null>;
  rulesets: Ruleset[];
  /** Undefined where secret scanning is off. */
  alerts: Alert[] | undefined;
  /** What a workflow's token may do where the workflow says nothing. */
  defaultPermissions: "read" | "write";
  /** Claims of OpenID Connect subjects, where they are not the default. */
  oidcClaims: string[] | undefined;
  /** Commits that GitHub signed. */
  signed: Set<string>;
  labels: Map<string, Label>;
  /** Pull requests among them, by number. */
  issues: Map<number, Issue>;
  checkSuites: CheckSuite[];
  checkRuns: CheckRun[];
  statuses: CommitStatus[];
};

export type App = {
  id: number;
  slug: string;
  name: string;
  owner: Account;
  clientId: string;
  permissions: Permissions;
  events: string[];
  /** The pair with which its JWTs are signed and checked; made when it is first asked for. */
  keys(): { publicKey: KeyObject; privateKey: KeyObject };
  webhook: { url: string | undefined; secret: string };
  deliveries: Delivery[];
  createdAt: Moment;
};
/** One attempt to tell an App of something. */
export type Delivery = {
  id: number;
  /** The same for every attempt. */
  guid: string;
  event: string;
  action: string | null;
  installationId: number | null;
  repositoryId: number | null;
  deliveredAt: Moment;
  redelivery: boolean;
  /** Seconds. */
  duration: number;
  /** As GitHub words it; "OK" for success. */
  status: string;
  statusCode: number;
  payload: object;
};
export type Installation = {
  id: number;
  app: App;
  account: Account;
  permissions: Permissions;
  events: string[];
  repositories: "all" | Set<number>;
  suspendedAt: Moment | null;
  createdAt: Moment;
};

export type Token =
  | {
      kind: "installation";
      installation: Installation;
      permissions: Permissions;
      repositories: "all" | Set<number>;
      /** Milliseconds since 1970. */
      expiresAt: number;
    }
  | { kind: "classic"; user: Account; scopes: string[] }
  | {
      kind: "fine-grained";
      user: Account;
      owner: Account;
      permissions: Permissions;
      repositories: "all" | Set<number>;
    };

export type State = {
  /** Milliseconds since 1970. */
  now(): number;
  /** Something happened that Apps may want to hear of. */
  tell(told: Told): void;
  redeliver(app: App, delivery: Delivery): void;
  /** Where repositories are kept. */
  folder: string;
  lastId: number;
  accounts: Map<string, Account | Organisation>;
  repositories: Map<number, Repository>;
  apps: Map<number, App>;
  installations: Map<number, Installation>;
  tokens: Map<string, Token>;
  /** Ids of renamed and transferred repositories by each `owner/name` that they had, in lower case. */
  formerNames: Map<string, number>;
  /** Apps that a manifest made, by the code that is given for their keys once. */
  manifestCodes: Map<string, App>;
};

/** The present moment, as GitHub writes it. */
export function moment(state: State): Moment {
  return momentOf(state.now());
}

/** In: milliseconds since 1970. */
export function momentOf(time: number): Moment {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

export function nextId(state: State): number {
  return ++state.lastId;
}

/** Names of accounts and repositories are the same in upper and lower case. */
export function accountOf(state: State, login: string): Account | Organisation | undefined {
  return state.accounts.get(login.toLowerCase());
}

export function organisationOf(state: State, login: string): Organisation | undefined {
  const account = accountOf(state, login);
  return account !== undefined && "members" in account ? account : undefined;
}

export function repositoryOf(state: State, owner: string, name: string): Repository | undefined {
  return [...state.repositories.values()].find(
    (one) => one.owner.login.toLowerCase() === owner.toLowerCase() && one.name.toLowerCase() === name.toLowerCase(),
  );
}

/** The repository that had this name once. */
export function formerRepository(state: State, owner: string, name: string): Repository | undefined {
  const id = state.formerNames.get(`${owner}/${name}`.toLowerCase());
  return id === undefined ? undefined : state.repositories.get(id);
}

export function fullNameOf(repository: Repository): string {
  return `${repository.owner.login}/${repository.name}`;
}
