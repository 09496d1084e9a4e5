/** The pieces of work of a scan. They are plain data, so that any thread can do them. */
import type { Gap, Skipped } from "../finding.ts";
import type { ObjectIds, ObjectSource } from "../git/object.ts";
import type { RuleSet } from "../leak/rule-set.ts";
import type { InlineAllow } from "../policy/inline-allow.ts";
import type { Found } from "./blob-scanner.ts";
import { scanFileTask } from "./file-scan.ts";
import { scanPathsTask, surveyTask } from "./object-scan.ts";

/** Look at every object of a share, without paths. */
export type SurveyTask = { kind: "survey"; source: ObjectSource; ids: ObjectIds };
/** Scan some blobs with the paths they have; a blob with several paths is read once. */
export type PathsTask = { kind: "paths"; source: ObjectSource; paths: [oid: string, paths: string[]][] };
/** Scan some files below a root. `prefix` is put before their paths in what comes out. */
export type FilesTask = { kind: "files"; root: string; files: string[]; prefix: string };
export type ScanTask = SurveyTask | PathsTask | FilesTask;

/** Found at a path; `oid` is empty for a file of a work tree. Contents without findings or inline allows are not listed. */
export type PathFound = { oid: string; path: string; found: Found[]; allows: InlineAllow[] };

/** What a task gives. */
export type TaskResult = {
  /** Survey: blobs that hold something, or might once their path is known. */
  candidates: string[];
  /** Survey: findings in messages of commits and tags. */
  messages: { oid: string; found: Found[] }[];
  /** Paths and files. */
  byPath: PathFound[];
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
  return { candidates: [], messages: [], byPath: [], contents: 0, bytes: 0, gaps: [], skipped: [] };
}

/** Do one piece of work in this thread. In: compiled rules, the repository's salt, the task. */
export async function runTask(
  set: RuleSet,
  salt: string,
  task: ScanTask,
  onProgress: TaskProgress,
): Promise<TaskResult> {
  switch (task.kind) {
    case "survey":
      return surveyTask(set, salt, task, onProgress);
    case "paths":
      return scanPathsTask(set, salt, task, onProgress);
    case "files":
      return scanFileTask(set, salt, task, onProgress);
  }
}
