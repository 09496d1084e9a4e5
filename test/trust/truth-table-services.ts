/** The policies of the truth table that are not IAM's. `takes` is written by hand: who gets in (see `named`). */

export const celCases: { condition: string; takes?: string }[] = [
  { condition: "true", takes: "*" },
  { condition: "assertion.repository_owner_id == '123456'", takes: "own sibling suffix new-repo T:own/*" },
  {
    condition:
      "assertion.repository_owner_id == '123456' && assertion.repository_id == '456789' && assertion.ref == 'refs/heads/main'",
    takes: "own/main own/prod own/other T:own/*",
  },
  { condition: "assertion.repository_owner == 'octo-org'", takes: "own sibling suffix new-repo new-owner T:own/*" },
  { condition: "assertion.repository == 'octo-org/octo-repo'", takes: "own new-repo new-owner T:own/*" },
  { condition: "assertion.ref == 'refs/heads/feature'", takes: "*:*/branch" },
  {
    condition: "assertion.environment == 'prod'",
    takes: "*:*/prod T:stranger/environment T:stranger/owner T:stranger/repo-in-environment T:own/*",
  },
  { condition: "assertion.event_name == 'pull_request'", takes: "*:*/pull" },
  {
    condition: "assertion.repository.startsWith('octo-org')",
    takes: "own sibling suffix new-repo new-owner evil T:own/*",
  },
  { condition: "assertion.repository.startsWith('octo-org/')", takes: "own sibling suffix new-repo new-owner T:own/*" },
  {
    condition: "assertion.repository.contains('octo-org')",
    takes: "own sibling suffix new-repo new-owner evil T:own/*",
  },
  { condition: "assertion.repository.matches('octo-org/.*')", takes: "own sibling suffix new-repo new-owner T:own/*" },
  { condition: "assertion.repository.matches('^octo-org/octo-repo$')", takes: "own new-repo new-owner T:own/*" },
  { condition: "assertion.sub.startsWith('repo:octo-org')", takes: "own sibling suffix new-repo new-owner evil" },
  { condition: "assertion.sub.startsWith('repo:octo-org@123456/octo-repo@456789:')", takes: "I:own/*" },
  {
    condition: "assertion.sub == 'repo:octo-org/octo-repo:environment:prod'",
    takes: "L:own/prod L:new-repo/prod L:new-owner/prod",
  },
  { condition: "assertion.repository_id == '456789' || assertion.ref == 'refs/tags/v1'", takes: "own T:own/* *:*/tag" },
  { condition: "assertion.repository_id in ['456789', '456790']", takes: "own sibling T:own/*" },
  { condition: "!(assertion.repository_owner_id != '123456')", takes: "own sibling suffix new-repo T:own/*" },
  { condition: "assertion['repository_id'] == '456789'", takes: "own T:own/*" },
  {
    condition: "assertion.repository_id == '456789' && has(assertion.environment)",
    takes: "own/prod own/other T:own/*",
  },
  { condition: "assertion.nothing == 'x'", takes: "" },
  { condition: "assertion.repository_owner_id != '999005'" },
  { condition: "assertion.sub.endsWith(':pull_request')" },
  { condition: "assertion.repository.matches('octo') && assertion.ref_type == 'branch'" },
  { condition: "assertion.repository_owner in ['octo-org', 'evil-org'] && assertion.environment == 'prod'" },
  {
    condition:
      "assertion.repository == 'octo-org/octo-repo' && (assertion.ref == 'refs/heads/main' && assertion.event_name != 'pull_request')",
  },
  { condition: "assertion.sub.contains(':environment:prod') || assertion.repository_id == '456790'" },
  {
    condition:
      "assertion.repository.matches('^octo-org/(octo|other)-repo$') && !assertion.sub.contains('pull_request')",
  },
  { condition: "assertion.job_workflow_ref.startsWith('octo-org/shared/')" },
];

export const flexibleCases: { expression: string; takes?: string }[] = [
  { expression: "claims['sub'] matches 'repo:*'", takes: "L:* I:*" },
  { expression: "claims['sub'] matches 'repo:octo-org*'", takes: "own sibling suffix new-repo new-owner evil" },
  {
    expression: "claims['sub'] matches 'repo:octo-org@123456/octo-repo@456789:ref:refs/heads/*'",
    takes: "I:own/main I:own/branch",
  },
  {
    expression: "claims['sub'] eq 'repo:octo-org/octo-repo:pull_request'",
    takes: "L:own/pull L:new-repo/pull L:new-owner/pull",
  },
  { expression: "claims['sub'] eq 'repo:octo-org/*'", takes: "" },
  {
    expression: "claims['job_workflow_ref'] eq 'octo-org/shared/.github/workflows/d.yml@refs/heads/main'",
    takes: "T:stranger/caller",
  },
  { expression: "claims['sub'] matches 'repo:octo-org@123456/*' and claims['job_workflow_ref'] matches 'octo-org/*'" },
  { expression: "claims['sub'] matches 'repo:octo-org/octo-rep?:environment:p*d'" },
  { expression: "claims['sub'] matches 'environment:*'" },
];

export type VaultFields = {
  bound_subject?: string;
  bound_claims?: Record<string, string | string[]>;
  bound_claims_type?: string;
};

export const vaultCases: { id: string; role: VaultFields; takes?: string }[] = [
  {
    id: "repository id and environment",
    role: { bound_claims: { repository_id: "456789", environment: "prod" } },
    takes: "own/prod T:own/*",
  },
  {
    id: "repository name",
    role: { bound_claims: { repository: "octo-org/octo-repo" } },
    takes: "own new-repo new-owner T:own/*",
  },
  {
    id: "list",
    role: { bound_claims: { repository: ["octo-org/octo-repo", "octo-org/other-repo"] } },
    takes: "own sibling new-repo new-owner T:own/*",
  },
  { id: "star as itself", role: { bound_claims: { sub: "repo:octo-org/*" } }, takes: "" },
  {
    id: "glob",
    role: { bound_claims_type: "glob", bound_claims: { sub: "repo:octo-org/*" } },
    takes: "L:own/* L:sibling/* L:suffix/* L:new-repo/* L:new-owner/*",
  },
  {
    id: "question mark is itself",
    role: { bound_claims_type: "glob", bound_claims: { sub: "repo:octo-org/octo-rep?:*" } },
    takes: "",
  },
  {
    id: "glob on the owner",
    role: { bound_claims_type: "glob", bound_claims: { repository: "octo-org*/*" } },
    takes: "own sibling suffix new-repo new-owner evil T:own/*",
  },
  { id: "workflow only", role: { bound_claims: { workflow: "Deploy" } }, takes: "*" },
  {
    id: "subject",
    role: { bound_subject: "repo:octo-org@123456/octo-repo@456789:environment:prod" },
    takes: "I:own/prod",
  },
  {
    id: "glob with two stars",
    role: { bound_claims_type: "glob", bound_claims: { sub: "repo:*/octo-repo*:ref:refs/heads/main" } },
  },
  {
    id: "glob and exact",
    role: { bound_claims_type: "glob", bound_claims: { repository_owner: "octo-org", ref: "refs/heads/*" } },
  },
  {
    id: "glob list",
    role: {
      bound_claims_type: "glob",
      bound_claims: { sub: ["*:pull_request", "repo:octo-org/octo-repo:environment:*"], repository_id: "4567*" },
    },
  },
];

export type OctoFields = {
  issuer?: string;
  issuer_pattern?: string;
  subject?: string;
  subject_pattern?: string;
  claim_pattern?: Record<string, string>;
};

const issuer = "https://token.actions.githubusercontent.com";

export const octoCases: { id: string; policy: OctoFields; takes?: string }[] = [
  {
    id: "exact",
    policy: { issuer, subject: "repo:octo-org/octo-repo:ref:refs/heads/main" },
    takes: "L:own/main L:new-repo/main L:new-owner/main",
  },
  {
    id: "whole organisation",
    policy: { issuer, subject_pattern: "repo:octo-org/.*" },
    takes: "L:own/* L:sibling/* L:suffix/* L:new-repo/* L:new-owner/*",
  },
  {
    id: "unescaped dots in the ref",
    policy: { issuer, subject_pattern: "repo:octo-org/octo-repo:ref:refs/heads/m..n" },
    takes: "L:own/main L:new-repo/main L:new-owner/main",
  },
  {
    id: "dot before the slash",
    policy: { issuer, subject_pattern: "repo:octo.org.*/octo-repo:.*" },
    takes: "L:own/* L:new-repo/* L:new-owner/* L:evil/*",
  },
  {
    id: "any issuer",
    policy: { issuer_pattern: ".*", subject_pattern: "repo:octo-org/octo-repo:.*" },
    takes: "L:own/* L:new-repo/* L:new-owner/*",
  },
  {
    id: "both forms",
    policy: { issuer, subject_pattern: "repo:octo-org(@123456)?/octo-repo(@456789)?:environment:prod" },
    takes: "own/prod L:new-repo/prod L:new-owner/prod",
  },
  {
    id: "claims",
    policy: { issuer, subject_pattern: ".*", claim_pattern: { repository_id: "456789", ref: "refs/heads/.*" } },
    takes: "own/main own/branch own/prod own/other T:own/*",
  },
  { id: "anything", policy: { issuer, subject_pattern: ".+" }, takes: "*" },
  { id: "ends", policy: { issuer, subject_pattern: "repo:octo-org" }, takes: "" },
  { id: "alternatives", policy: { issuer, subject_pattern: "repo:octo-org/octo-repo:(pull_request|environment:.*)" } },
  { id: "class", policy: { issuer, subject_pattern: "repo:[a-z-]+/octo-repo:ref:refs/(heads|tags)/[a-z0-9]+" } },
];
