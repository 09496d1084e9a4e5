// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
import { expect, test } from "vitest";
import { calledUses } from "../../src/workflow/repository-flow.ts";
import { positionOf } from "../../src/workflow/source.ts";
import { scanText } from "./reading.ts";

/** The ways in called files: secret, form, file, line, receiver, job, events, environment, and the lines of the calls. */
function ways(files: Record<string, string>): string[] {
  const read = Object.entries(files).flatMap(([path, text]) => {
    const { model, uses } = scanText(text, path);
    return model === undefined ? [] : [{ model, uses }];
  });
  return calledUses(read).map(({ model, use, through }) =>
    [
      `${use.form} ${use.name}`,
      `${model.source.path}:${positionOf(model.source, use.place.start).line}`,
      use.consumer.kind === "action" ? `${use.consumer.uses.raw} ${use.consumer.input ?? ""}` : use.consumer.kind,
      use.job ?? "-",
      use.triggers.join(","),
      use.environment ?? "-",
      through
        .map((one) => `${one.model.source.path}:${positionOf(one.model.source, one.use.place.start).line}`)
        .join(" "),
    ].join(" | "),
  );
}

const caller = (how: string): string =>
  `on: push\njobs:\n  go:\n    uses: ./.github/workflows/deploy.yml\n${how.replace(/^/gm, "    ")}\n`;
const deploy = `on:
  workflow_call:
    inputs: { key: { type: string } }
    secrets: { TOKEN: {} }
jobs:
  ship:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - uses: acme/ship@v1
        with:
          token: \${{ secrets.TOKEN }}
      - run: ./ship "$KEY"
        env:
          KEY: \${{ inputs.key }}
`;
const [a, b] = [".github/workflows/a.yml", ".github/workflows/deploy.yml"];
const ship = `${b}:12 | acme/ship@v1 token | ship | push | production`;

test("a declared secret goes on under the caller's name, with the caller's events and the called job's environment", () => {
  expect(ways({ [a]: caller("secrets:\n  TOKEN: ${{ secrets.PROD_TOKEN }}"), [b]: deploy })).toEqual([
    `named PROD_TOKEN | ${ship} | ${a}:6`,
  ]);
});

test("inherit hands on what the called file reads", () => {
  expect(ways({ [a]: caller("secrets: inherit"), [b]: deploy })).toEqual([`named TOKEN | ${ship} | ${a}:5`]);
});

test("an input carries a secret too", () => {
  expect(ways({ [a]: caller("with:\n  key: ${{ secrets.KEY }}"), [b]: deploy })).toEqual([
    `named KEY | ${b}:15 | run | ship | push | production | ${a}:6`,
  ]);
});

const composite = `name: x
inputs: { token: { description: x } }
runs:
  using: composite
  steps:
    - uses: acme/login@v1
      with: { password: "\${{ inputs.token }}" }
    - run: ./login "$OTHER"
      shell: bash
`;

test("a composite action gets inputs, and its programs the env of the step that uses it", () => {
  const text = `on: push
jobs:
  go:
    runs-on: ubuntu-latest
    environment: staging
    steps:
      - uses: ./.github/actions/login
        with:
          Token: \${{ secrets.A }}
        env:
          OTHER: \${{ secrets.B }}
`;
  const action = ".github/actions/login/action.yml";
  expect(ways({ [a]: text, [action]: composite })).toEqual([
    `named A | ${action}:7 | acme/login@v1 password | go | push | staging | ${a}:9`,
    `named B | ${action}:8 | run | go | push | staging | ${a}:11`,
  ]);
});

test("goes through several calls, by ./ and $/, and ends at a circle and at files that are not there", () => {
  const middle = `on:
  workflow_call:
    secrets: { T: {} }
jobs:
  on:
    uses: $/.github/workflows/deploy.yml
    secrets:
      TOKEN: \${{ secrets.T }}
  back:
    uses: ./.github/workflows/a.yml
    secrets: { X: "\${{ secrets.T }}" }
`;
  const first = caller("secrets:\n  T: ${{ secrets.PROD }}").replace("deploy.yml", "middle.yml");
  const m = ".github/workflows/middle.yml";
  const found = ways({ [a]: first, [m]: middle, [b]: deploy });
  expect(found).toContain(`named PROD | ${ship} | ${a}:6 ${m}:8`);
  expect(found.filter((way) => way.includes(`| ${a}:`) && way.startsWith(`named PROD | ${a}`))).toEqual([]);
  expect(ways({ [a]: first })).toEqual([]);
});

test("a repository inside the tree keeps to its own files", () => {
  const first = caller("secrets:\n  TOKEN: ${{ secrets.P }}");
  expect(ways({ [`sub/${a}`]: first, [b]: deploy })).toEqual([]);
  expect(ways({ [`sub/${a}`]: first, [`sub/${b}`]: deploy })).toHaveLength(1);
});
