import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { client, hookOf, jwtOf } from "./client.ts";
import { sample } from "./sample.ts";
import { addApp, addInstallation } from "./seed-app.ts";

test("deliveries are signed over their bytes, and only for those who may hear of it", async () => {
  const { github, app, asOwner } = await sample();
  const hook = await hookOf(app);
  const deaf = await hookOf(addApp(github.state, "deaf", {}, { events: ["push"], webhook: { url: "", secret: "x" } }));
  addInstallation(github.state, [...github.state.apps.values()].at(-1)!, "acme");
  await asOwner("POST", "/repos/acme/shop/issues", { title: "x" });
  await github.settled();
  const [told, ...more] = hook.received;
  expect([more.length, deaf.received.length]).toEqual([0, 0]);
  expect(told!.signature).toBe(`sha256=${createHmac("sha256", app.webhook.secret).update(told!.text).digest("hex")}`);
  expect(JSON.parse(told!.text)).toMatchObject({
    ...{ action: "opened", issue: { title: "x" }, repository: { full_name: "acme/shop" }, sender: { login: "alice" } },
    ...{ organization: { login: "acme" }, installation: { id: expect.any(Number) } },
  });
});

test("what was lost or refused is listed, and comes again under the same id", async () => {
  const { github, app, asJwt } = await sample();
  const hook = await hookOf(app);
  github.lose(1);
  const lost = await github.deliver(app, "ping", { zen: "one" });
  hook.status = 500;
  const refused = await github.deliver(app, "ping", { zen: "two" });
  hook.status = 202;
  await github.deliver(app, "ping", { zen: "three" });
  const { body } = await asJwt("GET", "/app/hook/deliveries?status=failure&per_page=1");
  expect(body).toMatchObject([{ guid: refused.guid, status_code: 500, redelivery: false }]);
  const { headers } = await asJwt("GET", "/app/hook/deliveries?status=failure&per_page=1");
  const next = /<(.+)>; rel="next"/.exec(headers.get("link")!)![1]!.slice(github.url.length);
  expect((await asJwt("GET", next)).body).toMatchObject([{ guid: lost.guid, status_code: 504 }]);
  expect((await asJwt("POST", `/app/hook/deliveries/${lost.id}/attempts`)).status).toBe(202);
  await github.settled();
  expect(hook.received.map(({ guid }) => guid).filter((guid) => guid === lost.guid)).toHaveLength(1);
  expect(app.deliveries[0]).toMatchObject({ guid: lost.guid, redelivery: true, statusCode: 202 });
});

test("a delivery older than three days cannot come again", async () => {
  let now = Date.parse("2026-11-21T06:00:00Z");
  const { github, app } = await sample({ now: () => now });
  await hookOf(app);
  const { id } = await github.deliver(app, "ping", {});
  const early = client(github, jwtOf(app, now));
  now += 3 * 86_400_000 + 1_000;
  const later = client(github, jwtOf(app, now));
  expect((await later("POST", `/app/hook/deliveries/${id}/attempts`)).status).toBe(422);
  expect((await early("GET", "/app")).status).toBe(401);
});
