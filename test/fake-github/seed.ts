import type {
  DeployKey,
  Environment,
  Hook,
  Ruleset,
  Secret,
  SecretStore,
  Secrets,
  Variable,
  Variables,
  Workflow,
  WorkflowRun,
} from "./holding.ts";
import {
  type Account,
  accountOf,
  moment,
  nextId,
  type Organisation,
  type Repository,
  type State,
  type Team,
} from "./state.ts";

/** A person, or a bot; the same one where the login is known. */
export function addUser(state: State, login: string, type: "User" | "Bot" = "User"): Account {
  const known = accountOf(state, login);
  if (known !== undefined) return known;
  const account: Account = { id: nextId(state), login, type, createdAt: moment(state) };
  state.accounts.set(login.toLowerCase(), account);
  return account;
}

/** An organisation. In: its members by login, and whatever differs from a new one. */
export function addOrganisation(
  state: State,
  login: string,
  members: Record<string, "admin" | "member"> = {},
  changes: Partial<Organisation> = {},
): Organisation {
  const organisation: Organisation = {
    ...{ id: nextId(state), login, type: "Organization", createdAt: moment(state) },
    ...{ members: new Map(Object.entries(members)), outsideCollaborators: new Set(), basePermission: "read" },
    ...{ twoFactorRequired: true, teams: new Map(), secrets: noSecrets(), variables: noVariables(), registries: [] },
    ...{ personalTokens: [], ssoCredentials: undefined, rulesets: [], hooks: [], oidcClaims: ["repo", "context"] },
    ...changes,
  };
  for (const member of Object.keys(members)) addUser(state, member);
  state.accounts.set(login.toLowerCase(), organisation);
  return organisation;
}

export function addTeam(state: State, organisation: Organisation, slug: string, members: readonly string[]): Team {
  for (const member of members) addUser(state, member);
  const team: Team = { id: nextId(state), slug, name: slug, members: new Set(members), repositories: new Map() };
  organisation.teams.set(slug, team);
  return team;
}

/** A repository. In: `owner/name` (an owner that is not known becomes a person), and whatever differs from a new, private one. */
export function addRepository(state: State, fullName: string, changes: Partial<Repository> = {}): Repository {
  const [login, name] = fullName.split("/") as [string, string];
  const owner = accountOf(state, login) ?? addUser(state, login);
  const repository: Repository = {
    ...{ id: nextId(state), owner, name, visibility: "private", archived: false, fork: false, description: null },
    ...{ defaultBranch: "main", hasIssues: true, createdAt: moment(state), pushedAt: moment(state), folder: undefined },
    ...{ collaborators: new Map(), secrets: noSecrets(), variables: noVariables(), environments: new Map() },
    ...{ deployKeys: [], hooks: [], workflows: [], runs: [], properties: new Map(), rulesets: [] },
    ...{
      oidcClaims: undefined,
      alerts: undefined,
      defaultPermissions: "read",
      signed: new Set(),
      labels: new Map(),
      issues: new Map(),
      checkSuites: [],
      checkRuns: [],
      statuses: [],
    },
    ...changes,
  };
  state.repositories.set(repository.id, repository);
  return repository;
}

function noSecrets(): Secrets {
  return { actions: new Map(), dependabot: new Map(), codespaces: new Map(), agents: new Map() };
}

function noVariables(): Variables {
  return { actions: new Map(), agents: new Map() };
}

/** A secret in a store of a repository or an organisation. Its value is nowhere. */
export function addSecret(
  state: State,
  holder: { secrets: Secrets },
  store: SecretStore,
  name: string,
  changes: Partial<Secret> = {},
): Secret {
  const secret = newSecret(state, name, changes);
  holder.secrets[store].set(secret.name, secret);
  return secret;
}

export function addVariable(
  state: State,
  holder: { variables: Variables },
  name: string,
  value: string,
  changes: Partial<Variable> = {},
): Variable {
  const variable = { ...newSecret(state, name, changes), value, ...changes };
  holder.variables.actions.set(variable.name, variable);
  return variable;
}

/** GitHub keeps names in capitals. */
export function newSecret(state: State, name: string, changes: Partial<Secret> = {}): Secret {
  const now = moment(state);
  return {
    ...{ name: name.toUpperCase(), createdAt: now, updatedAt: now, visibility: "private", repositories: new Set() },
    ...changes,
  };
}

export function addEnvironment(
  state: State,
  repository: Repository,
  name: string,
  changes: Partial<Environment> = {},
): Environment {
  const environment: Environment = {
    ...{ id: nextId(state), name, waitMinutes: 0, reviewers: [], preventSelfReview: false, branches: "all" },
    ...{ guards: [], secrets: new Map(), variables: new Map(), createdAt: moment(state), updatedAt: moment(state) },
    ...changes,
  };
  repository.environments.set(name, environment);
  return environment;
}

export function addDeployKey(state: State, repository: Repository, changes: Partial<DeployKey> = {}): DeployKey {
  const key: DeployKey = {
    ...{ id: nextId(state), key: "ssh-ed25519 AAAA", title: "key", readOnly: true, createdAt: moment(state) },
    ...{ lastUsed: null, addedBy: null },
    ...changes,
  };
  repository.deployKeys.push(key);
  return key;
}

export function addHook(state: State, holder: { hooks: Hook[] }, url: string, changes: Partial<Hook> = {}): Hook {
  const hook: Hook = {
    ...{ id: nextId(state), active: true, events: ["push"], url, secret: undefined, insecureTls: false },
    ...{ createdAt: moment(state), updatedAt: moment(state) },
    ...changes,
  };
  holder.hooks.push(hook);
  return hook;
}

export function addWorkflow(state: State, repository: Repository, path: string): Workflow {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const workflow: Workflow = { id: nextId(state), path, name, createdAt: moment(state) };
  repository.workflows.push(workflow);
  return workflow;
}

export function addRun(
  state: State,
  repository: Repository,
  workflow: Workflow,
  changes: Partial<WorkflowRun> = {},
): WorkflowRun {
  const run: WorkflowRun = {
    ...{ id: nextId(state), workflow: workflow.id, number: repository.runs.length + 1, event: "push" },
    ...{ status: "completed", conclusion: "success", headBranch: repository.defaultBranch, headSha: "0".repeat(40) },
    ...{ actor: repository.owner, createdAt: moment(state) },
    ...changes,
  };
  repository.runs.push(run);
  return run;
}

export function addRuleset(state: State, holder: { rulesets: Ruleset[] }, changes: Partial<Ruleset> = {}): Ruleset {
  const ruleset: Ruleset = {
    ...{ id: nextId(state), name: "rules", target: "branch", enforcement: "active", rules: [] },
    ...{ branches: ["~DEFAULT_BRANCH"], createdAt: moment(state) },
    ...changes,
  };
  holder.rulesets.push(ruleset);
  return ruleset;
}
