/** One scenario per requirement that a machine can check offline, with the clock moved through its boundaries. */
import { describe, expect, test } from "vitest";
import type { Severity } from "../../src/finding.ts";
import { addDays, type PlainDate } from "../../src/plain-date.ts";
import { audit, auditContext } from "../../src/register/audit.ts";
import { chainOf, chainText, slowestRevocations, subjectsNamed } from "../../src/register/chain.ts";
import { type Approval, approvalsInForce, noExceptions } from "../../src/register/exception.ts";
import { auditExceptions } from "../../src/register/exception-audit.ts";
import { type Inventory, itemsOf } from "../../src/register/inventory.ts";
import { reachOf } from "../../src/register/leavers.ts";
import { builtInLimits, type RegisterLimits } from "../../src/register/limits.ts";
import { registerRows, standingsOf } from "../../src/register/list.ts";
import { parseRegister } from "../../src/register/register.ts";
import { addEntry } from "../../src/register/register-edit.ts";
import { draftsFromStores, guessOwner } from "../../src/register/register-import.ts";
import { blockToPaste } from "../../src/register/rule/drift.ts";
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
  today,
  use,
  uses,
} from "./sample.ts";

function holding(...names: string[]): Inventory {
  return inventory([repository({ actions: listed(...names.map((name) => secret(name))) })]);
}

/** The severity of a rule's finding on a day, or undefined when it is silent. */
function severityOn(rule: string, given: Given, day: PlainDate): Severity | undefined {
  return findings({ ...given, today: day }).find((one) => one.rule === `register/${rule}`)?.severity;
}

function contextOf(given: Given, limits: Partial<RegisterLimits> = {}) {
  return auditContext(
    given.register,
    given.inventory,
    given.uses ?? uses(),
    { ...builtInLimits, ...limits },
    given.today ?? today,
  );
}

test("G01 a secret in a store without an entry is a finding although nothing leaked", () => {
  const given = { register: register(), inventory: holding("API_TOKEN") };
  expect(only("undeclared", given)).toMatchObject({
    severity: "medium",
    facts: { target: "actions/API_TOKEN", standing: "observed" },
  });
  expect(rules({ ...given, register: register(`name: api_token, ${sound}`) })).not.toContain("undeclared");
});

describe("G02 every credential has an owner who is there", () => {
  test.each([
    ["nobody", "", "owner-missing"],
    ["a member", 'owner: "@alice"', undefined],
    ["a member in another case", 'owner: "@Alice"', undefined],
    ["a team with members", 'owner: "@acme/platform"', undefined],
    ["a team without members", 'owner: "@acme/ghosts"', "owner-team-empty"],
    ["a team that is none", 'owner: "@acme/nobody"', "owner-unknown"],
    ["a team of another organisation", 'owner: "@other/platform"', "owner-unknown"],
    ["a stranger", 'owner: "@mallory"', "owner-unknown"],
    ["a leaver", 'owner: "@erin"', "owner-left"],
    ["a login without an account", 'owner: "@vanished"', "owner-unknown"],
  ])("%s", (_who, owner, rule) => {
    const given = { register: register(`name: FLAVOUR, ${owner}`), inventory: holding("FLAVOUR") };
    expect(rules(given).filter((one) => one.startsWith("owner-"))).toEqual(rule === undefined ? [] : [rule]);
  });

  test("where members could not be listed nobody is called unknown", () => {
    const given = {
      register: register('name: FLAVOUR, owner: "@mallory"'),
      inventory: inventory([repository()], { members: notPermitted }),
    };
    expect(rules(given).filter((one) => one.startsWith("owner-"))).toEqual([]);
    expect(standingsOf(contextOf(given)).owner).toEqual({ declared: 1, observed: 0, verified: 0, unknown: 0 });
  });
});

describe("G03 every credential has a purpose, and a use without an entry fails", () => {
  test.each([
    ["", "purpose-missing"],
    ['purpose: ""', "purpose-missing"],
    ['purpose: "  "', "purpose-missing"],
    ["purpose: deploys the thing", "purpose-empty"],
    ["purpose: aws deploy key for prod", undefined],
    ["purpose: 'AWS-Deploy_Key for Prod'", "purpose-empty"],
  ])("%s", (purpose, rule) => {
    const given = {
      register: register(`name: ${rule === "purpose-empty" ? "AWS_DEPLOY_KEY_FOR_PROD" : "X"}, ${purpose}`),
    };
    expect(rules(given).filter((one) => one.startsWith("purpose-"))).toEqual(rule === undefined ? [] : [rule]);
  });

  test("a new use fails with the block to paste, which the register then takes", () => {
    const before = "version: 1\nsecrets:\n  - name: OTHER\n";
    const given = { register: parseRegister(before, "s.yml"), uses: uses(use("NEW_TOKEN")) };
    const finding = only("undeclared", given);
    expect(finding).toMatchObject({ severity: "high", place: { path: ".github/workflows/ci.yml", line: 1 } });
    const after = parseRegister(
      before + blockToPaste(contextOf(given).subjects.all.find(({ target }) => target === "actions/NEW_TOKEN")!),
      "s.yml",
    );
    expect(after.entries.map(({ name }) => name)).toEqual(["OTHER", "NEW_TOKEN"]);
    expect(rules({ ...given, register: after })).not.toContain("undeclared");
  });
});

describe("G04 rotation is due so many days after the last write, through that day", () => {
  const given: Given = {
    register: register('name: FLAVOUR, owner: "@alice", rotate: { every: 90d }'),
    inventory: inventory([repository({ actions: listed(secret("FLAVOUR", "2026-01-01")) })]),
  };
  test.each([
    ["the day before", "2026-03-31", undefined],
    ["the last day", "2026-04-01", undefined],
    ["the day after", "2026-04-02", "medium"],
  ])("%s", (_when, day, severity) => {
    expect(severityOn("rotation-overdue", given, day)).toBe(severity);
  });

  test("a leap day counts, and so does the turn of the year", () => {
    const written = (day: string): Given => ({
      ...given,
      inventory: inventory([repository({ actions: listed(secret("FLAVOUR", day)) })]),
    });
    expect(severityOn("rotation-overdue", written("2027-12-01"), "2028-02-29")).toBeUndefined();
    expect(severityOn("rotation-overdue", written("2027-12-01"), "2028-03-01")).toBe("medium");
    expect(severityOn("rotation-overdue", written("2026-10-02"), "2026-12-31")).toBeUndefined();
    expect(severityOn("rotation-overdue", written("2026-10-02"), "2027-01-01")).toBe("medium");
  });

  test("a federated one needs none; a policy can ask for a rule", () => {
    const federated = { ...given, register: register('name: FLAVOUR, owner: "@alice", kind: federated') };
    expect(severityOn("rotation-overdue", federated, "2028-01-01")).toBeUndefined();
    const asked = (entry: string) => rules({ register: register(entry), limits: { require: ["rotate"] } });
    expect(asked("name: FLAVOUR")).toContain("rotation-missing");
    expect(asked("name: FLAVOUR, kind: federated")).not.toContain("rotation-missing");
  });

  test("without a rule of its own the tier's maximum age counts", () => {
    const bare = { ...given, register: register('name: FLAVOUR, owner: "@alice"') };
    expect(severityOn("rotation-overdue", bare, "2027-01-01")).toBeUndefined();
    expect(severityOn("rotation-overdue", bare, "2027-01-02")).toBe("medium");
  });
});

describe("G05 an end is declared or verified, and the two are told apart", () => {
  const token = {
    id: 1,
    tokenId: 4711,
    name: "ci reader",
    owner: "alice",
    repositories: "all",
    grantedAt: "2026-10-01T00:00:00Z",
    expired: false,
    lastUsedAt: null,
  } as const;
  const withToken = (expiresAt: string | null) =>
    inventory([repository()], { personalTokens: listed({ ...token, expiresAt }) });
  const entry =
    "name: renamed, store: pat, scope: { org: true }, token-id: 4711, owner: '@alice', purpose: Reads the issues of every repository";

  test("GitHub's word on a fine-grained token is verified, and contradicts the register", () => {
    const given = { register: register(`${entry}, expires: 2026-12-31`), inventory: withToken("2026-11-30T12:00:00Z") };
    expect(only("expiry-contradicted", given)).toMatchObject({
      facts: { standing: "verified", declared: "2026-12-31", verified: "2026-11-30" },
    });
    expect(only("expiring", given).facts).toMatchObject({ standing: "verified", expires: "2026-11-30", daysLeft: "9" });
    expect(standingsOf(contextOf(given)).expiry).toMatchObject({ verified: 1, declared: 0 });
  });

  test("the same day is no contradiction, and a token without end is one", () => {
    expect(
      rules({ register: register(`${entry}, expires: 2026-12-31`), inventory: withToken("2026-12-31T00:00:00Z") }),
    ).not.toContain("expiry-contradicted");
    expect(
      only("expiry-contradicted", { register: register(`${entry}, expires: 2026-12-31`), inventory: withToken(null) })
        .message,
    ).toContain("never ends");
    expect(only("expiry-missing", { register: register(entry), inventory: withToken(null) }).facts.standing).toBe(
      "verified",
    );
  });

  test("what only the register says stays declared, and a way to revoke is asked for in the top tiers", () => {
    const given = {
      register: register("name: AWS_KEY, scope: { environment: production }, owner: '@alice', expires: 2026-12-01"),
    };
    expect(only("expiring", given).facts.standing).toBe("declared");
    expect(rules(given)).toContain("revocation-missing");
  });
});

describe("the end of a credential", () => {
  const given: Given = {
    register: register(
      "name: AWS_KEY, scope: { environment: production }, owner: '@alice', backup: '@bob', expires: 2026-12-31",
    ),
  };
  test.each([
    ["2026-11-30", undefined, undefined],
    ["2026-12-01", "info", undefined],
    ["2026-12-16", "info", undefined],
    ["2026-12-17", "info", "@alice"],
    ["2026-12-24", "low", "@alice"],
    ["2026-12-30", "low", "@alice"],
    ["2026-12-31", "low", "@alice @bob"],
  ])("%s: it still holds", (day, severity, tell) => {
    expect(severityOn("expired", given, day)).toBeUndefined();
    expect(severityOn("expiring", given, day)).toBe(severity);
    const facts = findings({ ...given, today: day }).find(({ rule }) => rule === "register/expiring")?.facts;
    expect(facts?.tell).toBe(tell);
  });

  test.each([
    ["the day after", "2027-01-01", "medium", "@alice @bob"],
    ["six days after", "2027-01-06", "medium", "@alice @bob"],
    ["seven days after", "2027-01-07", "medium", "@alice @bob security team"],
    ["thirteen days after", "2027-01-13", "medium", "@alice @bob security team"],
    ["fourteen days after it blocks in the top tiers", "2027-01-14", "high", "@alice @bob security team"],
  ])("%s", (_when, day, severity, tell) => {
    const finding = only("expired", { ...given, today: day });
    expect(finding).toMatchObject({ severity, facts: { tell, tier: "T1" } });
    expect(severityOn("expiring", given, day)).toBeUndefined();
  });

  test("T2 blocks thirty days after, T3 never by itself", () => {
    const of = (name: string): Given => ({ register: register(`name: ${name}, owner: '@alice', expires: 2026-12-31`) });
    expect(only("expired", { ...of("SAAS_TOKEN"), today: "2027-01-29" })).toMatchObject({
      severity: "medium",
      facts: { tier: "T2" },
    });
    expect(only("expired", { ...of("SAAS_TOKEN"), today: "2027-01-30" }).severity).toBe("high");
    expect(only("expired", { ...of("FLAVOUR"), today: "2028-12-31" })).toMatchObject({
      severity: "medium",
      facts: { tier: "T3" },
    });
  });

  test("a day is a day in UTC, whatever the time zone of the machine", () => {
    const before = process.env.TZ;
    try {
      for (const zone of ["Pacific/Kiritimati", "America/Los_Angeles", "UTC"]) {
        process.env.TZ = zone;
        expect(severityOn("expired", given, "2026-12-31")).toBeUndefined();
        expect(severityOn("expired", given, "2027-01-01")).toBe("medium");
        expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  test("29 February is a last day like another", () => {
    const leap: Given = { register: register("name: FLAVOUR, owner: '@alice', expires: 2028-02-29") };
    expect(severityOn("expired", leap, "2028-02-29")).toBeUndefined();
    expect(severityOn("expired", leap, "2028-03-01")).toBe("medium");
  });
});

describe("G06 shared secrets", () => {
  const inTwo = (more = ""): Given => ({
    register: parseRegister(
      `version: 1\nsecrets:\n  - { name: API_TOKEN, scope: { repository: acme/shop } ${more} }\n`,
      "s.yml",
    ),
    inventory: inventory([
      repository({ actions: listed(secret("API_TOKEN")) }),
      repository({ name: "acme/web", actions: listed(secret("API_TOKEN")) }),
    ]),
  });

  test("one name in more repositories than allowed, unless the owner says why", () => {
    expect(only("shared", inTwo())).toMatchObject({ confidence: "likely", facts: { places: "2" } });
    expect(rules({ ...inTwo(), limits: { sharedAbove: 2 } })).not.toContain("shared");
    expect(rules(inTwo(", shared: One key for both shops"))).not.toContain("shared");
  });

  test("one name in two environments is only weak: two values under one name are right", () => {
    const environments = listed(
      ...["staging", "production"].map((name) => environment(name, { secrets: listed(secret("API_TOKEN")) })),
    );
    expect(
      only("shared", { register: register(), inventory: inventory([repository({ environments })]) }).confidence,
    ).toBe("weak");
  });

  test("what every repository may read is always T0, whatever its owner asks for", () => {
    const given = {
      register: register('name: FLAVOUR, scope: { org: true }, owner: "@alice", tier: T3, tier-approved-by: "@bob"'),
      inventory: inventory([repository()], { actions: listed({ ...secret("FLAVOUR"), visibility: "all" }) }),
    };
    expect(only("visible-to-all", given)).toMatchObject({ severity: "high", facts: { tier: "T0" } });
    expect(only("tier-lowered", given).facts).toMatchObject({ asked: "T3", computed: "T0" });
  });
});

describe("G08 a stored key where a keyless route exists, past the day that was set", () => {
  const given: Given = {
    register: register(`name: AWS_KEY, scope: { environment: production }, ${sound}`),
    uses: uses(use("AWS_KEY", { environment: "production", keyless: "aws" })),
    limits: { keyless: { require: ["aws"], exitBy: "2027-03-31" } },
  };
  test("through the day, and not after it", () => {
    expect(severityOn("keyless-overdue", given, "2027-03-30")).toBeUndefined();
    expect(severityOn("keyless-overdue", given, "2027-03-31")).toBeUndefined();
    expect(severityOn("keyless-overdue", given, "2027-04-01")).toBe("high");
  });
  test("another provider, or a federated credential, is left alone", () => {
    expect(
      severityOn(
        "keyless-overdue",
        { ...given, limits: { keyless: { require: ["gcp"], exitBy: "2026-01-01" } } },
        today,
      ),
    ).toBeUndefined();
    const federated = {
      ...given,
      register: register("name: AWS_KEY, scope: { environment: production }, kind: federated"),
    };
    expect(severityOn("keyless-overdue", federated, "2027-04-01")).toBeUndefined();
  });
  test("an end beyond the maximum age of the tier, to the day", () => {
    const until = (expires: string) =>
      rules({ register: register(`name: FLAVOUR, owner: '@alice', expires: ${expires}`) });
    expect(until("2027-11-21")).not.toContain("expiry-too-far");
    expect(until("2027-11-22")).toContain("expiry-too-far");
    const written = {
      register: register("name: FLAVOUR, owner: '@alice', expires: 2027-11-02"),
      inventory: holding("FLAVOUR"),
    };
    expect(only("expiry-too-far", written).facts).toMatchObject({ age: "366", maxAge: "365" });
  });
});

describe("G09 an approval is bound to asset, task and window", () => {
  const approval: Approval = {
    id: "APR-1",
    asset: { environment: "production", secret: "DB_MIGRATE" },
    task: "https://github.com/acme/shop/issues/982",
    from: "2026-12-31T20:00Z",
    to: "2027-01-01T08:00Z",
    requestedBy: "@erin",
    approvedBy: ["@frank"],
  };
  const wanted = { environment: "Production", secret: "db_migrate" };
  test.each([
    ["a minute before", "2026-12-31T19:59Z", 0],
    ["the first minute", "2026-12-31T20:00Z", 1],
    ["over the turn of the year", "2027-01-01T00:00Z", 1],
    ["the last minute", "2027-01-01T08:00Z", 1],
    ["a minute after", "2027-01-01T08:01Z", 0],
  ])("%s", (_when, now, count) => {
    expect(approvalsInForce([approval], wanted, now)).toHaveLength(count);
  });
  test("it opens nothing else, and nobody approves their own request", () => {
    const now = "2027-01-01T00:00Z";
    expect(approvalsInForce([approval], { environment: "staging", secret: "DB_MIGRATE" }, now)).toEqual([]);
    expect(approvalsInForce([approval], { environment: "production" }, now)).toEqual([]);
    expect(approvalsInForce([{ ...approval, approvedBy: ["@Erin"] }], wanted, now)).toEqual([]);
    expect(approvalsInForce([{ ...approval, asset: {} }], wanted, now)).toEqual([]);
    const found = auditExceptions(
      { ...noExceptions, approvals: [{ ...approval, approvedBy: ["@erin"] }] },
      contextOf({}),
      now,
    );
    expect(found.map(({ rule, severity }) => [rule, severity])).toEqual([["register/approval-self-approved", "high"]]);
  });
  test("an entry that rests on it is a finding before and after, without a new commit", () => {
    const context = contextOf({
      register: register("name: DB_MIGRATE, scope: { environment: production }, approval: APR-1"),
    });
    const on = (now: string) =>
      auditExceptions({ ...noExceptions, approvals: [approval] }, context, now).map(({ rule }) => rule);
    expect(on("2026-12-31T19:59Z")).toEqual(["register/approval-out-of-window"]);
    expect(on("2026-12-31T20:00Z")).toEqual([]);
    expect(on("2027-01-01T08:01Z")).toEqual(["register/approval-out-of-window"]);
    const other = contextOf({ register: register("name: OTHER, approval: APR-1", "name: THIRD, approval: APR-9") });
    expect(
      auditExceptions({ ...noExceptions, approvals: [approval] }, other, "2027-01-01T00:00Z").map(
        ({ message }) => message,
      ),
    ).toEqual([
      expect.stringContaining("which is for something else"),
      expect.stringContaining("which does not exist"),
    ]);
  });
});

describe("G11 when the context changes, so does the finding", () => {
  const entry = `name: API_TOKEN, scope: { environment: staging }, ${sound}`;
  const environments = listed(environment("staging", { secrets: listed(secret("API_TOKEN")) }));
  test("an environment that is deleted leaves an entry for nothing", () => {
    expect(rules({ register: register(entry), inventory: inventory([repository({ environments })]) })).not.toContain(
      "missing",
    );
    expect(only("missing", { register: register(entry), inventory: inventory([repository()]) }).facts.target).toBe(
      "actions/staging/API_TOKEN",
    );
  });
  test("an archived repository still holds its credentials", () => {
    expect(
      only("archived", {
        register: register(entry),
        inventory: inventory([repository({ environments, archived: true })]),
      }).facts.credentials,
    ).toBe("1");
  });
  test("a repository that becomes public weighs more", () => {
    const score = (visibility: "public" | "private") => {
      const context = contextOf({
        register: register(entry),
        inventory: inventory([repository({ environments, visibility })]),
      });
      return context.tier(subjectsNamed(context, "API_TOKEN")[0]!).score;
    };
    expect(score("public")).toBe(score("private") + 1);
  });
});

test("G12 the chain of a credential is printed and each missing link is named", () => {
  const given: Given = {
    register: register(`name: API_TOKEN, scope: { environment: staging }, ${sound}`, "name: BARE"),
    inventory: inventory([
      repository({ environments: listed(environment("staging", { secrets: listed(secret("API_TOKEN")) })) }),
    ]),
    uses: uses(use("API_TOKEN", { environment: "staging" })),
  };
  const context = contextOf(given);
  const linksOf = (name: string) => {
    const subject = subjectsNamed(context, name)[0]!;
    return { subject, links: chainOf(context, subject, noExceptions, `${today}T12:00Z`) };
  };
  const whole = linksOf("api_token");
  expect(whole.links.map(({ name, state, standing }) => [name, state, standing])).toEqual([
    ["identity", "present", "observed"],
    ["approval", "present", "declared"],
    ["issuance", "present", "observed"],
    ["use", "present", "observed"],
    ["revocation", "present", "declared"],
  ]);
  expect(chainText(context, whole.subject, whole.links)).toContain("missing links: none");
  const broken = linksOf("BARE");
  expect(broken.links.map(({ state }) => state)).toEqual(["missing", "missing", "missing", "missing", "missing"]);
  expect(chainText(context, broken.subject, broken.links)).toContain(
    "missing links: identity, approval, issuance, use, revocation",
  );
});

test("G13 every step has a due date and somebody to tell", () => {
  const given = {
    register: register(
      "name: AWS_KEY, owner: '@alice', backup: '@bob', expires: 2026-11-01, review: { last: 2026-01-01, by: '@carol' }",
    ),
  };
  for (const rule of ["expired", "review-overdue"]) {
    const { facts } = only(rule, given);
    expect(facts.tell).toBe("@alice @bob security team");
    expect(Number(facts.daysLeft)).toBeLessThan(0);
  }
});

test("G15 what nobody could see is counted as unknown, never as good", () => {
  const given = {
    register: register("name: A, owner: '@alice'", "name: B"),
    inventory: inventory([repository({ actions: notPermitted })]),
  };
  const standings = standingsOf(contextOf(given));
  expect(standings.owner).toEqual({ declared: 0, observed: 1, verified: 0, unknown: 1 });
  expect(standings.expiry).toEqual({ declared: 0, observed: 0, verified: 0, unknown: 2 });
  expect(only("unseen", given).facts.entriesUnknown).toBe("2");
});

test("G16 the same files give the same verdict, byte for byte", () => {
  const given = { register: register("name: A", "name: B, owner: '@erin'"), inventory: holding("A", "C") };
  expect(JSON.stringify(findings(given))).toBe(JSON.stringify(findings(given)));
});

test("G17 every store is looked at, agent secrets too, and what may not be listed is said", () => {
  const given: Given = {
    register: register(),
    inventory: inventory(
      [
        repository({
          actions: listed(secret("A")),
          environments: listed(environment("qa", { secrets: listed(secret("B")) })),
          dependabot: listed(secret("C")),
          codespaces: listed(secret("D")),
          agents: listed(secret("E")),
          deployKeys: listed({
            id: 1,
            title: "key",
            readOnly: true,
            createdAt: `${today}T00:00:00Z`,
            lastUsed: null,
            addedBy: "alice",
          }),
          webhooks: listed({
            id: 2,
            host: "hooks.example",
            active: true,
            hasSecret: true,
            insecureTls: false,
            updatedAt: `${today}T00:00:00Z`,
          }),
        }),
      ],
      {
        actions: listed({ ...secret("F"), visibility: "private" }),
        registries: listed(
          { name: "G", auth: "static", visibility: "private", updatedAt: `${today}T00:00:00Z` },
          { name: "H", auth: "oidc", visibility: "private", updatedAt: `${today}T00:00:00Z` },
        ),
        personalTokens: listed({
          id: 3,
          tokenId: 4,
          name: "tok",
          owner: "bob",
          repositories: "all",
          grantedAt: `${today}T00:00:00Z`,
          expiresAt: null,
          expired: false,
          lastUsedAt: null,
        }),
        ssoCredentials: notPermitted,
      },
    ),
  };
  const undeclared = findings(given).filter(({ rule }) => rule === "register/undeclared");
  expect(undeclared.map(({ facts }) => facts.target).sort()).toEqual([
    "actions/A",
    "actions/qa/B",
    "agents/E",
    "codespaces/D",
    "dependabot/C",
    "deploy-key/key",
    "org:actions/F",
    "org:pat/tok",
    "org:registry/G",
    "webhook/hooks.example",
  ]);
  expect(only("unseen", given).message).toContain("ssoCredentials: not permitted");
});

describe("G18 emergency access ends, and is looked at afterwards", () => {
  const window = {
    target: "actions/production/DB_ADMIN",
    reason: "INC-4711",
    from: "2026-11-21T09:00Z",
    to: "2026-11-21T13:00Z",
    approvedBy: "@dave",
  };
  const held = contextOf({
    register: register("name: DB_ADMIN, scope: { environment: production }"),
    inventory: inventory([
      repository({ environments: listed(environment("production", { secrets: listed(secret("DB_ADMIN")) })) }),
    ]),
  });
  const on = (now: string, change: object = {}, context = contextOf({})) =>
    auditExceptions({ ...noExceptions, breakGlass: [{ ...window, ...change }] }, context, now).map(
      ({ rule, severity }) => `${rule.slice(9)} ${severity}`,
    );
  test("before its end nothing, from the minute after it a review is due, and a week later it blocks", () => {
    expect(on("2026-11-21T13:00Z")).toEqual([]);
    expect(on("2026-11-21T13:01Z")).toEqual(["break-glass-unreviewed medium"]);
    expect(on("2026-11-28T23:59Z")).toEqual(["break-glass-unreviewed medium"]);
    expect(on("2026-11-29T00:00Z")).toEqual(["break-glass-unreviewed high"]);
    expect(on("2026-11-29T00:00Z", { reviewed: "#123" })).toEqual([]);
  });
  test("what was made for it must be gone", () => {
    expect(on("2026-11-21T13:00Z", {}, held)).toEqual([]);
    expect(on("2026-11-21T13:01Z", { reviewed: "#123" }, held)).toEqual(["break-glass-open high"]);
  });
  test("no longer than allowed, and not by one's own leave", () => {
    expect(on("2026-11-21T10:00Z", { to: "2026-11-22T09:00Z" })).toEqual([]);
    expect(on("2026-11-21T10:00Z", { to: "2026-11-22T09:01Z" })).toEqual(["break-glass-over-long medium"]);
    expect(on("2026-11-21T10:00Z", { openedBy: "@Dave" })).toEqual(["break-glass-self-approved high"]);
  });
});

test("G19 a credential is attributed to the jobs that consume it", () => {
  const given = {
    register: register(`name: API_TOKEN, ${sound}`),
    uses: uses(
      use("API_TOKEN", { job: "publish" }),
      use("API_TOKEN", { job: "smoke", place: placeAt(".github/workflows/nightly.yml") }),
    ),
  };
  const context = contextOf(given);
  const links = chainOf(context, subjectsNamed(context, "API_TOKEN")[0]!, noExceptions, `${today}T12:00Z`);
  expect(links.find(({ name }) => name === "use")?.detail).toContain(
    ".github/workflows/ci.yml (publish), .github/workflows/nightly.yml (smoke)",
  );
});

test("G20 code of others that receives a secret is listed with its pin, until the owner accepts it", () => {
  const receiving = (pinned: boolean, thirdParty = true) =>
    uses(use("API_TOKEN", { receiver: { name: "other/deploy", thirdParty, pinned } }));
  const given = { register: register(`name: API_TOKEN, ${sound}`) };
  expect(only("third-party-receives", { ...given, uses: receiving(true) })).toMatchObject({
    severity: "low",
    facts: { pinned: "yes" },
  });
  expect(only("third-party-receives", { ...given, uses: receiving(false) })).toMatchObject({
    severity: "medium",
    facts: { pinned: "no" },
  });
  expect(rules({ ...given, uses: receiving(false, false) })).not.toContain("third-party-receives");
  const accepted = register(`name: API_TOKEN, ${sound}, third-parties: [Other/Deploy]`);
  expect(rules({ register: accepted, uses: receiving(true) })).not.toContain("third-party-receives");
});

describe("G21 forgotten paths", () => {
  const unusedOn = (day: string, changes: Partial<Given>, runs: string[] = []) =>
    severityOn(
      "unused",
      {
        register: register("name: API_TOKEN, owner: '@alice'"),
        inventory: inventory([
          repository({
            actions: listed(secret("API_TOKEN", "2026-01-01")),
            lastRuns: listed(...runs.map((at) => ({ workflow: ".github/workflows/ci.yml", lastRunAt: at }))),
          }),
        ]),
        ...changes,
      },
      day,
    );
  test("nothing reads it: after so many days, to the day", () => {
    expect(unusedOn("2026-04-01", {})).toBeUndefined();
    expect(unusedOn("2026-04-02", {})).toBe("medium");
  });
  test("what reads it has not run: the stand-in is named, and it is no more than likely", () => {
    const read = { uses: uses(use("API_TOKEN")) };
    expect(unusedOn("2027-01-01", read)).toBeUndefined();
    expect(unusedOn("2026-06-30", read, ["2026-04-01T23:59:00Z"])).toBeUndefined();
    expect(unusedOn("2026-07-01", read, ["2026-04-01T23:59:00Z"])).toBe("medium");
  });
  test("where some job reads all secrets, or not every workflow was read, nothing is said", () => {
    expect(unusedOn("2027-01-01", { uses: uses(use("*", { form: "all" })) })).toBeUndefined();
    expect(unusedOn("2027-01-01", { uses: { rows: [], complete: [] } })).toBeUndefined();
    expect(unusedOn("2027-01-01", { uses: { rows: [], complete: ["Acme/Shop"] } })).toBe("medium");
  });
  test("a deploy key that nobody uses, that may write, or whose adder has left", () => {
    const key = {
      id: 1,
      title: "mirror",
      readOnly: true,
      createdAt: "2026-01-01T00:00:00Z",
      lastUsed: null as string | null,
      addedBy: "alice" as string | null,
    };
    const on = (day: string, change: Partial<typeof key>) =>
      rules({
        register: register("name: mirror, store: deploy-key"),
        inventory: inventory([repository({ deployKeys: listed({ ...key, ...change }) })]),
        today: day,
      }).filter((rule) => rule.startsWith("deploy-key"));
    expect(on("2026-04-01", {})).toEqual([]);
    expect(on("2026-04-02", {})).toEqual(["deploy-key-stale"]);
    expect(on("2026-04-02", { lastUsed: "2026-04-01T00:00:00Z" })).toEqual([]);
    expect(on("2026-02-01", { readOnly: false })).toEqual(["deploy-key-writable"]);
    expect(on("2026-02-01", { addedBy: "erin" })).toEqual(["deploy-key-adder-left"]);
    expect(on("2026-02-01", { addedBy: null })).toEqual([]);
  });
});

describe("G22 vaulted and invisible", () => {
  test("a use of what no store holds", () => {
    const given = { register: register(`name: GONE, ${sound}`), inventory: inventory(), uses: uses(use("GONE")) };
    expect(only("missing", given)).toMatchObject({ severity: "medium", place: { path: ".github/workflows/ci.yml" } });
    const blind = inventory([repository({ organisationSecrets: notPermitted })]);
    expect(rules({ register: register(), inventory: blind, uses: uses(use("GONE")) })).not.toContain("missing");
  });
  test("G26 what is planned to go may be gone, and its absence is said", () => {
    const found = (plan: string) =>
      findings({ register: register(`name: GONE, plan: ${plan}, ${sound}`), inventory: inventory() }).find(
        ({ rule }) => rule === "register/missing",
      )?.severity;
    expect(found("remove")).toBe("info");
    expect(found("keep")).toBe("low");
  });
  test("one that another hides", () => {
    const given = {
      register: register(),
      inventory: inventory(
        [
          repository({
            actions: listed(secret("A")),
            organisationSecrets: listed("A"),
            environments: listed(environment("qa", { secrets: listed(secret("A")) })),
          }),
        ],
        { actions: listed({ ...secret("A"), visibility: "private" }) },
      ),
    };
    const hidden = findings(given).filter(({ rule }) => rule === "register/shadowed");
    expect(
      hidden
        .map(({ facts, message }) => [
          facts.target,
          message.includes("environment qa") || message.includes("acme/shop"),
        ])
        .sort(),
    ).toEqual([
      ["actions/A", true],
      ["org:actions/A", true],
    ]);
  });
  test("the hundred and first secret of the organisation", () => {
    const names = Array.from({ length: 101 }, (_, index) => `S${String(index).padStart(3, "0")}`);
    const given = (count: number): Given => ({
      register: register(),
      inventory: inventory([repository({ organisationSecrets: listed(...names.slice(0, count).reverse()) })], {
        actions: listed(...names.slice(0, count).map((name) => ({ ...secret(name), visibility: "private" as const }))),
      }),
      uses: uses(use("s100")),
    });
    expect(rules(given(100))).not.toContain("unreachable");
    expect(only("unreachable", given(101))).toMatchObject({ severity: "high", facts: { target: "org:actions/S100" } });
  });
});

test("G24 the register's own data: dead logins, addresses, empty teams, days that have not come", () => {
  const given = { inventory: inventory(), today };
  const of = (entry: string) => rules({ ...given, register: register(`name: FLAVOUR, store: app-key, ${entry}`) });
  expect(of("owner: 'alice@acme.example'")).toContain("owner-email");
  expect(of("owner: '@acme/platform', backup: '@erin'")).toContain("backup-unfit");
  expect(of("owner: '@alice', backup: '@ALICE'")).toContain("backup-unfit");
  expect(of("review: { last: 2026-11-22, by: '@bob' }")).toContain("review-in-future");
  expect(of("review: { last: 2026-11-21, by: '@bob' }")).not.toContain("review-in-future");
});

describe("G25 review: due by tier, and not by the owner alone", () => {
  const reviewed = (by: string, owner = "@acme/platform"): Given => ({
    register: register(
      `name: AWS_KEY, scope: { environment: production }, owner: "${owner}", review: { last: 2026-12-02${by} }`,
    ),
    inventory: inventory(),
  });
  test("through the day, over the turn of the year", () => {
    expect(
      severityOn("review-overdue", { ...reviewed(", by: '@dave'"), inventory: undefined }, "2027-03-02"),
    ).toBeUndefined();
    expect(severityOn("review-overdue", { ...reviewed(", by: '@dave'"), inventory: undefined }, "2027-03-03")).toBe(
      "medium",
    );
  });
  test("self-signed", () => {
    expect(severityOn("review-self-signed", reviewed(", by: '@alice'", "@alice"), "2026-12-03")).toBe("low");
    expect(severityOn("review-self-signed", reviewed(", by: '@bob'", "@alice"), "2026-12-03")).toBeUndefined();
    expect(severityOn("review-self-signed", reviewed(", by: '@alice'"), "2026-12-03")).toBeUndefined();
    expect(severityOn("review-self-signed", reviewed(""), "2026-12-03")).toBe("low");
  });
});

describe("G27, G28 and G40 leavers", () => {
  const given = {
    register: register(
      "name: A, owner: '@erin', backup: '@alice', revoke: { how: delete it, contact: '@Erin' }",
      "name: B, owner: '@acme/last', review: { last: 2026-10-01, by: '@erin' }",
      "name: C, owner: '@alice'",
    ),
    inventory: inventory(
      [
        repository({
          deployKeys: listed({
            id: 1,
            title: "mirror",
            readOnly: true,
            createdAt: `${today}T00:00:00Z`,
            lastUsed: null,
            addedBy: "erin",
          }),
          environments: listed(environment("production", { reviewers: ["erin"] })),
          webhooks: notPermitted,
        }),
      ],
      {
        teams: listed({ slug: "last", members: ["erin"] }),
        personalTokens: listed({
          id: 3,
          tokenId: 4,
          name: "tok",
          owner: "Erin",
          repositories: "all",
          grantedAt: `${today}T00:00:00Z`,
          expiresAt: null,
          expired: false,
          lastUsedAt: null,
        }),
        ssoCredentials: notPermitted,
      },
    ),
    exceptions: {
      waivers: [{ id: "LH-7F3A9C", until: "2026-12-01", approvedBy: "@erin" }],
      breakGlass: [],
      approvals: [
        {
          id: "APR-1",
          asset: { secret: "A" },
          task: "t",
          from: "2026-11-21T08:00Z",
          to: "2026-11-21T09:00Z",
          requestedBy: "@alice",
          approvedBy: ["@erin"],
        },
      ],
    },
  };
  test("everything a person owns, backs, approved, added or made, and what nobody can know", () => {
    const { ties, unknown } = reachOf("Erin", given.register, given.inventory, given.exceptions);
    expect(ties.map(({ relation, target }) => `${relation} ${target}`)).toEqual([
      "added deploy key acme/shop:deploy-key/mirror",
      "approved a waiver for LH-7F3A9C",
      "gave approval APR-1",
      "guards environment acme/shop:environment/production",
      "is the contact to revoke actions/A",
      "is the last member of the team that owns actions/B",
      "last reviewed actions/B",
      "made token org:pat/tok",
      "owns actions/A",
    ]);
    expect(unknown).toContain("who last wrote each secret: GitHub does not tell");
    expect(unknown).toContain("credentials authorised through single sign-on: not permitted");
  });
  test("somebody without ties has none, and offline the rest is said to be unknown", () => {
    const { ties, unknown } = reachOf("@zoe", given.register, undefined, noExceptions);
    expect(ties).toEqual([]);
    expect(unknown.join()).toContain("no snapshot was given");
  });
});

test("G29 an owner is guessed by precedence, with where the word comes from and who else was named", () => {
  const hints = { "custom property": "@acme/web", CODEOWNERS: "@alice", "last editor": "@acme/web" };
  expect(guessOwner(hints)).toEqual({ owner: "@acme/web", from: "custom property", others: ["@alice (CODEOWNERS)"] });
  expect(guessOwner(hints, ["CODEOWNERS"])).toMatchObject({ owner: "@alice", from: "CODEOWNERS", others: [] });
  expect(guessOwner({})).toBeUndefined();
});

describe("G30 and G33 blast radius is computed, and sets the cadence", () => {
  const tierOf = (entry: string, changes: Partial<Given> = {}) => {
    const context = contextOf({ register: register(entry), ...changes });
    return context.tier(context.subjects.all[0]!);
  };
  test.each([
    ["FLAVOUR", "name: FLAVOUR", {}, "T3"],
    ["a token", "name: SAAS_TOKEN", {}, "T2"],
    ["a deploy key for production", "name: AWS_KEY, scope: { environment: production }", {}, "T1"],
    [
      "the same, where outsiders can start the job",
      "name: AWS_KEY, scope: { environment: production }",
      { uses: uses(use("AWS_KEY", { environment: "production", triggers: ["pull_request_target"] })) },
      "T0",
    ],
    ["the key of an App", "name: bot, store: app-key", {}, "T0"],
    ["one at the repository, which nothing guards", "name: AWS_KEY", {}, "T1"],
    ["a signing key that nothing guards", "name: SIGNING_KEY", {}, "T0"],
    ["a federated one", "name: AWS_KEY, kind: federated", {}, "T3"],
  ] as const)("%s", (_what, entry, changes, tier) => {
    expect(tierOf(entry, changes).tier).toBe(tier);
  });
  test("protection counts only where somebody saw it", () => {
    const guarded = inventory([
      repository({ environments: listed(environment("production", { secrets: listed(secret("AWS_KEY")) })) }),
    ]);
    const entry = "name: AWS_KEY, scope: { environment: production }";
    expect(tierOf(entry, { inventory: guarded }).score).toBe(tierOf(entry).score - 2);
    expect(
      rules({
        register: register(entry),
        inventory: inventory([
          repository({
            environments: listed(
              environment("production", { reviewers: [], branches: "all", secrets: listed(secret("AWS_KEY")) }),
            ),
          }),
        ]),
      }),
    ).toContain("environment-unprotected");
    expect(rules({ register: register("name: AWS_KEY, tier: T1") })).toContain("outside-environment");
  });

  test("guards that could not be listed are unknown: neither points off nor a finding that there are none", () => {
    const entry = "name: AWS_KEY, scope: { environment: production }";
    const given = (changes: Parameters<typeof environment>[1]) => ({
      register: register(entry),
      inventory: inventory([
        repository({
          environments: listed(
            environment("production", {
              reviewers: [],
              branches: "all",
              secrets: listed(secret("AWS_KEY")),
              ...changes,
            }),
          ),
        }),
      ]),
    });
    for (const changes of [{ apps: notPermitted }, { reviewers: undefined }, { branches: undefined }]) {
      const hidden = given(changes);
      expect(rules(hidden)).not.toContain("environment-unprotected");
      expect(tierOf(entry, { inventory: hidden.inventory }).score).toBe(tierOf(entry).score);
      expect(findings(hidden).map(({ message }) => message)).toContainEqual(
        expect.stringMatching(/^environment (?:apps: not permitted|rules: not told)/),
      );
    }
    // One guard that was seen is enough, whatever else is hidden.
    const half = given({ apps: notPermitted, reviewers: ["alice"] });
    expect(tierOf(entry, { inventory: half.inventory }).score).toBe(tierOf(entry).score - 1);
    expect(rules(given({ apps: { status: "not available here" } }))).toContain("environment-unprotected");
  });
  test("the owner may raise the tier, and lower it only with somebody else's word", () => {
    expect(tierOf("name: FLAVOUR, tier: T0").tier).toBe("T0");
    const lower = "name: AWS_KEY, scope: { environment: production }, owner: '@alice', tier: T3";
    expect(tierOf(lower)).toMatchObject({ tier: "T1", refused: "T3" });
    expect(tierOf(`${lower}, tier-approved-by: '@Alice'`)).toMatchObject({ tier: "T1", refused: "T3" });
    expect(tierOf(`${lower}, tier-approved-by: '@bob'`)).toMatchObject({ tier: "T3", computed: "T1" });
    expect(rules({ register: register(lower) })).toContain("tier-lowered");
  });
  test("the next review follows", () => {
    const due = (tier: string) =>
      severityOn(
        "review-overdue",
        { register: register(`name: FLAVOUR, tier: ${tier}, review: { last: 2026-01-01, by: '@bob' }`) },
        "2026-02-01",
      );
    expect(due("T0")).toBe("medium");
    expect(due("T1")).toBeUndefined();
  });
});

describe("G31 exceptions are looked at", () => {
  const on = (change: object) =>
    auditExceptions(
      {
        ...noExceptions,
        waivers: [{ rule: "keyless/aws", target: "actions/A", until: "2026-12-01", approvedBy: "@carol", ...change }],
      },
      contextOf({}),
      `${today}T12:00Z`,
    ).map(({ rule }) => rule);
  test("renewals are counted, and nobody approves their own", () => {
    expect(on({ renewals: 2 })).toEqual([]);
    expect(on({ renewals: 3 })).toEqual(["register/waiver-renewed-too-often"]);
    expect(on({ addedBy: "@Carol" })).toEqual(["register/waiver-self-approved"]);
    expect(on({ addedBy: "@dave" })).toEqual([]);
  });
});

test("G34 lists begin with what is most dangerous, then with what ended first", () => {
  const rows = registerRows(
    contextOf({
      register: register(
        "name: FLAVOUR, owner: '@alice', expires: 2026-11-01",
        "name: AWS_KEY, scope: { environment: production }, owner: '@alice', expires: 2027-01-01",
        "name: GCP_KEY, scope: { environment: production }, owner: '@alice', expires: 2026-11-20",
        "name: bot, store: app-key",
      ),
    }),
  );
  expect(rows.map(({ target, state, tier, daysLeft }) => [target, state, tier, daysLeft])).toEqual([
    ["app-key/bot", "orphaned", "T0", undefined],
    ["actions/production/GCP_KEY", "expired", "T1", -1],
    ["actions/production/AWS_KEY", "declared", "T1", 41],
    ["actions/FLAVOUR", "expired", "T3", -20],
  ]);
});

test("G35 five fields make an entry, and a first register is drafted from what is there", () => {
  const entry = {
    name: "SAAS_TOKEN",
    owner: "@alice",
    purpose: "Posts build results to the status page",
    expires: "2027-01-31",
  };
  const text = addEntry(undefined, entry);
  expect(rules({ register: parseRegister(text, "s.yml") })).toEqual([]);
  const context = contextOf({ register: register(), inventory: holding("NPM_TOKEN_R90"), uses: uses(use("OTHER")) });
  expect(draftsFromStores(context, () => ({ CODEOWNERS: "@acme/web" }))).toEqual([
    {
      entry: { name: "NPM_TOKEN_R90", owner: "@acme/web", rotate: { every: "90d" } },
      comment: "owner: a guess, from CODEOWNERS",
    },
    { entry: { name: "OTHER", owner: "@acme/web" }, comment: "owner: a guess, from CODEOWNERS" },
  ]);
});

describe("G38 people and machines", () => {
  test("a machine is no owner", () => {
    const of = (owner: string) =>
      findings({ register: register(`name: FLAVOUR, owner: "${owner}"`), inventory: inventory() })
        .filter(({ rule }) => rule === "register/owner-bot")
        .map(({ confidence }) => confidence);
    expect(of("@renovate")).toEqual(["certain"]);
    expect(of("@github-actions[bot]")).toEqual(["certain"]);
    expect(of("@acme-ci")).toEqual(["likely"]);
    expect(of("@alice")).toEqual([]);
  });
  test("a person's token in a workflow", () => {
    const of = (name: string, more = "") =>
      findings({ register: register(`name: ${name}${more}`), uses: uses(use(name)) })
        .filter(({ rule }) => rule === "register/human-token")
        .map(({ confidence }) => confidence);
    expect(of("GH_PAT")).toEqual(["likely"]);
    expect(of("RELEASE_TOKEN", ", token-id: 7")).toEqual(["certain"]);
    expect(of("PATCH_LEVEL")).toEqual([]);
    expect(of("COMPAT_KEY")).toEqual([]);
  });
});

test("G39 the slowest way to revoke is shown first", () => {
  const context = contextOf({
    register: register(
      "name: A, revoke: { how: x, last-drill: 2026-09-02, minutes: 12 }",
      "name: B, revoke: { how: x, last-drill: 2026-09-02, minutes: 240 }",
      "name: C, revoke: { how: x }",
    ),
  });
  expect(slowestRevocations(context)).toEqual([
    { target: "actions/B", minutes: 240, drilled: "2026-09-02" },
    { target: "actions/A", minutes: 12, drilled: "2026-09-02" },
  ]);
});

test("what is declared to be no secret is asked for nothing", () => {
  const given = {
    register: register("name: BUILD_FLAVOUR, not-a-secret: true"),
    inventory: holding("BUILD_FLAVOUR"),
    uses: uses(use("BUILD_FLAVOUR", { receiver: { name: "o/a", thirdParty: true, pinned: false } })),
  };
  expect(findings(given)).toEqual([]);
});

test("the audit of a snapshot does not read the clock", () => {
  const snapshot = inventory();
  expect(itemsOf(snapshot.repositories[0]!.actions)).toEqual([]);
  expect(
    audit(register("name: FLAVOUR, expires: 2026-11-21"), snapshot, uses(), builtInLimits, "2026-11-21").some(
      ({ rule }) => rule === "register/expired",
    ),
  ).toBe(false);
});
