/** The jobs of the App: what each one is told. Ids, refs, SHAs, states and the names GitHub's API is asked by; everything else is read again. */
import { z } from "zod";

const id = z.number().int().positive();
const sha = z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/);
/** As git and GitHub allow them: no space, no control character, none of `~^:?*[\`. */
const ref = z
  .string()
  .max(255)
  .regex(/^[^\u0000-\u0020\u007f~^:?*[\\]+$/);
const name = z.string().regex(/^[A-Za-z0-9._-]{1,100}$/);
const action = z.string().regex(/^[a-z_]{1,64}$/);
const time = z.string().max(40);

/** A repository as the payload had it; `owner` and `name` may be out of date, `id` is not. */
export const repositoryFacts = z.object({
  id,
  owner: name,
  name,
  private: z.boolean(),
  archived: z.boolean(),
  fork: z.boolean(),
  defaultBranch: ref.optional(),
});
export type RepositoryFacts = z.output<typeof repositoryFacts>;

/** The data of each kind of job. It is parsed when it comes in and again when it comes out of the queue, which may hold older ones. */
export const jobData = {
  push: z.object({
    repository: repositoryFacts,
    ref,
    before: sha,
    after: sha,
    created: z.boolean(),
    deleted: z.boolean(),
    forced: z.boolean(),
  }),
  "pull-request": z.object({
    repository: repositoryFacts,
    action,
    number: id,
    open: z.boolean(),
    draft: z.boolean(),
    headSha: sha,
    headRepositoryId: id.nullable(),
    baseRef: ref,
    baseSha: sha,
    updatedAt: time,
  }),
  "merge-group": z.object({
    repository: repositoryFacts,
    action,
    headSha: sha,
    headRef: ref,
    baseSha: sha,
    baseRef: ref,
  }),
  "check-run": z.object({
    repository: repositoryFacts,
    action,
    checkRunId: id,
    headSha: sha,
    /** Which button was pressed; one whose name is not of our own form is no button of ours. */
    identifier: z
      .string()
      .regex(/^[A-Za-z0-9:._-]{1,20}$/)
      .optional()
      .catch(undefined),
  }),
  "check-suite": z.object({ repository: repositoryFacts, action, checkSuiteId: id, headSha: sha }),
  installation: z.object({
    action,
    accountId: id,
    accountType: z.enum(["Organization", "User"]),
    suspended: z.boolean(),
    permissions: z.record(z.string().regex(/^[a-z_]{1,64}$/), z.enum(["read", "write", "admin"])),
  }),
  "installation-repositories": z.object({
    action,
    added: z.array(z.object({ id, owner: name, name })).max(10_000),
    removed: z.array(id).max(10_000),
  }),
  repository: z.object({ repository: repositoryFacts, action }),
  /** The check of one commit is told again: no event asks for it. */
  head: z.object({ repository: repositoryFacts, headSha: sha }),
} as const satisfies Record<string, z.ZodType>;

export type JobName = keyof typeof jobData;
export type JobData<J extends JobName> = z.output<(typeof jobData)[J]>;

/** What a handler knows beside the data of its job. */
export type JobContext = {
  delivery: string | undefined;
  installationId: number | undefined;
  /** From 1. */
  attempt: number;
  /** If this try fails there is no other: what the user sees must be concluded now. */
  last: boolean;
  /** Aborted when the process shuts down; the job is then begun anew by another. */
  signal: AbortSignal;
};

/** Nothing when done; `again` to be run anew at a time, as when a rate limit is spent. An error means another try. */
export type JobHandler<J extends JobName> = (
  data: JobData<J>,
  context: JobContext,
) => Promise<undefined | { again: Date }>;

/** What is handled. An event whose job has no handler is taken in and noted as ignored. */
export type JobHandlers = { readonly [J in JobName]?: JobHandler<J> };

/** Run one job out of the queue. Throws what the handler throws, and an error with code `unknown-job` for one that is not known here. */
export async function runJob(
  handlers: JobHandlers,
  job: { job: string; data: unknown } & JobContext,
): Promise<undefined | { again: Date }> {
  const handler = isJobName(job.job) ? (handlers[job.job] as JobHandler<JobName> | undefined) : undefined;
  if (!isJobName(job.job) || handler === undefined) throw new UnknownJob("unknown-job");
  const parsed = jobData[job.job].safeParse(job.data);
  if (!parsed.success) throw new UnknownJob("unknown-form");
  const { delivery, installationId, attempt, last, signal } = job;
  return await handler(parsed.data as JobData<JobName>, { delivery, installationId, attempt, last, signal });
}

/** A row of the queue that this program cannot read. */
export class UnknownJob extends Error {
  readonly code: "unknown-job" | "unknown-form";
  constructor(code: UnknownJob["code"]) {
    super(code);
    this.code = code;
  }
}

export function isJobName(name: string): name is JobName {
  return Object.hasOwn(jobData, name);
}
