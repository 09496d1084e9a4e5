/**
 * The subjects that the jobs of a repository emit: events × refs × environment, for `auditConsistency`.
 * Source: GitHub docs, "OpenID Connect reference" (an environment comes before a pull request, that before the ref) and "Events that trigger workflows" (GITHUB_REF).
 */
import type { EmittedRun, EmittedSubject } from "../trust/emitted.ts";
import type { NamedRepository } from "../trust/subject.ts";
import type { Login, LoginTrigger, WorkflowLogins } from "./logins.ts";

/** What is known of the repository. */
export type EmittingRepository = NamedRepository & {
  /** `main`; undefined when it is not known. */
  defaultBranch?: string | undefined;
};

/**
 * In: the workflows of one repository with logins or calls, and the repository. Out: one entry per job and login, with every way in which it can run
 * that the files tell. A reusable workflow runs as its callers in the same tree do; callers elsewhere are not known and give nothing.
 */
export function emittedSubjectsOf(
  workflows: readonly WorkflowLogins[],
  repository: EmittingRepository,
): EmittedSubject[] {
  const callers = new Map<string, { caller: WorkflowLogins; open: boolean }[]>();
  for (const caller of workflows) {
    for (const { path, open } of caller.calls) {
      const list = callers.get(path);
      if (list === undefined) callers.set(path, [{ caller, open }]);
      else list.push({ caller, open });
    }
  }
  const { defaultBranch: _, ...named } = repository;
  return workflows.flatMap((file) =>
    file.logins.flatMap((login): EmittedSubject[] => {
      const of = (triggers: readonly LoginTrigger[], open: boolean): EmittedRun[] =>
        unique(triggers.flatMap((trigger) => runsOf(trigger, login, open, repository)));
      const base = {
        path: file.path,
        job: login.job,
        place: login.place,
        system: login.system,
        repository: named,
        ...(audienceOf(login) !== undefined && { audience: audienceOf(login) }),
        ...(login.identifier !== undefined && { identifier: login.identifier }),
        ...(file.workflow !== undefined && { workflow: file.workflow }),
      };
      const own = of(file.triggers, login.open);
      const called = callersOf(file.path, callers).flatMap(({ caller, open }) =>
        of(caller.triggers, login.open || open).map((run): EmittedSubject => {
          const { workflow: _name, ...rest } = base;
          return {
            ...rest,
            ...(caller.workflow !== undefined && { workflow: caller.workflow }),
            runs: [run],
            jobWorkflowRef: `${named.owner}/${named.repo}/${file.path}@${refOf(run, repository)}`,
          };
        }),
      );
      return own.length === 0 ? called : [{ ...base, runs: own }, ...called];
    }),
  );
}

/** Google's action asks for the provider's own address. */
function audienceOf({ system, audience, identifier }: Login): string | undefined {
  if (audience !== undefined || system !== "gcp") return audience;
  return identifier === undefined ? undefined : `https://iam.googleapis.com/${identifier}`;
}

/** Workflows whose runs reach a reusable one, through others too (GitHub allows ten levels). */
function callersOf(
  path: string,
  callers: ReadonlyMap<string, { caller: WorkflowLogins; open: boolean }[]>,
): { caller: WorkflowLogins; open: boolean }[] {
  const found: { caller: WorkflowLogins; open: boolean }[] = [];
  const seen = new Set([path]);
  const next = [{ path, open: false }];
  for (let one = next.pop(); one !== undefined; one = next.pop()) {
    for (const { caller, open } of callers.get(one.path) ?? []) {
      if (seen.has(caller.path)) continue;
      seen.add(caller.path);
      found.push({ caller, open: one.open || open });
      next.push({ path: caller.path, open: one.open || open });
    }
  }
  return found.sort((a, b) => (a.caller.path < b.caller.path ? -1 : 1));
}

function refOf({ context, ref }: EmittedRun, { defaultBranch = "main" }: EmittingRepository): string {
  if (context.kind === "branch") return `refs/heads/${context.name}`;
  if (context.kind === "tag") return `refs/tags/${context.name}`;
  return context.kind === "pull-request" ? "refs/pull/1/merge" : (ref ?? `refs/heads/${defaultBranch}`);
}

function unique(runs: readonly EmittedRun[]): EmittedRun[] {
  const seen = new Map<string, EmittedRun>();
  for (const run of runs) {
    // One event may be listed with several patterns that give one example.
    const key = JSON.stringify([run.event, run.context, run.ref]);
    if (!seen.has(key)) seen.set(key, run);
  }
  return [...seen.values()];
}

/** Where an event runs: on these refs, or as a pull request. `known`: the ref is certain. */
type Where = { ref: string; known: boolean } | "pull-request" | "nowhere";

function runsOf(trigger: LoginTrigger, login: Login, open: boolean, repository: EmittingRepository): EmittedRun[] {
  return placesOf(trigger, repository).flatMap((where): EmittedRun[] => {
    if (where === "nowhere") return [];
    const { event } = trigger;
    const { environment } = login;
    if (environment !== undefined) {
      const ref = where === "pull-request" ? "refs/pull/1/merge" : where.ref;
      // The subject names the environment alone, whatever the ref; a filter with a pattern or an unknown branch stays an example.
      const certain = !open && (where === "pull-request" || where.known || trigger.branches === undefined);
      return [{ event, context: { kind: "environment", name: environment }, ref, certain }];
    }
    if (where === "pull-request")
      return [{ event, context: { kind: "pull-request" }, certain: !open && event === "pull_request" }];
    const { ref, known } = where;
    const tag = ref.startsWith("refs/tags/");
    const name = ref.replace(/^refs\/(?:heads|tags)\//, "");
    return [{ event, context: { kind: tag ? "tag" : "branch", name }, certain: !open && known }];
  });
}

function placesOf({ event, branches, tags }: LoginTrigger, { defaultBranch }: EmittingRepository): Where[] {
  const branch = (known: boolean): Where => ({
    ref: `refs/heads/${defaultBranch ?? "main"}`,
    known: known && defaultBranch !== undefined,
  });
  switch (event) {
    case "workflow_call":
      return ["nowhere"];
    case "pull_request":
    case "pull_request_target":
    case "pull_request_review":
    case "pull_request_review_comment":
      return ["pull-request"];
    case "push":
      if (branches === undefined && tags === undefined) return [branch(true)];
      return [
        ...(branches ?? []).flatMap((pattern) => examplesOf("refs/heads/", pattern)),
        ...(tags ?? []).flatMap((pattern) => examplesOf("refs/tags/", pattern)),
      ];
    case "schedule":
      return [branch(true)];
    case "release":
    case "registry_package":
      return [{ ref: "refs/tags/v1.0.0", known: false }];
    default:
      // Started by hand or by the API it may run on any branch; on other events on the default one.
      return [branch(false)];
  }
}

/** One ref that fits a filter of branches or tags; none for a negated one. */
function examplesOf(prefix: string, pattern: string): Where[] {
  if (pattern.startsWith("!") || pattern === "") return [];
  const known = !/[*?+[\]\\]/.test(pattern);
  const name = known ? pattern : pattern.replace(/\[[^\]]{0,50}\]/g, "1").replace(/\*+|\?|\+|\\/g, "x");
  return [{ ref: prefix + name, known }];
}
