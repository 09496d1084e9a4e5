/** The tables of the store: ids, refs, SHAs, states and times. No text of a payload, no code, no secret. */
import type { ColumnType } from "kysely";

/** `stored`: a job for it waits or runs. The other three are settled; only `failed` may be taken in again. */
export type DeliveryState = "stored" | "processed" | "ignored" | "failed";

export type Visibility = "public" | "internal" | "private";

/** As GitHub's check runs have them. */
export type CheckState = "queued" | "in_progress" | "completed";
export type CheckConclusion = "success" | "neutral" | "failure";

/** Of GitHub's permission names, what was granted: `{ contents: "write" }`. */
export type Permissions = Readonly<Record<string, "read" | "write" | "admin">>;

export type DeliveryTable = {
  guid: string;
  event: string;
  action: string | null;
  installation_id: number | null;
  repository_id: number | null;
  received_at: Date;
  state: DeliveryState;
  /** Times a job for it was begun, those that a crash ended included. */
  attempts: number;
  /** Of the job in the queue while `stored`. */
  job_id: string | null;
  error_code: string | null;
  settled_at: Date | null;
};

export type InstallationTable = {
  id: number;
  account_id: number;
  account_type: "Organization" | "User";
  suspended: boolean;
  /** Written as JSON. */
  permissions: ColumnType<Permissions, string, string>;
  updated_at: Date;
};

export type RepositoryTable = {
  id: number;
  installation_id: number;
  /** Owner and name are the address under which GitHub's API is asked; they change, the id does not. */
  owner: string;
  name: string;
  default_branch: string | null;
  visibility: Visibility;
  archived: boolean;
  fork: boolean;
  updated_at: Date;
};

export type PullRequestTable = {
  repository_id: number;
  number: number;
  open: boolean;
  head_sha: string;
  /** Differs from repository_id for a fork; null where the fork is gone. */
  head_repository_id: number | null;
  base_ref: string;
  base_sha: string;
  /** What the last judgement gave, and of which head; stale where that is not head_sha. */
  conclusion: CheckConclusion | null;
  blocking: number | null;
  warnings: number | null;
  judged_sha: string | null;
  /** GitHub's own time of the last change: an older delivery does not overwrite a newer one. */
  updated_at: Date;
};

export type PushKind = "push" | "merge-group";

export type PushTable = {
  repository_id: number;
  head_sha: string;
  kind: PushKind;
  ref: string;
  before_sha: string;
  seen_at: Date;
};

export type CheckRunTable = {
  repository_id: number;
  head_sha: string;
  /** GitHub's id; null between the decision to make one and GitHub's answer. */
  check_run_id: number | null;
  external_id: string;
  state: CheckState;
  conclusion: CheckConclusion | null;
  started_at: Date;
  concluded_at: Date | null;
  incident_id: string | null;
};

export type IncidentTable = {
  id: string;
  code: string;
  job: string;
  installation_id: number | null;
  repository_id: number | null;
  happened_at: Date;
};

export type GitCacheTable = { repository_id: number; bytes: number; fetched_at: Date; used_at: Date };

export type RedeliveryTable = { guid: string; tries: number; asked_at: Date };

export type Database = {
  deliveries: DeliveryTable;
  installations: InstallationTable;
  repositories: RepositoryTable;
  pull_requests: PullRequestTable;
  pushes: PushTable;
  check_runs: CheckRunTable;
  incidents: IncidentTable;
  git_cache: GitCacheTable;
  redeliveries: RedeliveryTable;
};
