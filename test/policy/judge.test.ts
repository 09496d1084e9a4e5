import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { confidenceRank, type RuleId, severityRank } from "../../src/finding.ts";
import { parseInlineAllows } from "../../src/policy/inline-allow.ts";
import { judge } from "../../src/policy/judge.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { builtInPolicy } from "../../src/policy/policy-merge.ts";
import { costsFarMore } from "../leak/cost.ts";
import { baseline, complete, context, finding, findings, inlineAllows, today, waiver, waivers } from "./sample.ts";

/** The verdict in a few words: result, then id, state and blocking of each. */
function short(...input: Parameters<typeof judge>): string {
  const { result, judged } = judge(...input);
  return [
    result,
    ...judged.map(
      ({ finding: { id, rule }, state, blocking }) =>
        `${rule.startsWith("policy/") ? rule : id} ${state}${blocking ? " blocks" : ""}`,
    ),
  ].join(", ");
}

describe("thresholds", () => {
  test.each([
    ["high", "likely", "fail"],
    ["critical", "certain", "fail"],
    ["medium", "certain", "warn"],
    ["low", "certain", "warn"],
    ["info", "likely", "warn"],
    ["critical", "weak", "pass"],
  ] as const)("without a policy %s and %s is %s", (severity, confidence, result) => {
    expect(judge([finding("LH-AAAAAA", { severity, confidence })], context()).result).toBe(result);
  });

  test("weak findings are counted, and block only where the threshold says weak", () => {
    const weak = [
      finding("LH-AAAAAA", { confidence: "weak" }),
      finding("LH-AAAAAA", { confidence: "weak", line: 9 }),
      finding("LH-BBBBBB", { confidence: "weak" }),
    ];
    expect(judge(weak, context())).toMatchObject({ result: "pass", hidden: 2, judged: [] });
    expect(judge(weak, context({ minConfidence: "weak" }))).toMatchObject({
      result: "warn",
      hidden: 0,
      counts: { blocking: 0, warnings: 2 },
    });
    // What blocks is shown, whatever is asked to be hidden.
    expect(judge(weak, context({ minConfidence: "certain", failOn: { confidence: "weak" } }))).toMatchObject({
      result: "fail",
      hidden: 0,
      counts: { blocking: 2 },
    });
  });

  test("a flag's threshold goes before the policy's, part by part", () => {
    const one = [finding("LH-AAAAAA", { severity: "medium" })];
    expect(judge(one, context({ failOn: { severity: "medium" } })).result).toBe("fail");
    expect(judge(one, context({ failOn: { severity: "medium", confidence: "certain" } })).result).toBe("warn");
  });

  test.each([
    ["observe", undefined, "2026-11-25", "observe", "warn"],
    ["enforce", undefined, "2026-11-25", "enforce", "fail"],
    ["observe", "2026-11-26", "2026-11-25", "observe", "warn"],
    ["observe", "2026-11-26", "2026-11-26", "observe", "warn"],
    ["observe", "2026-11-26", "2026-11-27", "enforce", "fail"],
  ] as const)("mode %s, enforce-after %s, on %s: %s, %s", (mode, enforceAfter, day, inForce, result) => {
    const policy: Policy = { ...builtInPolicy, mode, ...(enforceAfter ? { enforceAfter } : {}) };
    const verdict = judge([finding("LH-AAAAAA")], context({ policy, today: day }));
    expect([verdict.mode, verdict.result]).toEqual([inForce, result]);
    expect(verdict.judged[0]?.because.at(-1)).toMatch(
      inForce === "observe" ? /would block under enforce/ : /at or above/,
    );
  });

  test("in a range what the base has does not block", () => {
    const both = [finding("LH-AAAAAA"), finding("LH-BBBBBB")];
    expect(short(both, context({ isNew: (id) => id === "LH-BBBBBB" }))).toBe(
      "fail, LH-BBBBBB open blocks, LH-AAAAAA open",
    );
  });

  test("partial coverage is handed on and changes no result", () => {
    const coverage = { ...complete, gaps: [{ subject: "x", kind: "budget" as const, detail: "d" }] };
    expect(judge([], context({ coverage }))).toMatchObject({ result: "pass", coverage });
  });
});

describe("rules and paths", () => {
  const rules = (over: Policy["rules"], ruleFloor: Policy["rules"] = {}): Policy => ({
    ...builtInPolicy,
    rules: over,
    ruleFloor,
  });
  test.each([
    ["off", rules({ "leak/github-pat": "off" }), "pass"],
    ["a family off", rules({ "leak/*": "off" }), "pass"],
    ["a family off, the rule on", rules({ "leak/*": "off", "leak/github-pat": "on" }), "fail, LH-AAAAAA open blocks"],
    ["lowered", rules({ "leak/github-pat": { severity: "low" } }), "warn, LH-AAAAAA open"],
    ["another rule", rules({ "leak/other": "off" }), "fail, LH-AAAAAA open blocks"],
    ["confidence weak: hidden", rules({ "leak/github-pat": { confidence: "weak" } }), "pass"],
    ["off against a floor", rules({ "leak/github-pat": "off" }, { "leak/*": "on" }), "fail, LH-AAAAAA open blocks"],
    [
      "lowered against a floor",
      rules({ "leak/github-pat": { severity: "info" } }, { "leak/github-pat": { severity: "medium" } }),
      "warn, LH-AAAAAA open",
    ],
    ["floor off", rules({}, { "leak/github-pat": "off" }), "pass"],
    [
      "floor off, turned on",
      rules({ "leak/github-pat": "on" }, { "leak/github-pat": "off" }),
      "fail, LH-AAAAAA open blocks",
    ],
  ])("%s", (_name, policy, expected) => {
    expect(short([finding("LH-AAAAAA")], context({ policy }))).toBe(expected);
  });

  test("the finding carries the severity it counts with, and says why", () => {
    const [one] = judge(
      [finding("LH-AAAAAA")],
      context({ policy: rules({ "leak/github-pat": { severity: "low" } }) }),
    ).judged;
    expect(one?.finding.severity).toBe("low");
    expect(one?.because).toEqual(["severity low by the policy, high by the rule", "low is below the threshold high"]);
  });

  test("ignored paths are left out and counted in a note; messages have no path", () => {
    const policy = { ...builtInPolicy, ignorePaths: ["test/fixtures/**", "vendor/"] };
    const all = [
      finding("LH-AAAAAA", { path: "test/fixtures/.a/b.env" }),
      finding("LH-BBBBBB", { path: "vendor/x" }),
      finding("LH-CCCCCC", { path: "test/other" }),
    ];
    expect(judge(all, context({ policy }))).toMatchObject({
      counts: { blocking: 1 },
      notes: ["2 findings left out by paths.ignore."],
    });
    const message = finding("LH-DDDDDD", {
      path: "vendor/x",
      origin: { commit: "c", author: "a", date: "2026-01-01", inMessage: true },
    });
    expect(judge([message], context({ policy })).counts.blocking).toBe(1);
  });
});

describe("waivers", () => {
  const one = [finding("LH-AAAAAA")];
  test.each([
    ["the day before its last", "2026-12-19", "pass, LH-AAAAAA waived"],
    ["its last day", "2026-12-20", "pass, LH-AAAAAA waived"],
    ["the day after", "2026-12-21", "fail, LH-AAAAAA open blocks, policy/waiver-expired open"],
  ])("holds through its last day: %s", (_name, day, expected) => {
    expect(short(one, context({ waivers: [waiver()], today: day }))).toBe(expected);
  });

  test.each([
    ["2028-02-28", true],
    ["2028-02-29", true],
    ["2028-03-01", false],
  ])("until leap day, on %s: %s", (day, holds) => {
    expect(judge(one, context({ waivers: [waiver({ until: "2028-02-29" })], today: day })).result).toBe(
      holds ? "pass" : "fail",
    );
  });

  test("the policy's longest time, to the day", () => {
    const policy = { ...builtInPolicy, waivers: { max: 30 } };
    expect(short(one, context({ policy, waivers: [waiver({ until: "2026-12-25" })] }))).toBe("pass, LH-AAAAAA waived");
    expect(short(one, context({ policy, waivers: [waiver({ until: "2026-12-26" })] }))).toBe(
      "fail, LH-AAAAAA open blocks, policy/waiver-over-long open",
    );
  });

  test("the tier's longest time, where the finding names its tier", () => {
    const tiered = [finding("LH-AAAAAA", { facts: { tier: "T0" } })];
    expect(short(tiered, context({ waivers: [waiver({ until: "2026-12-09" })] }))).toBe("pass, LH-AAAAAA waived");
    expect(short(tiered, context({ waivers: [waiver({ until: "2026-12-10" })] }))).toBe(
      "fail, LH-AAAAAA open blocks, policy/waiver-over-long open",
    );
  });

  test("without an approver, or added in the change under test, it is only requested", () => {
    const { approvedBy: _none, ...unapproved } = waiver();
    expect(short(one, context({ waivers: [unapproved] }))).toBe(
      "fail, LH-AAAAAA waiver-requested blocks, policy/waiver-without-approver open",
    );
    const verdict = judge(one, context({ requestedWaivers: [waiver()] }));
    expect(verdict).toMatchObject({ result: "fail", counts: { blocking: 1, requested: 1, waived: 0 } });
    expect(verdict.judged[0]).toMatchObject({
      state: "waiver-requested",
      coveredBy: { kind: "waiver", until: "2026-12-20" },
    });
  });

  test("by rule and target: path, glob, or the name in the facts", () => {
    const at = (target: string) => context({ waivers: [waiver({ rule: "leak/github-pat", target })] });
    expect(short(one, at("deploy.sh"))).toBe("pass, LH-AAAAAA waived");
    expect(short(one, at("*.sh"))).toBe("pass, LH-AAAAAA waived");
    expect(short(one, at("src/**"))).toBe("fail, LH-AAAAAA open blocks");
    expect(short([finding("LH-AAAAAA", { facts: { target: "actions/KEY" } })], at("actions/KEY"))).toBe(
      "pass, LH-AAAAAA waived",
    );
    expect(short(one, context({ waivers: [waiver({ rule: "leak/other", target: "deploy.sh" })] }))).toBe(
      "fail, LH-AAAAAA open blocks",
    );
  });

  test("false-positive is a state of its own; approval is only declared", () => {
    expect(judge(one, context({ waivers: [waiver({ reason: "false-positive" })] })).judged[0]).toMatchObject({
      state: "false-positive",
      coveredBy: { approval: "declared", until: "2026-12-20" },
    });
  });

  test("unused is told only after a complete scan of the repository", () => {
    const of = (over: Parameters<typeof context>[0]) => short([], context({ waivers: [waiver()], ...over }));
    expect(of({ scope: "repository" })).toBe("warn, policy/waiver-unused open");
    expect(of({ scope: "files" })).toBe("pass");
    expect(of({})).toBe("pass");
    expect(
      of({ scope: "repository", coverage: { ...complete, gaps: [{ subject: "x", kind: "budget", detail: "d" }] } }),
    ).toBe("pass");
    // A waiver for a hidden finding, or for one whose rule is off, is of use.
    const off = { ...builtInPolicy, rules: { "leak/github-pat": "off" as const } };
    expect(short(one, context({ waivers: [waiver()], scope: "repository", policy: off }))).toBe("pass");
    expect(
      short([finding("LH-AAAAAA", { confidence: "weak" })], context({ waivers: [waiver()], scope: "repository" })),
    ).toBe("pass");
  });

  test("faults of old waivers do not block a change, those it adds can", () => {
    const failOn = { severity: "medium" as const };
    const expired = waiver({ until: "2026-01-01" });
    expect(judge([], context({ failOn, waivers: [expired], isNew: () => true })).result).toBe("warn");
    expect(judge([], context({ failOn, waivers: [expired] })).result).toBe("fail");
    expect(judge([], context({ failOn, requestedWaivers: [expired], isNew: () => true })).result).toBe("fail");
  });
});

describe("baseline and two things under one id", () => {
  const line = { id: "LH-AAAAAA", rule: "leak/github-pat", path: "old.sh", line: 1 } as const;
  test("a listed id is reported and does not block, wherever it moved", () => {
    const verdict = judge([finding("LH-AAAAAA", { path: "new.sh" })], context({ baseline: [line] }));
    expect(verdict).toMatchObject({ result: "pass", counts: { baseline: 1, blocking: 0, warnings: 0 } });
  });

  test("what the baseline lists in vain is a note", () => {
    expect(judge([], context({ baseline: [line], scope: "repository" })).notes).toEqual([
      "1 id of the baseline match nothing: `leasehold baseline prune` takes them out.",
    ]);
    expect(judge([], context({ baseline: [line] })).notes).toEqual([]);
  });

  test("two families under one id: both reported, nothing by id applies, counted as two", () => {
    const two = [finding("LH-AAAAAA"), finding("LH-AAAAAA", { rule: "keyless/aws", path: ".github/workflows/x.yml" })];
    const verdict = judge(two, context({ waivers: [waiver()], baseline: [line] }));
    expect(verdict).toMatchObject({ result: "fail", counts: { blocking: 2, waived: 0, baseline: 0 } });
    expect(verdict.notes[0]).toMatch(/^LH-AAAAAA stands for two different things/);
    expect(judge(two, context({ isNew: () => false })).counts.blocking).toBe(2);
    // By rule and target it is clear which one is meant.
    expect(
      judge(two, context({ waivers: [waiver({ rule: "keyless/aws", target: ".github/workflows/x.yml" })] })).counts,
    ).toMatchObject({ blocking: 1, waived: 1 });
  });

  test("two workflow findings at different paths cannot share an id", () => {
    const at = (path: string) => finding("LH-AAAAAA", { rule: "workflow/secrets-inherit", path });
    expect(judge([at("a.yml"), at("b.yml")], context({ waivers: [waiver()] })).counts).toMatchObject({
      blocking: 2,
      waived: 0,
    });
  });

  test("two values under one id, as the source tells", () => {
    const two = [finding("LH-AAAAAA"), finding("LH-AAAAAA", { path: "b" })];
    expect(judge(two, context({ waivers: [waiver()] })).counts).toMatchObject({ blocking: 0, waived: 1 });
    expect(
      judge(two, context({ waivers: [waiver()], ambiguousIds: new Set(["LH-AAAAAA", "LH-ZZZZZZ"]) })),
    ).toMatchObject({ counts: { blocking: 2, waived: 0 }, notes: [expect.stringContaining("LH-AAAAAA")] });
  });
});

describe("inline allows", () => {
  const source = (comment: string) => parseInlineAllows(`first\nsecond\nkey = "x" ${comment}\n`, "deploy.sh");
  const full = '# leasehold:allow leak/github-pat until=2026-12-31 reason="docs sample"';
  const one = [finding("LH-AAAAAA")];
  test("on the same line, and alone on the line before", () => {
    expect(short(one, context({ inlineAllows: source(full), scope: "files" }))).toBe("pass, LH-AAAAAA waived");
    const before = parseInlineAllows(`first\n  ${full}\nkey\n`, "deploy.sh");
    expect(short(one, context({ inlineAllows: before, scope: "files" }))).toBe("pass, LH-AAAAAA waived");
    const trailing = parseInlineAllows(`first\nother = 1 ${full}\nkey\n`, "deploy.sh");
    expect(short(one, context({ inlineAllows: trailing, scope: "files" }))).toBe(
      "fail, LH-AAAAAA open blocks, policy/inline-allow-unused open",
    );
  });

  test.each([
    ["over", '# leasehold:allow leak/github-pat until=2026-11-24 reason="x"', "policy/inline-allow-expired"],
    ["no reason", "# leasehold:allow leak/github-pat until=2026-12-31", "policy/inline-allow-without-reason"],
    [
      "an empty reason",
      '# leasehold:allow leak/github-pat until=2026-12-31 reason=" "',
      "policy/inline-allow-without-reason",
    ],
    ["no last day", '# leasehold:allow leak/github-pat reason="x"', "policy/inline-allow-over-long"],
    ["no such day", '# leasehold:allow leak/github-pat until=2026-02-30 reason="x"', "policy/inline-allow-over-long"],
    ["too long", '# leasehold:allow leak/github-pat until=2028-01-01 reason="x"', "policy/inline-allow-over-long"],
    ["another rule", '# leasehold:allow leak/other until=2026-12-31 reason="x"', "policy/inline-allow-unused"],
    ["no rule", '# leasehold:allow until=2026-12-31 reason="x"', "policy/inline-allow-unused"],
  ])("%s: the finding stays open", (_name, comment, rule) => {
    expect(short(one, context({ inlineAllows: source(comment), scope: "files" }))).toBe(
      `fail, LH-AAAAAA open blocks, ${rule} open`,
    );
  });

  test("holds through its last day", () => {
    const at = (day: string) => judge(one, context({ inlineAllows: source(full), today: day })).result;
    expect([at("2026-12-31"), at("2027-01-01")]).toEqual(["pass", "fail"]);
  });

  test("one added in the range is only requested; unused is not told of changes", () => {
    const added = source(full).map((allow) => ({ ...allow, added: true }));
    expect(short(one, context({ inlineAllows: added }))).toBe("fail, LH-AAAAAA waiver-requested blocks");
    expect(short([], context({ inlineAllows: source(full) }))).toBe("pass");
  });

  test("its finding keeps its id when the comment moves, and stands at the comment", () => {
    const of = (text: string) =>
      judge([], context({ inlineAllows: parseInlineAllows(text, "a"), scope: "files" })).judged[0]?.finding;
    expect(of(`${full}\n`)?.id).toBe(of(`\n\n${full}\n`)?.id);
    expect(of(`ü\n\n${full}\n`)?.place).toMatchObject({ path: "a", line: 3, column: 3, start: 6 });
  });
});

test("one finding per place and id; an id counts once, as its worst place", () => {
  const twice = [
    finding("LH-AAAAAA"),
    finding("LH-AAAAAA", { confidence: "certain", message: "surer" }),
    finding("LH-AAAAAA", { line: 8 }),
  ];
  const verdict = judge(twice, context());
  expect(verdict.judged.map(({ finding: { message } }) => message)).toEqual(["surer", "A token."]);
  expect(verdict.counts).toMatchObject({ blocking: 1, warnings: 0 });
  const mixed = [finding("LH-AAAAAA"), finding("LH-AAAAAA", { line: 8, severity: "low" })];
  expect(judge(mixed, context()).counts).toMatchObject({ blocking: 1, warnings: 0 });
});

test("blocking first, then worst, surest, by place; notes of the caller last", () => {
  const verdict = judge(
    [
      finding("LH-BBBBBB", { severity: "low" }),
      finding("LH-CCCCCC", { path: "b" }),
      finding("LH-DDDDDD", { path: "a" }),
      finding("LH-AAAAAA", { severity: "critical" }),
    ],
    context({ isNew: (id) => id !== "LH-AAAAAA", notes: ["weakened"] }),
  );
  expect(verdict.judged.map(({ finding: { id } }) => id)).toEqual(["LH-DDDDDD", "LH-CCCCCC", "LH-AAAAAA", "LH-BBBBBB"]);
  expect(verdict.notes).toEqual(["weakened"]);
});

describe("properties", () => {
  const worlds = fc.record({
    findings,
    waivers,
    requestedWaivers: waivers,
    inlineAllows,
    baseline,
    scope: fc.constantFrom("repository" as const, "files" as const, "changes" as const),
    ranged: fc.boolean(),
  });
  type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;
  const contextOf = ({ findings: _found, ranged, ...rest }: World, over: Parameters<typeof context>[0] = {}) =>
    context({
      ...rest,
      policy: { ...builtInPolicy, ignorePaths: ["test/**"], rules: { "leak/generic-api-key": { severity: "low" } } },
      ...(ranged ? { isNew: (id) => id !== "LH-BBBBBB" } : {}),
      ...over,
    });

  test("the order of what is handed in never changes the verdict", () => {
    const shuffled = worlds.chain((world) =>
      fc.record({
        world: fc.constant(world),
        other: fc.record({
          findings: fc.shuffledSubarray(world.findings, { minLength: world.findings.length }),
          waivers: fc.shuffledSubarray(world.waivers, { minLength: world.waivers.length }),
          requestedWaivers: fc.shuffledSubarray(world.requestedWaivers, { minLength: world.requestedWaivers.length }),
          inlineAllows: fc.shuffledSubarray(world.inlineAllows, { minLength: world.inlineAllows.length }),
          baseline: fc.shuffledSubarray(world.baseline, { minLength: world.baseline.length }),
        }),
      }),
    );
    fc.assert(
      fc.property(shuffled, ({ world, other }) => {
        expect(judge(other.findings, contextOf({ ...world, ...other }))).toEqual(
          judge(world.findings, contextOf(world)),
        );
      }),
      { numRuns: 300 },
    );
  });

  test("a line added to the baseline never adds a finding, and never blocks more", () => {
    fc.assert(
      fc.property(worlds, baseline, (world, more) => {
        const before = judge(world.findings, contextOf(world));
        const after = judge(world.findings, contextOf(world, { baseline: [...world.baseline, ...more] }));
        expect(after.judged.length).toBe(before.judged.length);
        expect(after.counts.blocking).toBeLessThanOrEqual(before.counts.blocking);
      }),
      { numRuns: 200 },
    );
  });

  test("an exception past its day, or only requested, never excuses", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const { judged } = judge(world.findings, contextOf(world));
        for (const {
          state,
          coveredBy,
          blocking,
          finding: { id, rule },
        } of judged) {
          if (state !== "waived" && state !== "false-positive") continue;
          expect(blocking).toBe(false);
          expect((coveredBy?.until ?? "") >= today).toBe(true);
          const byWaiver = world.waivers.some(
            (one) => (one.id === id || one.rule === rule) && one.approvedBy && one.until >= today,
          );
          const byInline = world.inlineAllows.some(
            (one) => one.rule === rule && !one.added && one.reason && (one.until ?? "") >= today,
          );
          expect(byWaiver || byInline).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("without exceptions, exactly what reaches the threshold blocks", () => {
    fc.assert(
      fc.property(findings, (all) => {
        const { judged, counts, result } = judge(all, context({ minConfidence: "weak" }));
        for (const { finding: one, blocking } of judged) {
          expect(blocking).toBe(
            severityRank(one.severity) <= severityRank("high") &&
              confidenceRank(one.confidence) <= confidenceRank("likely"),
          );
        }
        expect(result === "fail").toBe(counts.blocking > 0);
        expect(new Set(judged.map(({ finding: { id } }) => id)).size).toBe(new Set(all.map(({ id }) => id)).size);
      }),
    );
  });

  test("inputs are left as they were", () => {
    fc.assert(
      fc.property(worlds, (world) => {
        const before = structuredClone(world);
        judge(world.findings, contextOf(world));
        expect(world).toEqual(before);
      }),
      { numRuns: 50 },
    );
  });
});

test("ten thousand findings and as many exceptions cost little more than the findings alone", () => {
  const many = Array.from({ length: 10_000 }, (_, index) =>
    finding(`LH-${String(index).padStart(6, "0")}`, { path: `src/${index % 500}.ts`, line: index }),
  );
  const lines = many.map(({ id }) => ({ id, rule: "leak/github-pat" as RuleId, path: "x", line: 1 }));
  const waivers = many.slice(0, 1000).map(({ id }) => waiver({ id }));
  const excepted = () => judge(many, context({ baseline: lines, waivers, scope: "repository" }));
  expect(excepted().counts).toEqual({ blocking: 0, warnings: 0, waived: 1000, baseline: 9000, requested: 0 });
  expect(costsFarMore(excepted, () => judge(many, context({ scope: "repository" })), 20)).toBeUndefined();
});
