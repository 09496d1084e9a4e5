import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { confidences, severities } from "../../src/finding.ts";
import { judge } from "../../src/policy/judge.ts";
import {
  type OrganisationPolicy,
  type PolicyPart,
  parseOrganisationPolicy,
  parsePolicy,
} from "../../src/policy/policy-file.ts";
import { builtInPolicy, explainPolicy, mergePolicies } from "../../src/policy/policy-merge.ts";
import { weakenings } from "../../src/policy/weakening.ts";
import { requirableFields } from "../../src/register/limits.ts";
import { context, days, findings, paths, rules, today } from "./sample.ts";

test("without any file: enforce, fail on high and likely", () => {
  expect(builtInPolicy).toMatchObject({
    mode: "enforce",
    failOn: { severity: "high", confidence: "likely" },
    ignorePaths: [],
    rules: {},
    waivers: { max: 180 },
    salt: "leasehold",
  });
});

test("the policy of the documentation is read", () => {
  const text = `# yaml-language-server: $schema=x
version: 1
mode: enforce                  # observe | enforce
fail-on: { severity: high, confidence: likely }
paths: { ignore: ["test/fixtures/**"] }
rules: { leak/generic-api-key: { severity: low }, workflow/secrets-inherit: off }
keyless: { require: [aws, gcp, azure, npm, pypi], exit-by: 2027-03-31 }
register: { require: [owner, purpose, expires], warn: [30d, 14d, 7d, 1d], tiers: { T0: { max-age: 30d, review: 30d, waiver: 14d }, T3: { waiver: 100d } } }
waivers: { max: 180d }
detectors: []
issues: { repo: self, public-leaks: private-feed, max-new-per-day: 5 }
`;
  const policy = mergePolicies(undefined, parsePolicy(text, "p").value);
  expect(policy).toMatchObject({
    ignorePaths: ["test/fixtures/**"],
    rules: { "leak/generic-api-key": { severity: "low" }, "workflow/secrets-inherit": "off" },
    keyless: { require: ["aws", "gcp", "azure", "npm", "pypi"], exitBy: "2027-03-31" },
    register: {
      warn: [30, 14, 7, 1],
      tiers: { T0: { maxAge: 30, review: 30, waiver: 14 }, T1: { waiver: 30 }, T3: { maxAge: 365, waiver: 100 } },
    },
  });
});

test("an own detector becomes a rule with what was left out filled in", () => {
  const { value } = parsePolicy(
    "version: 1\ndetectors:\n  - { id: acme, severity: high, pattern: 'acme_[a-z]{20}', keyword: [acme_] }\n",
    "p",
  );
  expect(value.detectors).toEqual([
    {
      id: "acme",
      severity: "high",
      pattern: "acme_[a-z]{20}",
      keyword: ["acme_"],
      provider: "this organisation",
      name: "acme",
      lifetime: "long",
      revoke: { text: "Revoke it where it was issued." },
    },
  ]);
});

describe("organisation and repository", () => {
  const merged = (organisation: OrganisationPolicy, repository?: PolicyPart) => mergePolicies(organisation, repository);

  test("defaults can be overridden, the floor cannot", () => {
    const organisation = parseOrganisationPolicy(
      "version: 1\nenforced: { fail-on: { severity: high }, waivers: { max: 30d } }\ndefaults: { mode: observe, paths: { ignore: [docs/**] } }\n",
      "o",
    ).value;
    expect(merged(organisation)).toMatchObject({
      mode: "observe",
      failOn: { severity: "high" },
      waivers: { max: 30 },
      ignorePaths: ["docs/**"],
    });
    const repository = parsePolicy(
      "version: 1\nmode: enforce\nfail-on: { severity: critical }\nwaivers: { max: 90d }\npaths: { ignore: [] }\n",
      "r",
    ).value;
    expect(merged(organisation, repository)).toMatchObject({
      mode: "enforce",
      failOn: { severity: "high" },
      waivers: { max: 30 },
      ignorePaths: [],
    });
  });

  test.each<[string, PolicyPart, PolicyPart, object]>([
    [
      "tighter threshold",
      { "fail-on": { severity: "high" } },
      { "fail-on": { severity: "low" } },
      { failOn: { severity: "low" } },
    ],
    [
      "observe against enforce",
      { mode: "enforce" },
      { mode: "observe", "enforce-after": "2027-01-01" },
      { mode: "enforce" },
    ],
    ["enforce against observe", { mode: "observe" }, { mode: "enforce" }, { mode: "enforce" }],
    [
      "an earlier day",
      { mode: "observe", "enforce-after": "2027-01-01" },
      { mode: "observe", "enforce-after": "2026-12-01" },
      { enforceAfter: "2026-12-01" },
    ],
    [
      "a later day",
      { mode: "observe", "enforce-after": "2027-01-01" },
      { mode: "observe", "enforce-after": "2027-12-01" },
      { enforceAfter: "2027-01-01" },
    ],
    ["no day", { mode: "observe", "enforce-after": "2027-01-01" }, { mode: "observe" }, { enforceAfter: "2027-01-01" }],
    [
      "fewer ignored paths",
      { paths: { ignore: ["a/**", "b/**"] } },
      { paths: { ignore: ["a/**"] } },
      { ignorePaths: ["a/**"] },
    ],
    [
      "other ignored paths",
      { paths: { ignore: ["a/**"] } },
      { paths: { ignore: ["a/**", "src/**"] } },
      { ignorePaths: ["a/**"] },
    ],
    [
      "more providers",
      { keyless: { require: ["aws"] } },
      { keyless: { require: ["gcp"] } },
      { keyless: { require: ["aws", "gcp"] } },
    ],
    [
      "fewer register fields",
      { register: { require: ["owner", "review"], warn: undefined } },
      { register: { require: ["purpose"], warn: undefined } },
      { register: { require: ["owner", "purpose", "review"] } },
    ],
    [
      "fewer warnings",
      { register: { require: undefined, warn: [30] } },
      { register: { require: undefined, warn: [7] } },
      { register: { warn: [30, 7] } },
    ],
    ["another salt", { salt: "a" }, { salt: "b" }, { salt: "a" }],
  ])("%s", (_name, enforced, repository, expected) => {
    expect(merged({ enforced }, repository)).toMatchObject(expected);
  });

  test("an own detector cannot take the place of an enforced one", () => {
    const of = (severity: "high" | "low") =>
      parsePolicy(
        `version: 1\ndetectors: [{ id: acme, severity: ${severity}, shape: 'x' }, { id: d-${severity}, severity: low, shape: 'y' }]\n`,
        "p",
      ).value;
    expect(merged({ enforced: of("high") }, of("low")).detectors.map(({ id, severity }) => [id, severity])).toEqual([
      ["acme", "high"],
      ["d-high", "low"],
      ["d-low", "low"],
    ]);
  });

  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const setting = fc.oneof(
    fc.constantFrom("off" as const, "on" as const),
    fc.record({
      severity: optional(fc.constantFrom(...severities)),
      confidence: optional(fc.constantFrom(...confidences)),
    }),
  );
  const rulePatterns = fc.oneof(rules, fc.constantFrom("leak/*", "workflow/*"));
  const part: fc.Arbitrary<PolicyPart> = fc
    .record({
      stage: fc.oneof(
        fc.constant({ mode: "enforce" as const }),
        fc.record({ mode: fc.constant("observe" as const), "enforce-after": optional(days) }),
      ),
      rest: fc.record({
        "fail-on": fc.record({ severity: fc.constantFrom(...severities), confidence: fc.constantFrom(...confidences) }),
        paths: fc.record({ ignore: fc.uniqueArray(paths) }),
        keyless: fc.record({ require: fc.uniqueArray(fc.constantFrom("aws", "gcp")), "exit-by": days }),
        register: fc.record({
          require: fc.subarray([...requirableFields]),
          warn: fc.uniqueArray(fc.constantFrom(30, 14, 7)),
        }),
        waivers: fc.record({ max: fc.integer({ min: 1, max: 400 }) }),
      }),
      rules: fc.dictionary(rulePatterns, setting, { maxKeys: 3 }),
    })
    .map(({ stage, rest, rules: ruleMap }) => ({ ...stage, ...rest, rules: ruleMap }));

  test("the merge is never looser than the floor: no weakening in words", () => {
    fc.assert(
      fc.property(part, optional(part), optional(part), (enforced, defaults, repository) => {
        const { rules: _rules, ...floor } = enforced;
        const alone = mergePolicies({ enforced: floor }, undefined);
        const both = mergePolicies({ enforced: floor, defaults }, repository);
        expect(weakenings({ ...alone, rules: {} }, { ...both, rules: {} })).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test("the merge is never looser than the floor: what blocks under the floor alone, with each rule it names, blocks under both", () => {
    fc.assert(
      fc.property(part, optional(part), optional(part), findings, (enforced, defaults, repository, found) => {
        // Rules that the floor does not name are the repository's to set, so the floor names both families.
        const floor = {
          ...enforced,
          rules: { "leak/*": "on" as const, "workflow/*": "on" as const, ...enforced.rules },
        };
        const blocked = (policy: ReturnType<typeof mergePolicies>) =>
          judge(found, context({ policy, today }))
            .judged.filter(({ blocking }) => blocking)
            .map(({ finding: { id, rule, place } }) => `${id} ${rule} ${place.path} ${place.line}`);
        const alone = blocked(mergePolicies({ enforced: floor }, undefined));
        const both = blocked(mergePolicies({ enforced: floor, defaults }, repository));
        expect(both).toEqual(expect.arrayContaining(alone));
      }),
      { numRuns: 300 },
    );
  });
});

test("explain names the file behind each key, and what was asked for in vain", () => {
  const keys = explainPolicy(
    { enforced: { waivers: { max: 30 }, rules: { "leak/*": "on" } }, defaults: { mode: "observe" } },
    { waivers: { max: 90 }, "fail-on": { severity: "low" }, rules: { "leak/x": "off" } },
  );
  const of = (key: string) => keys.find((one) => one.key === key);
  expect(of("mode")).toEqual({ key: "mode", value: "observe", source: "organisation (defaults)" });
  expect(of("waivers.max")).toEqual({
    key: "waivers.max",
    value: "30d",
    source: "organisation (enforced)",
    overruled: "repository: 90d",
  });
  expect(of("fail-on.severity")).toEqual({ key: "fail-on.severity", value: "low", source: "repository" });
  expect(of("fail-on.confidence")).toEqual({ key: "fail-on.confidence", value: "likely", source: "built-in" });
  expect(of("rules.leak/*")).toEqual({ key: "rules.leak/*", value: "on (floor)", source: "organisation (enforced)" });
  expect(of("rules.leak/x")).toEqual({ key: "rules.leak/x", value: "off", source: "repository" });
  expect(new Set(keys.map(({ key }) => key)).size).toBe(keys.length);
});

describe("weakenings", () => {
  const base: PolicyPart = { mode: "enforce", "fail-on": { severity: "medium", confidence: "likely" } };
  test.each<[string, PolicyPart, PolicyPart, string[]]>([
    ["nothing", base, base, []],
    [
      "tighter",
      base,
      { ...base, "fail-on": { severity: "low", confidence: "weak" }, rules: { "leak/x": { severity: "critical" } } },
      [],
    ],
    ["mode", base, { ...base, mode: "observe" }, ["mode goes from enforce to observe: nothing fails any more"]],
    [
      "a later day",
      { mode: "observe", "enforce-after": "2027-01-01" },
      { mode: "observe" },
      ["enforcing begins later: after 2027-01-01 before, never now"],
    ],
    [
      "threshold",
      base,
      { ...base, "fail-on": { severity: "critical", confidence: "certain" } },
      [
        "fail-on.severity goes from medium to critical: fewer findings block",
        "fail-on.confidence goes from likely to certain: fewer findings block",
      ],
    ],
    ["a rule off", base, { ...base, rules: { "leak/x": "off" } }, ["rule leak/x goes from its own values to off"]],
    [
      "a rule lowered",
      { ...base, rules: { "leak/x": { severity: "high" } } },
      { ...base, rules: { "leak/x": { severity: "low" } } },
      ["rule leak/x goes from { severity: high } to { severity: low }"],
    ],
    [
      "a rule that may be lower than its own",
      base,
      { ...base, rules: { "leak/x": { severity: "low" } } },
      ["rule leak/x goes from its own values to { severity: low }"],
    ],
    [
      "a rule made weak",
      base,
      { ...base, rules: { "leak/x": { confidence: "weak" } } },
      ["rule leak/x goes from its own values to { confidence: weak }"],
    ],
    ["a rule on again", { ...base, rules: { "leak/x": "off" } }, base, []],
    ["no longer weak", { ...base, rules: { "leak/x": { confidence: "weak" } } }, base, []],
    ["paths", base, { ...base, paths: { ignore: ["src/**"] } }, ["paths.ignore also leaves out src/**"]],
    ["waivers", base, { ...base, waivers: { max: 365 } }, ["waivers.max goes from 180d to 365d"]],
    [
      "the register",
      base,
      { ...base, register: { require: ["owner"], warn: [30, 14, 7], tiers: { T0: { waiver: 20 } } } },
      [
        "register.tiers.T0.waiver goes from 14d to 20d",
        "register.require no longer asks for purpose",
        "register.require no longer asks for expires",
        "register.warn no longer warns 1d before the end",
      ],
    ],
    [
      "keyless",
      { keyless: { require: ["aws"], "exit-by": "2027-01-01" } },
      { keyless: { require: [], "exit-by": "2027-06-01" } },
      ["keyless.require no longer names aws", "keyless.exit-by moves from 2027-01-01 to 2027-06-01"],
    ],
  ])("%s", (_name, before, after, expected) => {
    expect(weakenings(mergePolicies(undefined, before), mergePolicies(undefined, after))).toEqual(expected);
  });

  test("a rule's own severity decides, where it is known", () => {
    const after = mergePolicies(undefined, { rules: { "leak/x": { severity: "medium" } } });
    expect(weakenings(builtInPolicy, after, () => "low")).toEqual([]);
    expect(weakenings(builtInPolicy, after, () => "high")).toHaveLength(1);
  });

  test("detectors removed, lowered, changed", () => {
    const of = (list: string) => mergePolicies(undefined, parsePolicy(`version: 1\ndetectors: [${list}]\n`, "p").value);
    const before = of(
      "{ id: a, severity: high, shape: 'x' }, { id: b, severity: high, shape: 'x' }, { id: c, severity: high, shape: 'x' }, { id: d, severity: low, shape: 'x' }",
    );
    const after = of(
      "{ id: b, severity: low, shape: 'x' }, { id: c, severity: high, shape: 'y' }, { id: d, severity: high, shape: 'x' }",
    );
    expect(weakenings(before, after)).toEqual([
      "the detector a is removed",
      "the detector b goes from high to low",
      "the detector c looks for something else than before",
    ]);
  });

  test("a floor that goes", () => {
    expect(weakenings(mergePolicies({ enforced: { rules: { "leak/*": "on" } } }, undefined), builtInPolicy)).toEqual([
      "floor of rule leak/* goes from on to its own values",
    ]);
  });
});
