// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform and code have templates of their own
import { describe, expect, test } from "vitest";
import { auditTrust, type TrustAudit } from "../../src/trust/audit.ts";
import { iam } from "./rule-examples.ts";
import { named, runs } from "./truth-table.ts";

const host = "token.actions.githubusercontent.com";
const own = "repo:octo-org@123456/octo-repo@456789";

function audit(files: Record<string, string>, context: object = {}): TrustAudit {
  return auditTrust(
    Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text) })),
    { salt: "test", ...context },
  );
}

/** Rules with the text that each place covers. */
function shown(files: Record<string, string>, context: object = {}): string[] {
  return audit(files, context).findings.map(
    ({ rule, place }) => `${rule} ${Buffer.from(files[place.path]!).subarray(place.start, place.end).toString()}`,
  );
}

/** Who gets in by the only policy, with the audience that it asks for. */
function takenIn(files: Record<string, string>, audience = "sts.amazonaws.com"): Set<string> {
  const { policies } = audit(files);
  expect(policies).toHaveLength(1);
  return new Set(
    runs
      .filter(({ claims }) => policies[0]!.verdict(new Map([...claims, ["aud", audience]])) === "yes")
      .map(({ name }) => name),
  );
}

/** The condition of the bad role that the readers are tried on. */
const wide = {
  StringEquals: { [`${host}:aud`]: "sts.amazonaws.com" },
  StringLike: { [`${host}:sub`]: "repo:octo-org*" },
};

describe("raw JSON", () => {
  test("says where the value stands, in bytes, lines and columns", () => {
    const text = `﻿{ "Description": "äöü €", "Statement": [\r\n  { "Effect": "Allow", "Principal": { "Federated": "arn:aws:iam::1:oidc-provider/${host}" },\r\n    "Action": ["sts:AssumeRoleWithWebIdentity"],\r\n    "Condition": ${JSON.stringify(wide)} } ] }\r\n`;
    const { findings } = audit({ "a.json": text });
    const [finding] = findings;
    expect(findings.map(({ rule }) => rule)).toEqual(["trust/aws-3"]);
    expect(Buffer.from(text).subarray(finding!.place.start, finding!.place.end).toString()).toBe('"repo:octo-org*"');
    expect(finding!.place.line).toBe(4);
    expect(text.split("\n")[3]!.slice(finding!.place.column - 1, finding!.place.endColumn - 1)).toBe(
      '"repo:octo-org*"',
    );
  });

  test("all statements and all values are looked at", () => {
    const document = JSON.parse(
      iam({ StringEquals: { [`${host}:aud`]: "sts.amazonaws.com", [`${host}:sub`]: `${own}:environment:prod` } }),
    );
    const other = { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };
    const open = JSON.parse(
      iam({
        ...wide,
        StringLike: { [`${host}:sub`]: [`${own}:environment:pr?d`, "repo:octo-org*", "repo:octo-org@123456/*"] },
      }),
    );
    const rules = shown({ "a.json": JSON.stringify({ Statement: [other, ...document.Statement, ...open.Statement] }) });
    expect(rules).toEqual([
      `trust/aws-13 "${own}:environment:pr?d"`,
      'trust/aws-3 "repo:octo-org*"',
      'trust/aws-13 "repo:octo-org@123456/*"',
    ]);
  });

  test("a statement that denies is taken into account", () => {
    const allow = JSON.parse(iam({ StringEquals: { [`${host}:aud`]: "sts.amazonaws.com" } })).Statement[0];
    const deny = { ...allow, Effect: "Deny", Condition: { StringNotLike: { [`${host}:sub`]: `${own}:*` } } };
    expect(takenIn({ "a.json": JSON.stringify({ Statement: [allow, deny] }) })).toEqual(named("I:own/*"));
    expect(shown({ "a.json": JSON.stringify({ Statement: [allow, deny] }) })).toEqual([]);
  });

  test("other providers and other actions are nobody's business here", () => {
    const statement = {
      Effect: "Allow",
      Principal: { Federated: "arn:aws:iam::1:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A" },
      Action: "sts:AssumeRoleWithWebIdentity",
    };
    expect(audit({ "a.json": JSON.stringify({ Statement: [statement] }) })).toEqual({
      findings: [],
      policies: [],
      unknown: [],
    });
  });

  test("templates with placeholders are unknown, not clean", () => {
    for (const sub of [
      "repo:<OWNER>/app:ref:refs/heads/main",
      "repo:__ORG__/__REPO__:environment:prod",
      `repo:\${org}/app:environment:prod`,
    ]) {
      const { unknown, findings } = audit({
        "trust.json.tpl": iam({ StringEquals: { [`${host}:aud`]: "sts.amazonaws.com", [`${host}:sub`]: sub } }),
      });
      expect(unknown).toHaveLength(1);
      expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
    }
  });

  test("an enterprise's own issuer has no strangers", () => {
    const text = iam(
      { StringEquals: { [`${host}/octo-enterprise:aud`]: "sts.amazonaws.com" } },
      { Principal: { Federated: `arn:aws:iam::1:oidc-provider/${host}/octo-enterprise` } },
    );
    const { findings } = audit({ "a.json": text });
    expect(findings.map(({ rule, severity }) => [rule, severity])).toEqual([["trust/aws-2", "high"]]);
  });

  test("a server's issuer has its own prefix, and a key of the shared one is never present", () => {
    const text = iam(
      {
        StringEquals: {
          [`${host}:sub`]: "repo:octo-org/octo-repo:environment:prod",
          "ghes.example.com/_services/token:aud": "sts.amazonaws.com",
        },
      },
      { Principal: { Federated: "arn:aws:iam::1:oidc-provider/ghes.example.com/_services/token" } },
    );
    expect(shown({ "a.json": text })).toEqual([`trust/aws-12 "${host}:sub"`]);
  });
});

describe("CloudFormation", () => {
  const template = (sub: string, parameters = "") => `Parameters:
  Org: { Type: String, Default: octo-org }
${parameters}Resources:
  Provider:
    Type: AWS::IAM::OIDCProvider
    Properties: { Url: https://${host}, ClientIdList: [sts.amazonaws.com] }
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [arn:aws:iam::aws:policy/ReadOnlyAccess]
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: { Federated: !GetAtt Provider.Arn }
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals: { "${host}:aud": sts.amazonaws.com }
              StringLike:
                ${host}:sub: ${sub} # who
`;

  test("parameters with a default are filled in", () => {
    expect(takenIn({ "t.yaml": template('!Sub "repo:${Org}/octo-repo:*"') })).toEqual(
      named("L:own/* L:new-repo/* L:new-owner/*"),
    );
    expect(shown({ "t.yaml": template("!Sub 'repo:${Org}*'") })).toEqual(["trust/aws-3 'repo:${Org}*'"]);
    expect(takenIn({ "t.yaml": template("!Join ['', ['repo:', !Ref Org, '/octo-repo:pull_request']]") })).toEqual(
      named("L:own/pull L:new-repo/pull L:new-owner/pull"),
    );
    expect(
      takenIn({ "t.yaml": template('{ "Fn::Sub": ["repo:${O}/octo-repo:environment:prod", { O: !Ref Org }] }') }),
    ).toEqual(named("L:own/prod L:new-repo/prod L:new-owner/prod"));
  });

  test("one without a default is unknown, and what the rest of the pattern says is told as likely", () => {
    const { findings, unknown } = audit({
      "t.yaml": template('!Sub "repo:${Who}/octo-repo:*"', "  Who: { Type: String }\n"),
    });
    expect(unknown.map(({ why }) => why)).toEqual(["the parameter Who has no default"]);
    expect(findings.map(({ rule, confidence }) => [rule, confidence])).toEqual([["trust/aws-13", "likely"]]);
  });

  test("CRLF changes nothing but the places", () => {
    const text = template("!Sub 'repo:${Org}*'").replaceAll("\n", "\r\n");
    const { findings } = audit({ "t.yaml": text });
    expect(
      findings.map(({ rule, place }) => [
        rule,
        place.line,
        Buffer.from(text).subarray(place.start, place.end).toString(),
      ]),
    ).toEqual([["trust/aws-3", 19, "'repo:${Org}*'"]]);
  });

  test("the same in JSON", () => {
    const text = JSON.stringify({
      Parameters: { Org: { Type: "String", Default: "octo-org" } },
      Resources: {
        Deploy: {
          Type: "AWS::IAM::Role",
          Properties: {
            AssumeRolePolicyDocument: {
              Statement: {
                Effect: "Allow",
                Principal: { Federated: { "Fn::Sub": `arn:aws:iam::\${AWS::AccountId}:oidc-provider/${host}` } },
                Action: "sts:AssumeRoleWithWebIdentity",
                Condition: {
                  StringLike: { [`${host}:sub`]: { "Fn::Sub": `repo:\${Org}@*/*` } },
                  StringEquals: { [`${host}:aud`]: "sts.amazonaws.com" },
                },
              },
            },
          },
        },
      },
    });
    expect(takenIn({ "t.template": text })).toEqual(named("I:own/* I:sibling/* I:suffix/* I:new-repo/* I:new-owner/*"));
  });
});

describe("Terraform", () => {
  const data = (values: string, more = "", statement = "") => `
data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = [aws_iam_openid_connect_provider.github.arn]
    }
    condition {
      test     = "StringEquals"
      variable = "\${replace(aws_iam_openid_connect_provider.github.url, "https://", "")}:aud"
      values   = ["sts.amazonaws.com"]
    }
    condition {
      test     = "StringLike"
      variable = "\${local.issuer}:sub"
      values   = ${values}
    }
    ${statement}
  }
}
resource "aws_iam_openid_connect_provider" "github" {
  url = "https://\${local.issuer}"
}
locals {
  issuer = "${host}" # the shared one
  org    = var.org
  repos  = ["octo-repo", "other-repo"]
}
variable "org" {
  type    = string
  default = "octo-org"
}
${more}`;

  test("locals, variables with a default, references and functions", () => {
    const cases: [values: string, takes: string][] = [
      ['["repo:${local.org}/octo-repo:*"]', "L:own/* L:new-repo/* L:new-owner/*"],
      ['[format("repo:%s/%s:pull_request", var.org, "octo-repo")]', "L:own/pull L:new-repo/pull L:new-owner/pull"],
      [
        '[for r in local.repos : "repo:${var.org}/${r}:environment:prod"]',
        "L:own/prod L:sibling/prod L:new-repo/prod L:new-owner/prod",
      ],
      [
        'formatlist("repo:%s/%s:environment:prod", var.org, local.repos)',
        "L:own/prod L:sibling/prod L:new-repo/prod L:new-owner/prod",
      ],
      ['concat(["repo:nobody/x:*"], toset(["repo:${lower("OCTO-ORG")}/other-repo:*"]))', "L:sibling/*"],
      ['[join("/", ["repo:octo-org", "octo-repo:ref:refs/tags/*"])]', "L:own/tag L:new-repo/tag L:new-owner/tag"],
      [
        'flatten([["repo:octo-org/x:*"], [["repo:octo-org/other-repo:ref:*"]]])',
        "L:sibling/main L:sibling/branch L:sibling/tag",
      ],
      ['var.org == "octo-org" ? ["repo:octo-org/other-repo:pull_request"] : ["*"]', "L:sibling/pull"],
      ['["repo:${lookup({ a = "octo-org" }, "a", "x")}/other-repo:pull_request"]', "L:sibling/pull"],
      ['["repo:${element(local.repos, 3)}/x:*", "repo:octo-org/${local.repos[1]}:pull_request"]', "L:sibling/pull"],
    ];
    for (const [values, takes] of cases)
      expect([values, takenIn({ "main.tf": data(values) })]).toEqual([values, named(takes)]);
  });

  test("names may be declared in another file of the folder, and its settings override the default", () => {
    const [first, second] = data('["repo:${var.org}/octo-repo:pull_request"]').split('variable "org"');
    expect(takenIn({ "infra/a.tf": first!, "infra/variables.tf": `variable "org"${second}` })).toEqual(
      named("L:own/pull L:new-repo/pull L:new-owner/pull"),
    );
    expect(
      takenIn({
        "infra/a.tf": first!,
        "infra/variables.tf": `variable "org"${second}`,
        "infra/terraform.tfvars": 'org = "evil-org"',
      }),
    ).toEqual(named("L:fork/pull"));
    // Another folder is another module.
    expect(audit({ "infra/a.tf": first!, "other/variables.tf": `variable "org"${second}` }).unknown).toHaveLength(1);
  });

  test("a module that is called by a local path has what each call gives it", () => {
    const child = { "modules/role/main.tf": data("var.subjects", 'variable "subjects" {}') };
    const call = (name: string, rest: string): string =>
      `module "${name}" {\n  source = "../modules/role"\n${rest}\n}\n`;
    // By itself it knows nothing; a caller says it, and need not speak of trust.
    expect(audit(child).unknown).toHaveLength(1);
    const one = audit({ ...child, "app/main.tf": call("a", '  subjects = ["repo:octo-org/octo-repo:pull_request"]') });
    expect(one.unknown).toEqual([]);
    expect(one.policies[0]!.takenBy["own-pull-request"]).toBeDefined();
    const two = audit({
      ...child,
      "app/main.tf":
        call("a", '  subjects = ["repo:octo-org/octo-repo:pull_request"]') +
        call(
          "b",
          '  for_each = toset(["repo:octo-org*", "repo:octo-org/octo-repo:environment:prod"])\n  subjects = [each.value]',
        ),
    });
    expect(two.policies).toHaveLength(3);
    expect(two.findings.map(({ rule }) => rule)).toContain("trust/aws-3");
    // What a call does not give, or gives as what is not known, stays unknown; so does a circle.
    expect(audit({ ...child, "app/main.tf": call("a", "") }).unknown).toHaveLength(1);
    expect(audit({ ...child, "app/main.tf": call("a", "  subjects = var.nothing") }).unknown).toHaveLength(1);
    const circle = {
      "modules/role/back.tf": 'module "x" {\n  source = "../other"\n}\n',
      "modules/other/main.tf": 'module "y" {\n  source = "../role"\n}\n',
    };
    expect(audit({ ...child, ...circle }).unknown).toHaveLength(1);
  });

  test("what is known only after it is applied is unknown", () => {
    for (const values of [
      "var.subjects",
      "[data.external.x.result.sub]",
      '["${random_pet.x.id}"]',
      'file("x.txt")',
      '["repo:octo-org/%{ if true }x%{ endif }:*"]',
    ]) {
      const { unknown, policies } = audit({ "main.tf": data(values, 'variable "subjects" {}') });
      expect([values, unknown.length]).toEqual([values, 1]);
      expect(policies[0]!.unknown.length).toBeGreaterThan(0);
    }
  });

  test("the place is where the text is written, also in another file", () => {
    const files = {
      "m/main.tf": data("local.subjects"),
      "m/locals.tf": 'locals {\n  subjects = [\n    "repo:octo-org*", # everyone\n  ]\n}\n',
    };
    expect(shown(files)).toEqual(['trust/aws-3 "repo:octo-org*"']);
    expect(audit(files).findings[0]!.place).toMatchObject({ path: "m/locals.tf", line: 3, column: 5 });
  });

  test("heredocs with JSON, also indented, have true places", () => {
    const document = iam(wide)
      .split("\n")
      .map((line) => `      ${line}`)
      .join("\r\n");
    const text = `resource "aws_iam_role" "r" {\r\n  assume_role_policy = <<-EOT\r\n${document}\r\n      EOT\r\n}\r\n`;
    expect(shown({ "main.tf": text })).toEqual(['trust/aws-3 "repo:octo-org*"']);
  });

  test("dynamic blocks and for_each are written out", () => {
    const dynamic = data(
      '["repo:octo-org/*"]',
      "",
      'dynamic "condition" {\n      for_each = ["456789"]\n      content {\n        test     = "StringEquals"\n        variable = "${local.issuer}:repository_id"\n        values   = [condition.value]\n      }\n    }',
    );
    expect(takenIn({ "main.tf": dynamic })).toEqual(named("L:own/*"));
    const each = `resource "aws_iam_role" "r" {
  for_each = toset(["octo-repo", "other-repo"])
  name     = each.key
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { Federated = "arn:aws:iam::1:oidc-provider/${host}" }, Action = "sts:AssumeRoleWithWebIdentity",
    Condition = { StringEquals = { "${host}:aud" = "sts.amazonaws.com", "${host}:sub" = "repo:octo-org/\${each.value}:environment:prod" } } }] })
}`;
    expect(audit({ "main.tf": each }).policies.map(({ name, takenBy }) => [name, takenBy["own-environment"]])).toEqual([
      ['aws_iam_role.r["octo-repo"]', "repo:octo-org/octo-repo:environment:prod"],
      ['aws_iam_role.r["other-repo"]', "repo:octo-org/other-repo:environment:prod"],
    ]);
  });

  test("documents are merged, and a role shows under its own name", () => {
    const more =
      'resource "aws_iam_role" "deploy" {\n  name = "deploy"\n  assume_role_policy = data.aws_iam_policy_document.all.json\n}\ndata "aws_iam_policy_document" "all" {\n  source_policy_documents = [data.aws_iam_policy_document.trust.json]\n}';
    const { policies } = audit({ "main.tf": data('["repo:octo-org/octo-repo:*"]', more) });
    expect(policies.map(({ name }) => name)).toContain("aws_iam_role.deploy");
    expect(policies.find(({ name }) => name === "aws_iam_role.deploy")!.identifiers).toContain("deploy");
  });

  test("modules with well-known inputs", () => {
    const text = (source: string, inputs: string) => `module "role" {\n  source = "${source}"\n  ${inputs}\n}`;
    expect(
      shown({
        "main.tf": text(
          "terraform-aws-modules/iam/aws//modules/iam-github-oidc-role",
          'subjects = ["octo-org/octo-repo:environment:pr?d", "octo-org*"]',
        ),
      }),
    ).toContain('trust/aws-3 "octo-org*"');
    expect(
      audit({ "main.tf": text("./modules/oidc", `oidc_subjects = var.subjects\n provider_url = "${host}"`) }).unknown,
    ).toHaveLength(1);
    expect(
      audit({
        "main.tf":
          text("acme/github-oidc/aws", 'repositories = ["octo-org/octo-repo"]\n oidc_provider_arn = "x"') +
          `\n# ${host}`,
      }).unknown,
    ).toHaveLength(1);
  });

  test("a misspelt key beside a wide subject hides neither", () => {
    const text = data('["repo:octo-org/*"]').replace('"")}:aud', '"")}.typo:aud');
    expect(audit({ "main.tf": text }).findings.map(({ rule, confidence }) => [rule, confidence])).toEqual([
      ["trust/aws-13", "likely"],
      ["trust/aws-12", "certain"],
    ]);
  });

  test("a condition that is no text is unknown", () => {
    const text = `resource "google_iam_workload_identity_pool_provider" "odd" {\n  attribute_condition = { "assertion.repository_owner" == "octo-org" }\n  oidc {\n    issuer_uri = "https://${host}"\n  }\n}`;
    expect(audit({ "main.tf": text }).unknown).toHaveLength(1);
  });

  test("a preview shows what is written where a part is not known", () => {
    const [finding] = audit({ "main.tf": data('["repo:${var.who}/app:*"]', 'variable "who" {}') }).findings;
    expect(finding).toMatchObject({ rule: "trust/aws-13", preview: "repo:${var.who}/app:*", confidence: "likely" });
  });

  test("a broken file still gives what stands before and after the break", () => {
    const text = `resource "aws_iam_role" "a" {\n  name = = }\n}\n${data('["repo:octo-org*"]')}\nresource {{{ ]]`;
    expect(shown({ "main.tf": text })).toContain('trust/aws-3 "repo:octo-org*"');
  });
});

describe("the examples of the catalogue", () => {
  test("Google Cloud", () => {
    const text = `resource "google_iam_workload_identity_pool" "ci" {
  workload_identity_pool_id = "ci"
}
resource "google_iam_workload_identity_pool_provider" "github" {
  workload_identity_pool_id          = google_iam_workload_identity_pool.ci.workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  attribute_mapping = {
    "google.subject"          = "assertion.repository_id + ':' + assertion.ref"
    "attribute.repository_id" = "assertion.repository_id"
    "attribute.environment"   = "assertion.environment"
  }
  attribute_condition = join(" && ", ["assertion.repository_owner_id == '123456'", "assertion.repository_id == '456789'", "assertion.ref == 'refs/heads/main'"])
  oidc { issuer_uri = "https://${host}" }
}
resource "google_service_account_iam_member" "deployer" {
  service_account_id = google_service_account.deployer.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/\${google_iam_workload_identity_pool.ci.name}/attribute.repository_id/456789"
}`;
    expect(audit({ "main.tf": text })).toMatchObject({ findings: [], unknown: [] });
    expect(takenIn({ "main.tf": text })).toEqual(named("own/main own/prod own/other T:own/*"));
    const subject = text
      .replace("principalSet:", "principal:")
      .replace("attribute.repository_id/456789", "subject/456789:refs/heads/main");
    expect(takenIn({ "main.tf": subject })).toEqual(named("own/main own/prod own/other T:own/*"));
  });

  test("Bicep", () => {
    const text = `param org string = 'octo-org'
var names = {
  repo: 'octo-repo@456789'
}
resource fic 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials@2023-01-31' = {
  parent: deployer
  name: 'octo-repo-prod'
  properties: {
    issuer: 'https://${host}'
    subject: 'repo:\${org}@123456/\${names.repo}:environment:prod' // exact
    audiences: [ 'api://AzureADTokenExchange' ]
  }
}`;
    expect(audit({ "main.bicep": text })).toMatchObject({ findings: [], unknown: [] });
    expect(takenIn({ "main.bicep": text }, "api://AzureADTokenExchange")).toEqual(named("I:own/prod"));
    const loop = text
      .replace("= {\n  parent", "= [for e in ['prod', 'made-up']: {\n  parent")
      .replace(/\}$/, "}]")
      .replace("environment:prod", "environment:${e}");
    expect(audit({ "main.bicep": loop }).policies).toHaveLength(2);
  });

  test("an ARM template", () => {
    const text = JSON.stringify({
      $schema: "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
      contentVersion: "1.0.0.0",
      parameters: { org: { type: "string", defaultValue: "octo-org" } },
      variables: { sub: "[concat('repo:', parameters('org'), '/octo-repo:environment:prod')]" },
      resources: [
        {
          type: "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
          name: "x",
          properties: {
            issuer: `https://${host}`,
            subject: "[variables('sub')]",
            audiences: ["api://AzureADTokenExchange"],
          },
        },
      ],
    });
    expect(takenIn({ "azure.json": text }, "api://AzureADTokenExchange")).toEqual(
      named("L:own/prod L:new-repo/prod L:new-owner/prod"),
    );
  });

  test("a flexible credential", () => {
    const expression = `claims['sub'] matches '${own}:ref:refs/heads/release/*' and claims['job_workflow_ref'] eq 'octo-org/pipelines/.github/workflows/deploy.yml@refs/heads/main'`;
    const text = `resource "azuread_application_flexible_federated_identity_credential" "x" {\n  claims_matching_expression = "${expression}"\n  audience = "api://AzureADTokenExchange"\n  issuer = "https://${host}"\n}`;
    const { findings, policies } = audit({ "main.tf": text });
    expect(findings.filter(({ severity }) => severity === "critical" || severity === "high")).toEqual([]);
    expect(Object.keys(policies[0]!.takenBy)).toEqual(["own-branch"]);
  });

  test("a Vault role, as a file, by the command line and in Terraform", () => {
    const fields = {
      role_type: "jwt",
      user_claim: "repository_id",
      bound_audiences: ["https://vault.octo.example"],
      bound_claims: { repository_id: "456789", environment: "prod" },
      token_policies: ["octo-repo-prod"],
      token_ttl: "10m",
      token_max_ttl: "10m",
    };
    const takes = named("own/prod T:own/*");
    const json = JSON.stringify(fields, undefined, 2);
    const hcl = `resource "vault_jwt_auth_backend_role" "x" {\n${Object.entries(fields)
      .map(([key, value]) => `  ${key} = jsondecode(${JSON.stringify(JSON.stringify(value))})`)
      .join("\n")}\n}`;
    for (const files of [
      { "role.json": json },
      { "setup.sh": `vault write auth/jwt/role/octo - <<EOF\n${json}\nEOF\n` },
      { "main.tf": hcl.replaceAll(/jsondecode\("\\"(.*?)\\""\)/g, '"$1"') },
    ]) {
      expect(audit(files)).toMatchObject({ findings: [], unknown: [] });
      expect(takenIn(files, "https://vault.octo.example")).toEqual(takes);
    }
    expect(
      takenIn(
        {
          "setup.sh":
            'AUD=https://vault.octo.example\nvault write auth/jwt/role/octo role_type=jwt user_claim=sub \\\n  bound_audiences="$AUD" bound_claims=\'{"repository_id":"456789"}\'\n',
        },
        "https://vault.octo.example",
      ),
    ).toEqual(named("own T:own/*"));
  });
});

describe("CDK and Pulumi", () => {
  test("CDK in TypeScript", () => {
    const text = `import * as iam from 'aws-cdk-lib/aws-iam';
const DOMAIN = '${host}';
export class Stack extends cdk.Stack {
  constructor(scope: Construct, id: string, props?: cdk.StackProps) {
    super(scope, id, props);
    const provider = new iam.OpenIdConnectProvider(this, 'Provider', { url: \`https://\${DOMAIN}\`, clientIds: ['sts.amazonaws.com'] });
    const role = new iam.Role(this, 'Deploy', {
      roleName: 'deploy',
      assumedBy: new iam.WebIdentityPrincipal(provider.openIdConnectProviderArn, {
        StringEquals: { [\`\${DOMAIN}:aud\`]: 'sts.amazonaws.com' },
        StringLike: { [\`\${DOMAIN}:sub\`]: ['repo:octo-org*'] },
      }),
      managedPolicies: [iam.ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess')],
    });
  }
}`;
    expect(shown({ "stack.ts": text })).toEqual(["trust/aws-3 'repo:octo-org*'", "trust/aws-19 'AdministratorAccess'"]);
    expect(audit({ "stack.ts": text }).policies[0]!.identifiers).toEqual(["deploy"]);
  });

  test("CDK in Python, conditions added later, and a statement's own", () => {
    const python = `principal = iam.WebIdentityPrincipal(
    provider.open_id_connect_provider_arn,
    conditions={
        "StringEquals": {"${host}:aud": "sts.amazonaws.com"},
        "StringLike": {f"{ISSUER}:sub": f"repo:{ORG}/octo-repo:*"},
    },
)
ISSUER = "${host}"
ORG = "octo-org"
`;
    expect(takenIn({ "stack.py": python })).toEqual(named("L:own/* L:new-repo/* L:new-owner/*"));
    const later = `new iam.FederatedPrincipal('arn:aws:iam::1:oidc-provider/${host}', {}, 'sts:AssumeRoleWithWebIdentity').withConditions({ StringEquals: { '${host}:sub': '${own}:pull_request', '${host}:aud': 'sts.amazonaws.com' } });`;
    expect(takenIn({ "a.ts": later })).toEqual(named("I:own/pull"));
    const statement = `new iam.PolicyStatement({ principals: [new iam.FederatedPrincipal('arn:aws:iam::1:oidc-provider/${host}')], actions: ['sts:AssumeRoleWithWebIdentity'], conditions: { StringEquals: { '${host}:sub': '${own}:pull_request' } } });`;
    expect(takenIn({ "a.ts": statement })).toEqual(named("I:own/pull"));
  });

  test("Pulumi in TypeScript and Python", () => {
    const ts = `const role = new aws.iam.Role("deploy", {
  assumeRolePolicy: provider.arn.apply((arn: string) => JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Federated: arn }, Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringLike: { "${host}:sub": "repo:octo-org@123456/*" }, StringEquals: { "${host}:aud": "sts.amazonaws.com" } } }],
  })),
});`;
    expect(takenIn({ "index.ts": ts })).toEqual(named("I:own/* I:sibling/* I:suffix/* I:new-repo/*"));
    const document = `const d = aws.iam.getPolicyDocumentOutput({ statements: [{ actions: ["sts:AssumeRoleWithWebIdentity"], principals: [{ type: "Federated", identifiers: [provider.arn] }],
  conditions: [{ test: "StringEquals", variable: "${host}:sub", values: ["${own}:pull_request"] }] }] });`;
    expect(takenIn({ "index.ts": document })).toEqual(named("I:own/pull"));
    const python = `role = aws.iam.Role("deploy", assume_role_policy=json.dumps({
    "Statement": [{"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::1:oidc-provider/${host}"}, "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {"${host}:sub": "${own}:"
                                       "environment:prod"}}}],
}))`;
    expect(takenIn({ "__main__.py": python })).toEqual(named("I:own/prod"));
    const gcp = `provider = gcp.iam.WorkloadIdentityPoolProvider("github", workload_identity_pool_id=pool.workload_identity_pool_id,
    attribute_condition="assertion.repository_owner == 'octo-org'", attribute_mapping={"google.subject": "assertion.sub"},
    oidc=gcp.iam.WorkloadIdentityPoolProviderOidcArgs(issuer_uri="https://${host}"))`;
    expect(shown({ "__main__.py": gcp })).toEqual([`trust/gcp-6 "assertion.repository_owner == 'octo-org'"`]);
    const azure = `new azuread.ApplicationFederatedIdentityCredential("prod", { issuer: "https://${host}", subject: "environment:prod", audiences: ["api://AzureADTokenExchange"] });`;
    expect(shown({ "index.ts": azure })).toEqual(['trust/az-4 "environment:prod"']);
  });

  test("what is computed is unknown", () => {
    const text = `new iam.WebIdentityPrincipal(arn, { StringEquals: { '${host}:sub': repositories.map(subjectOf) } });`;
    expect(audit({ "a.ts": text }).unknown).toHaveLength(1);
    const twice = `let sub = '${own}:pull_request';\nsub = other();\nnew iam.WebIdentityPrincipal(arn, { StringEquals: { '${host}:sub': sub } });`;
    expect(audit({ "a.ts": twice }).unknown.map(({ why }) => why)).toEqual(["sub is assigned more than once"]);
  });
});

describe("scripts and SQL", () => {
  test("gcloud", () => {
    const text = `#!/bin/sh
POOL=ci # the pool
gcloud iam workload-identity-pools providers create-oidc github \\
  --location=global --workload-identity-pool="$POOL" \\
  --issuer-uri="https://${host}" \\
  --attribute-mapping="google.subject=assertion.sub,attribute.repository=assertion.repository" \\
  --attribute-condition="assertion.ref == 'refs/heads/main'"
gcloud iam service-accounts add-iam-policy-binding deploy@p.iam.gserviceaccount.com --role roles/iam.workloadIdentityUser \\
  --member "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/attribute.repository/octo-org/octo-repo"
`;
    expect(takenIn({ "setup.sh": text })).toEqual(
      named(
        "own/main own/prod own/other new-repo/main new-repo/prod new-repo/other new-owner/main new-owner/prod new-owner/other T:own/*",
      ),
    );
    expect(shown({ "setup.sh": text }).map((line) => line.split(" ")[0])).toContain("trust/gcp-3");
  });

  test("aws and az", () => {
    const aws = `aws iam create-role --role-name deploy --assume-role-policy-document '${JSON.stringify(JSON.parse(iam(wide)))}'\n`;
    expect(shown({ "s.sh": aws })).toEqual(['trust/aws-3 "repo:octo-org*"']);
    const file = `cat > trust.json <<'EOF'\n${iam(wide)}\nEOF\naws iam create-role --role-name deploy --assume-role-policy-document file://trust.json\n`;
    expect(shown({ "s.sh": file })).toEqual(['trust/aws-3 "repo:octo-org*"']);
    const az = `az ad app federated-credential create --id "$APP" --parameters '{"name":"x","issuer":"https://${host}","subject":"environment:prod","audiences":["api://AzureADTokenExchange"]}'\n`;
    expect(shown({ "s.sh": az })).toEqual(['trust/az-4 "environment:prod"']);
    const identity = `az identity federated-credential create --name x --identity-name id --issuer https://${host} --subject "${own}:environment:prod" --audiences api://AzureADTokenExchange\n`;
    expect(takenIn({ "s.sh": identity }, "api://AzureADTokenExchange")).toEqual(named("I:own/prod"));
    expect(audit({ "s.sh": aws.replace("repo:octo-org*", `repo:'"$ORG"'/x:*`) }).unknown).toHaveLength(1);
  });

  test("Snowflake", () => {
    const sql = `-- users\nCREATE USER IF NOT EXISTS "deploy" TYPE = SERVICE\n  WORKLOAD_IDENTITY = ( TYPE = OIDC ISSUER = 'https://${host}' SUBJECT = '${own}:environment:prod' OIDC_AUDIENCE_LIST = ('a', 'b') );\nALTER USER x SET WORKLOAD_IDENTITY = (TYPE = AWS ARN = 'arn:aws:iam::1:role/x');`;
    const { policies, unknown, findings } = audit({ "users.sql": sql });
    expect(policies.map(({ name, audiences }) => [name, audiences])).toEqual([["deploy", ["a", "b"]]]);
    expect([unknown, findings]).toEqual([[], []]);
    expect(audit({ "users.sql": sql.replace("octo-repo", "{{ repo }}") }).unknown).toHaveLength(1);
  });
});

describe("what cannot be read", () => {
  test("a file that names the issuer among conditions and gives no policy is unknown", () => {
    expect(audit({ "a.yaml": `conditions:\n  - claims: x\n    issuer_of: ${host}\n` }).unknown).toHaveLength(1);
    expect(audit({ "a.json": `{ "Federated": "${host}", ` }).unknown).toHaveLength(1);
    expect(audit({ "README.md": host }).unknown).toEqual([]);
  });
});
