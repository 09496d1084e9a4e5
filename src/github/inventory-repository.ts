/** The stores of one repository. */
import type { EnvironmentInventory, RepositoryInventory, Seen } from "../register/inventory.ts";
import {
  deployKeyAnswer,
  type EnvironmentAnswer,
  environmentAnswer,
  guardAnswer,
  nameAnswer,
  propertyAnswer,
  type RepositoryAnswer,
  runAnswer,
  secretAnswer,
  variableAnswer,
  webhookAnswer,
  workflowAnswer,
} from "./answer.ts";
import type { GitHubPort } from "./port.ts";
import { asSeenBy, mapSeen, mapSeenLater, utc } from "./seen.ts";

/** GitHub gives at most 30 variables a page. */
export const variablesPerPage = 30;

/**
 * Everything the audit reads of a repository.
 * In: the port; what GitHub says of the repository; the custom property that names an owner. Throws as the port does.
 */
export async function repositoryInventory(
  port: GitHubPort,
  repository: RepositoryAnswer,
  ownerProperty: string,
): Promise<RepositoryInventory> {
  const base = `/repos/${repository.full_name.split("/").map(encodeURIComponent).join("/")}`;
  const ofOrganisation = repository.owner.type === "Organization";
  // An App's token has no `permissions` here, and gets 403 for what it may not see.
  const seesAll = repository.permissions?.admin ?? true;
  const secretsAt = async (path: string) =>
    asSeenBy(
      mapSeen(await port.list({ path: `${base}/${path}`, key: "secrets", item: secretAnswer }), secretOf),
      seesAll,
    );
  const none: Seen<string> = { status: "not available here" };
  const shared = ofOrganisation
    ? await port.list({ path: `${base}/actions/organization-secrets`, key: "secrets", item: nameAnswer })
    : none;
  const owner = ofOrganisation ? await ownerOf(port, base, ownerProperty) : undefined;
  return {
    name: repository.full_name,
    visibility: repository.visibility ?? (repository.private ? "private" : "public"),
    archived: repository.archived,
    defaultBranch: repository.default_branch,
    ...(owner !== undefined && { owner }),
    actions: await secretsAt("actions/secrets"),
    organisationSecrets: asSeenBy(
      mapSeen<string | { name: string }, string>(shared, (one) => (typeof one === "string" ? one : one.name)),
      seesAll || !ofOrganisation,
    ),
    variables: await variablesAt(port, `${base}/actions/variables`, seesAll),
    environments: await environments(port, base, repository.owner.login, seesAll),
    dependabot: await secretsAt("dependabot/secrets"),
    codespaces: await secretsAt("codespaces/secrets"),
    agents: await secretsAt("agents/secrets"),
    deployKeys: asSeenBy(
      mapSeen(await port.list({ path: `${base}/keys`, item: deployKeyAnswer }), (key) => ({
        ...{ id: key.id, title: key.title, readOnly: key.read_only, createdAt: utc(key.created_at) },
        lastUsed: utcOrNull(key.last_used),
        addedBy: key.added_by ?? null,
      })),
      seesAll,
    ),
    webhooks: asSeenBy(
      mapSeen(await port.list({ path: `${base}/hooks`, item: webhookAnswer, fleeting: true }), (hook) => ({
        ...{ id: hook.id, host: hostOf(hook.config.url ?? ""), active: hook.active },
        hasSecret: hook.config.secret !== undefined && hook.config.secret !== "",
        insecureTls: String(hook.config.insecure_ssl ?? "0") !== "0",
        updatedAt: utc(hook.updated_at),
      })),
      seesAll,
    ),
    lastRuns: await lastRuns(port, base),
  };
}

export function secretOf(secret: { name: string; created_at: string; updated_at: string }) {
  return { name: secret.name, createdAt: utc(secret.created_at), updatedAt: utc(secret.updated_at) };
}

export function utcOrNull(moment: string | null | undefined): string | null {
  return moment === null || moment === undefined ? null : utc(moment);
}

/** Names and dates of variables; GitHub sends their values too, which are dropped before anything is kept. */
export async function variablesAt(port: GitHubPort, path: string, seesAll: boolean) {
  const answer = await port.list({ path, key: "variables", perPage: variablesPerPage, item: variableAnswer });
  return asSeenBy(
    mapSeen(answer, ({ name, updated_at }) => ({ name, updatedAt: utc(updated_at) })),
    seesAll,
  );
}

async function environments(
  port: GitHubPort,
  base: string,
  owner: string,
  seesAll: boolean,
): Promise<Seen<EnvironmentInventory>> {
  const answer = await port.list({ path: `${base}/environments`, key: "environments", item: environmentAnswer });
  return await mapSeenLater(asSeenBy(answer, seesAll), async (environment) => {
    const at = `${base}/environments/${encodeURIComponent(environment.name)}`;
    const guards = await port.list({
      path: `${at}/deployment_protection_rules`,
      key: "custom_deployment_protection_rules",
      perPage: "none",
      item: guardAnswer,
    });
    const secrets = await port.list({ path: `${at}/secrets`, key: "secrets", item: secretAnswer });
    return {
      name: environment.name,
      ...rulesOf(environment, owner),
      apps: asSeenBy(
        guards.status === "listed"
          ? { status: "listed", items: guards.items.filter((one) => one.enabled).map((one) => one.app.slug) }
          : guards,
        seesAll,
      ),
      secrets: asSeenBy(mapSeen(secrets, secretOf), seesAll),
      variables: await variablesAt(port, `${at}/variables`, seesAll),
    };
  });
}

function rulesOf({ protection_rules: rules, deployment_branch_policy: branches }: EnvironmentAnswer, owner: string) {
  const review = rules?.find((rule) => rule.type === "required_reviewers");
  const allowed = branchesOf(branches);
  // Without a list of rules nobody knows whether there are any.
  const known = rules !== undefined && {
    reviewers: (review?.reviewers ?? []).flatMap(({ type, reviewer }) => {
      if (type === "Team") return reviewer?.slug === undefined ? [] : [`${owner}/${reviewer.slug}`];
      return reviewer?.login === undefined ? [] : [reviewer.login];
    }),
    preventSelfReview: review?.prevent_self_review ?? false,
    waitMinutes: rules.find((rule) => rule.type === "wait_timer")?.wait_timer ?? 0,
  };
  return { ...known, ...(allowed !== undefined && { branches: allowed }) };
}

function branchesOf(policy: EnvironmentAnswer["deployment_branch_policy"]): EnvironmentInventory["branches"] {
  if (policy === undefined) return undefined;
  if (policy === null) return "all";
  return policy.protected_branches ? "protected" : "selected";
}

/** When each workflow ran last. GitHub has no list of that, so it is one request a workflow. */
async function lastRuns(port: GitHubPort, base: string): Promise<RepositoryInventory["lastRuns"]> {
  const workflows = await port.list({ path: `${base}/actions/workflows`, key: "workflows", item: workflowAnswer });
  if (workflows.status !== "listed") return workflows;
  const runs = [];
  for (const { id, path } of workflows.items) {
    const last = await port.list({
      ...{ path: `${base}/actions/workflows/${id}/runs`, key: "workflow_runs", item: runAnswer },
      ...{ perPage: 1, firstPage: true },
    });
    if (last.status === "not permitted") return last;
    const at = last.status === "listed" ? last.items[0]?.created_at : undefined;
    if (at !== undefined) runs.push({ workflow: path, lastRunAt: utc(at) });
  }
  return { status: "listed", items: runs };
}

async function ownerOf(port: GitHubPort, base: string, property: string): Promise<string | undefined> {
  const values = await port.list({
    path: `${base}/properties/values`,
    perPage: "none",
    item: propertyAnswer,
  });
  const value =
    values.status === "listed" ? values.items.find((one) => one.property_name === property)?.value : undefined;
  return typeof value === "string" && value.length >= 1 && value.length <= 100 ? value : undefined;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "";
}
