import { expect, test } from "vitest";
import { goneAmong } from "../../src/github/people.ts";
import { listed, notPermitted, organisation, repository } from "../register/sample.ts";
import { stubPort } from "./stub-port.ts";

const user = (login: string, type = "User") => ({ record: { login, type } });

function deployKey(id: number, addedBy: string | null) {
  return { id, title: `key ${id}`, readOnly: true, createdAt: "2026-01-01T00:00:00Z", lastUsed: null, addedBy };
}

function withKeys(...adders: (string | null)[]) {
  return [repository({ deployKeys: listed(...adders.map((login, at) => deployKey(at, login))) })];
}

test("who added a key and is no member has left; whom the register alone names may never have been one", async () => {
  const port = stubPort({ "/users/frank": user("frank"), "/users/grace": user("grace") });
  const gone = await goneAmong(
    port,
    ["alice", "grace", "nobody-there"],
    organisation(),
    withKeys("frank", "Bob", null),
  );
  expect(gone).toEqual({ formerMembers: ["frank"], goneAccounts: ["nobody-there"] });
  // Members are not asked for.
  expect(port.asked.sort()).toEqual(["/users/frank", "/users/grace", "/users/nobody-there"]);
});

test("an account that is gone and had added a key is both", async () => {
  const gone = await goneAmong(stubPort({}), [], organisation(), withKeys("frank", "FRANK"));
  expect(gone).toEqual({ formerMembers: ["FRANK"], goneAccounts: ["FRANK"] });
});

test("what an App did is no person's, and what may not be seen is not gone", async () => {
  const port = stubPort({
    "/users/machine": user("machine", "Organization"),
    "/users/hidden": { refused: "not permitted" },
  });
  const gone = await goneAmong(
    port,
    ["hidden", "machine"],
    organisation(),
    withKeys("deployer[bot]", "machine", "hidden"),
  );
  expect(gone).toEqual({ formerMembers: [], goneAccounts: [] });
  expect(port.asked.sort()).toEqual(["/users/hidden", "/users/machine"]);
});

test("without the members nobody is asked for, and nothing is said", async () => {
  const port = stubPort({});
  expect(await goneAmong(port, ["alice"], organisation({ members: notPermitted }), withKeys("frank"))).toEqual({});
  expect(port.asked).toEqual([]);
});
