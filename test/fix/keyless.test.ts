// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
import { describe, expect, test } from "vitest";
import { fixed, githubErrors, planOf, refusalsOf, textOf } from "./fixing.ts";

const head = "on: push\npermissions:\n  contents: read\njobs:\n  a:\n    runs-on: ubuntu-latest\n";

/** A workflow of one job; steps written at six columns. */
function job(steps: string, before = ""): string {
  return `${head}${before}    steps:\n${steps}`;
}

describe("a login that a later step relies on", () => {
  test("keeps its place and gets the exchanged token", () => {
    const after = fixed(job("      - run: cargo login ${{ secrets.CRATES_TOKEN }}\n      - run: cargo publish\n"));
    expect(after).toContain("uses: rust-lang/crates-io-auth-action@v1");
    expect(after).toContain(
      "      - run: cargo login ${{ steps.crates-auth.outputs.token }}\n      - run: cargo publish\n",
    );
    expect(after).not.toContain("secrets.");
    expect(githubErrors(after)).toEqual([]);
  });
});

describe("inputs", () => {
  test("are replaced in place, comments beside them kept", () => {
    const after = fixed(
      job(
        "      # the code\n      - uses: actions/checkout@v4\n      # the login\n      - uses: aws-actions/configure-aws-credentials@v4 # keep\n        with:\n          # first\n          aws-access-key-id: ${{ secrets.A }}\n          # second\n          aws-secret-access-key: ${{ secrets.B }}\n          aws-region: eu-west-1 # near\n",
      ),
    );
    expect(after).toBe(
      "on: push\npermissions:\n  contents: read\n  id-token: write # OIDC login to Amazon Web Services\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      # the code\n      - uses: actions/checkout@v4\n      # the login\n      - uses: aws-actions/configure-aws-credentials@v4 # keep\n        with:\n          # first\n          role-to-assume: ${{ vars.AWS_ROLE_ARN }}\n          # second\n          aws-region: eu-west-1 # near\n",
    );
    expect(githubErrors(after)).toEqual([]);
  });

  test("in flow style stay in flow style", () => {
    const after = fixed(
      job(
        '      - { uses: codecov/codecov-action@v5, with: { token: "${{ secrets.CODECOV_TOKEN }}", verbose: true } }\n',
      ),
    );
    expect(after).toContain("      - { uses: codecov/codecov-action@v5, with: { verbose: true, use_oidc: true } }\n");
  });

  test("that are all of `with` leave it when nothing takes their place", () => {
    const after = fixed(
      job(
        "      - uses: pypa/gh-action-pypi-publish@release/v1\n        with:\n          user: __token__\n          password: ${{ secrets.PYPI_API_TOKEN }}\n",
      ),
    );
    expect(after.endsWith("      - uses: pypa/gh-action-pypi-publish@release/v1\n")).toBe(true);
  });
});

describe("env", () => {
  test("of the step goes, and the login comes before the first step that needs it", () => {
    const env =
      "        env:\n          AWS_ACCESS_KEY_ID: ${{ secrets.A }}\n          AWS_SECRET_ACCESS_KEY: ${{ secrets.B }}\n";
    const after = fixed(
      job(`      - run: make\n      # upload\n      - run: aws s3 ls\n${env}      - run: aws s3 sync a b\n${env}`),
    );
    expect(after).toContain(
      "      - run: make\n      - uses: aws-actions/configure-aws-credentials@v6.2.3\n        with:\n          role-to-assume: ${{ vars.AWS_ROLE_ARN }}\n          aws-region: ${{ vars.AWS_REGION }}\n      # upload\n      - run: aws s3 ls\n      - run: aws s3 sync a b\n",
    );
  });

  test("of the job goes where one step runs the service's command, and its region is used", () => {
    const after = fixed(
      job(
        "      - run: aws s3 ls\n",
        "    env:\n      AWS_ACCESS_KEY_ID: ${{ secrets.A }}\n      AWS_SECRET_ACCESS_KEY: ${{ secrets.B }}\n      AWS_REGION: eu-west-1\n",
      ),
    );
    expect(after).toContain("    env:\n      AWS_REGION: eu-west-1\n");
    expect(after).toContain("          aws-region: ${{ env.AWS_REGION }}\n");
  });

  test("of the workflow stays when it cannot be told which job needs it", () => {
    const text = `on: push\nenv:\n  AWS_ACCESS_KEY_ID: \${{ secrets.A }}\n  AWS_SECRET_ACCESS_KEY: \${{ secrets.B }}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: aws s3 ls\n  b:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ./deploy.sh\n`;
    expect(refusalsOf(text)).toEqual([expect.stringContaining("is in the environment of job b too")]);
  });

  test("that gets the exchanged value keeps its name and quotes", () => {
    const after = fixed(
      job('      - run: cargo publish\n        env:\n          CARGO_REGISTRY_TOKEN: "${{ secrets.CARGO }}" # token\n'),
    );
    expect(after).toContain('          CARGO_REGISTRY_TOKEN: "${{ steps.crates-auth.outputs.token }}" # token\n');
    expect(after).toContain(
      "      - id: crates-auth\n        uses: rust-lang/crates-io-auth-action@v1.0.5\n      - run: cargo publish\n",
    );
  });

  test("that the script itself reads is not taken from it", () => {
    const script =
      '      - run: |\n          echo "//registry/:_authToken=$NPM_TOKEN" > .npmrc\n          npm publish\n        env:\n          NPM_TOKEN: ${{ secrets.NPM_TOKEN }}\n';
    expect(refusalsOf(job(script))).toHaveLength(1);
  });

  test("under a name of the project's own goes with the flag that reads it, and stays where something else does", () => {
    const publish = (rest: string): string =>
      job(
        `      - run: |\n          cargo publish --token \${OWN_TOKEN}\n${rest}        env:\n          OWN_TOKEN: \${{ secrets.CRATES_TOKEN }}\n`,
      );
    const after = fixed(publish(""));
    expect(after).toContain("          cargo publish\n");
    expect(after).toContain("CARGO_REGISTRY_TOKEN: ${{ steps.crates-auth.outputs.token }}");
    expect(after).not.toContain("OWN_TOKEN");
    expect(githubErrors(after)).toEqual([]);
    expect(refusalsOf(publish('          ./notify "$OWN_TOKEN"\n'))).toHaveLength(1);
  });

  test("that another command of the script has too keeps the login it is for", () => {
    const login = (rest: string): string =>
      job(
        `      - run: |\n          az login --service-principal -u x -p "$SP" --tenant y\n${rest}        env:\n          SP: \${{ secrets.AZURE_CLIENT_SECRET }}\n`,
      );
    expect(fixed(login("          az account show\n"))).toContain("      - run: |\n          az account show\n");
    expect(refusalsOf(login('          ./deploy "$SP"\n'))).toHaveLength(1);
  });

  test("that the script writes into .npmrc goes with the line that writes it, when it is for the public registry", () => {
    const npmrc = (host: string, rest: string): string =>
      job(
        `      - run: |\n          echo "//${host}/:_authToken=$NPM_TOKEN" > .npmrc\n${rest}        env:\n          NPM_TOKEN: \${{ secrets.NPM_TOKEN }}\n`,
      );
    const after = fixed(npmrc("x.npmjs.example", "          npm publish\n"));
    expect(after).toContain("    steps:\n      - run: |\n          npm publish\n");
    expect(after).not.toContain("NPM_TOKEN");
    expect(refusalsOf(npmrc("x.npmjs.example", '          ./publish "$NPM_TOKEN"\n'))).toHaveLength(1);
    expect(refusalsOf(npmrc("x.other.example", "          npm publish\n"))).toHaveLength(1);
  });
});

describe("guards", () => {
  const step = (condition: string): string =>
    job(
      `      - if: ${condition}\n        run: npm publish\n        env:\n          NODE_AUTH_TOKEN: \${{ secrets.NPM_TOKEN }}\n`,
    );

  test.each([
    ["env.NODE_AUTH_TOKEN != ''", "      - run: npm publish\n"],
    [
      "env.NODE_AUTH_TOKEN != '' && github.ref == 'refs/heads/main'",
      "      - if: github.ref == 'refs/heads/main'\n        run: npm publish\n",
    ],
    [
      "github.ref == 'x' && env.NODE_AUTH_TOKEN && success()",
      "      - if: github.ref == 'x' && success()\n        run: npm publish\n",
    ],
    ["${{ env.NODE_AUTH_TOKEN != '' }}", "      - run: npm publish\n"],
    [
      "${{ github.ref == 'x' && env.NODE_AUTH_TOKEN != '' }}",
      "      - if: ${{ github.ref == 'x' }}\n        run: npm publish\n",
    ],
  ])("%s", (condition, expected) => {
    expect(fixed(step(condition)).endsWith(expected)).toBe(true);
  });

  test.each([
    "env.NODE_AUTH_TOKEN == ''",
    "env.NODE_AUTH_TOKEN != '' || always()",
    "contains(env.NODE_AUTH_TOKEN, 'x')",
  ])("%s is no guard", (condition) => {
    expect(refusalsOf(step(condition))).toEqual([expect.stringContaining("condition")]);
  });
});

describe("versions", () => {
  const login = (uses: string, more = ""): string =>
    job(`      - uses: ${uses}\n        with:\n          token: \${{ secrets.CODECOV_TOKEN }}\n${more}`);
  const pinnedOther = "      - uses: acme/x@0123456789abcdef0123456789abcdef01234567 # v1.0.0\n";

  test("a tag below the minimum is raised in its own form", () => {
    expect(fixed(login("codecov/codecov-action@v3"))).toContain("codecov/codecov-action@v5\n");
    expect(fixed(login("codecov/codecov-action@v4.1.0"))).toContain("codecov/codecov-action@v5.5.2\n");
    expect(fixed(login("codecov/codecov-action@v4"))).toContain("codecov/codecov-action@v4\n");
  });

  test("a commit is replaced by the commit of the version, the comment with it", () => {
    const after = fixed(login("codecov/codecov-action@ab904c41d6ece82784817410c45d8b8c02684457 # v3.1.6"));
    expect(after).toContain("codecov/codecov-action@671740ac38dd9b0130fbe1cec585b89eea48d3de # v5.5.2\n");
  });

  test("a login that is put in is pinned where the file pins", () => {
    const text = job(
      `${pinnedOther}      - run: cargo publish\n        env:\n          CARGO_REGISTRY_TOKEN: \${{ secrets.CARGO }}\n`,
    );
    expect(fixed(text)).toContain(
      "rust-lang/crates-io-auth-action@c6f97d42243bad5fab37ca0427f495c86d5b1a18 # v1.0.5\n",
    );
  });

  test("pins come from the repository's other files and from --pins, else the command that pins is told", () => {
    const text = job(
      `${pinnedOther}      - uses: docker/login-action@1234567890abcdef1234567890abcdef12345678 # v4.5.0\n        with:\n          username: acme\n          password: \${{ secrets.DOCKERHUB_TOKEN }}\n`,
    );
    expect(planOf(text).checklist).toContainEqual(
      expect.stringContaining("git ls-remote https://github.com/docker/oidc-action 'refs/tags/v1.0.0*'"),
    );
    const commit = "fedcba9876543210fedcba9876543210fedcba98";
    const other = `${head}    steps:\n      - uses: docker/oidc-action@${commit} # v1.0.0\n`;
    expect(fixed(text, { tree: { ".github/workflows/other.yml": other } })).toContain(
      `docker/oidc-action@${commit} # v1.0.0\n`,
    );
    expect(fixed(text, { pins: `actions:\n  docker/oidc-action:\n    v1.0.0: ${commit}\n` })).toContain(
      `docker/oidc-action@${commit} # v1.0.0\n`,
    );
  });
});

describe("jobs", () => {
  const publish = "      - run: cargo publish\n        env:\n          CARGO_REGISTRY_TOKEN: ${{ secrets.CARGO }}\n";

  test("a login that is there already is used", () => {
    const after = fixed(job(`      - uses: rust-lang/crates-io-auth-action@v1\n        id: auth\n${publish}`));
    expect(after).toContain("CARGO_REGISTRY_TOKEN: ${{ steps.auth.outputs.token }}\n");
    expect(after).not.toContain("crates-auth");
  });

  test("an id that is taken is not taken twice", () => {
    expect(fixed(job(`      - run: x\n        id: crates-auth\n${publish}`))).toContain("id: crates-auth-2\n");
  });

  test("a login for a step that runs on a condition has the same one", () => {
    const after = fixed(job(publish.replace("- run", "- if: github.ref == 'refs/heads/main'\n        run")));
    expect(after).toContain(
      "      - id: crates-auth\n        if: github.ref == 'refs/heads/main'\n        uses: rust-lang/crates-io-auth-action@v1.0.5\n",
    );
  });

  test("in a parallel group the login stands before the group", () => {
    const text = job(
      "      - run: make\n      - parallel:\n          - run: make docs\n          - run: cargo publish\n            env:\n              CARGO_REGISTRY_TOKEN: ${{ secrets.CARGO }}\n",
    );
    const after = fixed(text);
    expect(after.indexOf("crates-io-auth-action")).toBeLessThan(after.indexOf("parallel:"));
    expect(githubErrors(after)).toEqual([]);
  });

  test.each([
    [
      "self-hosted runners for npm",
      job("      - run: npm publish\n        env:\n          NODE_AUTH_TOKEN: ${{ secrets.N }}\n").replace(
        "ubuntu-latest",
        "self-hosted",
      ),
      "GitHub-hosted",
    ],
    [
      "a called workflow for PyPI",
      job(
        "      - uses: pypa/gh-action-pypi-publish@release/v1\n        with:\n          password: ${{ secrets.P }}\n",
      ).replace("on: push", "on: workflow_call"),
      "reusable workflow",
    ],
    [
      "workflow_run for the Cargo registry",
      job(publish).replace("on: push", "on: workflow_run"),
      "refuses trusted publishing",
    ],
    [
      "the head of a pull request",
      job(
        `      - uses: actions/checkout@v4\n        with:\n          ref: \${{ github.event.pull_request.head.sha }}\n${"      - run: aws s3 ls\n        env:\n          AWS_ACCESS_KEY_ID: ${{ secrets.A }}\n          AWS_SECRET_ACCESS_KEY: ${{ secrets.B }}\n"}`,
      ).replace("on: push", "on: pull_request_target"),
      "head branch",
    ],
    [
      "a name that the matrix chooses",
      job(
        "      - run: cargo publish\n        env:\n          CARGO_REGISTRY_TOKEN: ${{ secrets[matrix.token] }}\n",
        "    strategy:\n      matrix:\n        token: [A, B]\n",
      ),
      "matrix",
    ],
    [
      "a local action",
      job("      - uses: ./deploy\n        with:\n          aws-secret-access-key: ${{ secrets.B }}\n"),
      "local action",
    ],
    [
      "a called workflow that takes it",
      "on: push\njobs:\n  a:\n    uses: acme/x/.github/workflows/w.yml@v1\n    secrets:\n      NPM_TOKEN: ${{ secrets.NPM_TOKEN }}\n",
      "has to log in by itself",
    ],
    [
      "a value from two places",
      job(
        "      - run: cargo publish\n        env:\n          CARGO_REGISTRY_TOKEN: ${{ inputs.t || secrets.CARGO }}\n",
      ).replace("on: push", "on:\n  workflow_dispatch:\n    inputs:\n      t: {}"),
      "",
    ],
  ])("refuses %s", (_, text, reason) => {
    const plan = planOf(text);
    expect(plan.edits.length === 0 || reason === "").toBe(true);
    if (reason !== "") expect(plan.refused.map((one) => one.reason)).toEqual([expect.stringContaining(reason)]);
  });

  test("refuses a composite action", () => {
    const text =
      "name: x\nruns:\n  using: composite\n  steps:\n    - uses: aws-actions/configure-aws-credentials@v4\n      with:\n        aws-secret-access-key: ${{ secrets.B }}\n";
    expect(refusalsOf(text, { path: "action.yml" })).toEqual([expect.stringContaining("composite action")]);
  });

  test("only classes that were asked for are written", () => {
    expect(refusalsOf(job(publish), { classes: ["AUTO"] })).toEqual([expect.stringContaining("enrolled")]);
  });
});

describe("reusable workflows", () => {
  const called = `on:\n  workflow_call:\n    secrets:\n      CARGO:\n        required: true\npermissions:\n  contents: read\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: cargo publish\n        env:\n          CARGO_REGISTRY_TOKEN: \${{ secrets.CARGO }}\n`;

  test("lose the declaration that nothing reads any more, and say what callers must allow", () => {
    const plan = planOf(called);
    expect(textOf(plan)).toContain("on:\n  workflow_call:\npermissions:\n");
    expect(githubErrors(textOf(plan))).toEqual([]);
    expect(plan.checklist).toContainEqual(expect.stringContaining("must allow id-token: write"));
  });

  test("keep it while a caller here passes it", () => {
    const caller =
      "on: push\njobs:\n  a:\n    uses: ./.github/workflows/w.yml\n    secrets:\n      CARGO: ${{ secrets.CARGO }}\n";
    const plan = planOf(called, { tree: { ".github/workflows/c.yml": caller } });
    expect(textOf(plan)).toContain("      CARGO:\n        required: true\n");
    expect(plan.checklist).toContainEqual(expect.stringContaining(".github/workflows/c.yml still passes CARGO"));
    expect(plan.secrets).toEqual([
      { name: "CARGO", service: "Cargo registry", stillRead: [".github/workflows/c.yml"] },
    ]);
  });

  test("are not changed by a fix that promises to need nothing else, unless every caller allows it", () => {
    const text = job(
      "      - uses: codecov/codecov-action@v5\n        with:\n          token: ${{ secrets.CODECOV_TOKEN }}\n",
    ).replace("on: push", "on: workflow_call");
    const caller =
      "on: push\njobs:\n  a:\n    permissions:\n      contents: read\n      id-token: write\n    uses: ./.github/workflows/w.yml\n";
    expect(refusalsOf(text)).toEqual([expect.stringContaining("who calls it is not known")]);
    expect(refusalsOf(text, { tree: { ".github/workflows/c.yml": caller } })).toEqual([]);
  });
});

describe("files that are not edited", () => {
  const publish = "      - run: cargo publish\n        env:\n          CARGO_REGISTRY_TOKEN: ${{ secrets.CARGO }}\n";

  test("with tabs in the indentation", () => {
    const text = job(`${publish}      - uses: a/b@v1\n        with: { a: b,\n            \tc: d }\n`);
    expect(refusalsOf(text)).toEqual([expect.stringContaining("tabs")]);
  });

  test("with a merge key", () => {
    const text = job(
      `${publish}      - run: x\n        env: &e\n          A: b\n      - run: y\n        env:\n          <<: *e\n`,
    );
    expect(refusalsOf(text)).toEqual([expect.stringContaining("merge key")]);
  });

  test("where an alias repeats what would change", () => {
    const text = job(
      "      - run: cargo publish\n        env: &e\n          CARGO_REGISTRY_TOKEN: ${{ secrets.CARGO }}\n      - run: ./other\n        env: *e\n",
    );
    expect(refusalsOf(text)[0]).toContain("alias");
  });

  test("that are no UTF-8", () => {
    const bytes = Buffer.concat([Buffer.from(job(publish)), Buffer.from([0x23, 0xff, 0x0a])]);
    expect(refusalsOf(bytes)).toEqual([expect.stringContaining("UTF-8")]);
  });
});

test("CRLF, a byte order mark and a missing final line end stay", () => {
  const text = `\uFEFF${job("      - uses: codecov/codecov-action@v5\n        with:\n          token: ${{ secrets.CODECOV_TOKEN }}").replaceAll("\n", "\r\n")}`;
  const after = fixed(text);
  expect(after.startsWith("\uFEFFon: push\r\n")).toBe(true);
  expect(after.endsWith("        with:\r\n          use_oidc: true")).toBe(true);
  expect(after.replaceAll("\r\n", "")).not.toContain("\n");
});
