// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
import { expect, test } from "vitest";
import type { Uses } from "../../src/workflow/model.ts";
import { bytesOf, modelOf, withSteps, workflowOf } from "./reading.ts";

test.each([
  ["on: push\n", ["push"]],
  ["on: [push, pull_request]\n", ["push", "pull_request"]],
  ["on:\n  - push\n  - workflow_call\n", ["push", "workflow_call"]],
  [
    '"on":\n  schedule:\n    - cron: "0 3 * * 1"\n      timezone: Europe/Berlin\n  workflow_dispatch:\n',
    ["schedule", "workflow_dispatch"],
  ],
  ["true: push\n", ["push"]],
])("reads the triggers of %j", (head, events) => {
  const text = withSteps("- run: a\n", head);
  const workflow = workflowOf(text);
  expect(workflow.on.map((trigger) => trigger.event)).toEqual(events);
  expect(workflow.on.map((trigger) => bytesOf(text, trigger.span))).toEqual(events);
});

test("a workflow that can be called declares inputs, secrets and outputs", () => {
  const { call, dispatchInputs } = workflowOf(
    withSteps(
      "- run: a\n",
      "on:\n  workflow_call:\n    inputs:\n      target: { type: string, required: true, default: eu }\n    secrets:\n      key:\n        description: The key\n        required: true\n      other:\n    outputs:\n      url:\n        value: ${{ jobs.build.outputs.url }}\n  workflow_dispatch:\n    inputs:\n      dry: { type: boolean }\n",
    ),
  );
  expect(call?.inputs.map(({ name, required, default: preset }) => [name, required, preset?.value])).toEqual([
    ["target", true, "eu"],
  ]);
  expect(call?.secrets.map(({ name, required, description }) => [name, required, description])).toEqual([
    ["key", true, "The key"],
    ["other", false, undefined],
  ]);
  expect(call?.outputs[0]?.value?.expressions[0]?.references[0]?.path).toEqual(["build", "outputs", "url"]);
  expect(dispatchInputs.map((input) => input.name)).toEqual(["dry"]);
});

test.each([
  ["permissions: write-all\n", "write", {}],
  ["permissions: read-all\n", "read", {}],
  ["permissions: {}\n", undefined, {}],
  ["permissions:\n", undefined, {}],
  [
    "permissions:\n  contents: read\n  id-token: write\n  packages: none\n",
    undefined,
    { contents: "read", "id-token": "write", packages: "none" },
  ],
])("reads %j", (permissions, all, scopes) => {
  const block = workflowOf(withSteps("- run: a\n", `on: push\n${permissions}`)).permissions;
  expect(block?.all).toBe(all);
  expect(Object.fromEntries(block?.scopes.map((scope) => [scope.name, scope.level]) ?? [])).toEqual(scopes);
});

function usesIn(value: string): Uses | undefined {
  return workflowOf(withSteps(`- uses: ${value}\n`)).jobs[0]?.steps[0]?.uses;
}

const sha = "0123456789abcdef0123456789abcdef01234567";

test.each([
  [
    "actions/checkout@v4",
    { kind: "action", owner: "actions", repo: "checkout", ref: "v4", refKind: "tag", local: false },
  ],
  ["a/b/c/d@main", { kind: "action", owner: "a", repo: "b", path: "c/d", ref: "main", refKind: "branch" }],
  [`a/b@${sha} # v4.1.0`, { kind: "action", ref: sha, refKind: "sha" }],
  ["a/b@release/v1", { refKind: "branch" }],
  ["a/b@release-v1.2", { refKind: "tag" }],
  ["a/b", { kind: "action", refKind: "none" }],
  ["./.github/actions/x", { kind: "local", local: true, path: "./.github/actions/x", refKind: "none" }],
  ["$/actions/x", { kind: "local", local: true, path: "$/actions/x" }],
  ["docker://alpine", { kind: "docker", path: "alpine", refKind: "none" }],
  ["docker://localhost:5000/a/b:1.2", { kind: "docker", path: "localhost:5000/a/b", ref: "1.2", refKind: "tag" }],
  [`docker://ghcr.io/a/b@sha256:${sha}`, { kind: "docker", path: "ghcr.io/a/b", refKind: "digest" }],
  ["${{ matrix.action }}", { kind: "expression" }],
  ["nothing", { kind: "invalid" }],
])("reads uses: %s", (value, expected) => {
  expect(usesIn(value)).toMatchObject(expected);
});

test("the comment behind a pinned action is part of what is read, with its place", () => {
  const text = withSteps(`- uses: a/b@${sha}   # v4.1.0 ü\n- uses: 'a/b@v1'# none\n`).replace("'# none", "'");
  const [first, second] = workflowOf(text).jobs[0]?.steps ?? [];
  expect(first?.uses?.comment?.text).toBe("# v4.1.0 ü");
  expect(bytesOf(text, first?.uses?.comment?.span ?? { start: 0, end: 0 })).toBe("# v4.1.0 ü");
  expect(second?.uses?.comment).toBeUndefined();
});

test("calls of reusable workflows are told from actions", () => {
  const workflow = workflowOf(
    "on: push\njobs:\n  a:\n    uses: acme/shared/.github/workflows/build.yml@v1\n    secrets: inherit\n  b:\n    uses: ./.github/workflows/b.yaml\n    with: { x: 1 }\n    secrets:\n      key: ${{ secrets.KEY }}\n",
  );
  expect(
    workflow.jobs.map((job) => [
      job.uses?.kind,
      job.uses?.local,
      job.secrets?.inherit,
      job.secrets?.variables.map((one) => one.name),
    ]),
  ).toEqual([
    ["workflow", false, true, []],
    ["workflow", true, false, ["key"]],
  ]);
});

test("a job has what GitHub lets it have", () => {
  const text =
    "on: push\njobs:\n  deploy:\n    name: Deploy\n    needs: [build, test]\n    if: github.ref == 'refs/heads/main'\n    runs-on:\n      group: big\n      labels: [self-hosted, linux]\n    environment: { name: prod, url: 'https://x.test' }\n    permissions: { id-token: write }\n    defaults: { run: { shell: pwsh } }\n    container:\n      image: ghcr.io/a/b\n      credentials: { username: bot, password: '${{ secrets.P }}' }\n      env: { A: b }\n    services:\n      db: { image: postgres, env: { X: y } }\n    strategy:\n      matrix: { os: [a, '${{ vars.B }}'] }\n    outputs: { url: '${{ steps.x.outputs.url }}' }\n    steps: []\n";
  const [job] = workflowOf(text).jobs;
  expect(job?.needs).toEqual(["build", "test"]);
  expect(job?.runsOn.map((label) => label.value)).toEqual(["self-hosted", "linux"]);
  expect(job?.runnerGroup?.value).toBe("big");
  expect([job?.environment?.name.value, job?.environment?.url?.value]).toEqual(["prod", "https://x.test"]);
  expect(job?.shell?.value).toBe("pwsh");
  expect([
    job?.container?.image?.value,
    job?.container?.username?.value.value,
    job?.container?.env?.variables[0]?.name,
  ]).toEqual(["ghcr.io/a/b", "bot", "A"]);
  expect(bytesOf(text, job?.container?.password?.value.span ?? { start: 0, end: 0 })).toBe("'${{ secrets.P }}'");
  expect(job?.services.map((service) => [service.name, service.image?.value])).toEqual([["db", "postgres"]]);
  expect(job?.other.map(({ key, text: other }) => [key, other.value])).toEqual([["strategy", "${{ vars.B }}"]]);
  expect(job?.outputs[0]?.value.expressions[0]?.references[0]?.path).toEqual(["x", "outputs", "url"]);
});

test("parallel groups are opened, and waiting steps and unknown keys are no trouble", () => {
  const steps = workflowOf(
    withSteps(
      "- run: a\n  background: true\n  id: server\n- parallel:\n    - run: b\n    - uses: a/b@v1\n      with: { key: '${{ secrets.K }}' }\n- wait: server\n- wait-all:\n- cancel: server\n- something-new: { a: [1] }\n- run: c\n",
    ),
  ).jobs[0]?.steps;
  expect(steps?.map((step) => [step.index, step.kind, step.group, step.background])).toEqual([
    [0, "run", undefined, true],
    [1, "parallel", undefined, false],
    [2, "run", 1, false],
    [3, "uses", 1, false],
    [4, "wait", undefined, false],
    [5, "wait", undefined, false],
    [6, "cancel", undefined, false],
    [7, "unknown", undefined, false],
    [8, "run", undefined, false],
  ]);
});

test("steps behind anchors and aliases are read where they are used", () => {
  const workflow = workflowOf(
    "on: push\njobs:\n  a:\n    runs-on: x\n    env: &env\n      KEY: ${{ secrets.KEY }}\n    steps: &steps\n      - run: echo $KEY\n  b:\n    runs-on: x\n    env: *env\n    steps: *steps\n",
  );
  expect(
    workflow.jobs.map((job) => [job.env?.variables[0]?.name, job.steps.length, job.env?.entry.alias?.name]),
  ).toEqual([
    ["KEY", 1, undefined],
    ["KEY", 1, "env"],
  ]);
});

test("a group that holds itself, and aliases of aliases, end", () => {
  const loop = workflowOf(
    "on: push\njobs:\n  a:\n    runs-on: x\n    steps: &s\n      - parallel: *s\n      - run: a\n",
  );
  expect(loop.jobs[0]?.steps.length).toBeLessThan(10);
  const lines = ["on: push", "x0: &a0 [{ run: a }]"];
  for (let level = 1; level < 30; level++) lines.push(`x${level}: &a${level} [*a${level - 1}, *a${level - 1}]`);
  lines.push("jobs:", "  a:", "    runs-on: x", "    strategy: { matrix: { a: *a29 } }", "    steps: *a29");
  expect(workflowOf(`${lines.join("\n")}\n`).jobs).toHaveLength(1);
});

test.each([
  [
    "action.yml",
    "name: A\ninputs:\n  key: { required: true, default: x }\noutputs:\n  o: { value: '${{ steps.a.outputs.b }}' }\nruns:\n  using: composite\n  steps:\n    - run: echo\n      shell: bash\n",
    "composite",
    1,
  ],
  ["sub/action.yaml", "name: A\nruns:\n  using: node24\n  main: dist/index.js\n", "javascript", 0],
  [
    "action.yml",
    "name: A\nruns:\n  using: docker\n  image: docker://alpine:3\n  args: ['${{ inputs.x }}']\n",
    "docker",
    0,
  ],
])("reads %s", (at, text, runtime, steps) => {
  const model = modelOf(text, at);
  expect(model.kind === "action" && [model.runtime, model.steps.length]).toEqual([runtime, steps]);
});

test("reads the registries of a Dependabot file", () => {
  const model = modelOf(
    "version: 2\nregistries:\n  internal:\n    type: npm-registry\n    url: https://registry.example.com\n    token: ${{secrets.REGISTRY_TOKEN}}\nupdates: []\n",
    ".github/dependabot.yml",
  );
  expect(
    model.kind === "dependabot" &&
      model.registries.map((registry) => [registry.name, registry.type, registry.fields.map((field) => field.name)]),
  ).toEqual([["internal", "npm-registry", ["type", "url", "token"]]]);
});
