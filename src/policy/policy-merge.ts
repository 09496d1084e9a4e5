/** Makes one policy of the built-in values, the organisation's file and the repository's. */
import { type Confidence, confidenceRank, type Severity, severityRank } from "../finding.ts";
import { defaultSalt } from "../finding-id.ts";
import type { LeakRule } from "../leak/rule.ts";
import type { PlainDate } from "../plain-date.ts";
import { builtInLimits, type RequirableField, requirableFields, tiers as tierNames } from "../register/limits.ts";
import { type Policy, showSetting } from "./policy.ts";
import type { OrganisationPolicy, PolicyPart, RuleSetting } from "./policy-file.ts";

/** Which file a key's value comes from. */
export type PolicySource = "built-in" | "organisation (enforced)" | "organisation (defaults)" | "repository";

/** One key of the policy in force, for `policy show --explain`. `overruled` says what a file asked for in vain. */
export type ExplainedKey = { key: string; value: string; source: PolicySource; overruled?: string };

/** The policy of a repository without any file: enforce, fail on high and likely. */
export const builtInPolicy: Policy = mergePolicies(undefined, undefined);

/**
 * The policy in force. `enforced` is a floor: of it and what a repository sets, the stricter wins, key by key;
 * elsewhere the repository's value goes before the organisation's default, and that before the built-in one.
 */
export function mergePolicies(
  organisation: OrganisationPolicy | undefined,
  repository: PolicyPart | undefined,
): Policy {
  return settleAll(organisation, repository).policy;
}

/** For each key of the policy in force: its value, which file set it, and what was overruled. */
export function explainPolicy(
  organisation: OrganisationPolicy | undefined,
  repository: PolicyPart | undefined,
): ExplainedKey[] {
  return settleAll(organisation, repository).keys;
}

type Stage = { mode: "observe" | "enforce"; after?: PlainDate | undefined };

function settleAll(
  organisation: OrganisationPolicy | undefined,
  repository: PolicyPart | undefined,
): { policy: Policy; keys: ExplainedKey[] } {
  const keys: ExplainedKey[] = [];

  /** Settles one key: `stricter` gives the stricter of the floor and what was asked for. */
  const settle = <T>(
    key: string,
    read: (part: PolicyPart) => T | undefined,
    builtIn: T,
    stricter: (floor: T, asked: T) => T,
    show: (value: T) => string = (value) => String(value),
  ): T => {
    const from = (part: PolicyPart | undefined) => (part === undefined ? undefined : read(part));
    const floor = from(organisation?.enforced);
    const own = from(repository);
    const standard = from(organisation?.defaults);
    const asked = own ?? standard;
    const askedSource: PolicySource = own === undefined ? "organisation (defaults)" : "repository";
    let value = asked ?? builtIn;
    let source: PolicySource = asked === undefined ? "built-in" : askedSource;
    let overruled: string | undefined;
    if (floor !== undefined) {
      value = asked === undefined ? floor : stricter(floor, asked);
      if (asked === undefined || show(value) !== show(asked)) {
        source = "organisation (enforced)";
        if (asked !== undefined) overruled = `${askedSource}: ${show(asked)}`;
      }
    }
    keys.push(
      overruled === undefined ? { key, value: show(value), source } : { key, value: show(value), source, overruled },
    );
    return value;
  };

  const stage = settle<Stage>("mode", readStage, { mode: "enforce" }, stricterStage, showStage);
  const failOn = {
    severity: settle("fail-on.severity", (part) => part["fail-on"]?.severity, "high", laxestSeverity),
    confidence: settle("fail-on.confidence", (part) => part["fail-on"]?.confidence, "likely", laxestConfidence),
  };
  const ignorePaths = settle("paths.ignore", (part) => part.paths?.ignore, [], common, showList);
  const require = settle("keyless.require", (part) => part.keyless?.require, [], union, showList);
  const exitBy = settle<PlainDate | undefined>(
    "keyless.exit-by",
    (part) => part.keyless?.["exit-by"],
    undefined,
    earlier,
    (day) => day ?? "none",
  );
  const tiers = { ...builtInLimits.tiers };
  for (const tier of tierNames) {
    const limit = (key: "max-age" | "review" | "waiver", builtIn: number) =>
      settle(
        `register.tiers.${tier}.${key}`,
        (part) => part.register?.tiers?.[tier]?.[key],
        builtIn,
        Math.min,
        showDays,
      );
    const own = builtInLimits.tiers[tier];
    tiers[tier] = {
      maxAge: limit("max-age", own.maxAge),
      review: limit("review", own.review),
      waiver: limit("waiver", own.waiver),
    };
  }
  const policy: Policy = {
    mode: stage.mode,
    ...(stage.after === undefined ? {} : { enforceAfter: stage.after }),
    failOn,
    ignorePaths,
    rules: { ...organisation?.defaults?.rules, ...repository?.rules },
    ruleFloor: { ...organisation?.enforced?.rules },
    keyless: { require, ...(exitBy === undefined ? {} : { exitBy }) },
    register: {
      require: settle<readonly RequirableField[]>(
        "register.require",
        (part) => part.register?.require,
        builtInLimits.require,
        (floor, asked) => requirableFields.filter((field) => floor.includes(field) || asked.includes(field)),
        showList,
      ),
      warn: settle(
        "register.warn",
        (part) => part.register?.warn,
        builtInLimits.warn,
        (floor, asked) => union(floor, asked).sort((a, b) => b - a),
        (days) => showList(days.map(showDays)),
      ),
      tiers,
    },
    waivers: { max: settle("waivers.max", (part) => part.waivers?.max, 180, Math.min, showDays) },
    detectors: settle<readonly LeakRule[]>(
      "detectors",
      (part) => part.detectors,
      [],
      byId,
      (rules) => showList(rules.map((rule) => rule.id)),
    ),
    issues: {
      repo: settle("issues.repo", (part) => part.issues?.repo, "self", floorOnly),
      publicLeaks: settle("issues.public-leaks", (part) => part.issues?.["public-leaks"], "private-feed", floorOnly),
      maxNewPerDay: settle("issues.max-new-per-day", (part) => part.issues?.["max-new-per-day"], 5, floorOnly),
    },
    salt: settle("salt", (part) => part.salt, defaultSalt, floorOnly),
  };
  const layers: [PolicySource, Readonly<Record<string, RuleSetting>> | undefined][] = [
    ["organisation (enforced)", organisation?.enforced?.rules],
    ["organisation (defaults)", organisation?.defaults?.rules],
    ["repository", repository?.rules],
  ];
  for (const [source, rules] of layers) {
    for (const [rule, setting] of Object.entries(rules ?? {})) {
      const overridden = source === "organisation (defaults)" && repository?.rules?.[rule] !== undefined;
      if (!overridden)
        keys.push({
          key: `rules.${rule}`,
          value: showSetting(setting) + (source === "organisation (enforced)" ? " (floor)" : ""),
          source,
        });
    }
  }
  return { policy, keys };
}

function readStage(part: PolicyPart): Stage | undefined {
  return part.mode === undefined ? undefined : { mode: part.mode, after: part["enforce-after"] };
}

function stricterStage(floor: Stage, asked: Stage): Stage {
  if (floor.mode === "enforce" || asked.mode === "enforce") return { mode: "enforce" };
  return { mode: "observe", after: earlier(floor.after, asked.after) };
}

function showStage({ mode, after }: Stage): string {
  return after === undefined ? mode : `${mode} until ${after}`;
}

/** Of two thresholds the one that lets more findings block. */
function laxestSeverity(floor: Severity, asked: Severity): Severity {
  return severityRank(asked) > severityRank(floor) ? asked : floor;
}

function laxestConfidence(floor: Confidence, asked: Confidence): Confidence {
  return confidenceRank(asked) > confidenceRank(floor) ? asked : floor;
}

function earlier(floor: PlainDate | undefined, asked: PlainDate | undefined): PlainDate | undefined {
  if (floor === undefined || asked === undefined) return floor ?? asked;
  return asked < floor ? asked : floor;
}

function floorOnly<T>(floor: T): T {
  return floor;
}

/** Patterns that both name: whether one pattern lies within another is not guessed, so a narrower spelling is not ignored. */
function common(floor: string[], asked: string[]): string[] {
  return asked.filter((pattern) => floor.includes(pattern));
}

function union<T>(floor: readonly T[], asked: readonly T[]): T[] {
  return [...new Set([...floor, ...asked])];
}

function byId(floor: readonly LeakRule[], asked: readonly LeakRule[]): LeakRule[] {
  const enforced = new Set(floor.map((rule) => rule.id));
  return [...floor, ...asked.filter((rule) => !enforced.has(rule.id))];
}

function showDays(days: number): string {
  return `${days}d`;
}

function showList(items: readonly string[]): string {
  return `[${items.join(", ")}]`;
}
