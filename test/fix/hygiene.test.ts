// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
import { expect, test } from "vitest";
import { fixed, githubErrors, refusalsOf } from "./fixing.ts";

const only = (rule: string) => (finding: { rule: string }) => finding.rule === rule;
const top = "on: push\npermissions: {}\n";

test("a secret in the job's env goes to the one step that reads it", () => {
  const text = `${top}jobs:\n  a:\n    runs-on: ubuntu-latest\n    env:\n      CI: true\n      API_KEY: \${{ secrets.API_KEY }}\n    steps:\n      - run: make\n      - run: ./upload "$API_KEY"\n`;
  expect(fixed(text, { only: only("workflow/secret-in-wide-env") })).toBe(
    `${top}jobs:\n  a:\n    runs-on: ubuntu-latest\n    env:\n      CI: true\n    steps:\n      - run: make\n      - run: ./upload "$API_KEY"\n        env:\n          API_KEY: \${{ secrets.API_KEY }}\n`,
  );
});

test("a secret in the workflow's env goes to the one job whose steps read it", () => {
  const text = `${top}env:\n  API_KEY: \${{ secrets.API_KEY }}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ./one "$API_KEY"\n      - run: ./two "$API_KEY"\n  b:\n    runs-on: ubuntu-latest\n    steps:\n      - run: make\n`;
  const after = fixed(text, { only: only("workflow/secret-in-wide-env") });
  expect(after).toContain(
    "  a:\n    runs-on: ubuntu-latest\n    env:\n      API_KEY: ${{ secrets.API_KEY }}\n    steps:\n",
  );
  expect(after.startsWith(`${top}jobs:\n`)).toBe(true);
});

const callee = `on:\n  workflow_call:\n    secrets:\n      DEPLOY_KEY:\n        required: true\n      OTHER: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ./deploy "\${{ secrets.DEPLOY_KEY }}"\n`;
const caller = `${top}jobs:\n  call:\n    uses: ./.github/workflows/deploy.yml\n    secrets: inherit\n    with:\n      a: b\n`;

test("inherit becomes the secrets that the called workflow declares", () => {
  const wanted = { only: only("workflow/secrets-inherit"), tree: { ".github/workflows/deploy.yml": callee } };
  const after = fixed(caller, wanted);
  expect(after).toBe(
    `${top}jobs:\n  call:\n    uses: ./.github/workflows/deploy.yml\n    secrets:\n      DEPLOY_KEY: \${{ secrets.DEPLOY_KEY }}\n      OTHER: \${{ secrets.OTHER }}\n    with:\n      a: b\n`,
  );
  expect(githubErrors(after)).toEqual([]);
});

test.each([
  ["it is not here", {}, "not among the files"],
  [
    "it reads what it does not declare",
    { ".github/workflows/deploy.yml": callee.replace("secrets.DEPLOY_KEY", "secrets.HIDDEN") },
    "without declaring it",
  ],
  [
    "a job of it has an environment",
    { ".github/workflows/deploy.yml": callee.replace("    steps:", "    environment: production\n    steps:") },
    "environment",
  ],
])("inherit stays when %s", (_, tree, reason) => {
  expect(refusalsOf(caller, { only: only("workflow/secrets-inherit"), tree })).toEqual([
    expect.stringContaining(reason),
  ]);
});

test("an action that gets a secret is pinned to the commit its tag names", () => {
  const text = (ref: string): string =>
    `${top}jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: octo-sts/action@${ref}\n        env:\n          KEY: \${{ secrets.KEY }}\n`;
  const wanted = { only: only("workflow/unpinned-action-secret") };
  expect(fixed(text("v1.1.1"), wanted)).toContain(
    "octo-sts/action@f603d3be9d8dd9871a265776e625a27b00effe05 # v1.1.1\n",
  );
  expect(fixed(text("v1"), wanted)).toContain("octo-sts/action@f603d3be9d8dd9871a265776e625a27b00effe05 # v1.1.1\n");
  expect(refusalsOf(text("v1.0.0"), wanted)).toEqual([expect.stringContaining("git ls-remote")]);
  expect(refusalsOf(text("main"), wanted)).toEqual([expect.stringContaining("branch")]);
});

test("a checkout that is uploaded leaves no token behind", () => {
  const text = `${top}jobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - uses: actions/upload-artifact@v4\n        with:\n          path: .\n`;
  expect(fixed(text, { only: only("workflow/persisted-credentials") })).toContain(
    "      - uses: actions/checkout@v4\n        with:\n          persist-credentials: false\n",
  );
});

test("permissions that are used are named: for the workflow, and more for the jobs that need more", () => {
  const text =
    "name: x\n\non: push\n\n# the work\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n  b:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n      - run: git push\n";
  const after = fixed(text, { only: only("workflow/permissions-missing") });
  expect(after).toContain("on: push\n\npermissions:\n  contents: read\n\n# the work\njobs:\n");
  expect(after).toContain("  b:\n    permissions:\n      contents: write\n    runs-on");
  expect(githubErrors(after)).toEqual([]);
});

test("a login without the permission gets it", () => {
  const text = `on: push\npermissions:\n  contents: read\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: aws-actions/configure-aws-credentials@v6\n        with:\n          role-to-assume: x\n          aws-region: y\n`;
  expect(fixed(text, { only: only("workflow/id-token-missing") })).toContain(
    "permissions:\n  contents: read\n  id-token: write # OIDC login\n",
  );
});
