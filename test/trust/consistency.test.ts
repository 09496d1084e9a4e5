// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform has templates of its own
import { describe, expect, test } from "vitest";
import type { Place } from "../../src/finding.ts";
import { auditTrust } from "../../src/trust/audit.ts";
import { auditConsistency } from "../../src/trust/consistency.ts";
import { type EmittedRun, type EmittedSubject, emittedSubjects } from "../../src/trust/emitted.ts";
import type { TrustContext } from "../../src/trust/home.ts";
import { credential, iam, provider, role } from "./rule-examples.ts";

const host = "token.actions.githubusercontent.com";
const place: Place = {
  path: ".github/workflows/deploy.yml",
  start: 10,
  end: 20,
  line: 2,
  column: 1,
  endLine: 2,
  endColumn: 11,
};
const repository = { owner: "octo-org", repo: "octo-repo" };
const context: TrustContext = { salt: "test", repository: "octo-org/octo-repo" };

const main: EmittedRun = { event: "push", context: { kind: "branch", name: "main" }, certain: true };
const pull: EmittedRun = { event: "pull_request", context: { kind: "pull-request" }, certain: true };
const prod: EmittedRun = {
  event: "push",
  context: { kind: "environment", name: "prod" },
  ref: "refs/heads/main",
  certain: true,
};
const staging: EmittedRun = {
  event: "push",
  context: { kind: "environment", name: "staging" },
  ref: "refs/heads/main",
  certain: true,
};

function job(name: string, runs: EmittedRun[], change: Partial<EmittedSubject> = {}): EmittedSubject {
  return { path: place.path, job: name, place, system: "aws", repository, runs, ...change };
}

function policies(path: string, text: string, more: Partial<TrustContext> = {}) {
  return auditTrust([{ path, bytes: Buffer.from(text) }], { ...context, ...more }).policies;
}

const exact = (sub: string | string[], aud = "sts.amazonaws.com") =>
  iam({ StringEquals: { [`${host}:aud`]: aud, [`${host}:sub`]: sub } });

function rules(jobs: EmittedSubject[], found: ReturnType<typeof policies>, more: Partial<TrustContext> = {}) {
  return auditConsistency(jobs, found, { ...context, ...more }).map(({ rule, facts }) => [rule, facts.job ?? ""]);
}

describe("jobs that will be refused", () => {
  const trust = policies("trust.json", exact("repo:octo-org/octo-repo:environment:prod"));

  test("a job that the policy lets in gives nothing", () => {
    expect(rules([job("deploy", [prod])], trust)).toEqual([]);
  });

  test("a job in another environment, on another ref or of another repository is refused", () => {
    expect(rules([job("deploy", [staging])], trust)).toEqual([["trust/subject-refused", "deploy"]]);
    expect(rules([job("build", [main])], trust)).toEqual([["trust/subject-refused", "build"]]);
    expect(rules([job("deploy", [prod], { repository: { owner: "octo-org", repo: "renamed" } })], trust)).toEqual([
      ["trust/subject-refused", "deploy"],
    ]);
    const [finding] = auditConsistency([job("deploy", [staging])], trust, context);
    expect(finding).toMatchObject({
      severity: "high",
      place,
      facts: { subject: "repo:octo-org/octo-repo:environment:staging" },
    });
    expect(finding!.message).toContain("trust.json");
  });

  test("it is certain only where the job names the role: another may be kept elsewhere", () => {
    const named = policies("main.tf", role("repo:octo-org/octo-repo:environment:prod", ""));
    const confidence = (one: EmittedSubject) =>
      auditConsistency([one], named, context).map((found) => found.confidence);
    expect(confidence(job("x", [main], { identifier: "arn:aws:iam::1:role/deploy" }))).toEqual(["certain"]);
    expect(confidence(job("x", [main]))).toEqual(["likely"]);
  });

  test("one of several events is enough to say so, each by itself", () => {
    expect(rules([job("deploy", [prod, pull])], trust)).toEqual([["trust/subject-refused", "deploy"]]);
  });

  test("an example of many, an unknown policy and a role that is elsewhere give nothing", () => {
    expect(rules([job("deploy", [{ ...main, certain: false }])], trust)).toEqual([]);
    expect(
      rules(
        [job("deploy", [main], { identifier: "arn:aws:iam::1:role/elsewhere" })],
        policies("main.tf", role("repo:octo-org/octo-repo:environment:prod", "")),
      ),
    ).toEqual([]);
    expect(rules([job("deploy", [main])], policies("main.tf", role("${var.subject}", "")))).toEqual([]);
    expect(rules([job("deploy", [main], { system: "gcp" })], trust)).toEqual([]);
  });

  test("the policy that the role's name points at is the one that counts", () => {
    const two = [
      ...policies("main.tf", role("repo:octo-org/octo-repo:environment:prod", "")),
      ...policies("other.tf", role("repo:octo-org/octo-repo:ref:refs/heads/main", "").replaceAll("deploy", "build")),
    ];
    expect(rules([job("x", [main], { identifier: "arn:aws:iam::1:role/build" })], two)).toEqual([]);
    expect(rules([job("x", [main], { identifier: "arn:aws:iam::1:role/deploy" })], two)).toEqual([
      ["trust/subject-refused", "x"],
    ]);
    expect(rules([job("x", [main])], two)).toEqual([]);
  });

  test("immutable subjects against a name-only policy", () => {
    expect(rules([job("deploy", [prod])], trust, { immutable: true })).toEqual([["trust/aws-15", "deploy"]]);
    expect(rules([job("deploy", [prod])], trust, { immutable: false })).toEqual([]);
    const both = policies(
      "trust.json",
      exact(["repo:octo-org/octo-repo:environment:prod", "repo:octo-org@123456/octo-repo@456789:environment:prod"]),
    );
    expect(rules([job("deploy", [prod])], both, { immutable: true })).toEqual([]);
    expect(
      rules([job("deploy", [prod], { repository: { ...repository, ownerId: "123456", repoId: "1" } })], both, {
        immutable: true,
      }),
    ).toEqual([["trust/aws-15", "deploy"]]);
    expect(
      rules(
        [job("deploy", [prod], { system: "azure" })],
        policies("main.tf", credential("repo:octo-org/octo-repo:environment:prod")),
        { immutable: true },
      ),
    ).toEqual([["trust/az-9", "deploy"]]);
  });

  test("another audience", () => {
    expect(rules([job("deploy", [prod], { audience: "api://other" })], trust)).toEqual([
      ["trust/audience-refused", "deploy"],
    ]);
    expect(
      rules(
        [job("deploy", [prod])],
        policies("trust.json", exact("repo:octo-org/octo-repo:environment:prod", "internal")),
      ),
    ).toEqual([["trust/audience-refused", "deploy"]]);
    expect(
      rules(
        [job("deploy", [prod], { audience: "internal" })],
        policies("trust.json", exact("repo:octo-org/octo-repo:environment:prod", "internal")),
      ),
    ).toEqual([]);
    expect(rules([job("deploy", [prod], { identifier: "arn:aws-cn:iam::1:role/deploy" })], [])).toEqual([
      ["trust/audience-refused", "deploy"],
    ]);
  });

  test("claims of the run are taken into account", () => {
    const found = policies(
      "main.tf",
      provider(
        "assertion.repository == 'octo-org/octo-repo' && assertion.event_name != 'workflow_dispatch' && assertion.ref == 'refs/heads/main'",
      ),
    );
    const gcp = { system: "gcp" } as const;
    expect(rules([job("a", [main], gcp)], found).filter(([rule]) => rule !== "trust/wider-than-used")).toEqual([]);
    expect(rules([job("a", [{ ...main, event: "workflow_dispatch" }], gcp)], found)).toEqual([
      ["trust/subject-refused", "a"],
    ]);
    expect(rules([job("a", [{ ...prod, ref: "refs/heads/dev" }], gcp)], found)).toEqual([
      ["trust/subject-refused", "a"],
    ]);
    const called = policies(
      "trust.json",
      iam({
        StringEquals: {
          [`${host}:aud`]: "sts.amazonaws.com",
          [`${host}:job_workflow_ref`]: "octo-org/ci/.github/workflows/d.yml@refs/heads/main",
          [`${host}:repository`]: "octo-org/octo-repo",
        },
      }),
    );
    expect(rules([job("a", [main])], called)).toEqual([["trust/subject-refused", "a"]]);
    expect(
      rules(
        [job("a", [main], { jobWorkflowRef: "octo-org/ci/.github/workflows/d.yml@refs/heads/main" })],
        called,
      ).filter(([rule]) => rule === "trust/subject-refused"),
    ).toEqual([]);
  });
});

describe("policies that take more than their jobs", () => {
  const wide = policies(
    "trust.json",
    iam({
      StringEquals: { [`${host}:aud`]: "sts.amazonaws.com" },
      StringLike: { [`${host}:sub`]: "repo:octo-org/octo-repo:*" },
    }),
  );

  test("the subjects that the jobs use are named", () => {
    const [finding] = auditConsistency([job("deploy", [prod])], wide, context);
    expect(finding).toMatchObject({
      rule: "trust/wider-than-used",
      severity: "low",
      place: { path: "trust.json" },
      facts: { "narrow-to": "repo:octo-org/octo-repo:environment:prod" },
    });
    expect(finding!.facts["taken-by"]).toContain("own-pull-request");
  });

  test("a role shared by pull requests and deployments", () => {
    expect(rules([job("deploy", [prod]), job("test", [pull])], wide).map(([rule]) => rule)).toEqual([
      "trust/shared-role",
      "trust/wider-than-used",
    ]);
    expect(rules([job("test", [pull])], policies("trust.json", exact("repo:octo-org/octo-repo:pull_request")))).toEqual(
      [],
    );
  });

  test("ids are stable and differ from each other", () => {
    const all = auditConsistency([job("deploy", [prod, staging]), job("test", [pull])], wide, context);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(auditConsistency([job("deploy", [prod, staging]), job("test", [pull])], wide, context)).toEqual(all);
  });
});

test("both forms of a subject", () => {
  expect(
    emittedSubjects(
      { ...repository, ownerId: "1", repoId: "2" },
      { ...prod, context: { kind: "environment", name: "Production:V1" } },
    ),
  ).toEqual({
    legacy: "repo:octo-org/octo-repo:environment:Production%3AV1",
    immutable: "repo:octo-org@1/octo-repo@2:environment:Production%3AV1",
  });
});
