/** Rulesets, what they ask of a branch, and how OpenID Connect subjects look. */
import { byId, type Call, type Operations, page, repositoryOfCall } from "../call.ts";
import type { Ruleset } from "../holding.ts";
import { nodeId } from "../links.ts";
import { fullNameOf, organisationOf, type Repository } from "../state.ts";

export const ruleOperations: Operations = {
  "repos/get-branch-rules": {
    ...{ needs: "metadata:read", open: true },
    handle: (call) => {
      const repository = repositoryOfCall(call);
      const branch = call.params.branch ?? "";
      const rules = rulesetsOf(call, repository)
        .filter(({ ruleset }) => ruleset.enforcement === "active" && ruleset.target === "branch")
        .filter(({ ruleset }) => covers(ruleset, branch, repository.defaultBranch))
        .flatMap(({ ruleset, source, type }) =>
          ruleset.rules.map((rule) => ({
            ...{ ...rule, ruleset_id: ruleset.id, ruleset_source: source, ruleset_source_type: type },
          })),
        );
      return page(call, rules, (rule) => rule);
    },
  },
  "repos/get-repo-rulesets": {
    ...{ needs: "metadata:read", open: true },
    handle: (call) => page(call, rulesetsOf(call, repositoryOfCall(call)), (one) => show(call, one, false)),
  },
  "repos/get-repo-ruleset": {
    ...{ needs: "metadata:read", open: true },
    handle: (call) => {
      const all = rulesetsOf(call, repositoryOfCall(call));
      const wanted = byId(
        all.map(({ ruleset }) => ruleset),
        call.params.ruleset_id,
      );
      return { body: show(call, all.find(({ ruleset }) => ruleset === wanted)!, true) };
    },
  },
  "actions/get-custom-oidc-sub-claim-for-repo": {
    ...{ needs: "actions:read", open: true, scopes: ["repo"] },
    handle: (call) => {
      const { oidcClaims } = repositoryOfCall(call);
      if (oidcClaims === undefined) return { body: { use_default: true } };
      return { body: { use_default: false, include_claim_keys: oidcClaims } };
    },
  },
  "actions/get-github-actions-default-workflow-permissions-repository": {
    ...{ needs: "administration:read", role: "admin", scopes: ["repo"] },
    handle: (call) => {
      const { defaultPermissions } = repositoryOfCall(call);
      return { body: { default_workflow_permissions: defaultPermissions, can_approve_pull_request_reviews: false } };
    },
  },
  "oidc/get-oidc-custom-sub-template-for-org": {
    ...{ needs: "organization_administration:read", member: "admin", scopes: ["read:org", "admin:org"] },
    handle: (call) => ({ body: { include_claim_keys: call.organisation!.oidcClaims } }),
  },
};

type Sourced = { ruleset: Ruleset; source: string; type: "Repository" | "Organization" };

/** The organisation's apply to its repositories too. */
function rulesetsOf(call: Call, repository: Repository): Sourced[] {
  const organisation = organisationOf(call.state, repository.owner.login);
  const own = repository.rulesets.map((ruleset) => ({
    ruleset,
    source: fullNameOf(repository),
    type: "Repository" as const,
  }));
  const shared = (organisation?.rulesets ?? []).map((ruleset) => ({
    ...{ ruleset, source: organisation!.login, type: "Organization" as const },
  }));
  return call.query.includes_parents === false ? own : [...own, ...shared];
}

function covers({ branches }: Ruleset, branch: string, defaultBranch: string): boolean {
  return branches.some(
    (one) => one === "~ALL" || one === branch || (one === "~DEFAULT_BRANCH" && branch === defaultBranch),
  );
}

function show(call: Call, { ruleset, source, type }: Sourced, whole: boolean) {
  const self = `${call.links.api}/repos/${fullNameOf(repositoryOfCall(call))}/rulesets/${ruleset.id}`;
  return {
    ...{ id: ruleset.id, node_id: nodeId("RRS", ruleset.id), name: ruleset.name, target: ruleset.target, source },
    ...{ source_type: type, enforcement: ruleset.enforcement, created_at: ruleset.createdAt },
    ...{ updated_at: ruleset.createdAt, _links: { self: { href: self }, html: { href: self } } },
    ...(whole && {
      ...{ rules: ruleset.rules, bypass_actors: [], current_user_can_bypass: "never" },
      conditions: { ref_name: { include: ruleset.branches.map(long), exclude: [] } },
    }),
  };
}

function long(branch: string): string {
  return branch.startsWith("~") ? branch : `refs/heads/${branch}`;
}
