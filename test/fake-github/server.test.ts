import { describe, expect, test } from "vitest";
import { client } from "./client.ts";
import { changeRepository } from "./happen-account.ts";
import { sample } from "./sample.ts";
import { addRepository, addSecret, addUser } from "./seed.ts";
import { addClassicToken, addInstallationToken } from "./seed-app.ts";

const secrets = "/repos/acme/shop/actions/secrets";

describe("what is not as GitHub describes it fails the test", () => {
  test.each<[string, string, string, unknown, RegExp]>([
    ["an operation that is not there", "GET", "/repos/acme/shop/secret-things", undefined, /no operation/],
    ["a query that is not there", "GET", `${secrets}?perpage=5`, undefined, /query: .*\(perpage\)/],
    ["a query of the wrong type", "GET", `${secrets}?page=two`, undefined, /query\/page: must be integer/],
    ["a body without what is needed", "POST", "/repos/acme/shop/issues", { body: "x" }, /body: .*title/],
    ["a field that is not there", "POST", "/repos/acme/shop/issues", { title: "x", labelz: [] }, /body: .*labelz/],
    ["a body where there is none", "DELETE", `${secrets}/KEY`, { why: "x" }, /a body, where the description has none/],
    ["51 annotations", "PATCH", "/repos/acme/shop/check-runs/1", checkWith(51), /NOT have more than 50 items/],
  ])("%s", async (_, method, path, body, expected) => {
    const { github, asApp } = await sample({ closes: false });
    const { status } = await asApp(method, path, body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(github.violations).toEqual([expect.stringMatching(expected)]);
    await expect(github.close()).rejects.toThrow(expected);
  });

  test("an answer without what is described, and with what is not", async () => {
    const { github, shop, asApp } = await sample({ closes: false });
    addSecret(github.state, shop, "actions", "KEY").updatedAt = "yesterday";
    await asApp("GET", secrets);
    expect(github.violations).toEqual([
      expect.stringMatching(/answer\/secrets\/0\/updated_at: must match format "date-time"/),
    ]);
    Object.assign(shop, { archived: undefined });
    await asApp("GET", "/repos/acme/shop");
    expect(github.violations[1]).toMatch(/answer: must have required property 'archived'/);
    await expect(github.close()).rejects.toThrow(/yesterday|date-time/);
  });

  test("a body that is no JSON, a version that is not there, nobody's name", async () => {
    const { github, asApp } = await sample({ closes: false });
    const version = { "x-github-api-version": "2021-01-01" };
    expect((await asApp("GET", secrets, undefined, version)).status).toBe(400);
    const type = { "content-type": "text/plain" };
    expect((await asApp("POST", "/repos/acme/shop/issues", { title: "x" }, type)).status).toBe(422);
    expect(github.violations).toEqual([expect.stringMatching(/a body of type text\/plain/)]);
    await expect(github.close()).rejects.toThrow();
  });

  test("a refusal is an answer, and closes in peace", async () => {
    const { github, asApp, asNobody } = await sample({ closes: false });
    expect((await asApp("GET", `${secrets}/NONE`)).status).toBe(404);
    expect((await asNobody("GET", secrets)).status).toBe(401);
    await github.close();
  });
});

function checkWith(count: number) {
  const one = { path: "a", start_line: 1, end_line: 1, annotation_level: "notice", message: "m" };
  return { output: { title: "t", summary: "s", annotations: Array.from({ length: count }, () => one) } };
}

test("lists come in pages, with links to the others", async () => {
  const { github, shop, asApp } = await sample();
  for (let at = 0; at < 7; at++) addSecret(github.state, shop, "actions", `S${at}`);
  const { body, headers } = await asApp("GET", `${secrets}?per_page=3&page=2`);
  expect(body).toMatchObject({ total_count: 7, secrets: [{ name: "S3" }, { name: "S4" }, { name: "S5" }] });
  const links = Object.fromEntries(
    headers
      .get("link")!
      .split(", ")
      .map((one) => [/rel="(\w+)"/.exec(one)![1], /<(.+)>/.exec(one)![1]]),
  );
  const to = (page: number) => `${github.url}${secrets}?per_page=3&page=${page}`;
  expect(links).toEqual({ prev: to(1), first: to(1), next: to(3), last: to(3) });
  expect((await asApp("GET", `${secrets}?per_page=100`)).headers.get("link")).toBeNull();
});

test("an ETag saves the answer and the budget, and is the token's own", async () => {
  const { github, shop, token, asApp, installation } = await sample();
  const first = await asApp("GET", secrets);
  const left = (headers: Headers) => Number(headers.get("x-ratelimit-remaining"));
  const matching = { "if-none-match": first.headers.get("etag")! };
  const second = await asApp("GET", secrets, undefined, matching);
  expect(second).toMatchObject({ status: 304, text: "" });
  expect(left(second.headers)).toBe(left(first.headers));
  const other = addInstallationToken(github.state, installation);
  expect((await client(github, other)("GET", secrets, undefined, matching)).status).toBe(200);
  expect(other).not.toBe(token);
  addSecret(github.state, shop, "actions", "KEY");
  expect((await asApp("GET", secrets, undefined, matching)).status).toBe(200);
});

describe("rate limits", () => {
  test("each caller has a budget, which comes back after an hour", async () => {
    let now = Date.parse("2026-11-21T06:00:00Z");
    const { github, token, asApp, asOwner, asNobody } = await sample({ now: () => now });
    const limitsOf = ({ headers }: { headers: Headers }) =>
      ["limit", "remaining", "reset"].map((name) => Number(headers.get(`x-ratelimit-${name}`)));
    expect(limitsOf(await asApp("GET", secrets))).toEqual([5_000, 4_999, now / 1000 + 3_600]);
    expect(limitsOf(await asNobody("GET", "/users/alice"))).toEqual([60, 59, now / 1000 + 3_600]);
    github.leave(token, 1, 30);
    expect((await asApp("GET", secrets)).status).toBe(200);
    const spent = await asApp("GET", secrets);
    expect([spent.status, ...limitsOf(spent)]).toEqual([403, 5_000, 0, now / 1000 + 30]);
    expect((await asOwner("GET", secrets)).status).toBe(200);
    expect((await asApp("GET", "/rate_limit")).body).toMatchObject({ resources: { core: { remaining: 0 } } });
    now += 30_000;
    expect((await asApp("GET", secrets)).status).toBe(200);
  });

  test("80 contents a minute and no more", async () => {
    let now = Date.parse("2026-11-21T06:00:00Z");
    const { asApp, shop } = await sample({ now: () => now });
    const file = () => asApp("POST", "/repos/acme/shop/issues", { title: "x" });
    for (let at = 0; at < 80; at++) expect((await file()).status).toBe(201);
    const refused = await file();
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([403, "60"]);
    expect(refused.body).toMatchObject({ message: expect.stringContaining("secondary rate limit") });
    expect(shop.issues.size).toBe(80);
    now += 60_001;
    expect((await file()).status).toBe(201);
  });
});

test("trouble comes on command: a status, a delay, a changed answer, a cut", async () => {
  const { github, asApp } = await sample();
  github.fail({ operation: "repos/get", after: 1, times: 1, status: 502 });
  github.fail({
    path: "/orgs/acme",
    status: 403,
    headers: { "retry-after": "3" },
    body: { message: "secondary rate limit" },
  });
  const statuses = [];
  for (let at = 0; at < 3; at++) statuses.push((await asApp("GET", "/repos/acme/shop")).status);
  expect(statuses).toEqual([200, 502, 200]);
  expect((await asApp("GET", "/orgs/acme")).headers.get("retry-after")).toBe("3");
  github.heal();
  expect((await asApp("GET", "/orgs/acme")).status).toBe(200);
  github.fail({ path: secrets, change: (answer) => Object.assign(answer, { body: { odd: true } }), times: 1 });
  expect((await asApp("GET", secrets)).body).toEqual({ odd: true });
  github.fail({ path: secrets, cut: true, times: 1 });
  await expect(asApp("GET", secrets)).rejects.toThrow();
  const start = performance.now();
  github.fail({ path: secrets, delay: 30, times: 1 });
  expect((await asApp("GET", secrets)).status).toBe(200);
  expect(performance.now() - start).toBeGreaterThanOrEqual(29);
});

test("the root of Enterprise Server answers too, and links to itself", async () => {
  const { github, asApp } = await sample();
  const { body } = await asApp("GET", "/api/v3/repos/acme/shop");
  expect(body).toMatchObject({ url: `${github.url}/api/v3/repos/acme/shop`, html_url: `${github.url}/acme/shop` });
});

test("what is private is hidden from those outside, in lists and by name", async () => {
  const { github } = await sample({ visibility: "private" });
  addRepository(github.state, "acme/open", { visibility: "public" });
  const asStranger = client(github, addClassicToken(github.state, "mallory", ["repo", "read:org"]));
  expect((await asStranger("GET", "/orgs/acme/repos")).body).toMatchObject([{ name: "open" }]);
  expect((await asStranger("GET", "/repos/acme/shop")).status).toBe(404);
  expect((await asStranger("GET", "/orgs/acme/members")).body).toEqual([]);
});

test("a renamed repository is found under its old name, by REST and by git, until another takes it", async () => {
  const { github, shop, asApp, first } = await sample();
  changeRepository(github.state, shop, addUser(github.state, "alice"), { name: "store" });
  const { body } = await asApp("GET", "/repos/acme/shop/git/ref/heads/main?");
  expect(body).toMatchObject({ object: { sha: first, url: `${github.url}/repos/acme/store/git/commits/${first}` } });
  expect(github.calls.map(({ status }) => status)).toEqual([301, 200]);
  const refs = await fetch(`${github.url}/acme/shop.git/info/refs?service=git-upload-pack`);
  expect(await refs.text()).toContain(first);
  addRepository(github.state, "acme/shop", { visibility: "public" });
  expect((await asApp("GET", "/repos/acme/shop")).body).toMatchObject({ name: "shop" });
});

test("the code of a manifest is good for one conversion", async () => {
  const { github, app, asNobody } = await sample();
  github.state.manifestCodes.set("once", app);
  const { body, status } = await asNobody("POST", "/app-manifests/once/conversions");
  expect(status).toBe(201);
  expect(body).toMatchObject({
    id: app.id,
    webhook_secret: app.webhook.secret,
    pem: expect.stringMatching(/^-{5}BEGIN RSA/),
  });
  expect((await asNobody("POST", "/app-manifests/once/conversions")).status).toBe(404);
});
