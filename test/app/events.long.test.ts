/** Every event of the App over HTTP, from the signed webhook to what GitHub shows, and every way a check ends. */
import { expect, it } from "vitest";
import { sweepDeliveries } from "../../src/app/redelivery.ts";
import { chores } from "../../src/app/upkeep.ts";
import { concludeOverdue } from "../../src/app/watchdog.ts";
import { findCheckRun, saveCheckRun } from "../../src/store/check-runs.ts";
import { findInstallation, findRepository, listRepositories } from "../../src/store/installations.ts";
import { tokenOf } from "../e2e/leasehold.ts";
import { commitFiles } from "../fake-github/commit.ts";
import {
  changeRepository,
  deleteRepository,
  install,
  suspend,
  transfer,
  uninstall,
} from "../fake-github/happen-account.ts";
import { pressButton, queue, rerequest } from "../fake-github/happen-work.ts";
import { addUser } from "../fake-github/seed.ts";
import { world } from "./world.ts";

const enforce = { ".github/leasehold.yml": "version: 1\nmode: enforce\n" };
const observe = { ".github/leasehold.yml": "version: 1\nmode: observe\n" };
const key = (seed: number) => `T=${tokenOf("github-pat", seed)}\n`;

it("concludes by mode, policy and coverage", async () => {
  const { repository, push, settled, check } = await world();
  const cases: [
    name: string,
    base: Record<string, string>,
    change: Record<string, string>,
    conclusion: string,
    title: RegExp,
  ][] = [
    ["enforced", enforce, { "a.txt": key(1) }, "failure", /^1 blocking$/],
    [
      "warned",
      enforce,
      {
        ".github/workflows/a.yml":
          "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n",
      },
      "neutral",
      /warning/,
    ],
    ["observed", observe, { "a.txt": key(2) }, "neutral", /warning/],
    ["clean", enforce, { "a.txt": "a\n" }, "success", /^nothing found in 1 commit, 1 file$/],
    ["ungoverned", { "a.txt": "a\n" }, { "b.txt": key(3) }, "neutral", /1 blocking/],
    ["invalid", enforce, { ".github/leasehold.yml": "version: 1\nmodus: x\n" }, "failure", /cannot be read/],
    [
      "brokenbase",
      { ".github/leasehold.yml": "version: 1\nmodus: x\n" },
      { "a.txt": key(4), ".github/leasehold.yml": "version: 1\n" },
      "failure",
      /1 blocking/,
    ],
  ];
  const heads: [string, ReturnType<typeof repository>, string, string, RegExp][] = [];
  for (const [name, base, change, conclusion, title] of cases) {
    const made = repository(name);
    await push(made, "main", { "README.md": "#\n", ...base });
    heads.push([name, made, await push(made, "topic", change), conclusion, title]);
  }
  await settled();
  for (const [name, made, head, conclusion, title] of heads) {
    expect(check(made, head)?.conclusion, name).toBe(conclusion);
    expect(check(made, head)?.title, name).toMatch(title);
  }
  // The organisation's floor makes an observing repository enforce.
  const dot = repository(".github");
  await push(dot, "main", { "leasehold.yml": "version: 1\nenforced: { mode: enforce }\n" });
  const observing = heads[2]![1];
  const later = await push(observing, "other", { "c.txt": key(5) });
  await settled();
  expect(check(observing, later)?.conclusion).toBe("failure");
});

it("judges merge groups, reruns, buttons and shared heads", async () => {
  const { github, asOwner, repository, push, open, settled, check } = await world();
  const { state } = github;
  const alice = addUser(state, "alice");
  const shop = repository("shop");
  const base = await push(shop, "main", enforce);
  await settled();
  await commitFiles(state, shop, { branch: "release", parent: base, files: observe });
  const head = await push(shop, "topic", { "a.txt": key(6) });
  const number = await open(shop, "topic", "release");
  await settled();
  expect(check(shop, head)?.conclusion).toBe("neutral");
  const other = await open(shop, "topic", "main");
  await settled();
  expect(check(shop, head)?.conclusion).toBe("failure");
  expect(check(shop, head)?.summary).toContain(`Pull request ${number} into`);
  await asOwner("PATCH", `/repos/acme/shop/pulls/${other}`, { base: "release" });
  await settled();
  expect(check(shop, head)?.conclusion).toBe("neutral");
  await asOwner("PATCH", `/repos/acme/shop/pulls/${other}`, { base: "main" });
  await settled();
  const run = check(shop, head)!;
  expect(run.conclusion).toBe("failure");
  const { headSha } = await queue(state, shop, shop.issues.get(other)!, alice);
  await settled();
  expect(check(shop, headSha)?.conclusion).toBe("failure");
  pressButton(state, shop, run, alice, run.actions[0]!.identifier);
  await settled();
  expect(run.text).toContain("leasehold fix LH-");
  const count = run.annotations.length;
  rerequest(state, shop, run, alice);
  rerequest(state, shop, run.suite, alice);
  await settled();
  expect(check(shop, head)).toMatchObject({ conclusion: "failure", status: "completed" });
  expect(run.annotations).toHaveLength(count);
});

it("follows installations and repositories, and forgets what is gone", async () => {
  const { github, app, installation, store, repository, push, open, settled, check, access } = await world();
  const { state } = github;
  const alice = addUser(state, "alice");
  const shop = repository("shop");
  await commitFiles(state, shop, { files: enforce });
  await commitFiles(state, shop, { branch: "topic", files: { "a.txt": key(7) } });
  state.installations.delete(installation.id);
  await open(shop, "topic");
  // From installing on, open pull requests have their check.
  const mine = install(state, app, state.accounts.get("acme")!, alice);
  await settled();
  const head = [...shop.issues.values()][0]!.pull!.headSha;
  expect(check(shop, head)?.conclusion).toBe("failure");
  changeRepository(state, shop, alice, { name: "store" });
  changeRepository(state, shop, alice, { visibility: "public" });
  await settled();
  expect(await findRepository(store, shop.id)).toMatchObject({ name: "store", visibility: "public" });
  const pushed = await push(shop, "topic", { "b.txt": "b\n" });
  await settled();
  expect(check(shop, pushed)?.conclusion).toBe("failure");
  changeRepository(state, shop, alice, { archived: true });
  await settled();
  expect(await findRepository(store, shop.id)).toMatchObject({ archived: true });
  suspend(state, mine, alice, "suspend");
  await settled();
  expect(await findInstallation(store, mine.id)).toMatchObject({ suspended: true });
  suspend(state, mine, alice, "unsuspend");
  const away = repository("away");
  await push(away, "main", enforce);
  const gone = repository("gone");
  await push(gone, "main", enforce);
  await settled();
  transfer(state, away, alice, addUser(state, "bob"));
  deleteRepository(state, gone, alice);
  await settled();
  await chores.find(({ name }) => name === "prune")!.do(access, AbortSignal.timeout(10_000));
  expect(await findRepository(store, gone.id)).toBeUndefined();
  uninstall(state, mine, alice);
  await settled();
  expect(await findInstallation(store, mine.id)).toBeUndefined();
  expect(await listRepositories(store, mine.id)).toEqual([]);
});

it("degrades, waits and gives up in words", async () => {
  const { github, app, store, access, repository, push, open, settled, check, installation } = await world();
  const { state } = github;
  const shop = repository("shop");
  await push(shop, "main", enforce);
  await settled();
  // A delivery that was lost comes again, once.
  github.lose(99);
  const missed = await push(shop, "missed", { "a.txt": key(8) });
  await github.settled();
  github.lose(0);
  await settled();
  expect(check(shop, missed)).toBeUndefined();
  for (const one of app.deliveries) one.deliveredAt = new Date(Date.now() - 120_000).toISOString();
  expect(await sweepDeliveries(access)).toBeGreaterThan(0);
  await settled();
  expect(check(shop, missed)?.conclusion).toBe("failure");
  expect(await sweepDeliveries(access)).toBe(0);
  // The rate limit is spent: the check says until when.
  const head = await push(shop, "limited", { "b.txt": key(9) });
  await settled();
  const reader = [...state.tokens].find(
    ([, token]) => token.kind === "installation" && token.repositories === "all",
  )![0];
  github.leave(reader, 5, 3);
  await open(shop, "limited");
  await settled();
  expect(check(shop, head)?.conclusion).toBe("failure");
  // A check that hangs is concluded, and judged once more.
  const stuck = (await findCheckRun(store, shop.id, head))!;
  const run = check(shop, head)!;
  Object.assign(run, { status: "in_progress", conclusion: null });
  await saveCheckRun(store, { ...stuck, state: "in_progress", startedAt: new Date(Date.now() - 11 * 60_000) });
  expect(await concludeOverdue(access, AbortSignal.timeout(60_000))).toBe(1);
  expect(run).toMatchObject({ conclusion: "failure", title: expect.stringMatching(/^not judged: incident INC-/) });
  await settled();
  expect(run).toMatchObject({ conclusion: "failure", title: "1 blocking" });
  // Without the permission nothing is written, and nothing breaks.
  installation.permissions = { ...installation.permissions, checks: "read" };
  await access.github.forget(installation.id);
  const { reconcileInstallation } = await import("../../src/app/installation.ts");
  await reconcileInstallation(access, installation.id);
  const quiet = await push(shop, "quiet", { "c.txt": key(10) });
  await settled();
  expect(check(shop, quiet)).toBeUndefined();
});
