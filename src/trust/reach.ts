/** Who gets in: every candidate run put to a policy, and the first of each kind that it lets pass. */
import { choicesOf, fittedRuns, tableRuns } from "./candidates.ts";
import { classOf, type SubjectClass } from "./classes.ts";
import type { Verdict } from "./glob.ts";
import type { Home } from "./home.ts";
import type { Mention } from "./mention.ts";
import { type Claims, claimsOf, type Run } from "./token.ts";

/** What a matcher is asked about. */
export type Question = {
  verdict: (claims: Claims) => Verdict;
  mentions: readonly Mention[];
  home: Home;
  /** Issuer URL that the policy trusts. */
  issuer: string;
  /** Audience that the service's own login action asks for. */
  audience: string;
};

export type Passed = { run: Run; claims: Claims };

/** The classes that get in, each with an example, and those for which the answer is not known. */
export type Reach = { yes: Map<SubjectClass, Passed>; unknown: Set<SubjectClass> };

/** Claims that a runner picks or that a run may come with, whatever its repository. */
const variedClaims = [
  "aud",
  "workflow",
  "actor",
  "actor_id",
  "event_name",
  "ref",
  "ref_type",
  "environment",
  "runner_environment",
  "repository_visibility",
  "job_workflow_ref",
];

/** Most combinations of picked claims that one run is asked as. */
const combinationLimit = 24;

export function reachOf(question: Question): Reach {
  const { mentions, home, issuer } = question;
  const reach: Reach = { yes: new Map(), unknown: new Set() };
  const combinations = combinationsOf(mentions, question.audience);
  const fitted = fittedRuns(mentions, home);
  for (const run of [...tableRuns(home), ...fitted]) {
    for (const combination of combinations) {
      const asked = withChosen(run, combination);
      const subjectClass = classOf(asked, home);
      if (reach.yes.has(subjectClass)) continue;
      const claims = claimsOf(asked, issuer);
      const verdict = question.verdict(claims);
      if (verdict === "yes") reach.yes.set(subjectClass, { run: asked, claims });
      else if (verdict === "unknown") reach.unknown.add(subjectClass);
    }
  }
  for (const subjectClass of reach.yes.keys()) reach.unknown.delete(subjectClass);
  return reach;
}

/** Every way to pick the claims that the policy looks at; a pick is left to the run where it is undefined. */
function combinationsOf(mentions: readonly Mention[], audience: string): Map<string, string>[] {
  let combinations: Map<string, string>[] = [new Map([["aud", audience]])];
  for (const claim of variedClaims) {
    const choices = choicesOf(claim, mentions).slice(0, 3);
    if (choices.length === 0) continue;
    const next: Map<string, string>[] = [];
    for (const choice of [...choices, undefined]) {
      for (const combination of combinations) {
        next.push(choice === undefined ? combination : new Map([...combination, [claim, choice]]));
      }
    }
    combinations = next.slice(0, combinationLimit);
  }
  return combinations;
}

/** The run with the picks that do not contradict what it is: a run on a branch has that ref, a pull request that event. */
function withChosen(run: Run, picks: ReadonlyMap<string, string>): Run {
  const chosen = new Map<string, string>();
  let { context } = run;
  for (const [claim, value] of picks) {
    if (claim === "environment") {
      if (run.subject !== undefined || context.kind !== "environment" || context.name === "made-up") continue;
      context = { kind: "environment", name: value };
    } else if (claim === "ref" || claim === "ref_type") {
      if (context.kind === "environment" || context.kind === "other" || run.subject !== undefined)
        chosen.set(claim, value);
    } else if (claim === "event_name") {
      const isPull = value === "pull_request";
      if (context.kind === "environment" || isPull === (context.kind === "pull-request")) chosen.set(claim, value);
    } else chosen.set(claim, value);
  }
  for (const [claim, value] of run.chosen ?? []) chosen.set(claim, value);
  return { ...run, context, chosen };
}
