// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows stand in plain strings here.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findIn, rules, workflowText } from "./keyless-file.ts";

const secret = (name: string): string => `\${{ secrets.${name} }}`;
const inStep = (steps: string): ReturnType<typeof findIn> => findIn(workflowText({ steps }));
const named = (steps: string): string[] => inStep(steps).map(({ facts }) => `${facts.catalogue} ${facts.secret}`);

/** Names that say nothing: no word of theirs stands in any rule. */
const meaningless = fc
  .array(fc.stringMatching(/^[QXZ]{4,7}$/), { minLength: 1, maxLength: 3 })
  .map((words) => words.join("_"));

describe("a service is recognised by what receives the value", () => {
  const cases = rules.flatMap((rule) =>
    rule.examples.bad.flatMap((example) => {
      const text = workflowText(example);
      const found = findIn(text).find(({ facts }) => facts.catalogue === rule.id);
      const byReceiver = found !== undefined && !/^(?:name of the secret|beside)/.test(found.gates[0] ?? "");
      return byReceiver ? [[rule.id, text, found.facts.secret ?? ""] as const] : [];
    }),
  );

  test("and most examples show it", () => expect(cases.length).toBeGreaterThan(180));

  test("whatever the secret is called", () => {
    fc.assert(
      fc.property(fc.constantFrom(...cases), meaningless, ([id, text, before], name) => {
        const renamed = text.replaceAll(`secrets.${before} `, `secrets.${name} `);
        const services = findIn(renamed).map(({ facts }) => `${facts.catalogue} ${facts.secret}`);
        expect(services, renamed).toContain(`${id} ${name}`);
      }),
      { numRuns: 400 },
    );
  });
});

describe("what is no stored credential", () => {
  test.each([
    ["the job's own token", "- run: gh pr list\n  env:\n    GH_TOKEN: ${{ secrets.GITHUB_TOKEN }}"],
    ["the same by its other name", "- uses: actions/checkout@v6\n  with:\n    token: ${{ github.token }}"],
    ["an exchanged value", "- run: cargo publish\n  env:\n    CARGO_REGISTRY_TOKEN: ${{ steps.auth.outputs.token }}"],
    ["a decision", "- run: make\n  env:\n    CAN_PUSH: ${{ secrets.DOCKERHUB_TOKEN != '' }}"],
    ["a condition", "- run: make\n  if: ${{ secrets.NPM_TOKEN != '' }}"],
    [
      "a role",
      "- uses: aws-actions/configure-aws-credentials@v6\n  with:\n    role-to-assume: ${{ secrets.AWS_ROLE_TO_ASSUME }}",
    ],
    ["an account", "- run: make\n  env:\n    CLOUDFLARE_ACCOUNT_ID: ${{ secrets.CLOUDFLARE_ACCOUNT_ID }}"],
    ["a user name", "- uses: docker/login-action@v4\n  with:\n    username: ${{ secrets.DOCKERHUB_USERNAME }}"],
    ["a public address", "- run: make\n  env:\n    SENTRY_DSN: ${{ secrets.SENTRY_DSN }}"],
    ["a public key", "- run: make\n  env:\n    SSH_PUBLIC_KEY: ${{ secrets.SSH_PUBLIC_KEY }}"],
    ["a comment of a script", "- run: |\n    # cargo login ${{ secrets.CRATES_TOKEN }}\n    make"],
    ["a name that says nothing", "- run: make\n  env:\n    FLAVOUR: ${{ secrets.FLAVOUR }}"],
    ["a dry run", `- run: cargo publish --dry-run --token ${secret("CRATES")}`],
    ["a database in the job", `- run: psql "postgres://u:${secret("DB_PASSWORD")}@localhost:5432/db"`],
  ])("%s", (_, steps) => expect(inStep(steps)).toEqual([]));
});

describe("which rule and where", () => {
  test("a route gives a keyless rule, none gives workflow/stored-credential with severity info", () => {
    const found = inStep(
      `- run: make\n  env:\n    CARGO_REGISTRY_TOKEN: ${secret("A")}\n    FLY_API_TOKEN: ${secret("B")}\n    ODD_PASSWORD: ${secret("C")}`,
    );
    expect(found.map((one) => [one.rule, one.severity, one.facts.service, one.facts.route])).toEqual([
      ["keyless/crates", "high", "Cargo registry", "yes"],
      ["workflow/stored-credential", "info", "Fly.io", "no"],
      ["workflow/stored-credential", "info", "unknown", "no"],
    ]);
    expect(found[0]?.facts).toMatchObject({ secret: "A", "fix-class": "ENROL", consumer: "env CARGO_REGISTRY_TOKEN" });
    expect(found[0]?.message).toContain("Cargo registry");
    expect(found[0]?.message).toContain("crates-io-auth-action");
  });

  test("the place is the reference itself, in CRLF and behind a byte order mark too", () => {
    const text = `\uFEFF${workflowText({ steps: `- run: cargo login \${{ format('{0}', secrets['UP']) }}` }).replaceAll("\n", "\r\n")}`;
    const [found] = findIn(text);
    expect(Buffer.from(text).subarray(found?.place.start, found?.place.end).toString()).toBe("secrets['UP']");
    expect(found?.place.line).toBe(6);
  });

  test("an id that names is reported with its secret half and alone only without it", () => {
    const both = `- run: aws s3 ls\n  env:\n    AWS_ACCESS_KEY_ID: ${secret("I")}\n    AWS_SECRET_ACCESS_KEY: ${secret("S")}`;
    expect(named(both)).toEqual(["aws S"]);
    expect(named(`- run: aws s3 ls\n  env:\n    AWS_ACCESS_KEY_ID: ${secret("I")}`)).toEqual(["aws I"]);
  });

  test("a variable of the workflow that many steps read is one finding", () => {
    const text = `on: push\nenv:\n  NPM_TOKEN: ${secret("N")}\njobs:\n  a: &a\n    runs-on: x\n    steps:\n      - run: echo "$NPM_TOKEN" | cut -c1\n      - run: npm publish --token "$NPM_TOKEN"\n  b: *a\n`;
    expect(findIn(text).map(({ facts }) => facts.catalogue)).toEqual(["npm"]);
  });

  test("ids outlive moves and tell the uses of one step apart", () => {
    const env = `    COMMITTER_TOKEN: ${secret("P")}\n    GITHUB_TOKEN: ${secret("P")}`;
    const ids = (steps: string): string[] => inStep(steps).map(({ id }) => id);
    const before = ids(`- uses: acme/bump@v1\n  env:\n${env}`);
    expect(new Set(before).size).toBe(2);
    expect(ids(`- run: make\n\n- uses: acme/bump@v2 # moved\n  env:\n${env}`)).toEqual(before);
  });

  test.each([
    [
      "a registry named by the workflow's env",
      `on: push\nenv:\n  HOST: ghcr.io\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: docker/login-action@v4\n        with:\n          registry: \${{ env.HOST }}\n          password: ${secret("W")}\n`,
      "ghcr",
    ],
    [
      "a list of registries in one input",
      workflowText({
        steps: `- uses: docker/login-action@v4\n  with:\n    registry-auth: |\n      - registry: quay.io\n        password: ${secret("W")}\n      - registry: ghcr.io\n        username: x`,
      }),
      "quay",
    ],
    [
      "the credentials of a container",
      `on: push\njobs:\n  a:\n    runs-on: x\n    container:\n      image: quay.io/acme/x:1\n      credentials:\n        username: u\n        password: ${secret("W")}\n    steps:\n      - run: make\n`,
      "quay",
    ],
    [
      "a called workflow's secret",
      `on: push\njobs:\n  a:\n    uses: acme/shared/.github/workflows/x.yml@v1\n    secrets:\n      npm-token: ${secret("W")}\n`,
      "npm",
    ],
    [
      "a file that a later command is given",
      workflowText({
        steps: `- run: |\n    echo "$W" > robot.json\n    gcloud auth activate-service-account --key-file=robot.json\n  env:\n    W: ${secret("W")}`,
      }),
      "gcp",
    ],
    ["a build argument", workflowText({ steps: `- run: docker build --build-arg NPM_TOKEN=${secret("W")} .` }), "npm"],
    [
      "GITHUB_ENV",
      workflowText({ steps: `- run: echo "DATABRICKS_TOKEN=${secret("W")}" >> "$GITHUB_ENV"` }),
      "databricks",
    ],
    [
      "another endpoint",
      workflowText({
        steps: `- run: aws s3 ls --endpoint-url https://store.example.org\n  env:\n    AWS_SECRET_ACCESS_KEY: ${secret("W")}`,
      }),
      "s3-compatible",
    ],
    [
      "a server of one's own",
      workflowText({
        steps: `- run: mvn sonar:sonar\n  env:\n    SONAR_TOKEN: ${secret("W")}\n    SONAR_HOST_URL: https://quality.example.org`,
      }),
      "sonarserver",
    ],
    [
      "a private index",
      workflowText({
        steps: `- uses: pypa/gh-action-pypi-publish@release/v1\n  with:\n    repository-url: \${{ vars.INDEX }}\n    password: ${secret("W")}`,
      }),
      "private-index",
    ],
    [
      "an install only",
      workflowText({ steps: `- run: npm ci\n  env:\n    NODE_AUTH_TOKEN: ${secret("W")}` }),
      "npm-read",
    ],
    [
      "a secret whose name is of another service than the variable",
      workflowText({ steps: `- run: ./push.ps1\n  env:\n    NUGET_API_KEY: ${secret("MYGET_FEED_KEY")}` }),
      "myget",
    ],
  ])("%s", (_, text, service) => expect(findIn(text).map(({ facts }) => facts.catalogue)).toEqual([service]));

  test("a registry of Dependabot is never a keyless rule: there is no step to put in its place", () => {
    const text = `version: 2\nregistries:\n  hub:\n    type: docker-registry\n    url: registry.hub.docker.com\n    username: acme\n    password: ${secret("DOCKERHUB_TOKEN")}\nupdates: []\n`;
    expect(findIn(text, ".github/dependabot.yml").map(({ rule }) => rule)).toEqual(["workflow/stored-credential"]);
  });

  test("no finding quotes more than names", () => {
    for (const rule of rules) {
      for (const example of rule.examples.bad) {
        for (const finding of findIn(workflowText(example))) {
          expect(finding.message).not.toMatch(/\n/);
          expect(finding.preview).toMatch(/^secrets/);
        }
      }
    }
  });
});
