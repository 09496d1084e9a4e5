/** The policies of the truth table. `takes` is written by hand: who gets in (see `named`). */

export type Case = { id: string; condition: object | undefined; takes?: string };

const issuer = "token.actions.githubusercontent.com";
const sub = `${issuer}:sub`;
const aud = { [`${issuer}:aud`]: "sts.amazonaws.com" };

/** Patterns of `sub` under StringLike with the audience bound, and who gets in. */
const likes: [pattern: string, takes: string][] = [
  ["*", "*"],
  ["repo:*", "L:* I:*"],
  ["repo:*/*", "L:* I:*"],
  ["repo:*:ref:refs/heads/main", "*:*/main !T:stranger/ref"],
  ["repo:octo-org*", "own sibling suffix new-repo new-owner evil"],
  ["repo:octo-org*/*", "own sibling suffix new-repo new-owner evil"],
  ["repo:octo-org*/octo-repo:*", "L:own/* L:new-repo/* L:new-owner/* L:evil/*"],
  ["repo:octo-*/octo-repo*", "own suffix new-repo new-owner evil"],
  ["repo:octo-org?/octo-repo:*", ""],
  ["repo:octo-or?/octo-repo:*", "L:own/* L:new-repo/* L:new-owner/*"],
  ["repo:*/octo-repo:*", "L:own/* L:new-repo/* L:new-owner/* L:evil/* L:fork/*"],
  ["repo:*/octo-repo:pull_request", "L:own/pull L:new-repo/pull L:new-owner/pull L:evil/pull L:fork/pull"],
  ["repo:octo-org@*/*", "I:own/* I:sibling/* I:suffix/* I:new-repo/* I:new-owner/*"],
  ["repo:octo-org@1*/octo-repo@*:*", "I:own/* I:new-repo/*"],
  ["repo:octo-org/*", "L:own/* L:sibling/* L:suffix/* L:new-repo/* L:new-owner/*"],
  ["repo:octo-org@123456/*", "I:own/* I:sibling/* I:suffix/* I:new-repo/*"],
  ["repo:octo-org/octo-repo*", "L:own/* L:suffix/* L:new-repo/* L:new-owner/*"],
  ["repo:octo-org@123456/octo-repo@*:ref:refs/heads/main", "I:own/main I:new-repo/main"],
  ["repo:octo-org/octo-repo@*:*", ""],
  ["repo:octo-org/octo-repo:*", "L:own/* L:new-repo/* L:new-owner/*"],
  ["repo:octo-org@123456/octo-repo@456789:*", "I:own/*"],
  ["repo:octo-org@123456/octo-repo@456789:ref:refs/heads/*", "I:own/main I:own/branch"],
  ["repo:octo-org@123456/octo-repo@456789:ref:refs/tags/*", "I:own/tag"],
  ["repo:octo-org@123456/octo-repo@456789:ref:refs/*", "I:own/main I:own/branch I:own/tag"],
  ["repo:octo-org@123456/octo-repo@456789:environment:*", "I:own/prod I:own/other"],
  ["repo:octo-org@123456/octo-repo@456789:pull_request", "I:own/pull"],
  ["repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main", "I:own/main"],
  ["repo:octo-org/octo-repo:ref:refs/heads/main", "L:own/main L:new-repo/main L:new-owner/main"],
  ["environment:prod", "T:stranger/environment"],
  ["*:environment:prod", "*:*/prod T:stranger/owner T:own/*"],
  ["*octo-org/octo-repo*", "L:own/* L:suffix/* L:new-repo/* L:new-owner/* T:stranger/repo-in-environment"],
  ["workflow:*", "T:stranger/workflow"],
  ["job_workflow_ref:octo-org/shared/.github/workflows/d.yml@*", "T:stranger/caller"],
  ["repository_owner:octo-org:*", "T:own/owner"],
  ["repository_id:456789:*", "T:own/repository-id"],
  ["repo:octo-org/??????????:ref:refs/heads/main", "L:sibling/main"],
  ["REPO:octo-org/octo-repo:*", ""],
];

const exact: [value: string, takes: string][] = [
  ["repo:octo-org/octo-repo:environment:prod", "L:own/prod L:new-repo/prod L:new-owner/prod"],
  ["repo:octo-org@123456/octo-repo@456789:environment:prod", "I:own/prod"],
  ["repo:octo-org/octo-repo:pull_request", "L:own/pull L:new-repo/pull L:new-owner/pull"],
  ["ref:refs/heads/main", "T:stranger/ref"],
  ["repo:octo-org/*", ""],
  ["repo:octo-org/octo-repo:ref:refs/heads/Main", ""],
];

/** Whole conditions. */
const wholes: [id: string, condition: object | undefined, takes: string][] = [
  ["none", undefined, "*"],
  ["empty", {}, "*"],
  ["aud only", { StringEquals: aud }, "*"],
  ["other aud", { StringEquals: { [`${issuer}:aud`]: "vault.example" } }, ""],
  ["aud like", { StringLike: { [`${issuer}:aud`]: "sts.*" } }, "*"],
  [
    "environment only",
    { StringEquals: { ...aud, [`${issuer}:environment`]: "prod" } },
    "*:*/prod T:stranger/environment T:stranger/owner T:stranger/repo-in-environment T:own/*",
  ],
  ["ref only", { StringEquals: { ...aud, [`${issuer}:ref`]: "refs/heads/feature" } }, "*:*/branch"],
  ["actor only", { StringEquals: { ...aud, [`${issuer}:actor`]: "octocat" } }, "*"],
  ["repository id", { StringEquals: { ...aud, [`${issuer}:repository_id`]: "456789" } }, "own T:own/*"],
  [
    "owner id",
    { StringEquals: { [`${issuer}:repository_owner_id`]: "123456" } },
    "own sibling suffix new-repo T:own/*",
  ],
  [
    "repository name",
    { StringEquals: { [`${issuer}:repository`]: "octo-org/octo-repo" } },
    "own new-repo new-owner T:own/*",
  ],
  ["unsupported owner", { StringEquals: { [`${issuer}:repository_owner`]: "octo-org" } }, ""],
  ["unsupported owner if exists", { StringEqualsIfExists: { [`${issuer}:repository_owner`]: "octo-org" } }, "*"],
  ["all values, unsupported", { "ForAllValues:StringEquals": { [`${issuer}:event_name`]: "push" } }, "*"],
  ["any value, unsupported", { "ForAnyValue:StringEquals": { [`${issuer}:event_name`]: "push" } }, ""],
  [
    "all values, sub",
    { "ForAllValues:StringLike": { [sub]: "repo:octo-org/octo-repo:*" } },
    "L:own/* L:new-repo/* L:new-owner/*",
  ],
  [
    "all values, misspelt",
    { "ForAllValues:StringLike": { "token.action.githubusercontent.com:sub": "repo:octo-org/*" } },
    "*",
  ],
  ["misspelt", { StringLike: { "token.action.githubusercontent.com:sub": "repo:octo-org/*" } }, ""],
  [
    "any value",
    { "ForAnyValue:StringLike": { [sub]: ["repo:nobody/*", "repo:octo-org/octo-repo:environment:prod"] } },
    "L:own/prod L:new-repo/prod L:new-owner/prod",
  ],
  ["if exists", { StringLikeIfExists: { [sub]: "repo:octo-org/octo-repo:*" } }, "L:own/* L:new-repo/* L:new-owner/*"],
  [
    "environment if exists",
    {
      StringEquals: { [`${issuer}:repository_id`]: "456789" },
      StringEqualsIfExists: { [`${issuer}:environment`]: "prod" },
    },
    "own T:own/* !own/other",
  ],
  ["negated", { StringNotEquals: { [sub]: "repo:evil-org/evil-repo:pull_request" } }, "* !L:stranger/pull"],
  ["negated like", { StringNotLike: { [sub]: ["repo:evil-org*", "repo:octo-org-evil*"] } }, "* !stranger !fork !evil"],
  [
    "negated absent",
    { StringNotEquals: { [`${issuer}:environment`]: "prod" } },
    "* !*:*/prod !T:stranger/environment !T:stranger/owner !T:stranger/repo-in-environment !T:own/*",
  ],
  [
    "no environment",
    { Null: { [`${issuer}:environment`]: "true" } },
    "* !*:*/prod !*:*/other !T:stranger/environment !T:stranger/owner !T:stranger/repo-in-environment !T:own/*",
  ],
  [
    "some environment",
    { Null: { [`${issuer}:environment`]: "false" }, StringEquals: { [`${issuer}:repository_id`]: "456789" } },
    "own/prod own/other T:own/*",
  ],
  [
    "ignore case",
    { StringEqualsIgnoreCase: { [sub]: "REPO:Octo-Org/octo-repo:PULL_request" } },
    "L:own/pull L:new-repo/pull L:new-owner/pull",
  ],
  [
    "two operators",
    { StringLike: { [sub]: "repo:octo-org/*" }, StringEquals: { [`${issuer}:repository_id`]: "456789" } },
    "L:own/*",
  ],
  [
    "two operators on sub",
    { StringLike: { [sub]: "repo:octo-org/*" }, StringNotLike: { [sub]: "*:pull_request" } },
    "L:own/* L:sibling/* L:suffix/* L:new-repo/* L:new-owner/* !*:*/pull",
  ],
  [
    "both forms",
    {
      StringEquals: {
        [sub]: ["repo:octo-org/octo-repo:environment:prod", "repo:octo-org@123456/octo-repo@456789:environment:prod"],
      },
    },
    "L:own/prod I:own/prod L:new-repo/prod L:new-owner/prod",
  ],
  [
    "key case",
    { StringEquals: { "Token.Actions.GitHubUserContent.com:SUB": "repo:octo-org/octo-repo:environment:prod" } },
    "L:own/prod L:new-repo/prod L:new-owner/prod",
  ],
  [
    "called workflow",
    { StringEquals: { [`${issuer}:job_workflow_ref`]: "octo-org/shared/.github/workflows/d.yml@refs/heads/main" } },
    "T:stranger/caller",
  ],
  ["workflow name", { StringEquals: { [`${issuer}:workflow`]: "Release" } }, ""],
];

/** Values without a hand-written answer: only the brute-force matcher judges them. */
const more = [
  "repo:octo-org/octo-repo:ref:refs/heads/*",
  "repo:octo-org/octo-repo:ref:refs/tags/v?",
  "repo:*octo-org/octo-repo:*",
  "repo:octo-org/*:environment:prod",
  "repo:octo-org@*/octo-repo@456789:*",
  "repo:*@123456/*",
  "repo:octo-org@??????/octo-repo@456789:environment:*",
  "repo:octo-org/octo-*:*",
  "repo:octo-org-*/*",
  "repo:octo-org@123456/octo-repo@45*",
  "*/octo-repo*",
  "*prod",
  "repo:octo-org/octo-repo:environment:??od",
  "?epo:*",
  "repo:octo-org/octo-repo",
  "**",
  "repo:o*g/o*o:*",
  "repo:evil-org/*",
  "*pull_request",
  "repo:octo-org/octo-repo:ref:refs/heads/f*e",
];

export const cases: Case[] = [];
for (const [pattern, takes] of likes)
  cases.push({ id: `StringLike ${pattern}`, condition: { StringEquals: aud, StringLike: { [sub]: pattern } }, takes });
for (const [value, takes] of exact)
  cases.push({ id: `StringEquals ${value}`, condition: { StringEquals: { ...aud, [sub]: value } }, takes });
for (const [id, condition, takes] of wholes) cases.push({ id, condition, takes });
for (const pattern of more) {
  cases.push({ id: `StringLike ${pattern}`, condition: { StringLike: { [sub]: pattern } } });
  cases.push({ id: `StringNotLike ${pattern}`, condition: { StringNotLike: { [sub]: pattern } } });
  cases.push({
    id: `ForAnyValue:StringNotLike ${pattern}`,
    condition: { "ForAnyValue:StringNotLike": { [sub]: pattern, [`${issuer}:event_name`]: "x" } },
  });
  cases.push({
    id: `StringLike ${pattern} with an id`,
    condition: {
      StringLike: { [sub]: [pattern, "repo:nobody/*"] },
      StringEqualsIfExists: { [`${issuer}:repository_id`]: ["456789", "456790"] },
    },
  });
  cases.push({
    id: `ForAllValues ${pattern}`,
    condition: { "ForAllValues:StringLikeIfExists": { [sub]: pattern, [`${issuer}:environment`]: "prod*" } },
  });
}
for (const [pattern] of likes)
  cases.push({ id: `StringEquals ${pattern}`, condition: { StringEquals: { [sub]: pattern } } });
