import { expect, test } from "vitest";
import { registerUses } from "../../src/scan/register-uses.ts";
import { scanWorkflow } from "../../src/workflow/scan-workflow.ts";

const secret = (name: string) => `\${{ secrets.${name} }}`;

function usesIn(text: string, path = ".github/workflows/ci.yml", about: Parameters<typeof registerUses>[1] = {}) {
  return registerUses(scanWorkflow(path, Buffer.from(text), "leasehold"), about);
}

const workflow = `on: [push, schedule]
jobs:
  build:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - uses: other/deploy@v1
        with: { token: "${secret("A")}" }
      - uses: other/deploy/sub@${"0".repeat(40)}
        with: { token: "${secret("B")}" }
      - uses: actions/checkout@v5
        with: { token: "${secret("C")}" }
      - uses: ./local
        with: { token: "${secret("D")}" }
      - if: "${secret("E != ''")}"
        run: echo
      - run: echo
        env: { OWN: "${secret("GITHUB_TOKEN")}", F: "${secret("f")}" }
  call:
    uses: acme/flows/.github/workflows/x.yml@main
    secrets: inherit
`;

test("stored secrets with what receives them; the job's own token is left out", () => {
  const rows = usesIn(workflow, undefined, { repository: "acme/shop", owner: "ACME" });
  expect(
    rows.map(({ name, form, receiver }) => [name, form, receiver?.name, receiver?.thirdParty, receiver?.pinned]),
  ).toEqual([
    ["A", "named", "other/deploy", true, false],
    ["B", "named", "other/deploy/sub", true, true],
    ["C", "named", "actions/checkout", false, false],
    ["D", "named", undefined, undefined, undefined],
    ["E", "named", undefined, undefined, undefined],
    ["F", "named", undefined, undefined, undefined],
    ["*", "all", "acme/flows/.github/workflows/x.yml", false, false],
  ]);
  expect(rows[0]).toMatchObject({
    repository: "acme/shop",
    job: "build",
    environment: "production",
    triggers: ["push", "schedule"],
    place: { line: 8 },
  });
});

test("the provider comes from the keyless finding at the same place", () => {
  const [first] = usesIn(workflow);
  const finding = { rule: "keyless/aws", place: first!.place, facts: { catalogue: "aws" } };
  const rows = usesIn(workflow, undefined, { keyless: [finding as never] });
  expect(rows.map(({ keyless }) => keyless).filter((one) => one !== undefined)).toEqual(["aws"]);
});

test("Dependabot's file reads Dependabot's store, and what is no workflow has no uses", () => {
  const text = `version: 2\nregistries:\n  npm:\n    type: npm-registry\n    url: https://example.com\n    token: "${secret("N")}"\n`;
  expect(usesIn(text, ".github/dependabot.yml").map(({ store, name }) => [store, name])).toEqual([["dependabot", "N"]]);
  expect(usesIn("a: [", ".github/workflows/x.yml")).toEqual([]);
});
