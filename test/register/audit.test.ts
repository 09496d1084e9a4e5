import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareFindings } from "../../src/finding.ts";
import { parseInventory } from "../../src/register/inventory.ts";
import { registerRules } from "../../src/register/rule/list.ts";
import {
  environment,
  findings,
  type Given,
  inventory,
  listed,
  notPermitted,
  only,
  placeAt,
  register,
  repository,
  rules,
  secret,
  sound,
  use,
  uses,
} from "./sample.ts";

/** A repository in which nothing is wrong. */
const healthy: Given = {
  register: register(`name: API_TOKEN, scope: { environment: staging }, ${sound}`),
  inventory: inventory([
    repository({
      environments: listed(environment("staging", { secrets: listed(secret("API_TOKEN")) })),
      lastRuns: listed({ workflow: ".github/workflows/ci.yml", lastRunAt: "2026-11-20T10:00:00Z" }),
    }),
  ]),
  uses: uses(use("API_TOKEN", { environment: "staging" })),
};

test("a healthy repository has no finding but that its end comes near", () => {
  expect(rules(healthy)).toEqual([]);
  expect(findings(healthy).map(({ rule }) => rule)).toEqual(["register/expiring"]);
});

test("without a register there is one finding, of severity info, offline and with a snapshot of empty stores", () => {
  const given = { register: undefined, uses: uses(use("A"), use("B")) };
  expect(findings(given).map(({ rule, severity }) => [rule, severity])).toEqual([["register/absent", "info"]]);
  expect(findings({ ...given, inventory: inventory() }).map(({ rule }) => rule)).toEqual(["register/absent"]);
  expect(only("absent", given).message).toContain("2 credentials are known");
});

test("an empty register of a repository without secrets is clean", () => {
  expect(findings({ register: register(), inventory: inventory() })).toEqual([]);
});

describe("what a finding says", () => {
  test("its identity outlives lines, order and the switch from offline to online", () => {
    const offline = only("owner-missing", { register: register("name: A", "name: B, owner: '@alice'") });
    const online = only("owner-missing", {
      register: register("name: B, owner: '@alice'", "name: A"),
      inventory: inventory([repository({ actions: listed(secret("A"), secret("B")) })]),
    });
    expect(online.id).toBe(offline.id);
    expect(online.place.line).toBe(4);
    expect(offline.facts).toMatchObject({ target: "actions/A", standing: "declared", tier: "T3" });
    expect(only("owner-missing", { register: register("name: A"), limits: { salt: "other" } }).id).not.toBe(offline.id);
  });

  test("every rule that fires is in the list, and no two in the list are the same", () => {
    const ids = registerRules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id } of registerRules) expect(id).toMatch(/^register\/[a-z0-9-]+$/);
  });
});

describe("resolving a use", () => {
  const stores = (own: string[], inProduction: string[], shared: string[]) =>
    inventory(
      [
        repository({
          actions: listed(...own.map((name) => secret(name))),
          environments: listed(
            environment("production", { secrets: listed(...inProduction.map((name) => secret(name))) }),
          ),
          organisationSecrets: listed(...shared),
        }),
      ],
      { actions: listed(...shared.map((name) => ({ ...secret(name), visibility: "private" as const }))) },
    );
  const targets = (given: Given) =>
    findings({ ...given, register: register() })
      .filter(({ rule, severity }) => rule === "register/undeclared" && severity === "high")
      .map(({ facts }) => facts.target);

  test("environment before repository before organisation", () => {
    const both = stores(["A"], ["A"], ["A"]);
    expect(targets({ inventory: both, uses: uses(use("a", { environment: "Production" })) })).toEqual([
      "actions/production/A",
    ]);
    expect(targets({ inventory: both, uses: uses(use("a")) })).toEqual(["actions/A"]);
    expect(targets({ inventory: stores([], ["A"], ["A"]), uses: uses(use("A")) })).toEqual(["org:actions/A"]);
  });

  test("an environment that is computed may be any", () => {
    const given = {
      inventory: stores([], ["A"], []),
      uses: uses(use("A", { environment: "$" + "{{ inputs.where }}" })),
    };
    expect(targets(given)).toEqual(["actions/production/A"]);
  });

  test("an organisation's secret that the repository may not read is not what is used", () => {
    const given = {
      register: register("name: A, scope: { org: true }, owner: '@alice'"),
      inventory: inventory([repository()], {
        actions: listed({ ...secret("A"), visibility: "selected", repositories: ["acme/web"] }),
      }),
      uses: uses(use("A")),
    };
    expect(only("undeclared", given).facts.target).toBe("actions/A");
    expect(only("missing", given).facts.target).toBe("actions/A");
  });

  test("Dependabot reads its own store", () => {
    const given = {
      register: register("name: A, owner: '@alice'"),
      uses: uses(use("A", { store: "dependabot", place: placeAt(".github/dependabot.yml") })),
    };
    expect(only("undeclared", given).facts.target).toBe("dependabot/A");
  });
});

describe("snapshots", () => {
  test("read back as written", () => {
    const snapshot = inventory();
    expect(parseInventory(JSON.stringify(snapshot), "s.json")).toEqual(snapshot);
  });

  test.each([
    ["no JSON", "{", "this is not JSON"],
    ["another version", JSON.stringify({ ...inventory(), version: 2 }), "at version"],
    [
      "a store that says nothing",
      JSON.stringify({ ...inventory(), repositories: [{ ...repository(), actions: [] }] }),
      "at repositories[0].actions",
    ],
    ["a day that does not exist", JSON.stringify(inventory()).replace("2026-11-21", "2026-02-30"), "at takenAt"],
    ["a key that is none", JSON.stringify({ ...inventory(), values: {} }), 'unknown key "values"'],
    ["local time", JSON.stringify(inventory()).replace("06:00:00Z", "06:00:00+02:00"), "in UTC"],
  ])("%s is an error that says where", (_what, text, sentence) => {
    expect(() => parseInventory(text, "s.json")).toThrow(sentence);
  });

  test("a store that may not be listed is said, and its entries are neither missing nor fine", () => {
    const given = {
      register: register(`name: A, ${sound}`),
      inventory: inventory([repository({ actions: notPermitted })]),
    };
    expect(
      findings(given)
        .map(({ rule }) => rule)
        .sort(),
    ).toEqual(["register/expiring", "register/unseen"]);
    expect(only("unseen", given).message).toContain("unknown, which is not the same as nothing");
  });
});

/** A small world drawn at random. */
const world = fc.record({
  declared: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("A", "B", "NPM_TOKEN", "AWS_KEY", "GH_PAT", "FLAVOUR"),
      scope: fc.constantFrom("", "scope: { environment: production }", "scope: { org: true }"),
      owner: fc.constantFrom("", 'owner: "@alice"', 'owner: "@erin"', 'owner: "@acme/ghosts"', 'owner: "a@b.example"'),
      expires: fc.constantFrom("", "expires: 2026-11-20", "expires: 2026-11-21", "expires: 2030-01-01"),
      more: fc.constantFrom(
        "",
        "review: { last: 2026-01-01, by: '@bob' }",
        "rotate: { every: 7d }",
        "tier: T3",
        "not-a-secret: true",
      ),
    }),
    { selector: ({ name, scope }) => name + scope, maxLength: 8 },
  ),
  held: fc.uniqueArray(fc.constantFrom("A", "B", "NPM_TOKEN", "AWS_KEY", "OTHER"), { maxLength: 5 }),
  inEnvironment: fc.uniqueArray(fc.constantFrom("A", "AWS_KEY"), { maxLength: 2 }),
  shared: fc.uniqueArray(fc.constantFrom("A", "B", "ORG"), { maxLength: 3 }),
  rows: fc.array(
    fc.record({
      name: fc.constantFrom("A", "B", "AWS_KEY", "GH_PAT", "NEW"),
      line: fc.integer({ min: 1, max: 50 }),
      environment: fc.constantFrom(undefined, "production"),
      pinned: fc.boolean(),
    }),
    { maxLength: 6 },
  ),
});
/** An entry that no drawn world has, with its name: for something new, or for a secret that lies in a store already. */
const validEntry = fc
  .tuple(
    fc.constantFrom("QUITE_NEW", "OTHER", "ORG"),
    fc.constantFrom("", "scope: { environment: qa }, ", "scope: { repository: acme/web }, ", "scope: { org: true }, "),
    fc.constantFrom("kind: federated", "kind: token", "plan: keyless", "tier: T0"),
  )
  .map(([name, scope, more]) => [name, `name: ${name}, ${scope}${more}, ${sound}`] as const);

type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

const entryText = ({ name, scope, owner, expires, more }: World["declared"][number]) =>
  [`name: ${name}`, scope, owner, expires, more].filter((part) => part !== "").join(", ");

function givenOf(drawn: World, order: <T>(items: T[]) => T[]): Given {
  return {
    register: register(...order(drawn.declared.map(entryText))),
    inventory: inventory(
      order([
        repository({
          actions: listed(...order(drawn.held.map((name) => secret(name, "2026-03-01")))),
          environments: listed(
            environment("production", { secrets: listed(...order(drawn.inEnvironment.map((name) => secret(name)))) }),
          ),
          organisationSecrets: listed(...order([...drawn.shared])),
        }),
        repository({ name: "acme/web", actions: listed(...order(drawn.held.map((name) => secret(name)))) }),
      ]),
      { actions: listed(...order(drawn.shared.map((name) => ({ ...secret(name), visibility: "all" as const })))) },
    ),
    uses: uses(
      ...order(
        drawn.rows.map(({ name, line, environment: where, pinned }) =>
          use(name, {
            repository: "acme/shop",
            place: placeAt(".github/workflows/ci.yml", line),
            ...(where !== undefined && { environment: where }),
            receiver: { name: "other/action", thirdParty: true, pinned },
          }),
        ),
      ),
    ),
  };
}

/** What findings say; a place in the register moves with its entry and is left out. */
const verdictOf = (given: Given) =>
  findings(given)
    .map(({ id, rule, severity, confidence, message, facts, place }) =>
      JSON.stringify([id, rule, severity, confidence, message, facts, place.path.startsWith(".github/w") ? place : ""]),
    )
    .sort();

describe("properties", () => {
  test("the order of entries, stores and uses changes nothing", () => {
    fc.assert(
      fc.property(world, fc.nat(), (drawn, seed) => {
        let state = seed;
        const draw = () => {
          state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
          return state;
        };
        const shuffled = <T>(items: T[]): T[] =>
          items
            .map((item) => ({ item, at: draw() }))
            .sort((x, y) => x.at - y.at)
            .map(({ item }) => item);
        expect(verdictOf(givenOf(drawn, shuffled))).toEqual(verdictOf(givenOf(drawn, (items) => items)));
      }),
      { numRuns: 80 },
    );
  });

  test("rules do not look at what others said: a verdict is the sum of theirs, twice the same", () => {
    fc.assert(
      fc.property(world, (drawn) => {
        const given = givenOf(drawn, (items) => items);
        const first = findings(given);
        expect(findings(given)).toEqual(first);
        // Sorted by what they say alone, so that the order in which rules ran is not seen.
        expect([...first].reverse().sort(compareFindings)).toEqual(first);
      }),
      { numRuns: 80 },
    );
  });

  test("one more valid entry brings no finding about anything else, except that what it declares is no longer undeclared", () => {
    fc.assert(
      fc.property(world, validEntry, (drawn, [name, entry]) => {
        const before = givenOf(drawn, (items) => items);
        const after = { ...before, register: register(...drawn.declared.map(entryText), entry) };
        const known = new Set(findings(before).map(({ id }) => id));
        const brought = findings(after).filter(({ id }) => !known.has(id));
        // What is said of several places that hold one name is about that name.
        for (const { facts } of brought) expect(facts.name ?? facts.target?.split("/").at(-1)).toBe(name);
      }),
      { numRuns: 80 },
    );
  });

  test("one id stands for one thing", () => {
    fc.assert(
      fc.property(world, (drawn) => {
        const ids = findings(givenOf(drawn, (items) => items)).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 80 },
    );
  });
});
