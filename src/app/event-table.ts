/**
 * Which webhook events are handled, and what of a payload their jobs need. An event or action that stands in no row is taken in and
 * noted as ignored. Facts: GitHub Docs, "Webhook events and payloads".
 */
import { z } from "zod";
import { type JobData, type JobName, jobData } from "./job.ts";

const repository = z
  .object({
    id: z.number(),
    name: z.string(),
    owner: z.object({ login: z.string() }),
    private: z.boolean(),
    archived: z.boolean().optional(),
    fork: z.boolean().optional(),
    default_branch: z.string().optional(),
  })
  .transform(({ id, name, owner, archived = false, fork = false, default_branch, ...rest }) => ({
    id,
    name,
    owner: owner.login,
    private: rest.private,
    archived,
    fork,
    defaultBranch: default_branch,
  }));

const fullName = z.object({ id: z.number(), full_name: z.string() }).transform(({ id, full_name }) => {
  const [owner = "", name = ""] = full_name.split("/");
  return { id, owner, name };
});

type Row<J extends JobName = JobName> = {
  job: J;
  /** The actions that are handled; all where there are none. */
  actions?: readonly string[];
  /** Payload to data. */
  data: z.ZodType<JobData<J>>;
};

function row<J extends JobName>(job: J, actions: readonly string[] | undefined, payload: z.ZodType): Row<J> {
  const data = payload.pipe(jobData[job]) as unknown as z.ZodType<JobData<J>>;
  return { job, data, ...(actions === undefined ? {} : { actions }) };
}

const ofPullRequest = z
  .object({
    action: z.string(),
    repository,
    pull_request: z.object({
      number: z.number(),
      state: z.string(),
      draft: z.boolean().optional(),
      updated_at: z.string(),
      head: z.object({ sha: z.string(), repo: z.object({ id: z.number() }).nullable() }),
      base: z.object({ sha: z.string(), ref: z.string() }),
    }),
  })
  .transform(({ action, repository, pull_request: pull }) => ({
    repository,
    action,
    number: pull.number,
    open: pull.state === "open",
    draft: pull.draft ?? false,
    headSha: pull.head.sha,
    headRepositoryId: pull.head.repo?.id ?? null,
    baseRef: pull.base.ref,
    baseSha: pull.base.sha,
    updatedAt: pull.updated_at,
  }));

const ofInstallation = z
  .object({
    action: z.string(),
    installation: z.object({
      account: z.object({ id: z.number(), type: z.string() }),
      suspended_at: z.string().nullish(),
      permissions: z.record(z.string(), z.string()),
    }),
  })
  .transform(({ action, installation: { account, suspended_at, permissions } }) => ({
    action,
    accountId: account.id,
    accountType: account.type,
    suspended: suspended_at != null,
    permissions,
  }));

export const eventTable: Readonly<Record<string, Row>> = {
  push: row(
    "push",
    undefined,
    z.object({
      repository,
      ref: z.string(),
      before: z.string(),
      after: z.string(),
      created: z.boolean(),
      deleted: z.boolean(),
      forced: z.boolean(),
    }),
  ),
  pull_request: row(
    "pull-request",
    ["opened", "synchronize", "reopened", "ready_for_review", "edited", "closed"],
    ofPullRequest,
  ),
  merge_group: row(
    "merge-group",
    ["checks_requested"],
    z
      .object({
        action: z.string(),
        repository,
        merge_group: z.object({
          head_sha: z.string(),
          head_ref: z.string(),
          base_sha: z.string(),
          base_ref: z.string(),
        }),
      })
      .transform(({ action, repository, merge_group: group }) => ({
        repository,
        action,
        headSha: group.head_sha,
        headRef: group.head_ref,
        baseSha: group.base_sha,
        baseRef: group.base_ref,
      })),
  ),
  check_run: row(
    "check-run",
    ["rerequested", "requested_action"],
    z
      .object({
        action: z.string(),
        repository,
        check_run: z.object({ id: z.number(), head_sha: z.string() }),
        requested_action: z.object({ identifier: z.string() }).nullish(),
      })
      .transform(({ action, repository, check_run: run, requested_action }) => ({
        repository,
        action,
        checkRunId: run.id,
        headSha: run.head_sha,
        identifier: requested_action?.identifier,
      })),
  ),
  check_suite: row(
    "check-suite",
    ["requested", "rerequested"],
    z
      .object({ action: z.string(), repository, check_suite: z.object({ id: z.number(), head_sha: z.string() }) })
      .transform(({ action, repository, check_suite: suite }) => ({
        repository,
        action,
        checkSuiteId: suite.id,
        headSha: suite.head_sha,
      })),
  ),
  installation: row(
    "installation",
    ["created", "deleted", "suspend", "unsuspend", "new_permissions_accepted"],
    ofInstallation,
  ),
  installation_repositories: row(
    "installation-repositories",
    ["added", "removed"],
    z
      .object({
        action: z.string(),
        repositories_added: z.array(fullName),
        repositories_removed: z.array(z.object({ id: z.number() })),
      })
      .transform(({ action, repositories_added, repositories_removed }) => ({
        action,
        added: repositories_added,
        removed: repositories_removed.map(({ id }) => id),
      })),
  ),
  repository: row(
    "repository",
    ["archived", "unarchived", "renamed", "transferred", "publicized", "privatized", "deleted"],
    z.object({ action: z.string(), repository }),
  ),
};

/** What every payload may say of where it belongs. */
const envelope = z.object({
  action: z.string().optional().catch(undefined),
  installation: z.object({ id: z.number().int().positive() }).optional().catch(undefined),
  repository: z.object({ id: z.number().int().positive() }).optional().catch(undefined),
});

/** What is to be done about an event. */
export type EventReading = {
  /** Only where it stands in a row: whatever else is there is a text of the payload. */
  action: string | undefined;
  installationId: number | undefined;
  repositoryId: number | undefined;
} & ({ kind: "job"; job: JobName; data: unknown } | { kind: "ignored" } | { kind: "unknown-form" });

/**
 * Read a payload. In: the event's name, the parsed body, the jobs that there are handlers for. Out: the job with its data; `ignored` where nothing handles it;
 * `unknown-form` where a row does, and the payload is not as GitHub documents it.
 */
export function readEvent(event: string, payload: unknown, handled: ReadonlySet<string>): EventReading {
  const told = envelope.safeParse(payload);
  if (!told.success)
    return { kind: "unknown-form", action: undefined, installationId: undefined, repositoryId: undefined };
  const { action: given, installation, repository } = told.data;
  const found = Object.hasOwn(eventTable, event) ? eventTable[event] : undefined;
  const action = given !== undefined && found?.actions?.includes(given) ? given : undefined;
  const common = { action, installationId: installation?.id, repositoryId: repository?.id };
  if (
    found === undefined ||
    !handled.has(found.job) ||
    (found.actions !== undefined && !found.actions.includes(action ?? ""))
  )
    return { ...common, kind: "ignored" };
  const data = found.data.safeParse(payload);
  return data.success
    ? { ...common, kind: "job", job: found.job, data: data.data }
    : { ...common, kind: "unknown-form" };
}
