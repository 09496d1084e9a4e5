/** Where the jobs of a workflow log in to a cloud with their OIDC token: read from the model, as plain data. */
import type { Place } from "../finding.ts";
import type { TrustSystem } from "../trust/draft.ts";
import type { Job, Step, Text, Trigger, Workflow } from "../workflow/model.ts";
import { asMap, entryOf, scalarsOf } from "../workflow/node.ts";
import { actionName } from "../workflow/rule/reach.ts";
import { placeOfSpan } from "../workflow/source.ts";
import type { JobFacts } from "../workflow/use.ts";

/** What starts a workflow. Lists are as written; undefined where nothing is filtered. */
export type LoginTrigger = { event: string; branches?: string[]; tags?: string[] };

/** One login step. */
export type Login = {
  job: string;
  place: Place;
  system: TrustSystem;
  /** Role, provider or policy name where the file has it as a literal. */
  identifier?: string;
  /** Audience where the file has it as a literal. */
  audience?: string;
  /** Name of the job's environment; undefined without one. */
  environment?: string;
  /** Whether a condition or an expression decides if, as what or for what the job asks: what is computed of it is then one example. */
  open: boolean;
};

/** A job that calls a reusable workflow of the same repository. */
export type LocalCall = { path: string; open: boolean };

/** What one workflow has to do with clouds. */
export type WorkflowLogins = {
  path: string;
  workflow?: string;
  triggers: LoginTrigger[];
  logins: Login[];
  calls: LocalCall[];
};

/** Inputs of a login action, by what they mean. `scope`: the repository whose policies are meant. */
type LoginAction = {
  system: TrustSystem;
  /** Inputs that must be there, and those that say the action logs in otherwise. */
  needs: string[];
  not: string[];
  identifier?: string;
  audience?: string;
  scope?: string;
  /** An input that must have this value. */
  when?: [input: string, value: string];
};

/** Facts from the actions' own documentation. */
const actions: Record<string, LoginAction> = {
  "aws-actions/configure-aws-credentials": {
    system: "aws",
    needs: ["role-to-assume"],
    not: ["aws-access-key-id", "web-identity-token-file", "role-chaining"],
    identifier: "role-to-assume",
    audience: "audience",
  },
  "google-github-actions/auth": {
    system: "gcp",
    needs: ["workload_identity_provider"],
    not: ["credentials_json"],
    identifier: "workload_identity_provider",
    audience: "audience",
  },
  "azure/login": {
    system: "azure",
    needs: ["client-id"],
    not: ["creds", "client-secret", "auth-type"],
    identifier: "client-id",
    audience: "audience",
  },
  "hashicorp/vault-action": {
    system: "vault",
    needs: ["role"],
    not: ["jwtprivatekey"],
    identifier: "role",
    audience: "jwtgithubaudience",
    when: ["method", "jwt"],
  },
  "octo-sts/action": {
    system: "octo-sts",
    needs: ["identity"],
    not: [],
    identifier: "identity",
    audience: "audience",
    scope: "scope",
  },
  "snowflakedb/snowflake-cli-action": { system: "snowflake", needs: [], not: [], when: ["use-oidc", "true"] },
};

/** Cheap: most workflows log in nowhere and call nobody. Undefined when there is nothing to tell. */
export function loginsOf(model: Workflow, facts: readonly JobFacts[]): WorkflowLogins | undefined {
  const logins = model.jobs.flatMap((job, at) => {
    const fact = facts[at];
    return fact !== undefined && mayAsk(model, fact) ? loginsOfJob(model, job) : [];
  });
  const calls = model.jobs.flatMap((job): LocalCall[] => {
    const path = job.uses?.kind === "workflow" && job.uses.local ? job.uses.path : undefined;
    return path === undefined
      ? []
      : [{ path: path.replace(/^(?:\.|\$)\//, ""), open: job.if !== undefined || !certainlyRuns(model, job) }];
  });
  if (logins.length === 0 && calls.length === 0) return undefined;
  const name = literal(model.name);
  return {
    path: model.source.path,
    ...(name !== undefined && { workflow: name }),
    triggers: model.on.map(triggerOf),
    logins,
    calls,
  };
}

/** A reusable workflow without permissions of its own has what its caller grants. */
function mayAsk(model: Workflow, fact: JobFacts): boolean {
  return fact.idToken || (fact.permissionsFrom === "default" && model.call !== undefined);
}

function loginsOfJob(model: Workflow, job: Job): Login[] {
  return job.steps.flatMap((step): Login[] => {
    const action = actions[actionName(step.uses)];
    if (action === undefined || step.uses === undefined || !logsIn(step, action)) return [];
    const identifier = inputOf(step, action.identifier);
    const audience = inputOf(step, action.audience);
    const scope = inputOf(step, action.scope);
    const name = literal(identifier);
    const wanted = literal(audience);
    const environment = job.environment?.name;
    // Policies of another repository are not in this tree.
    if (scope !== undefined && !isOwnRepository(scope)) return [];
    const open =
      job.if !== undefined ||
      step.if !== undefined ||
      !certainlyRuns(model, job) ||
      [audience, environment].some((text) => text !== undefined && literal(text) === undefined);
    return [
      {
        job: job.id,
        place: placeOfSpan(model.source, step.uses.text.span),
        system: action.system,
        ...(name !== undefined && { identifier: name }),
        ...(wanted !== undefined && { audience: wanted }),
        ...(environment !== undefined && { environment: environment.value }),
        open,
      },
    ];
  });
}

function logsIn(step: Step, action: LoginAction): boolean {
  const given = (name: string): boolean => !["", "false"].includes(inputOf(step, name)?.value.trim() ?? "");
  if (action.when !== undefined && inputOf(step, action.when[0])?.value.trim() !== action.when[1]) return false;
  return action.needs.every(given) && !action.not.some(given);
}

function inputOf(step: Step, name: string | undefined): Text | undefined {
  return name === undefined ? undefined : step.with.find((one) => one.name.toLowerCase() === name)?.value;
}

function isOwnRepository(scope: Text): boolean {
  return /^\s*\$\{\{\s*github\.repository\s*\}\}\s*$/.test(scope.value);
}

function literal(text: Text | undefined): string | undefined {
  return text === undefined || text.expressions.length > 0 || text.value.trim() === "" ? undefined : text.value.trim();
}

/** Whether nothing that the job waits for has a condition: a skipped job skips those that need it. */
function certainlyRuns(model: Workflow, job: Job): boolean {
  const byId = new Map(model.jobs.map((one) => [one.id, one]));
  const seen = new Set<string>();
  const open = [...job.needs];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const needed = byId.get(id);
    if (needed?.if !== undefined) return false;
    open.push(...(needed?.needs ?? []));
  }
  return true;
}

function triggerOf({ event, config }: Trigger): LoginTrigger {
  const listOf = (key: string): string[] | undefined => {
    const entry = entryOf(asMap(config), key);
    return entry === undefined ? undefined : scalarsOf(entry.value).map(({ text }) => text);
  };
  const branches = listOf("branches");
  const tags = listOf("tags");
  return { event, ...(branches !== undefined && { branches }), ...(tags !== undefined && { tags }) };
}
