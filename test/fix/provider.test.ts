// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
import { expect, test } from "vitest";
import { loadFixRules } from "../../src/cli/fix-rules.ts";
import { issuerOf } from "../../src/cli/fix-source.ts";
import { providerFiles } from "../../src/fix/provider.ts";
import { subjectsOf } from "../../src/fix/subject.ts";
import { scan } from "./fixing.ts";

function triggers(on: string) {
  const { model } = scan(
    ".github/workflows/w.yml",
    Buffer.from(`${on}\njobs:\n  a:\n    runs-on: x\n    steps: [{ run: x }]\n`),
  );
  return model?.kind === "workflow" ? model.on : [];
}

const acme = { owner: "acme", repo: "site", ownerId: "1", repoId: "2" };

test.each([
  ["on: push", undefined, ["repo:acme/site:ref:refs/heads/main"]],
  [
    "on: { push: { branches: [main, 'release/**'] } }",
    undefined,
    ["repo:acme/site:ref:refs/heads/main", "repo:acme/site:ref:refs/heads/<BRANCH>"],
  ],
  ["on: { push: { tags: [v1.0.0] } }", undefined, ["repo:acme/site:ref:refs/tags/v1.0.0"]],
  ["on: [pull_request, release]", undefined, ["repo:acme/site:pull_request", "repo:acme/site:ref:refs/tags/<TAG>"]],
  ["on: push", "production", ["repo:acme/site:environment:production"]],
  ["on: push", "a:b", ["repo:acme/site:environment:a%3Ab"]],
  ["on: push", "${{ inputs.e }}", ["repo:acme/site:environment:<ENVIRONMENT>"]],
])("%s in environment %s", (on, environment, legacy) => {
  expect(subjectsOf(acme, environment, triggers(on)).legacy).toEqual(legacy);
});

test("the immutable form carries the ids, or says that they are missing", () => {
  expect(subjectsOf(acme, "e", []).immutable).toEqual(["repo:acme@1/site@2:environment:e"]);
  expect(subjectsOf({ owner: "acme", repo: "site" }, "e", []).immutable).toEqual([
    "repo:acme@<OWNER_ID>/site@<REPOSITORY_ID>:environment:e",
  ]);
});

test("issuers by host", () => {
  expect(issuerOf("github.com")).toBe("https://token.actions.githubusercontent.com");
  expect(issuerOf("acme.ghe.com")).toBe("https://token.actions.acme.ghe.com");
  expect(issuerOf("git.example.org")).toBe("https://git.example.org/_services/token");
});

const rule = loadFixRules().keyless.find(({ id }) => id === "aws");

test("the trust policy is valid JSON with the exact subject, in both forms while it is not known which is sent", () => {
  if (rule === undefined) throw new Error("no rule for aws");
  const login = {
    rule,
    path: ".github/workflows/deploy.yml",
    job: "deploy",
    environment: "production",
    triggers: triggers("on: push"),
  };
  const files = providerFiles([login], { repository: acme, issuer: issuerOf("github.com") });
  const text = (name: string): string => files.find((file) => file.name === name)?.text ?? "";
  const condition = (name: string) => JSON.parse(text(name)).Statement[0].Condition.StringEquals;
  expect(condition("aws-deploy-deploy.json")).toEqual({
    "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
    "token.actions.githubusercontent.com:sub": "repo:acme/site:environment:production",
  });
  expect(condition("aws-deploy-deploy-immutable.json")["token.actions.githubusercontent.com:sub"]).toBe(
    "repo:acme@1/site@2:environment:production",
  );
  expect(text("aws-deploy-deploy.tf")).toContain("repo:acme/site:environment:production");
  expect(text("aws-deploy-deploy.sh")).toContain("sts.amazonaws.com");
  expect(text("aws-deploy-deploy.md")).toContain("AWS_ROLE_ARN");
  const known = providerFiles([login], { repository: { ...acme, immutable: true }, issuer: issuerOf("github.com") });
  expect(known.map(({ name }) => name)).not.toContain("aws-deploy-deploy-immutable.json");
  expect(known.find(({ name }) => name.endsWith(".json"))?.text).toContain("repo:acme@1/site@2:environment:production");
});

test("without a repository the places to fill are marked", () => {
  if (rule === undefined) throw new Error("no rule for aws");
  const files = providerFiles([{ rule, path: "w.yml", job: "a", triggers: [] }], { issuer: issuerOf("github.com") });
  expect(files.find(({ name }) => name.endsWith(".json"))?.text).toContain(
    "repo:<OWNER>/<REPOSITORY>:ref:refs/heads/main",
  );
});

test("every rule's templates are filled", () => {
  for (const one of loadFixRules().keyless) {
    for (const { name, text } of providerFiles(
      [{ rule: one, path: ".github/workflows/w.yml", job: "a", triggers: [] }],
      { repository: acme, issuer: issuerOf("github.com") },
    ))
      expect(text, name).not.toMatch(/\{\{[a-z_]+\}\}/);
  }
});
