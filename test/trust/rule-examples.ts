// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform and code have templates of their own
/** One bad example for every rule, with the severity it must have and the text its place must cover. */
import type { Severity } from "../../src/finding.ts";
import type { TrustContext } from "../../src/trust/home.ts";

export type Example = {
  rule: string;
  path: string;
  text: string;
  severity: Severity;
  at?: string;
  context?: Partial<TrustContext>;
  also?: string[];
};

const host = "token.actions.githubusercontent.com";
const own = "repo:octo-org@123456/octo-repo@456789";
const arn = `arn:aws:iam::111122223333:oidc-provider/${host}`;

/** A trust policy with one statement. */
export function iam(condition: object | undefined, change: object = {}): string {
  return JSON.stringify(
    {
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: arn },
          Action: "sts:AssumeRoleWithWebIdentity",
          ...(condition === undefined ? {} : { Condition: condition }),
          ...change,
        },
      ],
    },
    undefined,
    2,
  );
}

const aud = { [`${host}:aud`]: "sts.amazonaws.com" };
const like = (sub: string | string[], equals: object = aud) =>
  iam({ StringEquals: equals, StringLike: { [`${host}:sub`]: sub } });
const exact = (sub: string) => iam({ StringEquals: { ...aud, [`${host}:sub`]: sub } });
const json = "trust.json";
const tf = "main.tf";

/** A role with its permissions, in Terraform. */
export function role(sub: string, more: string): string {
  return `resource "aws_iam_role" "deploy" {
  name = "deploy"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "${arn}" }
      Condition = {
        StringLike = { "${host}:sub" = "${sub}" }
        StringEquals = { "${host}:aud" = "sts.amazonaws.com" }
      }
    }]
  })
}
${more}`;
}

/** A Google Cloud provider with its bindings. */
export function provider(
  condition: string | undefined,
  members: string[] = [],
  more: { mapping?: string; oidc?: string; tail?: string } = {},
): string {
  return `resource "google_iam_workload_identity_pool" "ci" {
  workload_identity_pool_id = "ci"
}
resource "google_iam_workload_identity_pool_provider" "github" {
  workload_identity_pool_id          = google_iam_workload_identity_pool.ci.workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  attribute_mapping = {
    ${more.mapping ?? '"google.subject" = "assertion.repository_id + \':\' + assertion.ref"'}
    "attribute.repository_id" = "assertion.repository_id"
    "attribute.repository" = "assertion.repository"
    "attribute.ref" = "assertion.ref"
  }
${condition === undefined ? "" : `  attribute_condition = "${condition}"\n`}  oidc {
    issuer_uri = "https://${host}"
    ${more.oidc ?? ""}
  }
}
${members
  .map(
    (member, index) => `resource "google_service_account_iam_member" "m${index}" {
  service_account_id = google_service_account.deployer.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/\${google_iam_workload_identity_pool.ci.name}/${member}"
}`,
  )
  .join("\n")}
resource "google_service_account" "deployer" {
  account_id = "deployer"
}
${more.tail ?? ""}`;
}

export function credential(
  subject: string,
  change: { issuer?: string; audience?: string; tail?: string } = {},
): string {
  return `resource "azuread_application_federated_identity_credential" "prod" {
  application_id = azuread_application.deploy.id
  display_name   = "prod"
  audiences      = ["${change.audience ?? "api://AzureADTokenExchange"}"]
  issuer         = "${change.issuer ?? `https://${host}`}"
  subject        = "${subject}"
}
resource "azuread_application" "deploy" {
  display_name = "deploy"
}
resource "azuread_service_principal" "deploy" {
  client_id = azuread_application.deploy.client_id
}
${change.tail ?? ""}`;
}

export function flexible(expression: string): string {
  return `resource "azuread_application_flexible_federated_identity_credential" "x" {
  application_id             = "/applications/0"
  audience                   = "api://AzureADTokenExchange"
  issuer                     = "https://${host}"
  claims_matching_expression = "${expression}"
}
`;
}

export function vault(fields: object): string {
  return JSON.stringify(
    {
      role_type: "jwt",
      user_claim: "repository_id",
      bound_audiences: ["https://vault.example"],
      bound_claims: { repository_id: "456789" },
      ...fields,
    },
    undefined,
    2,
  );
}

const assignment = (roleName: string, scope: string) => `resource "azurerm_role_assignment" "deploy" {
  scope                = ${scope}
  role_definition_name = "${roleName}"
  principal_id         = azuread_service_principal.deploy.object_id
}`;

const scanned = { repository: "octo-org/octo-repo", ownerId: "123456", repoId: "456789" };

export const examples: Example[] = [
  { rule: "aws-1", path: json, text: iam(undefined), severity: "critical" },
  { rule: "aws-2", path: json, text: iam({ StringEquals: aud }), severity: "critical" },
  { rule: "aws-3", path: json, text: like("repo:octo-org*"), severity: "critical", at: '"repo:octo-org*"' },
  {
    rule: "aws-3",
    path: json,
    text: like([`${own}:environment:prod`, "repo:*/octo-repo:*"]),
    severity: "critical",
    at: '"repo:*/octo-repo:*"',
    also: ["aws-11"],
  },
  { rule: "aws-4", path: json, text: exact("environment:prod"), severity: "critical", at: '"environment:prod"' },
  {
    rule: "aws-4",
    path: json,
    text: like("job_workflow_ref:octo-org/shared/.github/workflows/d.yml@*"),
    severity: "high",
  },
  {
    rule: "aws-5",
    path: json,
    text: iam({ StringEquals: aud, "ForAllValues:StringLike": { [`${host}:sub`]: `${own}:*` } }),
    severity: "critical",
    at: `"${host}:sub"`,
  },
  {
    rule: "aws-6",
    path: json,
    text: iam({ StringEquals: aud, StringEqualsIfExists: { [`${host}:sub`]: `${own}:environment:prod` } }),
    severity: "high",
  },
  {
    rule: "aws-7",
    path: json,
    text: iam({ StringEquals: aud, StringNotLike: { [`${host}:sub`]: "repo:evil-org/*" } }),
    severity: "critical",
  },
  {
    rule: "aws-8",
    path: json,
    text: iam({ StringEquals: { [`${host}:sub`]: `${own}:environment:prod` } }),
    severity: "medium",
  },
  {
    rule: "aws-9",
    path: json,
    text: like(`${own}:environment:p?od`, { [`${host}:aud`]: "https://github.com/another-org" }),
    severity: "medium",
    at: '"https://github.com/another-org"',
  },
  {
    rule: "aws-10",
    path: json,
    text: exact("repo:octo-org/octo-repo:*"),
    severity: "low",
    at: '"repo:octo-org/octo-repo:*"',
  },
  { rule: "aws-11", path: json, text: like(`${own}:environment:prod`), severity: "info" },
  {
    rule: "aws-12",
    path: json,
    text: iam({ StringEquals: { ...aud, "token.action.githubusercontent.com:sub": `${own}:environment:prod` } }),
    severity: "low",
    at: '"token.action.githubusercontent.com:sub"',
  },
  {
    rule: "aws-12",
    path: json,
    text: iam({
      StringEquals: { ...aud, [`${host}:sub`]: `${own}:environment:prod` },
      StringEqualsIfExists: { [`${host}:repository_owner`]: "octo-org" },
    }),
    severity: "high",
  },
  {
    rule: "aws-13",
    path: json,
    text: like("repo:octo-org@123456/*"),
    severity: "high",
    at: '"repo:octo-org@123456/*"',
  },
  { rule: "aws-13", path: json, text: like("repo:octo-org@*/octo-repo@456789:environment:prod"), severity: "high" },
  {
    rule: "aws-13",
    path: json,
    text: like("repo:octo-org@123456/octo-repo@*:ref:refs/heads/main"),
    severity: "medium",
  },
  { rule: "aws-13", path: json, text: like(`${own}:*`), severity: "medium" },
  { rule: "aws-13", path: json, text: like(`${own}:ref:refs/tags/*`), severity: "low" },
  {
    rule: "aws-14",
    path: tf,
    text: role(
      `${own}:pull_request`,
      'resource "aws_iam_role_policy" "p" {\n  role = aws_iam_role.deploy.id\n  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = ["s3:PutObject"], Resource = "*" }] })\n}',
    ),
    severity: "high",
    also: ["aws-11"],
  },
  { rule: "aws-14", path: json, text: exact(`${own}:pull_request`), severity: "medium" },
  { rule: "aws-15", path: json, text: exact("repo:octo-org/octo-repo:environment:prod"), severity: "info" },
  {
    rule: "aws-15",
    path: json,
    text: exact("repo:octo-org/octo-repo:environment:prod"),
    severity: "high",
    context: { ...scanned, immutable: true },
  },
  {
    rule: "aws-16",
    path: json,
    text: exact("repo:octo-org@77/octo-repo@456789:environment:prod"),
    severity: "critical",
    context: scanned,
  },
  {
    rule: "aws-16",
    path: json,
    text: exact("repo:octo-org@123456/octo-repo@77:environment:prod"),
    severity: "low",
    context: scanned,
  },
  {
    rule: "aws-17",
    path: json,
    text: iam(
      { StringEquals: { ...aud, [`${host}:sub`]: `${own}:environment:prod` } },
      { Principal: { Federated: "*" } },
    ),
    severity: "critical",
    at: '"*"',
  },
  {
    rule: "aws-17",
    path: json,
    text: iam(
      { StringEquals: { ...aud, [`${host}:sub`]: `${own}:environment:prod` } },
      { Principal: { Federated: [arn, "cognito-identity.amazonaws.com"] } },
    ),
    severity: "medium",
    at: '"cognito-identity.amazonaws.com"',
  },
  {
    rule: "aws-18",
    path: json,
    text: iam({ StringEquals: { ...aud, [`${host}:environment`]: "prod" } }),
    severity: "critical",
  },
  {
    rule: "aws-19",
    path: tf,
    text: role(
      `${own}:environment:pr?d`,
      'resource "aws_iam_role_policy_attachment" "a" {\n  role       = aws_iam_role.deploy.name\n  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"\n}',
    ),
    severity: "medium",
    at: '"arn:aws:iam::aws:policy/AdministratorAccess"',
  },
  {
    rule: "aws-20",
    path: json,
    text: JSON.stringify({
      Statement: [
        ...JSON.parse(exact(`${own}:environment:prod`)).Statement,
        { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:user/deploy" }, Action: "sts:AssumeRole" },
      ],
    }),
    severity: "medium",
    at: '"arn:aws:iam::111122223333:user/deploy"',
  },
  {
    rule: "aws-21",
    path: tf,
    text: `resource "aws_iam_openid_connect_provider" "github" {\n  url             = "https://${host}"\n  client_id_list  = ["sts.amazonaws.com"]\n  thumbprint_list = ["${"ab".repeat(20)}"]\n}`,
    severity: "info",
  },

  { rule: "gcp-1", path: tf, text: provider(undefined, ["*"]), severity: "critical" },
  { rule: "gcp-1", path: tf, text: provider(undefined, ["attribute.ref/refs/heads/main"]), severity: "critical" },
  { rule: "gcp-2", path: tf, text: provider(undefined, ["attribute.repository_id/456789"]), severity: "high" },
  { rule: "gcp-3", path: tf, text: provider("assertion.ref == 'refs/heads/main'"), severity: "critical" },
  {
    rule: "gcp-3",
    path: tf,
    text: provider("assertion.environment == 'prod'", ["attribute.repository_id/456789"]),
    severity: "high",
  },
  { rule: "gcp-4", path: tf, text: provider("assertion.repository.startsWith('octo-org')"), severity: "critical" },
  {
    rule: "gcp-5",
    path: tf,
    text: provider("assertion.repository_id == '456789' || assertion.ref == 'refs/heads/main'"),
    severity: "critical",
    at: "assertion.ref == 'refs/heads/main'",
  },
  { rule: "gcp-6", path: tf, text: provider("assertion.repository == 'octo-org/octo-repo'"), severity: "low" },
  { rule: "gcp-6", path: tf, text: provider("assertion.repository_owner == 'octo-org'"), severity: "medium" },
  { rule: "gcp-7", path: tf, text: provider("assertion.repository_owner_id == '123456'", ["*"]), severity: "high" },
  {
    rule: "gcp-8",
    path: tf,
    text: provider("assertion.repository_id == '456789'", ["attribute.environment/prod"]),
    severity: "low",
  },
  {
    rule: "gcp-9",
    path: tf,
    text: provider("assertion.repository_id == '456789'", [], { mapping: '"google.subject" = "assertion.repository"' }),
    severity: "medium",
  },
  {
    rule: "gcp-10",
    path: tf,
    text: provider(`assertion.repository_id == '456789' && assertion.environment == '${"production-".repeat(9)}'`, [], {
      mapping: '"google.subject" = "assertion.sub"',
    }),
    severity: "low",
  },
  {
    rule: "gcp-11",
    path: tf,
    text: provider("assertion.repository_id == '456789'", [], {
      oidc: 'allowed_audiences = ["https://github.com/octo-org"]',
    }),
    severity: "info",
  },
  {
    rule: "gcp-12",
    path: tf,
    text: provider("assertion.repository_id == '456789'", ["attribute.repository_id/456789"], {
      tail: 'resource "google_iam_workload_identity_pool_provider" "gitlab" {\n  workload_identity_pool_id = google_iam_workload_identity_pool.ci.workload_identity_pool_id\n  oidc {\n    issuer_uri = "https://gitlab.com"\n  }\n}',
    }),
    severity: "medium",
  },
  {
    rule: "gcp-13",
    path: tf,
    text: provider("assertion.sub == 'repo:octo-org/octo-repo:environment:prod'"),
    severity: "info",
  },
  {
    rule: "gcp-14",
    path: tf,
    text: provider("assertion.repository_id == '456789'", ["attribute.repository_id/456789"], {
      tail: 'resource "google_project_iam_member" "owner" {\n  project = "p"\n  role    = "roles/editor"\n  member  = "serviceAccount:${google_service_account.deployer.email}"\n}',
    }),
    severity: "medium",
  },

  {
    rule: "az-1",
    path: tf,
    text: flexible("claims['job_workflow_ref'] eq 'octo-org/shared/.github/workflows/d.yml@refs/heads/main'"),
    severity: "critical",
  },
  {
    rule: "az-2",
    path: tf,
    text: flexible("claims['sub'] matches 'repo:octo-org*'"),
    severity: "critical",
    at: "repo:octo-org*",
  },
  { rule: "az-3", path: tf, text: flexible("claims['sub'] matches 'repo:octo-org@123456/*'"), severity: "high" },
  { rule: "az-3", path: tf, text: flexible(`claims['sub'] matches '${own}:*'`), severity: "medium" },
  { rule: "az-4", path: tf, text: credential("environment:prod"), severity: "critical" },
  {
    rule: "az-5",
    path: tf,
    text: credential(`${own}:pull_request`, {
      tail: assignment("Contributor", '"/subscriptions/0/resourceGroups/web"'),
    }),
    severity: "high",
  },
  { rule: "az-6", path: tf, text: credential(`${own}:*`), severity: "low" },
  {
    rule: "az-7",
    path: tf,
    text: credential(`${own}:environment:prod`, { issuer: `https://${host}/` }),
    severity: "low",
  },
  {
    rule: "az-7",
    path: tf,
    text: credential(`${own}:environment:prod`, { issuer: "https://token.action.githubusercontent.com" }),
    severity: "high",
  },
  {
    rule: "az-8",
    path: tf,
    text: credential(`${own}:environment:prod`, { audience: "https://github.com/octo-org" }),
    severity: "medium",
  },
  { rule: "az-9", path: tf, text: credential("repo:octo-org/octo-repo:environment:prod"), severity: "info" },
  {
    rule: "az-10",
    path: tf,
    text: credential(`${own}:environment:prod`, {
      tail: 'resource "azuread_application_password" "old" {\n  application_id = azuread_application.deploy.id\n}',
    }),
    severity: "medium",
  },
  {
    rule: "az-11",
    path: tf,
    text: credential(`${own}:environment:prod`, { tail: assignment("Owner", "data.azurerm_subscription.primary.id") }),
    severity: "medium",
  },

  { rule: "va-1", path: "role.json", text: vault({ bound_claims: { sub: "environment:prod" } }), severity: "critical" },
  { rule: "va-2", path: "role.json", text: vault({ bound_audiences: undefined }), severity: "medium" },
  {
    rule: "va-3",
    path: "role.json",
    text: vault({ bound_claims_type: "glob", bound_claims: { sub: "repo:octo-org*" } }),
    severity: "critical",
  },
  {
    rule: "va-3",
    path: "role.json",
    text: vault({ bound_claims_type: "glob", bound_claims: { sub: "repo:octo-org@123456/*" } }),
    severity: "high",
  },
  { rule: "va-4", path: "role.json", text: vault({ bound_claims: { sub: "repo:octo-org/*" } }), severity: "low" },
  { rule: "va-5", path: "role.json", text: vault({ bound_claims: { workflow: "Deploy" } }), severity: "critical" },
  { rule: "va-6", path: "role.json", text: vault({ user_claim: "actor" }), severity: "low" },
  {
    rule: "va-7",
    path: tf,
    text: 'resource "vault_jwt_auth_backend" "jwt" {\n  path                   = "jwt"\n  jwt_validation_pubkeys = [var.key]\n}\nresource "vault_jwt_auth_backend_role" "ci" {\n  backend         = vault_jwt_auth_backend.jwt.path\n  role_name       = "ci"\n  role_type       = "jwt"\n  user_claim      = "repository_id"\n  bound_audiences = ["https://vault.example"]\n  bound_claims    = { repository_id = "456789" }\n}',
    severity: "high",
  },
  { rule: "va-8", path: "role.json", text: vault({ token_ttl: "24h" }), severity: "medium" },
  {
    rule: "va-9",
    path: "role.json",
    text: vault({ bound_claims: { repository: "octo-org/octo-repo" } }),
    severity: "low",
  },

  {
    rule: "octo-sts-issuer",
    path: ".github/chainguard/x.sts.yaml",
    text: `issuer_pattern: ".*"\nsubject: ${own}:environment:prod\n`,
    severity: "critical",
  },
  {
    rule: "octo-sts-open",
    path: ".github/chainguard/x.sts.yaml",
    text: `issuer: https://${host}\nsubject_pattern: "repo:octo-org.*"\n`,
    severity: "critical",
  },
  {
    rule: "octo-sts-template",
    path: ".github/chainguard/x.sts.yaml",
    text: `issuer: https://${host}\nsubject: environment:prod\n`,
    severity: "critical",
  },
  {
    rule: "octo-sts-wide",
    path: ".github/chainguard/x.sts.yaml",
    text: `issuer: https://${host}\nsubject_pattern: "repo:octo-org/.*"\n`,
    severity: "high",
  },
  {
    rule: "octo-sts-wide",
    path: ".github/chainguard/x.sts.yaml",
    text: `issuer: https://${host}\nsubject_pattern: "${own}:.*"\npermissions:\n  contents: read\n`,
    severity: "medium",
  },
  {
    rule: "octo-sts-pull-request",
    path: ".github/chainguard/x.sts.yaml",
    text: `issuer: https://${host}\nsubject: ${own}:pull_request\npermissions:\n  contents: write\n`,
    severity: "high",
  },

  {
    rule: "snowflake-template",
    path: "users.sql",
    text: `CREATE USER deploy TYPE = SERVICE WORKLOAD_IDENTITY = (TYPE = OIDC ISSUER = 'https://${host}' SUBJECT = 'environment:prod');`,
    severity: "critical",
    at: "'environment:prod'",
  },
  {
    rule: "snowflake-wildcard",
    path: "users.sql",
    text: `ALTER USER deploy ADD WORKLOAD IDENTITY ci TYPE = OIDC ISSUER = 'https://${host}' SUBJECT = '${own}:*';`,
    severity: "low",
  },
  {
    rule: "snowflake-legacy",
    path: "users.sql",
    text: `CREATE USER deploy WORKLOAD_IDENTITY = (TYPE = OIDC ISSUER = 'https://${host}' SUBJECT = 'repo:octo-org/octo-repo:environment:prod');`,
    severity: "info",
  },
  {
    rule: "snowflake-pull-request",
    path: "users.sql",
    text: `CREATE USER deploy WORKLOAD_IDENTITY = (TYPE = OIDC ISSUER = 'https://${host}' SUBJECT = '${own}:pull_request');`,
    severity: "medium",
  },
];
