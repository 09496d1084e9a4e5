// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
import { expect, test } from "vitest";
import { fixed, githubErrors, planOf, refusalsOf } from "./fixing.ts";

const step = "      - run: cargo publish\n        env:\n          CARGO_REGISTRY_TOKEN: ${{ secrets.CARGO }}\n";

function workflow(top: string, job: string, steps = step, other = ""): string {
  return `on: push\n${top}jobs:\n  a:\n${job}    runs-on: ubuntu-latest\n    steps:\n${steps}${other}`;
}

const reason = "id-token: write # OIDC login to Cargo registry";
const lint = "  b:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          echo\n";

test.each([
  [
    "a job's block is extended",
    "",
    "    permissions:\n      contents: write\n",
    "",
    `    permissions:\n      contents: write\n      ${reason}\n    runs-on`,
  ],
  [
    "in flow style too",
    "",
    "    permissions: { contents: write }\n",
    "",
    "    permissions: { contents: write, id-token: write }\n",
  ],
  ["an empty block is filled", "", "    permissions: {}\n", "", "    permissions: { id-token: write }\n"],
  [
    "a scope that is there is raised",
    "",
    "    permissions:\n      id-token: none\n",
    "",
    "      id-token: write\n    runs-on",
  ],
  [
    "the block of a workflow with one job is extended",
    "permissions:\n  contents: read\n",
    "",
    "",
    `permissions:\n  contents: read\n  ${reason}\njobs`,
  ],
  [
    "with more jobs its entries are copied to the job",
    "permissions:\n  contents: read\n  packages: read\n",
    "",
    lint,
    `  a:\n    permissions:\n      contents: read\n      ${reason}\n      packages: read\n    runs-on`,
  ],
  [
    "an empty block of the workflow is not filled",
    "permissions: {}\n",
    "",
    "",
    `permissions: {}\njobs:\n  a:\n    permissions:\n      ${reason}\n    runs-on`,
  ],
  [
    "without any block the job gets what its steps use",
    "",
    "",
    "",
    `  a:\n    permissions:\n      ${reason}\n    runs-on`,
  ],
  ["write-all is enough", "permissions: write-all\n", "", "", "permissions: write-all\njobs:\n  a:\n    runs-on"],
])("%s", (_, top, job, other, expected) => {
  const after = fixed(workflow(top, job, step, other));
  expect(after).toContain(expected);
  expect(githubErrors(after)).toEqual([]);
});

test("contents: read is not lost with a checkout, nor contents: write with a push", () => {
  expect(fixed(workflow("", "", `      - uses: actions/checkout@v4\n${step}`))).toContain(
    `      contents: read\n      ${reason}\n`,
  );
  expect(fixed(workflow("", "", `      - uses: actions/checkout@v4\n${step}      - run: git push\n`))).toContain(
    `      contents: write\n      ${reason}\n`,
  );
});

test.each([
  ["read-all", "permissions: read-all\n", "", step, "read-all"],
  ["read-all on the job", "", "    permissions: read-all\n", step, "written as a word"],
  [
    "a token that goes to an unknown action",
    "",
    "",
    `      - uses: acme/bot@v1\n        with:\n          token: \${{ github.token }}\n${step}`,
    "acme/bot",
  ],
])("refuses %s", (_, top, job, steps, expected) => {
  expect(refusalsOf(workflow(top, job, steps))).toEqual([expect.stringContaining(expected)]);
});

test("an unknown action that is not given the token is named in the checklist", () => {
  expect(planOf(workflow("", "", `      - uses: acme/bot@v1\n${step}`)).checklist).toEqual([
    expect.stringContaining("acme/bot"),
  ]);
});
