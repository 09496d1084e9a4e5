/** Workflows against the policies of the same tree: who will be refused, and what a role takes beyond what its jobs need. */
import type { Finding } from "../finding.ts";
import { identityOf, withIdentity } from "../finding-id.ts";
import { type SubjectClass, subjectClasses } from "./classes.ts";
import { quoted, type TrustPolicy, type TrustSystem } from "./draft.ts";
import { type EmittedRun, type EmittedSubject, emittedSubjects } from "./emitted.ts";
import { anyOf, type Verdict } from "./glob.ts";
import { sameName, type TrustContext } from "./home.ts";
import { type SubjectForm, subjectForms } from "./subject.ts";
import { type Claims, claimsOf } from "./token.ts";

/** The audience that each service's login action asks for when nothing is set. Vault's is the owner's URL. */
const defaultAudiences: Partial<Record<TrustSystem, string>> = {
  aws: "sts.amazonaws.com",
  azure: "api://AzureADTokenExchange",
  "octo-sts": "octo-sts.dev",
  snowflake: "snowflakecomputing.com",
};

/** The rule for a name-only policy that meets immutable subjects. */
const legacyRules: Partial<Record<TrustSystem, string>> = {
  aws: "aws-15",
  gcp: "gcp-13",
  azure: "az-9",
  snowflake: "snowflake-legacy",
};

/**
 * Compares what jobs emit with the policies found in the tree.
 * In: the jobs, the policies of `auditTrust`, what is known of the repository. Out: findings on the jobs that every policy refuses, and on policies
 * that take more than the jobs that use them. A job whose role is not in the tree, or that an unknown policy may let in, gives none.
 */
export function auditConsistency(
  emitted: readonly EmittedSubject[],
  policies: readonly TrustPolicy[],
  context: TrustContext,
): Finding[] {
  const findings: Finding[] = [];
  const users = new Map<TrustPolicy, { job: EmittedSubject; run: EmittedRun }[]>();
  for (const job of emitted) {
    const partition = partitionFinding(job, context);
    if (partition !== undefined) findings.push(partition);
    const candidates = policiesFor(job, policies);
    if (candidates.length === 0) continue;
    for (const run of job.runs) {
      for (const policy of candidates) {
        if (verdictFor(job, run, policy, context) !== "yes") continue;
        const list = users.get(policy) ?? [];
        users.set(policy, list);
        list.push({ job, run });
      }
      const verdict = anyOf(candidates.map((policy) => verdictFor(job, run, policy, context)));
      if (verdict === "no" && run.certain && partition === undefined)
        findings.push(refused(job, run, candidates, context));
    }
  }
  for (const [policy, uses] of users) findings.push(...policyFindings(policy, uses, context));
  return findings;
}

/** The policies that a job may mean: by its literal identifier, else all of the same system. */
function policiesFor(job: EmittedSubject, policies: readonly TrustPolicy[]): TrustPolicy[] {
  const same = policies.filter((policy) => policy.system === job.system);
  const { identifier } = job;
  if (identifier === undefined) return same;
  const named = same.filter((policy) => isNamed(job, policy));
  if (named.length > 0) return named;
  // A policy that does not say whose it is may still be the one.
  const nameless = same.filter((policy) => policy.identifiers.length === 0);
  return nameless.length === same.length ? same : [];
}

/** Whether the job names the policy's role, by its address or its name. */
function isNamed({ identifier }: EmittedSubject, policy: TrustPolicy): boolean {
  if (identifier === undefined) return false;
  const tail = identifier.slice(identifier.lastIndexOf("/") + 1);
  return policy.identifiers.some((one) => one === identifier || one.slice(one.lastIndexOf("/") + 1) === tail);
}

/** The forms that the repository may emit. */
function formsOf(context: TrustContext, job: EmittedSubject): readonly SubjectForm[] {
  const scanned =
    context.repository !== undefined && sameName(context.repository, `${job.repository.owner}/${job.repository.repo}`);
  if (!scanned || context.immutable === undefined) return subjectForms;
  return [context.immutable ? "immutable" : "legacy"];
}

function verdictFor(
  job: EmittedSubject,
  run: EmittedRun,
  policy: TrustPolicy,
  context: TrustContext,
  change: { audience?: string; forms?: readonly SubjectForm[] } = {},
): Verdict {
  return anyOf(
    (change.forms ?? formsOf(context, job)).map((form) =>
      policy.verdict(claimsFor(job, run, form, policy, change.audience)),
    ),
  );
}

/** The claims of one run as one policy sees them: ids that are not known are taken to be those that the policy names for the same repository. */
function claimsFor(
  job: EmittedSubject,
  run: EmittedRun,
  form: SubjectForm,
  policy: TrustPolicy,
  audience: string | undefined,
): Claims {
  const { owner, repo } = job.repository;
  const ours = sameName(owner, policy.home.owner);
  const ourRepo = ours && sameName(repo, policy.home.repo);
  const named = {
    owner,
    repo,
    ownerId: job.repository.ownerId ?? (ours ? policy.home.ownerId : "1"),
    repoId: job.repository.repoId ?? (ourRepo ? policy.home.repoId : "2"),
  };
  const chosen = new Map<string, string>([
    ["aud", audience ?? job.audience ?? defaultAudiences[job.system] ?? `https://github.com/${owner}`],
  ]);
  if (run.event !== "") chosen.set("event_name", run.event);
  if (run.ref !== undefined) chosen.set("ref", run.ref);
  if (job.jobWorkflowRef !== undefined) chosen.set("job_workflow_ref", job.jobWorkflowRef);
  if (job.workflow !== undefined) chosen.set("workflow", job.workflow);
  return claimsOf({ named, context: run.context, form, chosen }, policy.issuer);
}

function finding(
  rule: string,
  parts: readonly string[],
  salt: string,
  rest: Pick<Finding, "place" | "severity" | "confidence" | "message" | "preview" | "facts">,
): Finding {
  const identity = identityOf(salt, [`trust/${rule}`, ...parts]);
  const made: Finding = {
    rule: `trust/${rule}`,
    id: identity.id,
    excerpt: "",
    gates: ["subjects of the workflow's jobs against the policies of the tree", `rule ${rule}`],
    fixes: [],
    ...rest,
  };
  return withIdentity(made, identity);
}

/** The finding on a run that no candidate lets in, with the reason that can be told. */
function refused(
  job: EmittedSubject,
  run: EmittedRun,
  candidates: readonly TrustPolicy[],
  context: TrustContext,
): Finding {
  const subjects = emittedSubjects(job.repository, run);
  const forms = formsOf(context, job);
  const subject = forms.length === 1 ? subjects[forms[0]!] : subjects.legacy;
  const where = candidates
    .map((policy) => `${policy.name} (${policy.place.path}:${policy.place.line})`)
    .slice(0, 5)
    .join(", ");
  const base = {
    place: job.place,
    severity: "high" as const,
    // A job that names no role of the tree, even where the tree has one policy only, may use one that is kept elsewhere.
    confidence: candidates.some((policy) => isNamed(job, policy)) ? ("certain" as const) : ("likely" as const),
    preview: subject,
    facts: { job: job.job, subject, immutable: subjects.immutable, policies: where },
  };
  const parts = [job.path, job.job, job.system, subject];
  const wanted = candidates.flatMap((policy) =>
    policy.audiences.filter((audience) => verdictFor(job, run, policy, context, { audience }) === "yes"),
  )[0];
  if (wanted !== undefined) {
    return finding("audience-refused", parts, context.salt, {
      ...base,
      message: `The job ${job.job} will be refused: it asks for the audience ${job.audience ?? defaultAudiences[job.system] ?? "of the owner"}, and ${where} wants ${wanted}.`,
      facts: { ...base.facts, audience: wanted },
    });
  }
  const legacy = legacyRules[job.system];
  if (
    forms.length === 1 &&
    forms[0] === "immutable" &&
    legacy !== undefined &&
    anyOf(candidates.map((policy) => verdictFor(job, run, policy, context, { forms: ["legacy"] }))) === "yes"
  ) {
    return finding(legacy, parts, context.salt, {
      ...base,
      message: `The job ${job.job} will be refused: it emits the immutable subject ${subjects.immutable}, and ${where} names only ${subjects.legacy}.`,
    });
  }
  return finding("subject-refused", parts, context.salt, {
    ...base,
    message: `The job ${job.job} will be refused on ${run.event}: no policy for it in this tree takes ${quoted(subject)} (asked: ${where}).`,
  });
}

/** The China and US government partitions do not take the default audience. */
function partitionFinding(job: EmittedSubject, context: TrustContext): Finding | undefined {
  const partition = /^arn:(aws-cn|aws-us-gov):/.exec(job.identifier ?? "")?.[1];
  if (
    job.system !== "aws" ||
    partition === undefined ||
    (job.audience !== undefined && job.audience !== "sts.amazonaws.com")
  )
    return undefined;
  return finding("audience-refused", [job.path, job.job, job.system, partition], context.salt, {
    place: job.place,
    severity: "high",
    confidence: "likely",
    preview: job.identifier ?? "",
    message: `The job ${job.job} will be refused: the role is in the partition ${partition}, and the default audience is that of the commercial one.`,
    facts: { job: job.job, partition },
  });
}

const wider: readonly SubjectClass[] = subjectClasses.filter(
  (one) =>
    ![
      "own-main",
      "own-environment",
      "own-template",
      "re-registered-legacy",
      "re-registered-owner",
      "re-registered-repository",
    ].includes(one),
);

function policyFindings(
  policy: TrustPolicy,
  uses: { job: EmittedSubject; run: EmittedRun }[],
  context: TrustContext,
): Finding[] {
  const findings: Finding[] = [];
  const jobs = [...new Set(uses.map(({ job }) => job))];
  const names = jobs.map(({ job, path }) => `${job} (${path})`).join(", ");
  const pull = uses.find(({ run }) => run.context.kind === "pull-request");
  const other = uses.find(({ run, job }) => run.context.kind !== "pull-request" && job !== pull?.job);
  if (pull !== undefined && other !== undefined) {
    findings.push(
      finding("shared-role", [policy.place.path, policy.name], context.salt, {
        place: policy.place,
        severity: "medium",
        confidence: "likely",
        preview: policy.name,
        facts: { "pull-request-job": pull.job.job, "other-job": other.job.job },
        message: `${policy.name} is used by the pull request job ${pull.job.job} and by ${other.job.job}: give pull requests a role of their own.`,
      }),
    );
  }
  const used = new Set(
    uses.flatMap(({ job, run }) =>
      Object.values(
        emittedSubjects(
          {
            ...policy.home,
            ...job.repository,
            ownerId: job.repository.ownerId ?? policy.home.ownerId,
            repoId: job.repository.repoId ?? policy.home.repoId,
          },
          run,
        ),
      ),
    ),
  );
  const more = wider.flatMap((one) => {
    const example = policy.takenBy[one];
    return example === undefined || used.has(example) ? [] : [{ one, example }];
  });
  const open = uses.some(({ run }) => !run.certain);
  if (more.length > 0 && !open) {
    const subjects = [...new Set(uses.map(({ job, run }) => emittedSubjects(job.repository, run).legacy))];
    findings.push(
      finding("wider-than-used", [policy.place.path, policy.name], context.salt, {
        place: policy.place,
        severity: "low",
        confidence: "likely",
        preview: policy.name,
        facts: {
          "taken-by": more.map(({ one }) => one).join(", "),
          example: more.at(-1)!.example,
          "used-by": names,
          "narrow-to": subjects.join(", "),
        },
        message: `${policy.name} is used by ${names} and can also be taken by ${quoted(more.at(-1)!.example)}: narrow it to ${quoted(subjects.join(", "))}.`,
      }),
    );
  }
  return findings;
}
