import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { LeaseholdError } from "../../src/error.ts";
import { variableAnswer, webhookAnswer } from "../../src/github/answer.ts";
import { type GitHubOptions, octokitPort } from "../../src/github/octokit.ts";
import { addRepository, addSecret, addVariable } from "../fake-github/seed.ts";
import type { Trouble } from "../fake-github/trouble.ts";
import { type Acme, hidden, startAcme } from "./sample.ts";

/** A list of records, one that is part of a record, and a record. */
const repos = "/orgs/acme/repos";
const secrets = "/repos/acme/shop/actions/secrets";
const shop = "/repos/acme/shop";
const oldestFirst = { sort: "created", direction: "asc" };
const named = z.object({ name: z.string() });
const then = Date.parse("2026-11-21T06:00:00Z");

let server: Acme;
let folder: string;
let now: number;
let waits: number[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "leasehold-cache-"));
  waits = [];
  now = then;
  server = await startAcme(undefined, () => now);
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.close();
});

/** An organisation with so many repositories, named `n0`, `n1`, … */
const withRepositories = (count: number) => {
  server.state.repositories.clear();
  for (let at = 0; at < count; at++) addRepository(server.state, `acme/n${at}`);
};
const names = (count: number) => Array.from({ length: count }, (_, at) => ({ name: `n${at}` }));

/** The clock moves on while it waits. */
const portWith = (changes: Partial<GitHubOptions> = {}) =>
  octokitPort({
    ...{ url: server.url, token: server.token, userAgent: "leasehold/test", signal: new AbortController().signal },
    patience: 60,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
      now += milliseconds;
    },
    now: () => now,
    ...changes,
  });

async function faultOf(work: Promise<unknown>): Promise<LeaseholdError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LeaseholdError);
  expect(JSON.stringify([String(error), (error as Error).stack, { ...(error as object) }])).not.toContain(server.token);
  return error as LeaseholdError;
}

describe("pages", () => {
  test.each([
    ["no item", 0, 1],
    ["one page to the full", 100, 1],
    ["one more", 101, 2],
    ["many", 950, 10],
  ])("%s", async (_, count, pages) => {
    withRepositories(count);
    const port = portWith();
    const answer = await port.list({ path: repos, query: oldestFirst, item: named });
    expect(answer).toEqual({ status: "listed", items: names(count) });
    expect(server.log()).toHaveLength(pages);
    expect(port.spent).toEqual({ requests: pages, fromCache: 0 });
  });

  test("the first alone where that is enough", async () => {
    const answer = await portWith().list({ path: secrets, key: "secrets", item: named, perPage: 1, firstPage: true });
    expect(answer).toEqual({ status: "listed", items: [{ name: "DEPLOY_KEY" }] });
    expect(server.log()).toEqual([`${secrets}?per_page=1 200`]);
  });

  test("none are asked for where GitHub gives the whole list", async () => {
    const item = z.object({ property_name: z.string() });
    await portWith().list({ path: `${shop}/properties/values`, perPage: "none", item });
    expect(server.log()).toEqual([`${shop}/properties/values 200`]);
  });

  const linkTo = (address: string) => (answer: { headers: Record<string, string> }) => {
    answer.headers.link = `<${address}>; rel="next"`;
  };

  test("a link to another host is not followed: it would carry the token", async () => {
    server.fail({ path: repos, change: linkTo(`https://elsewhere.example${repos}`) });
    const fault = await faultOf(portWith().list({ path: repos, item: named }));
    expect(fault).toMatchObject({ code: "network", message: expect.stringContaining(repos) });
  });

  test("a list that never ends is given up", async () => {
    server.fail({ path: repos, change: linkTo(`${server.url}${repos}`) });
    expect((await faultOf(portWith().list({ path: repos, item: named }))).code).toBe("network");
  }, 20_000);

  test("an empty page that hides a conflict is no empty list", async () => {
    server.fail({ path: repos, status: 409 });
    expect(await faultOf(portWith().list({ path: repos, item: named }))).toMatchObject({
      code: "network",
      message: `GitHub answered ${repos} with 409, which was not expected`,
    });
  });
});

describe("ETags", () => {
  test("what did not change costs no answer, page by page", async () => {
    for (let at = 0; at < 148; at++) addSecret(server.state, server.shop, "actions", `S${at}`);
    const port = portWith();
    const first = await port.list({ path: secrets, key: "secrets", item: named });
    const second = await port.list({ path: secrets, key: "secrets", item: named });
    expect(second).toEqual(first);
    expect(server.log().map((line) => line.slice(-3))).toEqual(["200", "200", "304", "304"]);
    expect(port.spent).toEqual({ requests: 4, fromCache: 2 });
  });

  test("what changed is read anew", async () => {
    withRepositories(2);
    const port = portWith();
    await port.list({ path: repos, item: named });
    withRepositories(3);
    expect(await port.list({ path: repos, item: named })).toMatchObject({ items: { length: 3 } });
  });

  test("a folder carries them to the next run; records too", async () => {
    const read = async (own: string) => {
      const port = portWith({ cacheFolder: own });
      return [await port.list({ path: repos, item: named }), await port.find(shop, named), port.spent.fromCache];
    };
    const [list, one] = await read(folder);
    expect(await read(folder)).toEqual([list, one, 2]);
    for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
  });

  test("a folder holds no value, no path of a webhook, no token and no address", async () => {
    const port = portWith({ cacheFolder: folder });
    addVariable(server.state, server.acme, "REGION", hidden);
    await port.list({ path: "/orgs/acme/actions/variables", key: "variables", perPage: 30, item: variableAnswer });
    await port.list({ path: `${shop}/hooks`, item: webhookAnswer, fleeting: true });
    const files = readdirSync(folder);
    expect(files).toHaveLength(1);
    const text = files.map((file) => file + readFileSync(join(folder, file), "utf8")).join("\n");
    for (const word of [hidden, server.token, "hooks.example", "127.0.0.1"]) expect(text).not.toContain(word);
  });

  test("another token, and a file that is spoilt, cost a request and nothing else", async () => {
    withRepositories(2);
    await portWith({ cacheFolder: folder }).list({ path: repos, item: named });
    const other = portWith({ cacheFolder: folder, token: `${server.token}2` });
    expect((await faultOf(other.list({ path: repos, item: named }))).code).toBe("network");
    const [file] = readdirSync(folder);
    const kept = readFileSync(join(folder, file!), "utf8");
    for (const spoilt of ["", "{", '{"etag":1}', kept.replaceAll('"name"', '"nom"')]) {
      writeFileSync(join(folder, file!), spoilt);
      const port = portWith({ cacheFolder: folder });
      expect(await port.list({ path: repos, item: named })).toMatchObject({ items: { length: 2 } });
      expect(port.spent).toEqual({ requests: 1, fromCache: 0 });
    }
  });

  test("a folder that cannot be written is no error", async () => {
    writeFileSync(join(folder, "file"), "");
    const port = portWith({ cacheFolder: join(folder, "file", "below") });
    expect(await port.list({ path: repos, item: named })).toMatchObject({ status: "listed" });
  });
});

describe("refusals", () => {
  test.each([
    [403, {}, "not permitted"],
    [404, {}, "not available here"],
    [410, {}, "not available here"],
    [403, { "x-ratelimit-remaining": "57" }, "not permitted"],
  ])("%d %j", async (status, headers, expected) => {
    server.fail({ status, headers });
    expect(await portWith().list({ path: repos, item: named })).toEqual({ status: expected });
    expect(await portWith().find(shop, named)).toEqual({ status: expected });
    expect(waits).toEqual([]);
  });

  test("a token that is refused is named as such, and not repeated though the server does", async () => {
    const token = `${server.token}x`;
    const refused = await faultOf(portWith({ token }).list({ path: repos, item: named }));
    expect(refused).toMatchObject({ code: "network", message: expect.stringContaining("does not accept the token") });
    server.fail({ status: 401, body: { message: `Bad credentials Bearer ${server.token}` } });
    expect((await faultOf(portWith().list({ path: repos, item: named }))).message).toBe(refused.message);
  });

  test("a rate limit that is spent is waited for", async () => {
    server.leave(server.token, 0, 20);
    expect(await portWith().list({ path: repos, item: named })).toMatchObject({ status: "listed" });
    expect(waits).toEqual([20_000]);
    expect(server.log().map((line) => line.slice(-3))).toEqual(["403", "200"]);
  });

  const reset = String(then / 1_000 + 20);
  test.each<[string, Trouble, number]>([
    ["spent, as 429", { status: 429, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset } }, 20_000],
    ["secondary, with a time", { status: 403, headers: { "retry-after": "7" } }, 7_000],
    ["secondary, in words", { status: 403, body: { message: "You have exceeded a secondary rate limit" } }, 60_000],
  ])("a rate limit that is %s is waited for", async (_, trouble, wait) => {
    server.fail({ ...trouble, times: 1 });
    expect(await portWith().list({ path: repos, item: named })).toMatchObject({ status: "listed" });
    expect(waits).toEqual([wait]);
  });

  test("one that is longer than the patience ends it, with the time", async () => {
    server.leave(server.token, 0, 3_000);
    const fault = await faultOf(portWith().list({ path: repos, item: named }));
    expect(fault).toMatchObject({ code: "network", message: expect.stringContaining("until 2026-11-21T06:50Z") });
    expect(waits).toEqual([]);
  });

  test("one that never ends is waited for three times", async () => {
    server.fail({ status: 429, headers: { "retry-after": "1" } });
    expect((await faultOf(portWith().list({ path: repos, item: named }))).code).toBe("network");
    expect(waits).toEqual([1_000, 1_000, 1_000]);
  });

  test("a server's error is tried three times", async () => {
    server.fail({ path: repos, status: 502, times: 2 });
    server.fail({ path: shop, status: 500 });
    expect(await portWith().list({ path: repos, item: named })).toMatchObject({
      status: "listed",
      items: { length: 1 },
    });
    expect(waits).toEqual([1_000, 4_000]);
    const fault = await faultOf(portWith().find(shop, named));
    expect(fault.message).toBe(`GitHub answered ${shop} with 500, three times`);
  });

  test("a connection that is cut, and a server that is not there", async () => {
    server.fail({ cut: true, times: 1 });
    expect(await portWith().find(shop, named)).toMatchObject({ status: "found" });
    await server.close();
    const fault = await faultOf(portWith().list({ path: repos, item: named }));
    expect(fault).toMatchObject({ code: "network", message: `GitHub could not be reached for ${repos}` });
  });

  test.each<[string, Trouble]>([
    ["no list", { body: { message: "hello" } }],
    ["another key", { body: { total_count: 1, others: names(1) } }],
    ["items without what is needed", { body: { total_count: 1, secrets: [{ id: 1 }] } }],
    ["no JSON", { text: "<html>login</html>" }],
    ["half of it", { text: '{"secrets":[{"name":"a"}' }],
  ])("an answer with %s is an error, not empty", async (_, trouble) => {
    server.fail({ status: 200, ...trouble });
    const fault = await faultOf(portWith().list({ path: secrets, key: "secrets", item: named }));
    expect(fault.message).toBe(`the answer of GitHub to ${secrets} has a form that is not known here`);
  });

  test("an interrupt ends it", async () => {
    server.fail({ status: 500 });
    const abort = new AbortController();
    const port = portWith({ signal: abort.signal, wait: async () => abort.abort() });
    expect((await faultOf(port.list({ path: repos, item: named }))).code).toBe("interrupted");
  });
});

test.each([
  ["ftp://x", /no URL/],
  ["nonsense", /no URL/],
  ["https://user:geheim@host.example/api", /holds a password/],
  ["http://host.example/api", /in the clear/],
])("the address %s is refused", (url, message) => {
  const make = () => portWith({ url });
  expect(make).toThrow(message);
  expect(make).not.toThrow(/geheim/);
});
