import { expect, it } from "vitest";
import { tokenOf } from "../e2e/leasehold.ts";
import { world } from "./world.ts";

const enforce = { ".github/leasehold.yml": "version: 1\nmode: enforce\n" };

it("a push with a key fails, one without passes with two calls", async () => {
  const { github, repository, push, settled, check } = await world();
  const shop = repository("shop");
  const first = await push(shop, "main", { ...enforce, "README.md": "# shop\n" });
  await settled();
  expect(check(shop, first)?.conclusion).toBe("success");
  const before = github.calls.length;
  const clean = await push(shop, "topic", { "src/a.txt": "one\n" });
  await settled();
  expect(check(shop, clean)).toMatchObject({ conclusion: "success", status: "completed" });
  const made = github.calls.slice(before).filter(({ operation }) => !/^git\/|access-token/.test(operation));
  expect(made.map(({ operation }) => operation)).toEqual(["checks/create", "checks/update"]);
  const token = tokenOf("github-pat", 7);
  const dirty = await push(shop, "topic", { "src/b.txt": `TOKEN=${token}\n` });
  await settled();
  const run = check(shop, dirty)!;
  expect(run).toMatchObject({ conclusion: "failure", title: "1 blocking" });
  expect(run.summary).not.toContain(token);
  expect(run.actions.map(({ label }) => label)).toEqual(["Open fix PR", "Request waiver", "Not a secret"]);
  expect(run.annotations).toMatchObject([{ path: "src/b.txt", start_line: 1, annotation_level: "failure" }]);
});

it("a pull request is judged by its target's policy, from opening to closing", async () => {
  const { asOwner, repository, push, open, settled, check } = await world();
  const shop = repository("shop");
  await push(shop, "main", { ...enforce, "README.md": "# shop\n" });
  // It tries to weaken the policy that judges it.
  const first = await push(shop, "topic", {
    ".github/leasehold.yml": "version: 1\nmode: observe\n",
    "a.txt": `T=${tokenOf("github-pat", 8)}\n`,
  });
  const second = await push(shop, "topic", { "b.txt": "two\n" });
  await settled();
  // Of the second push the key is not part.
  expect(check(shop, first)?.conclusion).toBe("failure");
  expect(check(shop, second)?.conclusion).toBe("success");
  const number = await open(shop, "topic");
  await settled();
  expect(check(shop, second)).toMatchObject({ conclusion: "failure", title: "1 blocking" });
  expect(check(shop, second)?.summary).toContain("weakens");
  await asOwner("PATCH", `/repos/acme/shop/pulls/${number}`, { state: "closed" });
  await settled();
  expect(check(shop, second)?.conclusion).toBe("success");
});
