/** Environments: what protects them, and their secrets and variables. */
import { type Call, notFound, type Operations, page, repositoryOfCall, whole } from "../call.ts";
import type { Environment } from "../holding.ts";
import { nodeId } from "../links.ts";
import { showTeam, showUser } from "../show-account.ts";
import { accountOf, fullNameOf, organisationOf } from "../state.ts";
import { showSecret, showVariable } from "./secret.ts";

const readable = { needs: "actions:read", scopes: ["repo"], open: true } as const;
const secretly = { needs: "environments:read", role: "write", scopes: ["repo"] } as const;

export const environmentOperations: Operations = {
  "repos/get-all-environments": {
    ...readable,
    handle: (call) =>
      page(call, [...repositoryOfCall(call).environments.values()], (one) => show(call, one), "environments"),
  },
  "repos/get-environment": { ...readable, handle: (call) => ({ body: show(call, environmentOf(call)) }) },
  "repos/get-all-deployment-protection-rules": {
    ...readable,
    handle: (call) =>
      whole(
        environmentOf(call).guards,
        ({ id, enabled, app, appId }) => ({
          ...{ id, enabled, node_id: nodeId("GA", id) },
          app: { id: appId, slug: app, integration_url: `${call.links.api}/apps/${app}`, node_id: nodeId("A", appId) },
        }),
        "custom_deployment_protection_rules",
      ),
  },
  "actions/list-environment-secrets": {
    ...secretly,
    handle: (call) => page(call, [...environmentOf(call).secrets.values()], showSecret, "secrets"),
  },
  "actions/list-environment-variables": {
    ...secretly,
    handle: (call) => page(call, [...environmentOf(call).variables.values()], showVariable, "variables"),
  },
};

function environmentOf(call: Call): Environment {
  const environment = repositoryOfCall(call).environments.get(call.params.environment_name ?? "");
  if (environment === undefined) throw notFound();
  return environment;
}

function show(call: Call, environment: Environment) {
  const { id, name, waitMinutes, reviewers, branches } = environment;
  const repository = repositoryOfCall(call);
  const at = `${fullNameOf(repository)}/environments/${encodeURIComponent(name)}`;
  const rules: object[] = [];
  const rule = (type: string, more: object) =>
    rules.push({ id: id * 10 + rules.length, node_id: nodeId("GA", id), type, ...more });
  if (waitMinutes > 0) rule("wait_timer", { wait_timer: waitMinutes });
  if (reviewers.length > 0)
    rule("required_reviewers", {
      prevent_self_review: environment.preventSelfReview,
      reviewers: reviewers.map((one) => showReviewer(call, one)),
    });
  if (branches !== "all") rule("branch_policy", {});
  return {
    ...{
      id,
      name,
      node_id: nodeId("EN", id),
      url: `${call.links.api}/repos/${at}`,
      html_url: `${call.links.web}/${at}`,
    },
    ...{ created_at: environment.createdAt, updated_at: environment.updatedAt, protection_rules: rules },
    deployment_branch_policy:
      branches === "all"
        ? null
        : { protected_branches: branches === "protected", custom_branch_policies: branches === "selected" },
  };
}

function showReviewer(call: Call, reviewer: Environment["reviewers"][number]) {
  if ("user" in reviewer)
    return { type: "User", reviewer: showUser(call.links, accountOf(call.state, reviewer.user)!) };
  const organisation = organisationOf(call.state, repositoryOfCall(call).owner.login)!;
  return { type: "Team", reviewer: showTeam(call.links, organisation, organisation.teams.get(reviewer.team)!) };
}
