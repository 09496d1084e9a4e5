/** The pieces of work of a scan. They are plain data, so that any thread can do them. */
import type { Gap, Skipped } from "../finding.ts";
import type { ObjectIds, ObjectSource } from "../git/object.ts";
import type { RuleSet } from "../leak/rule-set.ts";
import type { InlineAllow } from "../policy/inline-allow.ts";
import type { BlobContext } from "./blob-context.ts";
import type { Found } from "./blob-scanner.ts";
import { scanFileTask } from "./file-scan.ts";
import type { WorkflowLogins } from "./logins.ts";
import { scanPathsTask, surveyTask } from "./object-scan.ts";
import type { TrustHint } from "./trust-hint.ts";

/** Look at every object of a share, without paths. */
export type SurveyTask = { kind: "survey"; source: ObjectSource; ids: ObjectIds };
/** Scan some blobs with the paths they have; a blob with several paths is read once. */
export type PathsTask = { kind: "paths"; source: ObjectSource; paths: [oid: string, paths: string[]][] };
/** Scan some files below a root. `prefix` is put before their paths in what comes out. */
export type FilesTask = { kind: "files"; root: string; files: string[]; prefix: string };
export type ScanTask = SurveyTask | PathsTask | FilesTask;

/** Found at a path; `oid` is empty for a file of a work tree. Contents without findings or inline allows are not listed. */
export type PathFound = { oid: string; path: string; found: Found[]; allows: InlineAllow[] };

/** A content that may hold trust policies, or be needed to understand one. */
export type TrustPart = { oid: string; path: string; hint: TrustHint };

/** What a task gives. */
export type TaskResult = {
  /** Survey: blobs that hold something, or might once their path is known. */
  candidates: string[];
  /** Survey: blobs that may be workflows and hold nothing else. */
  workflows: string[];
  /** Survey: blobs that mention trust in GitHub's tokens. */
  mentionTrust: string[];
  /** Survey: findings in messages of commits and tags. */
  messages: { oid: string; found: Found[] }[];
  /** Paths and files. */
  byPath: PathFound[];
  /** Paths and files: workflows that log in to clouds; `oid` as in `PathFound`. */
  logins: { oid: string; logins: WorkflowLogins }[];
  /** Paths and files: contents that may hold trust policies. */
  trust: TrustPart[];
  /** Contents that were read. */
  contents: number;
  bytes: number;
  gaps: Gap[];
  skipped: Skipped[];
};

/** Told contents, bytes and contents that hold something, so far. */
export type TaskProgress = (contents: number, bytes: number, candidates: number) => void;

/** A result to be filled. */
export function emptyResult(): TaskResult {
  return {
    candidates: [],
    workflows: [],
    mentionTrust: [],
    messages: [],
    byPath: [],
    logins: [],
    trust: [],
    contents: 0,
    bytes: 0,
    gaps: [],
    skipped: [],
  };
}

/** Do one piece of work in this thread. In: compiled rules, what is known of the repository, the task. */
export async function runTask(
  set: RuleSet,
  context: BlobContext,
  task: ScanTask,
  onProgress: TaskProgress,
): Promise<TaskResult> {
  switch (task.kind) {
    case "survey":
      return surveyTask(set, context, task, onProgress);
    case "paths":
      return scanPathsTask(set, context, task, onProgress);
    case "files":
      return scanFileTask(set, context, task, onProgress);
  }
}
