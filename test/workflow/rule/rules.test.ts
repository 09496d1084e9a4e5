// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
import { describe, expect, test } from "vitest";
import { scanWorkflow } from "../../../src/workflow/scan-workflow.ts";
import { bytesOf, path, withSteps } from "../reading.ts";

const sha = "0123456789abcdef0123456789abcdef01234567";

/** The findings of one rule as `severity confidence "bytes"`. */
function found(rule: string, text: string, owner?: string): string[] {
  const { findings } = scanWorkflow(path, Buffer.from(text), "salt", owner === undefined ? {} : { owner });
  return findings
    .filter((finding) => finding.rule === `workflow/${rule}`)
    .map((finding) => `${finding.severity} ${finding.confidence} ${bytesOf(text, finding.place)}`);
}

const key = "  with: { key: '${{ secrets.K }}' }\n";

describe("unpinned-action-secret", () => {
  test.each([
    [`- uses: a/b@main\n${key}`, ["high certain a/b@main"]],
    [`- uses: a/b@v1.2.3\n${key}`, ["medium certain a/b@v1.2.3"]],
    [`- uses: docker://a/b:1\n${key}`, ["medium certain docker://a/b:1"]],
    [`- uses: docker://a/b@sha256:${sha}\n${key}`, []],
    [`- uses: a/b@${sha}\n${key}`, []],
    [`- uses: actions/x@v1\n${key}`, []],
    [`- uses: ./x\n${key}`, []],
    [`- uses: \${{ matrix.x }}\n${key}`, []],
    ["- uses: a/b@v1\n  with: { token: '${{ secrets.GITHUB_TOKEN }}' }\n", []],
    ["- uses: a/b@v1\n  with: { user: '${{ secrets.REGISTRY_USERNAME }}' }\n", []],
    ["- uses: a/b@v1\n  with: { on: \"${{ secrets.K != '' }}\" }\n", []],
    [
      "- uses: a/b@v1\n  with: { k: '${{ secrets.K }}', l: '${{ secrets.L }}' }\n  env: { M: '${{ secrets.M }}' }\n",
      ["medium certain a/b@v1"],
    ],
  ])("%j", (steps, expected) => {
    expect(found("unpinned-action-secret", withSteps(steps))).toEqual(expected);
  });

  test("the repository's own actions are not third-party", () => {
    expect(found("unpinned-action-secret", withSteps(`- uses: Acme/b@main\n${key}`), "acme")).toEqual([]);
  });

  test("calls of reusable workflows", () => {
    const call = (uses: string): string =>
      `on: push\njobs:\n  a:\n    uses: ${uses}\n    secrets: { k: '\${{ secrets.K }}' }\n`;
    expect(found("unpinned-action-secret", call("a/b/.github/workflows/c.yml@v1"))).toEqual([
      "medium certain a/b/.github/workflows/c.yml@v1",
    ]);
    expect(found("unpinned-action-secret", call("./.github/workflows/c.yml"))).toEqual([]);
  });
});

describe("secret-on-command-line", () => {
  const env = "  env: { K: '${{ secrets.K }}' }\n";
  test.each([
    ["- run: tool ${{ secrets.K }}\n", ["medium certain secrets.K"]],
    ["- run: tool ${{ secrets.GITHUB_TOKEN }}\n", ["info certain secrets.GITHUB_TOKEN"]],
    ["- run: tool ${{ secrets.K != '' }}\n", []],
    ["- run: tool ${{ secrets.AWS_ACCOUNT_ID }}\n", []],
    [`- run: docker login -u x -p "$K"\n${env}`, ["low likely $K"]],
    [`- run: tool --token=$K\n${env}`, ["low likely $K"]],
    [`- run: curl -u "me:$K" x\n${env}`, ["low likely $K"]],
    [`- run: git clone https://x:$K@host/y\n${env}`, ["low likely $K"]],
    [`- run: 'curl -H "Authorization: Bearer $K" x'\n${env}`, ["low likely $K"]],
    [`- run: echo "$K" | tool --stdin\n${env}`, []],
    [`- run: tool "$K"\n${env}`, []],
    [`- run: K2=$K tool\n${env}`, []],
    [`- run: echo "--token $K" >> file\n${env}`, []],
  ])("%j", (steps, expected) => {
    expect(found("secret-on-command-line", withSteps(steps))).toEqual(expected);
  });
});

describe("secret-in-wide-env", () => {
  const job = (env: string, steps: string): string =>
    withSteps(steps).replace("    steps:", `    env: ${env}\n    steps:`);
  test.each([
    ["{ K: '${{ secrets.K }}' }", "- run: a\n- run: b $K\n", ["low likely K: '${{ secrets.K }}'"]],
    ["{ K: '${{ secrets.K }}' }", "- uses: x/y@v1\n- run: b $K\n", ["medium likely K: '${{ secrets.K }}'"]],
    ["{ K: '${{ secrets.K }}' }", "- run: a $K\n- run: b $K\n", []],
    ["{ K: '${{ secrets.K }}' }", "- run: b $K\n", []],
    ["{ K: '${{ secrets.K }}' }", "- run: a\n- run: b\n", []],
    ["{ K: '${{ secrets.GITHUB_TOKEN }}' }", "- run: a\n- run: b $K\n", []],
    ["{ K: '${{ secrets.AWS_ROLE_ARN }}' }", "- run: a\n- run: b $K\n", []],
  ])("%s with %j", (env, steps, expected) => {
    expect(found("secret-in-wide-env", job(env, steps))).toEqual(expected);
  });

  test("the workflow's env, read in one job of several", () => {
    const text =
      "on: push\nenv:\n  K: ${{ secrets.K }}\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: a $K\n      - run: b $K\n  b:\n    runs-on: x\n    steps:\n      - run: c\n";
    expect(found("secret-in-wide-env", text)).toEqual(["low likely K: ${{ secrets.K }}"]);
    expect(found("secret-in-wide-env", text.replace("run: c", "run: c $K"))).toEqual([]);
  });
});

describe("secrets handed over at once", () => {
  test.each([
    ["./.github/workflows/w.yml", ["low certain secrets: inherit"]],
    [`a/b/.github/workflows/w.yml@${sha}`, ["medium certain secrets: inherit"]],
    ["a/b/.github/workflows/w.yml@v1", ["high certain secrets: inherit"]],
  ])("inherit for %s", (uses, expected) => {
    expect(found("secrets-inherit", `on: push\njobs:\n  a:\n    uses: ${uses}\n    secrets: inherit\n`)).toEqual(
      expected,
    );
  });

  test.each([
    ["${{ toJson(SECRETS) }}", ["medium certain SECRETS"]],
    ["${{ secrets.* }}", ["medium certain secrets.*"]],
    ["${{ toJSON(secrets.K) }}", []],
    ["${{ toJSON(secrets) != '{}' }}", []],
  ])("all-secrets in %s", (value, expected) => {
    expect(found("all-secrets", withSteps(`- run: x\n  env: { A: "${value}" }\n`))).toEqual(expected);
  });

  test("dynamic-secret", () => {
    expect(
      found(
        "dynamic-secret",
        withSteps("- run: x\n  env: { A: '${{ secrets[inputs.name] }}', B: '${{ secrets[''B''] }}' }\n"),
      ),
    ).toEqual(["low certain secrets[inputs.name]"]);
  });
});

describe("triggers and runners", () => {
  const job = (head: string, condition: string, runner = "ubuntu-latest"): string =>
    `on: ${head}\njobs:\n  a:\n    runs-on: ${runner}\n${condition}    steps:\n      - run: x\n        env: { K: '\${{ secrets.K }}' }\n`;
  test.each([
    ["pull_request_target", "", ["medium certain secrets.K"]],
    ["workflow_run", "", ["low certain secrets.K"]],
    ["pull_request", "", []],
    ["[push, pull_request_target]", "    if: github.event_name == 'push'\n", []],
    ["[push, pull_request_target]", "    if: github.event_name != 'pull_request_target' && always()\n", []],
    [
      "[push, pull_request_target]",
      "    if: github.event_name == 'push' || github.actor == 'x'\n",
      ["medium certain secrets.K"],
    ],
    ["[push, pull_request_target]", "    if: github.ref == 'x'\n", ["medium certain secrets.K"]],
  ])("secret-with-privileged-trigger on %s with %j", (head, condition, expected) => {
    expect(found("secret-with-privileged-trigger", job(head, condition))).toEqual(expected);
  });

  test.each([
    ["[self-hosted, linux]", ["low likely secrets.K"]],
    ["ubuntu-latest", []],
    ["big-runner", []],
    ["${{ matrix.os }}", []],
  ])("secret-on-self-hosted-runner on %s", (runner, expected) => {
    expect(found("secret-on-self-hosted-runner", job("push", "", runner))).toEqual(expected);
  });
});

describe("hardcoded-container-credentials", () => {
  const value = ["not", "a", "password"].join("-");
  const text = (password: string): string =>
    `on: push\njobs:\n  a:\n    runs-on: x\n    container:\n      image: i\n      credentials: { username: u, password: ${password} }\n    services:\n      db: { image: p, env: { POSTGRES_PASSWORD: ${value} } }\n    steps: [{ run: x }]\n`;

  test("a literal is found, and nothing shows it", () => {
    const { findings } = scanWorkflow(path, Buffer.from(text(value)), "salt");
    const finding = findings.find((one) => one.rule === "workflow/hardcoded-container-credentials");
    expect([finding?.severity, finding?.place.line]).toEqual(["high", 7]);
    expect(JSON.stringify(findings)).not.toContain(value);
  });

  test.each(["'${{ secrets.P }}'", "''", "'${{ github.token }}'"])("%s is not", (password) => {
    expect(found("hardcoded-container-credentials", text(password))).toEqual([]);
  });
});

describe("GitHub's own tokens", () => {
  test.each([
    ["- uses: actions/checkout@v4\n  with: { token: '${{ secrets.MY_PAT }}' }\n", ["low likely secrets.MY_PAT"]],
    [
      "- uses: actions/checkout@v4\n  with: { token: '${{ secrets.MY_PAT }}' }\n- run: git push\n",
      ["low weak secrets.MY_PAT"],
    ],
    [
      "- uses: actions/checkout@v4\n  with: { token: '${{ secrets.MY_PAT }}', repository: a/b }\n",
      ["low weak secrets.MY_PAT"],
    ],
    ["- run: gh pr list\n  env: { GH_TOKEN: '${{ secrets.GH_TOKEN }}' }\n", ["low weak secrets.GH_TOKEN"]],
    ["- run: x\n  env: { NPM_TOKEN: '${{ secrets.NPM_TOKEN }}' }\n", []],
    ["- uses: actions/checkout@v4\n  with: { token: '${{ secrets.GITHUB_TOKEN }}' }\n", []],
    ["- uses: a/b@v1\n  with: { token: '${{ secrets.COMPATIBLE }}' }\n", []],
  ])("pat-instead-of-token: %j", (steps, expected) => {
    expect(found("pat-instead-of-token", withSteps(steps))).toEqual(expected);
  });

  const action = "actions/create-github-app-token@v3";
  test.each([
    ["private-key: k", [`low certain ${action}`]],
    ["private-key: k, owner: o", [`medium certain ${action}`]],
    ["private-key: k, owner: o, permission-contents: read", [`low certain ${action}`]],
    ["private-key: k, owner: o, repositories: r, permission-contents: read", []],
    ["private-key: k, permission-contents: read", []],
  ])("app-token-unscoped: %s", (inputs, expected) => {
    expect(found("app-token-unscoped", withSteps(`- uses: ${action}\n  with: { ${inputs} }\n`))).toEqual(expected);
  });
});

describe("secret-without-environment", () => {
  const job = (id: string, rest = "", head = "push"): string =>
    `on: ${head}\njobs:\n  ${id}:\n    runs-on: x\n${rest}    steps:\n      - run: x $K\n        env: { K: '\${{ secrets.NPM_TOKEN }}' }\n`;
  test.each([
    [job("deploy"), ["low likely deploy"]],
    [job("npm-publish"), ["low likely npm-publish"]],
    [job("a", "    name: Release it\n"), ["low likely a"]],
    [job("test"), []],
    [job("deploy", "    environment: prod\n"), []],
    [job("deploy", "", "pull_request"), []],
    [job("deploy").replace("NPM_TOKEN", "CODECOV_TOKEN"), []],
    [job("deploy").replace("NPM_TOKEN", "GITHUB_TOKEN"), []],
    [job("predeployed"), []],
  ])("%j", (text, expected) => {
    expect(found("secret-without-environment", text)).toEqual(expected);
  });
});

describe("what a script gives away", () => {
  const env = "  env: { K: '${{ secrets.K }}' }\n";
  test.each([
    [`- run: echo "$K" | base64\n${env}`, ["high likely $K"]],
    [`- run: echo $K\n${env}`, ["low likely $K"]],
    [`- run: echo "$K" > file\n${env}`, []],
    [`- run: echo "$K" | tool\n${env}`, []],
    [`- run: echo "$K" | base64 -d > file\n${env}`, []],
    [`- run: echo "$K" | base64 --decode --output file\n${env}`, []],
    [`- run: echo "::add-mask::$K"\n${env}`, []],
    ['- run: echo "${#K}"\n  env: { K: "${{ secrets.K }}" }\n', []],
  ])("secret-to-log: %j", (steps, expected) => {
    expect(found("secret-to-log", withSteps(steps))).toEqual(expected);
  });

  test.each([
    [`- run: echo "A=$K" >> $GITHUB_ENV\n${env}`, ["medium certain $K"]],
    ['- run: echo "a=${{ secrets.K }}" >> "$GITHUB_OUTPUT"\n', ["low certain secrets.K"]],
    ['- run: |\n    cat <<EOF >> "$GITHUB_ENV"\n    A=${{ secrets.K }}\n    EOF\n', ["medium certain secrets.K"]],
    [`- run: A=$K tool\n${env}`, []],
    ['- run: echo "a=${{ github.token }}" >> "$GITHUB_ENV"\n', []],
  ])("secret-to-github-env: %j", (steps, expected) => {
    expect(found("secret-to-github-env", withSteps(steps))).toEqual(expected);
  });

  test.each([
    ["dist", 1],
    ["./", 1],
    ["dist/**", 1],
    ["out\n          dist/a.txt", 1],
    ["dist\n          !dist/a.txt", 0],
    ["out", 0],
    ["dist2", 0],
  ])("secret-to-artifact: path %j", (upload, count) => {
    const steps = `- run: echo "$K" > dist/a.txt\n${env}- uses: actions/upload-artifact@v4\n  with:\n    path: |\n      ${upload.replace("\n          ", "\n      ")}\n`;
    expect(found("secret-to-artifact", withSteps(steps))).toHaveLength(count);
  });

  const upload = "- uses: actions/upload-artifact@v4\n  with: { path: . }\n";
  test.each([
    [`- uses: actions/checkout@v4\n${upload}`, ["medium certain actions/checkout@v4"]],
    [`- uses: actions/checkout@${sha} # v4.2.0\n${upload}`, [`medium certain actions/checkout@${sha}`]],
    [`- uses: actions/checkout@v6\n${upload}`, []],
    [`- uses: actions/checkout@v4\n  with: { persist-credentials: false }\n${upload}`, []],
    ["- uses: actions/checkout@v4\n- run: make\n", []],
    [
      "- uses: actions/checkout@v6\n  with: { token: '${{ secrets.P }}' }\n- run: make\n",
      ["low likely actions/checkout@v6"],
    ],
    ["- uses: actions/checkout@v6\n  with: { token: '${{ secrets.P }}' }\n- run: git push\n", []],
  ])("persisted-credentials: %j", (steps, expected) => {
    expect(found("persisted-credentials", withSteps(steps))).toEqual(expected);
  });
});

describe("untrusted input", () => {
  const inRun = (head: string, expression: string, env = "{ K: '${{ secrets.K }}' }"): string =>
    withSteps(`- run: x "\${{ ${expression} }}"\n  env: ${env}\n`, `on: ${head}\n`);
  test.each([
    [inRun("issues", "github.event.issue.title"), ["high"]],
    [inRun("issue_comment", "github.event.comment.body"), ["high"]],
    [inRun("pull_request_target", "github.head_ref"), ["high"]],
    [inRun("pull_request_target", "github.event.pull_request.head.ref"), ["high"]],
    [inRun("pull_request_target", "format('{0}', github.event.pull_request.title)"), ["high"]],
    [inRun("pull_request_target", "toJSON(github.event)"), ["high"]],
    [inRun("push", "github.event.head_commit.message"), ["low"]],
    [inRun("push", "github.event.commits[0].message"), ["low"]],
    [inRun("issues", "github.event.issue.number"), []],
    [inRun("pull_request_target", "github.event.pull_request.head.sha"), []],
    [inRun("issues", "github.event.issue.title == 'x'"), []],
    [inRun("issues", "github.event.issue.title", "{ A: b }"), []],
    [inRun("issues", "github.event.issue.title", "{ T: '${{ github.token }}' }"), ["medium"]],
    [inRun("workflow_dispatch", "github.event.issue.title"), []],
  ])("%j", (text, severities) => {
    expect(found("untrusted-input", text).map((line) => line.split(" ")[0])).toEqual(severities);
  });

  test("in the script of github-script", () => {
    const text = withSteps(
      "- uses: actions/github-script@v8\n  with:\n    script: |\n      f(`${{ github.event.comment.body }}`)\n    github-token: ${{ secrets.BOT }}\n",
      "on: issue_comment\n",
    );
    expect(found("untrusted-input", text)).toEqual(["high likely ${{ github.event.comment.body }}"]);
  });

  const checkout = (head: string, ref: string, rest: string): string =>
    withSteps(`- uses: actions/checkout@v4\n  with: { ref: '${ref}' }\n${rest}`, `on: ${head}\n`);
  const build = "- run: make\n  env: { K: '${{ secrets.K }}' }\n";
  test.each([
    [checkout("pull_request_target", "${{ github.event.pull_request.head.sha }}", build), ["high"]],
    [checkout("workflow_run", "${{ github.event.workflow_run.head_sha }}", build), ["high"]],
    [checkout("issue_comment", "refs/pull/${{ github.event.issue.number }}/head", build), ["high"]],
    [checkout("pull_request_target", "${{ github.event.pull_request.base.sha }}", build), []],
    [checkout("pull_request", "${{ github.event.pull_request.head.sha }}", build), []],
    [checkout("pull_request_target", "${{ github.head_ref }}", "- uses: actions/labeler@v6\n"), []],
    [withSteps(`- run: gh pr checkout 1\n${build}`, "on: issue_comment\n"), ["high"]],
    [
      checkout("pull_request_target", "${{ github.head_ref }}", "- run: make\n").replace(
        "jobs:",
        "permissions: { contents: write }\njobs:",
      ),
      ["medium"],
    ],
  ])("untrusted-checkout: %j", (text, severities) => {
    expect(found("untrusted-checkout", text).map((line) => line.split(" ")[0])).toEqual(severities);
  });
});

describe("id-token", () => {
  const aws = "- uses: aws-actions/configure-aws-credentials@v5\n  with: { role-to-assume: r, aws-region: x }\n";
  const head = (permissions: string): string => `on: push\n${permissions}`;
  test.each([
    [withSteps(aws, head("permissions: { contents: read }\n")), 1],
    [withSteps(aws, head("")), 1],
    [withSteps(aws, head("permissions: { id-token: write }\n")), 0],
    [withSteps(aws, head("permissions: write-all\n")), 0],
    [withSteps(aws, "on: workflow_call\n"), 0],
    [
      withSteps(aws.replace("role-to-assume: r", "aws-access-key-id: a, role-to-assume: r"), head("permissions: {}\n")),
      0,
    ],
    [
      withSteps(
        `- uses: aws-actions/configure-aws-credentials@v5\n  with: { aws-access-key-id: a, aws-secret-access-key: b }\n${aws}`,
        head("permissions: {}\n"),
      ),
      0,
    ],
    [withSteps(aws, head("permissions: {}\n")).replace("ubuntu-latest", "[self-hosted]"), 0],
    [withSteps("- uses: azure/login@v2\n  with: { creds: x }\n", head("permissions: {}\n")), 0],
    [withSteps("- uses: Azure/login@v2\n  with: { client-id: x, tenant-id: y }\n", head("permissions: {}\n")), 1],
    [
      withSteps("- uses: google-github-actions/auth@v3\n  with: { credentials_json: x }\n", head("permissions: {}\n")),
      0,
    ],
  ])("missing: %j", (text, count) => {
    expect(found("id-token-missing", text)).toHaveLength(count);
  });

  test.each([
    ["- run: echo\n", ["low likely id-token: write"]],
    ["- uses: actions/checkout@v4\n- uses: actions/setup-node@v6\n", ["low likely id-token: write"]],
    ["- run: npm publish\n", []],
    ["- uses: a/b@v1\n", []],
    [aws, []],
  ])("unneeded: %j", (steps, expected) => {
    expect(found("id-token-unneeded", withSteps(steps, "on: push\npermissions:\n  id-token: write\n"))).toEqual(
      expected,
    );
  });
});

describe("permissions", () => {
  test.each([
    [withSteps("- run: echo\n"), 1],
    [withSteps("- run: echo\n", "on: push\npermissions: {}\n"), 0],
    [withSteps("- run: echo\n", "on: workflow_call\n"), 0],
    [withSteps("- run: echo\n", "on: [workflow_call, push]\n"), 1],
    [withSteps("- run: echo\n").replace("    steps:", "    permissions: {}\n    steps:"), 0],
  ])("missing: %j", (text, count) => {
    expect(found("permissions-missing", text)).toHaveLength(count);
  });

  test.each([
    ["write-all", "- run: echo\n", ["medium certain permissions: write-all"]],
    ["read-all", "- run: echo\n", ["info certain permissions: read-all"]],
    ["{ contents: write }", "- uses: actions/checkout@v4\n- run: echo\n", ["low likely contents: write"]],
    ["{ contents: write }", "- run: git push\n", []],
    ["{ contents: write }", "- run: gh release create x\n", []],
    ["{ contents: write }", "- uses: a/b@v1\n", []],
    ["{ contents: write }", "- run: echo\n  env: { T: '${{ github.token }}' }\n", []],
    ["{ contents: read }", "- run: echo\n", []],
  ])("too wide: %s with %j", (permissions, steps, expected) => {
    expect(found("permissions-too-wide", withSteps(steps, `on: push\npermissions: ${permissions}\n`))).toEqual(
      expected,
    );
  });
});

test("secret-in-if looks at the secrets context only", () => {
  expect(
    found(
      "secret-in-if",
      withSteps("- if: ${{ secrets.K }}\n  run: x\n- if: env.K != ''\n  run: y\n  env: { K: '${{ secrets.K }}' }\n"),
    ),
  ).toEqual(["low certain secrets.K"]);
});

test("composite actions are checked too", () => {
  const text =
    "name: A\nruns:\n  using: composite\n  steps:\n    - uses: actions/create-github-app-token@v3\n      with: { private-key: '${{ inputs.key }}' }\n";
  const { findings } = scanWorkflow("action.yml", Buffer.from(text), "salt");
  expect(findings.map((finding) => finding.rule)).toEqual(["workflow/app-token-unscoped"]);
});
