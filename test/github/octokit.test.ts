import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { LeaseholdError } from "../../src/error.ts";
import { variableAnswer, webhookAnswer } from "../../src/github/answer.ts";
import { type GitHubOptions, octokitPort } from "../../src/github/octokit.ts";
import { hidden } from "./sample.ts";
import { type FakeGitHub, type Reply, startGitHub } from "./server.ts";

const token = ["fake", "token", "of", "the", "test"].join("_");
const named = z.object({ name: z.string() });
const names = (count: number) => Array.from({ length: count }, (_, at) => ({ name: `n${at}`, more: hidden }));
const now = Date.parse("2026-11-21T06:00:00Z");

let server: FakeGitHub;
let folder: string;
let waits: number[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leasehold-cache-"));
  waits = [];
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = async (routes: Record<string, Reply | ((count: number) => Reply)>) => {
  server = await startGitHub(routes, token);
};

const portWith = (changes: Partial<GitHubOptions> = {}) =>
  octokitPort({
    ...{ url: server.url, token, userAgent: "leasehold/test", signal: new AbortController().signal, patience: 60 },
    wait: async (milliseconds) => {
      waits.push(milliseconds);
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
  expect(JSON.stringify([String(error), (error as Error).stack, { ...(error as object) }])).not.toContain(token);
  return error as LeaseholdError;
}

describe("pages", () => {
  test.each([
    ["no item", 0, 1],
    ["one page to the full", 100, 1],
    ["one more", 101, 2],
    ["many", 950, 10],
  ])("%s", async (_, count, pages) => {
    await start({ "/list": { items: names(count) } });
    const port = portWith();
    const answer = await port.list({ path: "/list", item: named });
    expect(answer).toEqual({ status: "listed", items: names(count).map(({ name }) => ({ name })) });
    expect(server.log).toHaveLength(pages);
    expect(port.spent).toEqual({ requests: pages, fromCache: 0 });
  });

  test("the first alone where that is enough", async () => {
    await start({ "/list": { key: "runs", items: names(5) } });
    const answer = await portWith().list({ path: "/list", key: "runs", item: named, perPage: 1, firstPage: true });
    expect(answer).toEqual({ status: "listed", items: [{ name: "n0" }] });
    expect(server.log).toEqual(["/list?per_page=1 200"]);
  });

  test("a link to another host is not followed: it would carry the token", async () => {
    await start({ "/list": { items: names(1), headers: { link: '<https://elsewhere.example/list>; rel="next"' } } });
    const fault = await faultOf(portWith().list({ path: "/list", item: named }));
    expect(fault).toMatchObject({ code: "network", message: expect.stringContaining("/list") });
  });

  test("a list that never ends is given up", async () => {
    await start({});
    server.routes.set("/list", { items: names(1), headers: { link: `<${server.url}/list>; rel="next"` } });
    expect((await faultOf(portWith().list({ path: "/list", item: named }))).code).toBe("network");
  }, 20_000);

  test("an empty page that hides a conflict is no empty list", async () => {
    await start({ "/list": { status: 409 } });
    expect(await faultOf(portWith().list({ path: "/list", item: named }))).toMatchObject({
      code: "network",
      message: "GitHub answered /list with 409, which was not expected",
    });
  });
});

describe("ETags", () => {
  test("what did not change costs no answer, page by page", async () => {
    await start({ "/list": { key: "things", items: names(150) } });
    const port = portWith();
    const first = await port.list({ path: "/list", key: "things", item: named });
    const second = await port.list({ path: "/list", key: "things", item: named });
    expect(second).toEqual(first);
    expect(server.log.map((line) => line.slice(-3))).toEqual(["200", "200", "304", "304"]);
    expect(port.spent).toEqual({ requests: 4, fromCache: 2 });
  });

  test("what changed is read anew", async () => {
    await start({ "/list": { items: names(2) } });
    const port = portWith();
    await port.list({ path: "/list", item: named });
    server.routes.set("/list", { items: names(3) });
    expect(await port.list({ path: "/list", item: named })).toMatchObject({ items: { length: 3 } });
  });

  test("a folder carries them to the next run; records too", async () => {
    await start({ "/list": { items: names(2) }, "/one": { record: { name: "one" } } });
    const read = async (own: string) => {
      const port = portWith({ cacheFolder: own });
      return [await port.list({ path: "/list", item: named }), await port.find("/one", named), port.spent.fromCache];
    };
    const [list, one] = await read(folder);
    expect(await read(folder)).toEqual([list, one, 2]);
    for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o077).toBe(0);
  });

  test("a folder holds no value, no path of a webhook, no token and no address", async () => {
    const moment = "2026-11-01T08:00:00Z";
    const config = { url: `https://hooks.example/${hidden}` };
    await start({
      "/vars": { key: "variables", items: [{ name: "A", value: hidden, updated_at: moment }] },
      "/hooks": { items: [{ id: 1, active: true, updated_at: moment, config }] },
    });
    const port = portWith({ cacheFolder: folder });
    await port.list({ path: "/vars", key: "variables", item: variableAnswer });
    await port.list({ path: "/hooks", item: webhookAnswer, fleeting: true });
    const files = readdirSync(folder);
    expect(files).toHaveLength(1);
    const text = files.map((file) => file + readFileSync(join(folder, file), "utf8")).join("\n");
    for (const word of [hidden, token, "hooks.example", "127.0.0.1"]) expect(text).not.toContain(word);
  });

  test("another token, and a file that is spoilt, cost a request and nothing else", async () => {
    await start({ "/list": { items: names(2) } });
    await portWith({ cacheFolder: folder }).list({ path: "/list", item: named });
    const other = portWith({ cacheFolder: folder, token: `${token}2` });
    expect((await faultOf(other.list({ path: "/list", item: named }))).code).toBe("network");
    const [file] = readdirSync(folder);
    const whole = readFileSync(join(folder, file!), "utf8");
    for (const spoilt of ["", "{", '{"etag":1}', whole.replaceAll('"name"', '"nom"')]) {
      writeFileSync(join(folder, file!), spoilt);
      const port = portWith({ cacheFolder: folder });
      expect(await port.list({ path: "/list", item: named })).toMatchObject({ items: { length: 2 } });
      expect(port.spent).toEqual({ requests: 1, fromCache: 0 });
    }
  });

  test("a folder that cannot be written is no error", async () => {
    await start({ "/list": { items: names(2) } });
    writeFileSync(join(folder, "file"), "");
    const port = portWith({ cacheFolder: join(folder, "file", "below") });
    expect(await port.list({ path: "/list", item: named })).toMatchObject({ status: "listed" });
  });
});

describe("refusals", () => {
  test.each([
    [403, {}, "not permitted"],
    [404, {}, "not available here"],
    [410, {}, "not available here"],
    [403, { "x-ratelimit-remaining": "57" }, "not permitted"],
  ])("%d %j", async (status, headers, expected) => {
    await start({ "/x": { status, headers } });
    expect(await portWith().list({ path: "/x", item: named })).toEqual({ status: expected });
    expect(await portWith().find("/x", named)).toEqual({ status: expected });
    expect(waits).toEqual([]);
  });

  test("a token that is refused is named as such, and not repeated though the server does", async () => {
    await start({ "/x": { items: [] } });
    const fault = await faultOf(portWith({ token: `${token}x` }).list({ path: "/x", item: named }));
    expect(fault).toMatchObject({ code: "network", message: expect.stringContaining("does not accept the token") });
  });

  const reset = String(now / 1_000 + 20);
  test.each<[string, Reply, number]>([
    ["spent", { status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset } }, 20_000],
    ["spent, as 429", { status: 429, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset } }, 20_000],
    ["secondary, with a time", { status: 403, headers: { "retry-after": "7" } }, 7_000],
    ["secondary, in words", { status: 403, record: { message: "You have exceeded a secondary rate limit" } }, 60_000],
  ])("a rate limit that is %s is waited for", async (_, reply, wait) => {
    await start({ "/x": (count) => (count === 1 ? reply : { items: names(1) }) });
    expect(await portWith().list({ path: "/x", item: named })).toMatchObject({ status: "listed" });
    expect(waits).toEqual([wait]);
  });

  test("one that is longer than the patience ends it, with the time", async () => {
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now / 1_000 + 3_000) };
    await start({ "/x": { status: 403, headers } });
    const fault = await faultOf(portWith().list({ path: "/x", item: named }));
    expect(fault).toMatchObject({ code: "network", message: expect.stringContaining("until 2026-11-21T06:50Z") });
    expect(waits).toEqual([]);
  });

  test("one that never ends is waited for three times", async () => {
    await start({ "/x": { status: 429, headers: { "retry-after": "1" } } });
    expect((await faultOf(portWith().list({ path: "/x", item: named }))).code).toBe("network");
    expect(waits).toEqual([1_000, 1_000, 1_000]);
  });

  test("a server's error is tried three times", async () => {
    await start({ "/x": (count) => (count < 3 ? { status: 502 } : { items: [] }), "/y": { status: 500 } });
    expect(await portWith().list({ path: "/x", item: named })).toEqual({ status: "listed", items: [] });
    expect(waits).toEqual([1_000, 4_000]);
    const fault = await faultOf(portWith().find("/y", named));
    expect(fault.message).toBe("GitHub answered /y with 500, three times");
  });

  test("a server that is not there", async () => {
    await start({});
    await server.close();
    const fault = await faultOf(portWith().list({ path: "/x", item: named }));
    expect(fault).toMatchObject({ code: "network", message: "GitHub could not be reached for /x" });
  });

  test.each([
    ["no list", { record: { message: "hello" } }],
    ["another key", { key: "others", items: names(1) }],
    ["items without what is needed", { key: "things", items: [{ id: 1 }] }],
    ["no JSON", { text: "<html>login</html>" }],
    ["half of it", { text: '{"things":[{"name":"a"}' }],
  ] as [string, Reply][])("an answer with %s is an error, not empty", async (_, reply) => {
    await start({ "/x": reply });
    const fault = await faultOf(portWith().list({ path: "/x", key: "things", item: named }));
    expect(fault.message).toBe("the answer of GitHub to /x has a form that is not known here");
  });

  test("an interrupt ends it", async () => {
    await start({ "/x": { status: 500 } });
    const abort = new AbortController();
    const port = portWith({ signal: abort.signal, wait: async () => abort.abort() });
    expect((await faultOf(port.list({ path: "/x", item: named }))).code).toBe("interrupted");
  });
});

test.each([
  ["ftp://x", /no URL/],
  ["nonsense", /no URL/],
  ["https://user:geheim@host.example/api", /holds a password/],
  ["http://host.example/api", /in the clear/],
])("the address %s is refused", async (url, message) => {
  await start({});
  const make = () => portWith({ url });
  expect(make).toThrow(message);
  expect(make).not.toThrow(/geheim/);
});
