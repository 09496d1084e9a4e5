/** The workflows that people copy, and our own: sound for GitHub's parser, clean for our scan, and each run with its inputs on its events. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { inputNames } from "../../action/input.ts";
import { scanJson, tokenOf } from "../e2e/leasehold.ts";
import { githubErrors } from "../fix/fixing.ts";
import { commit, git, initialise } from "../git/temporary-repository.ts";
import { branch, checkout, origin, pullRequest, pushPayload, runAction } from "./runner.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");

type Workflow = {
  name: string;
  on: string | Record<string, unknown>;
  jobs: Record<string, { steps: { uses?: string; with?: Record<string, unknown> }[] }>;
};

const documented = [...read("docs/action.md").matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text]) => text!);
const own = readdirSync(join(root, ".github/workflows")).map((name) => `.github/workflows/${name}`);

async function expectSound(text: string): Promise<void> {
  expect(githubErrors(text)).toEqual([]);
  const folder = initialise();
  commit(folder, { ".github/workflows/w.yml": text });
  const { report } = await scanJson(folder, ["--min-confidence", "weak"]);
  expect(report.findings.map(({ rule, message }) => `${rule} ${message}`)).toEqual([]);
}

describe("our own workflows", () => {
  it.each(own)("%s is sound, and pins what it uses", async (path) => {
    const text = read(path);
    await expectSound(text);
    for (const [, reference] of text.matchAll(/uses: (\S+)/g)) expect(reference).toMatch(/^\.\/$|@[0-9a-f]{40}$/);
  });

  it("pin what the project's own table of pins names", () => {
    const pins = read("rules/actions.yml");
    for (const path of own)
      for (const [, oid, tag] of read(path).matchAll(/@([0-9a-f]{40}) # (v[\d.]+)/g))
        expect(pins).toContain(`${tag}: ${oid}`);
  });
});

describe("action.yml", () => {
  const action = parse(read("action.yml")) as {
    inputs: Record<string, { default?: unknown }>;
    outputs: Record<string, unknown>;
    runs: Record<string, string>;
  };

  it("has the inputs that are read, without defaults, and names a bundle that is there", () => {
    expect(Object.keys(action.inputs).sort()).toEqual([...inputNames].sort());
    for (const input of Object.values(action.inputs)) expect(input).not.toHaveProperty("default");
    expect(action.runs).toEqual({ using: "node24", main: "action/dist/index.js", post: "action/dist/index.js" });
    expect(read(action.runs.main!).length).toBeGreaterThan(1_000);
  });

  it("is what the page tells", () => {
    const page = read("docs/action.md");
    for (const name of [...Object.keys(action.inputs), ...Object.keys(action.outputs)])
      expect(page).toContain(`\`${name}\``);
  });
});

describe("the page", () => {
  it("has a workflow for each use", () => {
    expect(documented).toHaveLength(7);
  });

  it.each(documented.map((text) => [(parse(text) as Workflow).name, text]))("%s", async (_, text) => {
    await expectSound(text);
    const workflow = parse(text) as Workflow;
    const step = Object.values(workflow.jobs)[0]!.steps.find(({ uses }) => uses === "OWNER/leasehold@v1");
    // What an expression gives; a token would reach for the network, which the tests of comments have.
    const inputs = Object.fromEntries(
      Object.entries(step?.with ?? {})
        .filter(([name]) => name !== "token")
        .map(([name, value]) => [name, String(value).replace(/\$\{\{ matrix\.project \}\}/, "shop")]),
    );
    for (const name of Object.keys(inputs)) expect(inputNames).toContain(name);
    const events = typeof workflow.on === "string" ? [workflow.on] : Object.keys(workflow.on);
    const { workspace, payloads } = example();
    for (const event of events) {
      const done = await runAction({ workspace, event, payload: payloads[event], inputs });
      expect([event, done.code, done.outputs.result, done.outputs.coverage]).toEqual([event, 1, "fail", "complete"]);
      expect(done.report?.findings.map(({ place }) => place.path)).toEqual(["shop/a.env"]);
      expect(done.stdout).not.toContain("there is no input");
    }
  });
});

/** A repository with two projects, a leak in one of them, and the events that bring it. */
function example() {
  const folder = origin({
    "shop/leasehold.yml": 'version: 1\npaths: { ignore: ["billing/**"] }\n',
    "shop/leasehold-baseline.txt": "",
  });
  branch(folder, "topic", [{ "shop/a.env": `KEY=${tokenOf("github-pat", 81)}\n` }]);
  const { merge, base, head, payload } = pullRequest(folder, "topic");
  const repository = { default_branch: "main", private: true };
  git(folder, ["checkout", "-q", "main"]);
  return {
    workspace: checkout(folder, merge),
    payloads: {
      pull_request: payload,
      merge_group: { merge_group: { base_sha: base, base_ref: "refs/heads/main", head_sha: head } },
      push: pushPayload("refs/heads/main", base, head),
      schedule: { repository },
      workflow_dispatch: { repository },
    } as Record<string, unknown>,
  };
}
