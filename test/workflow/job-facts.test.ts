import { expect, test } from "vitest";
import { scanText } from "./reading.ts";

test("a job's permissions replace the workflow's", () => {
  const { facts } = scanText(
    "on: push\npermissions:\n  contents: read\n  id-token: write\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps: [{ uses: a/b@v1 }, { uses: './x' }]\n  b:\n    runs-on: [self-hosted, linux]\n    permissions: { contents: write }\n    steps: []\n  c:\n    runs-on: big-runner\n    permissions: write-all\n    steps: []\n  d:\n    uses: o/r/.github/workflows/w.yml@main\n",
  );
  expect(
    facts.map((fact) => [
      fact.job,
      fact.permissionsFrom,
      fact.permissions,
      fact.idToken,
      fact.selfHosted,
      fact.uses.map((one) => one.uses.raw),
    ]),
  ).toEqual([
    ["a", "workflow", { contents: "read", "id-token": "write" }, true, "no", ["a/b@v1", "./x"]],
    ["b", "job", { contents: "write" }, false, "yes", []],
    ["c", "job", { "*": "write" }, true, "unknown", []],
    ["d", "workflow", { contents: "read", "id-token": "write" }, true, "unknown", ["o/r/.github/workflows/w.yml@main"]],
  ]);
});

test("without a block the repository decides", () => {
  const [fact] = scanText(
    "on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    environment: { name: prod }\n    steps: []\n",
  ).facts;
  expect([fact?.permissionsFrom, fact?.idToken, fact?.environment]).toEqual(["default", false, "prod"]);
});
