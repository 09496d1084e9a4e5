import { expect, test } from "vitest";
import { keylessIndex } from "../../src/scan/keyless-index.ts";
import { auditWorkflow } from "../../src/workflow/audit-workflow.ts";
import { isCredential, isIdentifier, isKeyHalf } from "../../src/workflow/keyless/credential-name.ts";

function rulesOf(steps: string, context = {}): string[] {
  const text = `on: push\npermissions:\n  contents: read\njobs:\n  a:\n    runs-on: ubuntu-latest\n    environment: e\n    steps:\n${steps}`;
  return auditWorkflow(".github/workflows/a.yml", Buffer.from(text), "salt", keylessIndex, context).findings.map(
    ({ rule }) => rule,
  );
}

test("a personal token is one finding: the keyless rule's, which knows the route", () => {
  const steps = `      - uses: actions/checkout@v5\n        with:\n          persist-credentials: false\n          token: \u0024{{ secrets.GH_PAT }}\n`;
  expect(rulesOf(steps)).toEqual(["keyless/github-pat"]);
});

test("the rules are not asked for where no secret is used", () => {
  const none = () => {
    throw new Error("not to be asked");
  };
  const { findings } = auditWorkflow(
    "action.yml",
    Buffer.from("runs:\n  using: composite\n  steps: []\n"),
    "salt",
    none,
  );
  expect(findings).toEqual([]);
});

test("a workflow without a path is known by its keys", () => {
  const text = Buffer.from("on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: []\n");
  expect(auditWorkflow("stdin", text, "salt", keylessIndex).kind).toBeUndefined();
  expect(auditWorkflow("stdin", text, "salt", keylessIndex, { unnamed: true }).kind).toBe("workflow");
  expect(auditWorkflow("stdin", Buffer.from("on: 1\n"), "salt", keylessIndex, { unnamed: true }).kind).toBeUndefined();
});

test.each([
  ["AWS_ACCOUNT_ID", "identifies"],
  ["REGISTRY_URL", "identifies"],
  ["DOCKER_USERNAME", "identifies"],
  ["AWS_ACCESS_KEY_ID", "half"],
  ["AWS_ACCESS_KEY_ID_2", "half"],
  ["DATABASE_URL", "credential"],
  ["MONGODB_URI", "credential"],
  ["SLACK_WEBHOOK_URL", "credential"],
  ["NPM_TOKEN", "credential"],
  ["SONAR_PROJECT_KEY", "identifies"],
])("%s: %s", (name, kind) => {
  expect({
    identifies: isIdentifier(name) && !isKeyHalf(name),
    half: isKeyHalf(name),
    credential: isCredential(name),
  }).toMatchObject({
    identifies: kind === "identifies",
    half: kind === "half",
    credential: kind === "credential",
  });
});
