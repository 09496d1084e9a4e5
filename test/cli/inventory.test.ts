import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runCli } from "../../src/cli/dispatch.ts";
import { inventoryCommand } from "../../src/cli/inventory.ts";
import { parseInventory } from "../../src/register/inventory.ts";
import { type Acme, startAcme } from "../github/sample.ts";
import { fakeIo, tableOf } from "./fake-io.ts";

let folder: string;
let server: Acme;
const token = ["fake", "token", "of", "the", "test"].join("_");
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "leasehold-inventory-"));
  server = await startAcme();
  server.state.tokens.set(token, server.state.tokens.get(server.token)!);
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(words: string[], env: Record<string, string> = { GITHUB_TOKEN: token }) {
  const io = fakeIo({ cwd: folder, env: { GITHUB_API_URL: server.url, ...env }, columns: 100 });
  const code = await runCli(["inventory", ...words], io, tableOf(inventoryCommand));
  const { stdout, stderr } = io.written;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  expect([stdout, stderr, ...files].join("\n")).not.toContain(token);
  return { code, stdout, stderr };
}

describe("inventory", () => {
  test("writes a snapshot that the other commands read, and says what it could not see", async () => {
    const { code, stdout, stderr } = await run(["--repo", "acme/shop"]);
    expect(code).toBe(0);
    const inventory = parseInventory(stdout, "stdout");
    expect(inventory.repositories.map(({ name }) => name)).toEqual(["acme/shop"]);
    expect(stderr).toMatch(/^leasehold: 1 repository, \d+ requests \(0 not changed since the last time\)$/m);
    expect(stderr).toContain("leasehold: codespaces: not permitted (the organisation and 1 more)\n");
    expect(stderr).toContain("leasehold: environment variables: not permitted (acme/shop preview)\n");
    expect(stderr).toContain("leasehold: ssoCredentials: not available here (the organisation)\n");
  });

  test("to a file, and cheaper the second time", async () => {
    const words = ["--org", "acme", "--cache", "cache", "-o", "acme.json"];
    expect(await run(words)).toMatchObject({ code: 0, stdout: "" });
    const first = parseInventory(readFileSync(join(folder, "acme.json"), "utf8"), "acme.json");
    const { stderr } = await run(words);
    const [, requests, kept] = /(\d+) requests \((\d+) not changed/.exec(stderr)!.map(Number);
    // What was refused has no ETag, and webhooks are not kept.
    const refused = server
      .log()
      .slice(server.calls.length / 2)
      .filter((line) => / 40[34]$/.test(line)).length;
    expect(kept).toBe(requests! - refused - 1);
    const second = parseInventory(readFileSync(join(folder, "acme.json"), "utf8"), "acme.json");
    expect({ ...second, takenAt: "" }).toEqual({ ...first, takenAt: "" });
  });

  test.each<[string, string[], Record<string, string>, number, RegExp]>([
    ["no token", ["--org", "acme"], {}, 5, /put one that may read the stores into GITHUB_TOKEN or GH_TOKEN/],
    ["an empty token", ["--org", "acme"], { GITHUB_TOKEN: " " }, 5, /there is no token/],
    ["a wrong token", ["--org", "acme"], { GITHUB_TOKEN: `${token}x` }, 5, /does not accept the token/],
    [
      "a token in two lines",
      ["--org", "acme"],
      { GITHUB_TOKEN: `${token}\n${token}` },
      5,
      /GITHUB_TOKEN or GH_TOKEN holds is no token/,
    ],
    ["a variable that is not there", ["--org", "acme", "--token-env", "APP"], { GITHUB_TOKEN: token }, 5, /into APP/],
    [
      "an organisation that is not there",
      ["--org", "nobody"],
      { GH_TOKEN: token },
      5,
      /does not show the organisation nobody/,
    ],
    ["nothing to look at", [], { GITHUB_TOKEN: token }, 2, /name one of --repo/],
    ["both", ["--org", "acme", "--repo", "acme/shop"], { GITHUB_TOKEN: token }, 2, /name one of --repo/],
    ["a path that is none", ["--repo", "acme/shop/../x"], { GITHUB_TOKEN: token }, 2, /expected a repository/],
    ["a login that is none", ["--org", "a/b"], { GITHUB_TOKEN: token }, 2, /expected a login/],
  ])("%s", async (_, words, env, code, message) => {
    const answer = await run(words, env);
    expect(answer).toMatchObject({ code, stdout: "" });
    expect(answer.stderr).toMatch(message);
  });

  test("the token from the variable that is named", async () => {
    expect((await run(["--repo", "acme/shop", "--token-env", "APP"], { APP: token, GITHUB_TOKEN: "x" })).code).toBe(0);
  });
});
