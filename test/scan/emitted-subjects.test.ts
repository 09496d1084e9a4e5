// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
import { describe, expect, it } from "vitest";
import { type EmittingRepository, emittedSubjectsOf } from "../../src/scan/emitted-subjects.ts";
import { loginsOf, type WorkflowLogins } from "../../src/scan/logins.ts";
import { emittedSubjects } from "../../src/trust/emitted.ts";
import { scanWorkflow } from "../../src/workflow/scan-workflow.ts";

const repository: EmittingRepository = { owner: "octo-org", repo: "octo-repo", defaultBranch: "main" };

function logins(text: string, path = ".github/workflows/deploy.yml"): WorkflowLogins[] {
  const { model, facts } = scanWorkflow(path, Buffer.from(text), "salt");
  if (model?.kind !== "workflow") throw new Error("no workflow");
  const found = loginsOf(model, facts);
  return found === undefined ? [] : [found];
}

const aws =
  "      - uses: aws-actions/configure-aws-credentials@v5\n        with: { role-to-assume: R, aws-region: r }\n";

function jobText(on: string, job = "", steps = aws): string {
  return `${on}\npermissions: { id-token: write }\njobs:\n  a:\n    runs-on: ubuntu-latest\n${job}    steps:\n${steps}`;
}

/** `event: subject`, with a question mark where it is only an example. */
function subjects(files: WorkflowLogins[], about = repository): string[] {
  return emittedSubjectsOf(files, about).flatMap((one) =>
    one.runs.map(
      (run) =>
        `${run.event}: ${emittedSubjects(one.repository, run).legacy.slice("repo:octo-org/octo-repo:".length)}${run.certain ? "" : "?"}`,
    ),
  );
}

describe("the subjects of a job", () => {
  it.each([
    ["on: push", "", ["push: ref:refs/heads/main"]],
    [
      "on: { push: { branches: [main, 'release/**', '!release/old'] } }",
      "",
      ["push: ref:refs/heads/main", "push: ref:refs/heads/release/x?"],
    ],
    ["on: { push: { tags: [v1, 'v*'] } }", "", ["push: ref:refs/tags/v1", "push: ref:refs/tags/vx?"]],
    [
      "on: [pull_request, pull_request_target]",
      "",
      ["pull_request: pull_request", "pull_request_target: pull_request?"],
    ],
    [
      "on: { schedule: [{ cron: '0 0 * * *' }], workflow_dispatch: }",
      "",
      ["schedule: ref:refs/heads/main", "workflow_dispatch: ref:refs/heads/main?"],
    ],
    ["on: release", "", ["release: ref:refs/tags/v1.0.0?"]],
    ["on: workflow_call", "", []],
    [
      "on: [push, pull_request]",
      "    environment: prod\n",
      ["push: environment:prod", "pull_request: environment:prod"],
    ],
    ["on: push", "    environment: { name: 'a:b' }\n", ["push: environment:a%3Ab"]],
    ["on: push", "    environment: ${{ inputs.where }}\n", ["push: environment:${{ inputs.where }}?"]],
    ["on: push", "    if: github.ref == 'refs/heads/x'\n", ["push: ref:refs/heads/main?"]],
  ])("%s %s", (on, job, expected) => {
    expect(subjects(logins(jobText(on, job)))).toEqual(expected);
  });

  it("are examples where the default branch is not known, and where a needed job may be skipped", () => {
    const { defaultBranch: _, ...nameless } = repository;
    expect(subjects(logins(jobText("on: push")), nameless)).toEqual(["push: ref:refs/heads/main?"]);
    const needed = `${jobText("on: push", "    needs: b\n")}  b:\n    runs-on: ubuntu-latest\n    if: inputs.x\n    steps: []\n`;
    expect(subjects(logins(needed))).toEqual(["push: ref:refs/heads/main?"]);
  });

  it("of a reusable workflow are those of its callers in the tree, and name the workflow", () => {
    const called = logins(jobText("on: workflow_call"), ".github/workflows/called.yml");
    const caller = (on: string, path: string, uses: string) =>
      logins(`${on}\nname: N\njobs:\n  c:\n    uses: ./.github/workflows/${uses}\n`, path);
    const middle = caller("on: workflow_call", ".github/workflows/middle.yml", "called.yml");
    const outer = caller("on: { push: { branches: [main] } }", ".github/workflows/outer.yml", "middle.yml");
    const direct = caller("on: pull_request", ".github/workflows/direct.yml", "called.yml");
    expect(subjects([...called, ...middle])).toEqual([]);
    const all = emittedSubjectsOf([...called, ...middle, ...outer, ...direct], repository);
    expect(all.map(({ runs, jobWorkflowRef, workflow }) => [runs[0]?.event, jobWorkflowRef, workflow])).toEqual([
      ["pull_request", "octo-org/octo-repo/.github/workflows/called.yml@refs/pull/1/merge", "N"],
      ["push", "octo-org/octo-repo/.github/workflows/called.yml@refs/heads/main", "N"],
    ]);
  });

  it("end where workflows call each other in a ring", () => {
    const ring = ["a", "b"].flatMap((name, at) =>
      logins(
        `${jobText("on: workflow_call")}  c:\n    uses: ./.github/workflows/${["b", "a"][at]}.yml\n`,
        `.github/workflows/${name}.yml`,
      ),
    );
    expect(subjects(ring)).toEqual([]);
  });
});

describe("a login", () => {
  it.each([
    ["aws-actions/configure-aws-credentials@v5", { "role-to-assume": "R", audience: "A" }, "aws R A"],
    [
      "google-github-actions/auth@v3",
      { workload_identity_provider: "projects/1/p" },
      "gcp projects/1/p https://iam.googleapis.com/projects/1/p",
    ],
    ["azure/login@v2", { "client-id": "C", "tenant-id": "T" }, "azure C -"],
    ["hashicorp/vault-action@v3", { method: "jwt", role: "R", jwtGithubAudience: "V" }, "vault R V"],
    ["octo-sts/action@v1", { scope: "${{ github.repository }}", identity: "I" }, "octo-sts I -"],
    ["snowflakedb/snowflake-cli-action@v2", { "use-oidc": "true" }, "snowflake - -"],
    ["aws-actions/configure-aws-credentials@v5", { "role-to-assume": "${{ vars.R }}" }, "aws - -"],
  ])("with %s %j", (uses, inputs, expected) => {
    const [found] = emittedSubjectsOf(
      logins(jobText("on: push", "", `      - uses: ${uses}\n        with: ${JSON.stringify(inputs)}\n`)),
      repository,
    );
    expect(`${found?.system} ${found?.identifier ?? "-"} ${found?.audience ?? "-"}`).toBe(expected);
    expect(found).toMatchObject({ job: "a", path: ".github/workflows/deploy.yml", place: { line: 7, column: 15 } });
  });

  it.each([
    ["aws-actions/configure-aws-credentials@v5", { "role-to-assume": "R", "aws-access-key-id": "x" }],
    ["google-github-actions/auth@v3", { credentials_json: "x" }],
    ["azure/login@v2", { creds: "x" }],
    ["hashicorp/vault-action@v3", { method: "token", role: "R" }],
    ["octo-sts/action@v1", { scope: "octo-org/another", identity: "I" }],
    ["acme/login@v1", { "role-to-assume": "R" }],
  ])("is none with %s %j", (uses, inputs) => {
    expect(logins(jobText("on: push", "", `      - uses: ${uses}\n        with: ${JSON.stringify(inputs)}\n`))).toEqual(
      [],
    );
  });

  it("is none without id-token: write", () => {
    expect(logins(jobText("on: push").replace("id-token: write", "contents: read"))).toEqual([]);
    expect(logins(jobText("on: push").replace("permissions: { id-token: write }\n", ""))).toEqual([]);
  });
});
