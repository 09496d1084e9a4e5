// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript

import { expect, test } from "vitest";
import type { Consumer, SecretUse } from "../../src/workflow/use.ts";
import { costsFarMore } from "../leak/cost.ts";
import { bytesOf, scanText, withSteps } from "./reading.ts";

function goesTo(consumer: Consumer): string {
  switch (consumer.kind) {
    case "action":
      return `action ${consumer.uses.raw} ${consumer.input ?? `env ${consumer.env}`}`;
    case "run":
      return `run ${consumer.shell}${consumer.variable === undefined ? "" : ` $${consumer.variable}`}`;
    case "workflow":
      return `workflow ${consumer.uses.raw} ${consumer.secret ?? consumer.input ?? "inherit"}`;
    case "container":
    case "service":
      return `${consumer.kind} ${consumer.name ?? ""} ${consumer.field}${consumer.variable === undefined ? "" : ` ${consumer.variable}`}`;
    case "env":
      return `env ${consumer.name}`;
    case "output":
      return `output ${consumer.level} ${consumer.name}`;
    case "registry":
      return `registry ${consumer.name} ${consumer.field}`;
    case "condition":
      return "condition";
    case "other":
      return `other ${consumer.key}`;
  }
}

/** Each use as `SECRET -> consumer (job step) hops`. */
function rows(text: string, at?: string): string[] {
  return scanText(text, at).uses.map(
    (use: SecretUse) =>
      `${use.name} -> ${goesTo(use.consumer)} (${use.job ?? "-"} ${use.step?.index ?? "-"})${use.flow.map((hop) => ` ${hop.kind} ${hop.name}`).join("")}`,
  );
}

test.each([
  ["an input", "- uses: a/b@v1\n  with:\n    key: ${{ secrets.K }}\n", ["K -> action a/b@v1 key (build 0)"]],
  [
    "an input behind ||",
    "- uses: a/b@v1\n  with:\n    key: ${{ inputs.k || secrets.K }}\n",
    ["K -> action a/b@v1 key (build 0)"],
  ],
  [
    "env of an action",
    "- uses: a/b@v1\n  env:\n    KEY: ${{ secrets.K }}\n",
    ["K -> action a/b@v1 env KEY (build 0) env KEY"],
  ],
  ["a script's text", "- run: x ${{ secrets['k'] }}\n", ["K -> run bash (build 0)"]],
  ["$X", "- run: x $KEY\n  env: { KEY: '${{ secrets.K }}' }\n", ["K -> run bash $KEY (build 0) env KEY shell KEY"]],
  [
    "${X:-}",
    "- run: x ${KEY:-}\n  env: { KEY: '${{ secrets.K }}' }\n",
    ["K -> run bash $KEY (build 0) env KEY shell KEY"],
  ],
  [
    "$env:X",
    "- run: x $env:key\n  shell: pwsh\n  env: { KEY: '${{ secrets.K }}' }\n",
    ["K -> run pwsh $KEY (build 0) env KEY shell KEY"],
  ],
  [
    "%X%",
    "- run: x %Key%\n  shell: cmd\n  env: { KEY: '${{ secrets.K }}' }\n",
    ["K -> run cmd $KEY (build 0) env KEY shell KEY"],
  ],
  ["a longer name", "- run: x $KEYRING\n  env: { KEY: '${{ secrets.K }}' }\n", ["K -> env KEY (build 0) env KEY"]],
  [
    "process.env",
    "- uses: actions/github-script@v8\n  with:\n    script: f(process.env.KEY)\n  env: { KEY: '${{ secrets.K }}' }\n",
    ["K -> run bash $KEY (build 0) env KEY shell KEY"],
  ],
  [
    "a program that reads it by itself",
    "- run: aws s3 ls\n  env: { AWS_SECRET_ACCESS_KEY: '${{ secrets.K }}' }\n",
    ["K -> env AWS_SECRET_ACCESS_KEY (build 0) env AWS_SECRET_ACCESS_KEY"],
  ],
  ["a condition", "- if: secrets.K != ''\n  run: x\n", ["K -> condition (build 0)"]],
  ["a decision in env", "- run: x $HAS\n  env: { HAS: \"${{ secrets.K != '' }}\" }\n", ["K -> condition (build 0)"]],
  ["all", "- run: x\n  env: { ALL: '${{ toJSON(secrets) }}' }\n", ["* -> env ALL (build 0) env ALL"]],
  [
    "a computed name",
    "- run: x\n  env: { K: '${{ secrets[matrix.k] }}' }\n",
    ["secrets[matrix.k] -> env K (build 0) env K"],
  ],
  [
    "the job's token",
    "- uses: a/b@v1\n  with: { token: '${{ github.token }}' }\n",
    ["GITHUB_TOKEN -> action a/b@v1 token (build 0)"],
  ],
  ["no secret", "- run: x ${{ github.sha }} ${{ vars.A }}\n", []],
  [
    "GITHUB_ENV",
    '- run: echo "K=${{ secrets.K }}" >> "$GITHUB_ENV"\n- run: x $K\n',
    ["K -> run bash (build 0)", "K -> run bash $K (build 1) file GITHUB_ENV K shell K"],
  ],
  [
    "GITHUB_ENV from a variable, in PowerShell",
    '- run: |\n    "TOKEN=$env:KEY" >> $env:GITHUB_ENV\n  shell: pwsh\n  env: { KEY: "${{ secrets.K }}" }\n- uses: a/b@v1\n  with: { t: "${{ env.TOKEN }}" }\n',
    [
      "K -> run pwsh $KEY (build 0) env KEY shell KEY",
      "K -> action a/b@v1 t (build 1) env KEY shell KEY file GITHUB_ENV TOKEN expression TOKEN",
    ],
  ],
  [
    "GITHUB_ENV in a group",
    '- run: |\n    {\n      echo "K=${{ secrets.K }}"\n    } >> "$GITHUB_ENV"\n- run: x $K\n',
    ["K -> run bash (build 0)", "K -> run bash $K (build 1) file GITHUB_ENV K shell K"],
  ],
  [
    "GITHUB_OUTPUT",
    '- id: s\n  run: echo "out=$K" >> $GITHUB_OUTPUT\n  env: { K: "${{ secrets.K }}" }\n- uses: a/b@v1\n  with: { t: "${{ steps.S.outputs.out }}" }\n',
    [
      "K -> run bash $K (build 0) env K shell K",
      "K -> action a/b@v1 t (build 1) env K shell K file GITHUB_OUTPUT out output s.out",
    ],
  ],
  ["a parallel group", "- parallel:\n    - run: x ${{ secrets.K }}\n", ["K -> run bash (build 1)"]],
])("follows a secret through %s", (_, steps, expected) => {
  expect(rows(withSteps(steps))).toEqual(expected);
});

test("env of the job and of the workflow goes to the steps that read it, unless one binds the name anew", () => {
  const text =
    "on: push\nenv:\n  TOP: ${{ secrets.TOP }}\n  LOST: ${{ secrets.LOST }}\njobs:\n  one:\n    runs-on: windows-latest\n    env:\n      KEY: ${{ secrets.KEY }}\n    steps:\n      - run: x $TOP\n      - uses: a/b@v1\n        with: { k: '${{ env.KEY }}' }\n      - run: y $KEY\n        env: { KEY: plain }\n      - run: z $COPY\n        env: { COPY: '${{ env.KEY }}' }\n  two:\n    runs-on: x\n    steps:\n      - run: echo $TOP\n";
  expect(rows(text)).toEqual([
    "TOP -> run pwsh $TOP (one 0) env TOP shell TOP",
    "TOP -> run bash $TOP (two 0) env TOP shell TOP",
    "LOST -> env LOST (- -) env LOST",
    "KEY -> action a/b@v1 k (one 1) env KEY expression KEY",
    "KEY -> run pwsh $COPY (one 3) env KEY expression KEY env COPY shell COPY",
  ]);
});

test("containers, services, calls, outputs and registries", () => {
  expect(
    rows(
      "on: push\nenv: { P: '${{ secrets.P }}' }\njobs:\n  a:\n    runs-on: x\n    container:\n      image: i\n      credentials: { username: '${{ secrets.U }}', password: '${{ env.P }}' }\n      env: { E: '${{ secrets.E }}' }\n    services:\n      db:\n        image: i\n        credentials: { username: u, password: '${{ secrets.D }}' }\n        env: { F: '${{ secrets.F }}' }\n    outputs: { o: '${{ secrets.O }}' }\n    steps: [{ run: x }]\n  b:\n    uses: o/r/.github/workflows/w.yml@v1\n    with: { i: '${{ secrets.I }}' }\n    secrets: { k: '${{ secrets.K }}' }\n  c:\n    uses: ./.github/workflows/w.yml\n    secrets: inherit\n",
    ),
  ).toEqual([
    "P -> container  password (a -) env P expression P",
    "U -> container  username (a -)",
    "E -> container  env E (a -)",
    "D -> service db password (a -)",
    "F -> service db env F (a -)",
    "O -> output job o (a -)",
    "I -> workflow o/r/.github/workflows/w.yml@v1 i (b -)",
    "K -> workflow o/r/.github/workflows/w.yml@v1 k (b -)",
    "* -> workflow ./.github/workflows/w.yml inherit (c -)",
  ]);
  expect(
    rows("version: 2\nregistries:\n  r: { type: git, password: '${{ secrets.P }}' }\n", ".github/dependabot.yaml"),
  ).toEqual(["P -> registry r password (- -)"]);
});

test("a use knows its triggers, environment and runner", () => {
  const [use] = scanText(
    "on: [push, workflow_dispatch]\njobs:\n  a:\n    runs-on: [self-hosted, x]\n    environment: prod\n    steps:\n      - id: s\n        name: Step\n        run: x ${{ secrets.K }}\n",
  ).uses;
  expect([use?.triggers, use?.environment, use?.runner, use?.step?.id, use?.step?.name]).toEqual([
    ["push", "workflow_dispatch"],
    "prod",
    ["self-hosted", "x"],
    "s",
    "Step",
  ]);
});

test("the place of a read is exact", () => {
  const text = withSteps("- run: |\n    ü\n    x ${KEY} y\n  env: { KEY: '${{ secrets.K }}' }\n");
  const [use] = scanText(text).uses;
  expect(use?.consumer.kind === "run" && bytesOf(text, use.consumer.span)).toBe("${KEY");
  expect(bytesOf(text, use?.flow[0]?.span ?? { start: 0, end: 0 })).toBe("KEY");
});

test("many variables and many steps cost what they are, not their product", () => {
  const names = Array.from({ length: 2000 }, (_, at) => `V${at}`);
  const scanning = (value: (name: string) => string, command: (name: string) => string) => {
    const env = names.map((name) => `      ${name}: ${value(name)}\n`).join("");
    const steps = names.map((name) => `      - run: echo ${command(name)}\n`).join("");
    const text = `on: push\njobs:\n  a:\n    runs-on: x\n    env:\n${env}    steps:\n${steps}`;
    return () => scanText(text).uses;
  };
  const each = scanning(
    (name) => `\${{ secrets.${name} }}`,
    (name) => `$${name}`,
  );
  const none = scanning(
    (name) => `"a value of ${name}"`,
    (name) => `"of ${name}"`,
  );
  expect(each()).toHaveLength(2000);
  expect(costsFarMore(each, none, 30)).toBeUndefined();
});
