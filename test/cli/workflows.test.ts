import { describe, expect, it } from "vitest";
import { secretUsesSchema } from "../../src/report/secret-uses-schema.ts";
import { leasehold } from "../e2e/leasehold.ts";
import { commit, initialise, temporaryFolder, write } from "../git/temporary-repository.ts";
import { publish, secret, workflow } from "../scan/workflow-text.ts";

describe("workflows", () => {
  it("lists each way of each secret, as a table and as JSON of its schema", async () => {
    const folder = initialise();
    const matrix = `      - uses: acme/deploy@v1\n        id: deploy\n        with:\n          token: ${secret("DEPLOY_TOKEN")}\n`;
    commit(folder, {
      ".github/workflows/release.yml": workflow(`${publish}${matrix}`),
      ".github/dependabot.yml": `version: 2\nregistries:\n  hub:\n    type: docker-registry\n    url: https://docker.example.com\n    username: bot\n    password: ${secret("HUB")}\nupdates: []\n`,
      "k8s/a.yml": `a: ${secret("NOT_ACTIONS")}\n`,
    });
    const table = await leasehold(folder, ["workflows"]);
    expect(table).toMatchObject({ code: 0, stderr: "" });
    expect(table.stdout).toContain(".github/workflows/release.yml  on push\n");
    expect(table.stdout).toMatch(/11 +NPM_TOKEN +env NODE_AUTH_TOKEN +release +step 1 +production/);
    expect(table.stdout).toMatch(/15 +DEPLOY_TOKEN +acme\/deploy@v1 \(token\) +release +deploy +production/);
    expect(table.stdout).toMatch(/7 +HUB +hub \(password\)/);
    expect(table.stdout).toContain("3 uses of 3 secrets in 2 files\n");
    expect(table.stdout).not.toContain("NOT_ACTIONS");

    const { stdout } = await leasehold(folder, ["workflows", "--json"]);
    const document = secretUsesSchema.parse(JSON.parse(stdout));
    expect(document).toMatchObject({ files: 2, unread: [] });
    expect(document.uses.map(({ secret: name, rule }) => [name, rule])).toEqual([
      ["HUB", "workflow/stored-credential"],
      ["NPM_TOKEN", "keyless/npm"],
      ["DEPLOY_TOKEN", "workflow/stored-credential"],
    ]);
    expect(document.uses[1]).toMatchObject({
      form: "named",
      role: "value",
      job: "release",
      step: { index: 0 },
      receiver: { kind: "env", variable: "NODE_AUTH_TOKEN" },
      triggers: ["push"],
      environment: "production",
      runner: ["ubuntu-latest"],
    });
  });

  it("takes one path, and says what could not be read", async () => {
    const folder = temporaryFolder();
    write(folder, "a/.github/workflows/x.yml", workflow(publish));
    write(folder, "b/.github/workflows/y.yml", "on: push\njobs: [\n");
    expect((await leasehold(folder, ["workflows", "a"])).stdout).toContain("1 use of 1 secret in 1 file\n");
    const broken = await leasehold(folder, ["workflows", "b"]);
    expect(broken.code).toBe(4);
    expect(broken.stdout).toContain("not read: .github/workflows/y.yml: GitHub cannot read this file");
    expect((await leasehold(folder, ["workflows", "c"])).code).toBe(3);
  });

  it("prints no control characters of a hostile file", async () => {
    const folder = temporaryFolder();
    write(folder, ".github/workflows/x.yml", workflow(`      - run: echo ${secret("A")}\n        name: "\\e[2J"\n`));
    const { stdout } = await leasehold(folder, ["workflows"]);
    expect(stdout).toContain("\\x1b[2J");
    expect(stdout).not.toContain("\x1b");
  });
});

describe("rules of all families", () => {
  it("are listed and explained", async () => {
    const folder = temporaryFolder();
    const { stdout } = await leasehold(folder, ["rules", "keyless/", "npm"]);
    expect(stdout).toMatch(/keyless\/npm +high +ENROL +route: yes +npm/);
    const json = JSON.parse((await leasehold(folder, ["rules", "--json"])).stdout) as { rules: { id: string }[] };
    const ids = json.rules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of [
      "leak/github-pat",
      "keyless/aws",
      "workflow/stored-credential",
      "workflow/syntax-error",
      "trust/aws-3",
      "trust/unknown",
      "policy/waiver-expired",
      "register/expired",
    ])
      expect(ids).toContain(id);
    for (const id of ids.filter((one) => !one.startsWith("leak/")).filter((_, at) => at % 12 === 0))
      expect(await leasehold(folder, ["explain", id])).toMatchObject({ code: 0, stderr: "" });
    const explained = (await leasehold(folder, ["explain", "keyless/aws"])).stdout;
    expect(explained).toContain("Instead");
    expect(explained).not.toContain("{{");
    expect((await leasehold(folder, ["explain", "workflow/secrets-inherit"])).stdout).toContain(
      "│     secrets: inherit",
    );
    expect((await leasehold(folder, ["explain", "trust/nothing"])).code).toBe(3);
  });
});
