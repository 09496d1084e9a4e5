import { describe, expect, it } from "vitest";
import { leasehold, scanJson } from "../e2e/leasehold.ts";
import { commit, git, initialise, temporaryFolder, write } from "../git/temporary-repository.ts";
import { deployment, role } from "./workflow-text.ts";

const policy = "infra/role.json";
const job = ".github/workflows/deploy.yml";
const exact = "repo:octo-org@1/octo-repo@2:environment:prod";

function trust(report: { findings: { rule: string; place: { path: string }; blocking: boolean }[] }): string[] {
  return report.findings
    .filter(({ rule }) => rule.startsWith("trust/"))
    .map(({ rule, place, blocking }) => `${rule} ${place.path}${blocking ? " blocks" : ""}`);
}

function repository(): string {
  const folder = initialise();
  git(folder, ["remote", "add", "origin", "https://github.com/octo-org/octo-repo.git"]);
  return folder;
}

describe("a trust policy", () => {
  it("is audited in a tree and in a plain folder", async () => {
    const folder = repository();
    write(folder, policy, role("repo:octo-org*"));
    expect(trust((await scanJson(folder)).report)).toContain(`trust/aws-3 ${policy} blocks`);
    expect(trust((await scanJson(folder, ["--no-git"])).report)).toContain(`trust/aws-3 ${policy} blocks`);
    write(folder, policy, role(exact));
    expect(trust((await scanJson(folder)).report)).toEqual([]);
  });

  it("on standard input is audited when it is JSON", async () => {
    const folder = temporaryFolder();
    const { stdout } = await leasehold(folder, ["scan", "-", "--format", "json"], role("repo:octo-org*"));
    expect(trust(JSON.parse(stdout))).toContain("trust/aws-3 stdin blocks");
    const safe = await leasehold(folder, ["scan", "-", "--format", "json"], role(exact));
    expect(JSON.parse(safe.stdout).findings).toEqual([]);
  });

  it("that cannot be evaluated is shown and never a pass", async () => {
    const folder = temporaryFolder();
    write(
      folder,
      "role.tf",
      `variable "subject" {}
resource "aws_iam_role" "deploy" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = { StringEquals = { "token.actions.githubusercontent.com:sub" = var.subject } }
    }]
  })
}
`,
    );
    const { report, code } = await scanJson(folder, ["--no-git"]);
    expect(trust(report)).toContain("trust/unknown role.tf");
    expect(code).toBe(0);
  });

  it("in Terraform is read with the files beside it", async () => {
    const folder = temporaryFolder();
    write(folder, "iam/locals.tf", 'locals {\n  subject = "repo:octo-org*"\n}\n');
    write(
      folder,
      "iam/role.tf",
      `data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"]
    }
    condition {
      test     = "StringLike"
      variable = "token.actions.githubusercontent.com:sub"
      values   = [local.subject]
    }
  }
}
resource "aws_iam_role" "deploy" {
  assume_role_policy = data.aws_iam_policy_document.trust.json
}
`,
    );
    expect(trust((await scanJson(folder, ["--no-git"])).report)).toContain("trust/aws-3 iam/locals.tf blocks");
  });
});

describe("a job against the policies of its tree", () => {
  it("will be refused where no policy takes its subject, and only where the repository's name is known", async () => {
    const folder = repository();
    write(folder, policy, role(exact));
    write(folder, job, deployment("staging"));
    const { report } = await scanJson(folder);
    expect(trust(report)).toEqual([`trust/subject-refused ${job} blocks`]);
    expect(report.findings.find(({ rule }) => rule === "trust/subject-refused")?.facts.subject).toBe(
      "repo:octo-org/octo-repo:environment:staging",
    );
    expect(trust((await scanJson(folder, ["--no-git"])).report)).toEqual([]);
    expect(trust((await scanJson(folder, [".github"])).report)).toEqual([]);
    write(folder, job, deployment("prod"));
    expect(trust((await scanJson(folder)).report)).toEqual([]);
    write(folder, job, deployment("staging", "another"));
    expect(trust((await scanJson(folder)).report)).toEqual([]);
  });

  it("is judged by what a change makes of it", async () => {
    const folder = repository();
    const first = commit(folder, { [policy]: role("repo:octo-org@1/octo-repo@2:*"), [job]: deployment("prod") });
    const before = trust((await scanJson(folder)).report);
    expect(before).toContain(`trust/aws-13 ${policy}`);
    commit(folder, { "README.md": "nothing of interest\n" });
    expect(trust((await scanJson(folder, ["HEAD~1..HEAD"])).report)).toEqual([]);
    // The workflow stays as it is: the policy takes less from now on.
    const second = commit(folder, { [policy]: role("repo:octo-org@1/octo-repo@2:environment:qa") });
    const { report, code } = await scanJson(folder, ["HEAD~1..HEAD"]);
    expect(trust(report)).toEqual([`trust/subject-refused ${job} blocks`]);
    expect(report.findings[0]!.origin?.commit).toBe(second);
    expect(code).toBe(1);
    const history = await scanJson(folder, ["--history"]);
    expect(trust(history.report)).toEqual([`trust/subject-refused ${job} blocks`]);
    expect(history.report.findings.find(({ rule }) => rule === "trust/subject-refused")?.origin?.commit).toBe(first);
    expect(trust((await scanJson(folder, ["--history", "--since", first])).report)).toEqual([
      `trust/subject-refused ${job} blocks`,
    ]);
    expect(trust((await scanJson(folder, ["--history", "--since", second])).report)).toEqual([]);
  });

  it("is judged before it is committed", async () => {
    const folder = repository();
    commit(folder, { [policy]: role(exact), [job]: deployment("prod") });
    write(folder, job, deployment("staging"));
    expect((await scanJson(folder, ["--staged"])).report.findings).toEqual([]);
    git(folder, ["add", "-A"]);
    expect(trust((await scanJson(folder, ["--staged"])).report)).toEqual([`trust/subject-refused ${job} blocks`]);
  });

  it("takes an inline allow in the policy's file as any other finding does", async () => {
    const folder = repository();
    write(folder, "role.tf", "");
    const text = (allow: string) => `resource "aws_iam_role" "deploy" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = { "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com" }
        ${allow}
        StringLike = { "token.actions.githubusercontent.com:sub" = "repo:octo-org*" }
      }
    }]
  })
}
`;
    commit(folder, { "role.tf": text("") });
    expect(trust((await scanJson(folder)).report)).toContain("trust/aws-3 role.tf blocks");
    const until = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10);
    commit(folder, { "role.tf": text(`# ${"leasehold:allow"} trust/aws-3 until=${until} reason="moved next week"`) });
    const { report } = await scanJson(folder);
    const found = report.findings.find(({ rule }) => rule === "trust/aws-3");
    expect(found).toMatchObject({ state: "waived", blocking: false });
    expect(trust((await scanJson(folder, ["--history"])).report)).toContain("trust/aws-3 role.tf");
  });
});
