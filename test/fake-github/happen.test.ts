import { expect, test } from "vitest";
import { hookOf } from "./client.ts";
import * as account from "./happen-account.ts";
import * as work from "./happen-work.ts";
import { sample } from "./sample.ts";
import { addRepository, addTeam, addUser } from "./seed.ts";
import { webhooks } from "./webhook.ts";

const every = Object.entries(webhooks).flatMap(([event, actions]) =>
  actions.length === 0 ? [event] : actions.map((action) => `${event} ${action}`),
);

test("every webhook that the fake tells of is told, and as GitHub describes it", async () => {
  const { github, acme, shop, app, installation, asApp, asOwner } = await sample();
  const { state } = github;
  const alice = addUser(state, "alice");
  // Of installations every App hears without asking.
  app.events = Object.keys(webhooks).filter((event) => !event.startsWith("installation"));
  installation.events = app.events;
  const hook = await hookOf(app);
  const repo = "/repos/acme/shop";

  const one = await work.push(state, shop, alice, { branch: "topic", files: { "a.txt": "1\n" }, message: "one" });
  await asApp("POST", `${repo}/pulls`, { title: "A", head: "topic", base: "main", draft: true });
  await work.push(state, shop, alice, { branch: "topic", files: { "a.txt": "2\n" } });
  await work.forcePush(state, shop, alice, "topic", one);
  const issue = shop.issues.get(1)!;
  work.markReady(state, shop, issue, alice);
  const group = await work.queue(state, shop, issue, alice);
  await work.unqueue(state, shop, issue, alice, group, "dequeued");
  await asOwner("POST", `${repo}/pulls/1/reviews`, { event: "COMMENT", body: "hm" });
  for (const body of [{ title: "B" }, { state: "closed" }, { state: "open" }])
    await asApp("PATCH", `${repo}/pulls/1`, body);
  await asOwner("POST", `${repo}/issues`, { title: "I", labels: ["x"], assignees: ["alice"] });
  for (const body of [{ title: "J" }, { state: "closed" }, { state: "open" }])
    await asOwner("PATCH", `${repo}/issues/2`, body);
  const comment = (await asOwner("POST", `${repo}/issues/2/comments`, { body: "c" })).body as { id: number };
  await asOwner("PATCH", `${repo}/issues/comments/${comment.id}`, { body: "d" });
  await asOwner("DELETE", `${repo}/issues/comments/${comment.id}`);
  const actions = [{ label: "Fix", description: "Opens a fix", identifier: "fix" }];
  await asApp("POST", `${repo}/check-runs`, { name: "leasehold", head_sha: one, conclusion: "failure", actions });
  const [run] = shop.checkRuns;
  work.pressButton(state, shop, run!, alice, "fix");
  work.rerequest(state, shop, run!, alice);
  work.rerequest(state, shop, run!.suite, alice);
  await github.settled();

  addTeam(state, acme, "platform", ["carol"]);
  addTeam(state, acme, "gone", []);
  account.deleteTeam(state, acme, "gone", alice);
  account.removeMember(state, acme, "carol", alice);
  for (const change of [
    { archived: true },
    { archived: false },
    { visibility: "private" },
    { visibility: "public" },
    { name: "store" },
  ] as const) {
    account.changeRepository(state, shop, alice, change);
    await github.settled();
  }
  const bob = addUser(state, "bob");
  const bobs = addRepository(state, "bob/tool");
  account.transfer(state, bobs, bob, acme);
  await github.settled();
  const created = addRepository(state, "acme/new");
  account.createRepository(state, created, alice);
  await github.settled();
  account.deleteRepository(state, created, alice);
  await github.settled();
  account.suspend(state, installation, alice, "suspend");
  account.suspend(state, installation, alice, "unsuspend");
  const second = account.install(state, app, bob, bob, { repositories: [] });
  account.changeReach(state, second, bob, addRepository(state, "bob/second"), "added");
  await github.settled();
  account.changeReach(state, second, bob, [...state.repositories.values()].at(-1)!, "removed");
  account.uninstall(state, second, bob);
  await github.settled();

  const told = hook.received.map(({ event, text }) => [event, JSON.parse(text).action].filter(Boolean).join(" "));
  expect(every.filter((one) => !told.includes(one))).toEqual([]);
  expect(github.violations).toEqual([]);
});
