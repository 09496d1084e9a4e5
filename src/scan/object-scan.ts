/** Scans git objects: a survey of many without their paths, or some with the paths they have. */
import { readObjects } from "../git/object.ts";
import type { GitObject } from "../git/object-stream.ts";
import type { RuleSet } from "../leak/rule-set.ts";
import type { BlobContext } from "./blob-context.ts";
import { addPiece, type Found, scanPiece } from "./blob-scanner.ts";
import { emptyResult, type PathsTask, type SurveyTask, type TaskProgress, type TaskResult } from "./task.ts";

const progressEvery = 100;

/** Look at every object of a share, and say which blobs hold something and what messages hold. */
export async function surveyTask(
  set: RuleSet,
  context: BlobContext,
  task: SurveyTask,
  onProgress: TaskProgress,
): Promise<TaskResult> {
  const result = emptyResult();
  await readAll(task, result, onProgress, (object) => survey(set, context, object, result));
  return result;
}

/** Scan blobs with their paths. */
export async function scanPathsTask(
  set: RuleSet,
  context: BlobContext,
  task: PathsTask,
  onProgress: TaskProgress,
): Promise<TaskResult> {
  const result = emptyResult();
  const paths = new Map(task.paths);
  const ids = Buffer.from(task.paths.map(([oid]) => `${oid}\n`).join(""), "latin1");
  await readAll({ ...task, ids }, result, onProgress, (object) => {
    for (const path of paths.get(object.oid) ?? []) {
      const scan = scanPiece(set, path, object, context);
      addPiece(result, object.oid, path, scan);
    }
  });
  return result;
}

async function readAll(
  { source, ids }: Pick<SurveyTask, "source" | "ids">,
  result: TaskResult,
  onProgress: TaskProgress,
  onObject: (object: GitObject) => void,
): Promise<void> {
  let contents = 0;
  let bytes = 0;
  const found = () => result.candidates.length + result.byPath.length;
  const read = await readObjects(source, ids, (object) => {
    onObject(object);
    bytes += object.bytes.length;
    if (object.last && ++contents % progressEvery === 0) onProgress(contents, bytes, found());
  });
  onProgress(contents, bytes, found());
  result.contents = read.objects;
  result.bytes = read.bytes;
  result.gaps.push(...read.gaps);
}

function survey(set: RuleSet, context: BlobContext, object: GitObject, result: TaskResult): void {
  if (object.type === "tree") return;
  if (object.type === "blob") {
    if (result.candidates.at(-1) === object.oid) return; // A piece of it has said so already.
    const scan = scanPiece(set, undefined, object, context);
    if (scan.notEntered !== undefined) result.skipped.push({ subject: object.oid, ...scan.notEntered });
    if (scan.found.length > 0 || scan.gaps.length > 0) result.candidates.push(object.oid);
    else if (scan.mentions.has("workflow") && result.workflows.at(-1) !== object.oid) result.workflows.push(object.oid);
    if (scan.mentions.has("trust") && result.mentionTrust.at(-1) !== object.oid) result.mentionTrust.push(object.oid);
    return;
  }
  const found = scanMessage(set, context, object);
  if (found.length > 0) result.messages.push({ oid: object.oid, found });
}

/** What stands for a path where a finding is in the message of a commit or tag. */
export function messagePath(oid: string): string {
  return `message of ${oid.slice(0, 12)}`;
}

/** Scan the message of a commit or tag. In: the object, or a piece of it. Out: findings placed in the message. */
export function scanMessage(set: RuleSet, context: BlobContext, object: GitObject): Found[] {
  const start = object.offset === 0 ? messageStart(object.bytes) : 0;
  const piece = { bytes: object.bytes.subarray(start), offset: object.offset, line: object.line, last: object.last };
  return scanPiece(set, messagePath(object.oid), piece, context).found;
}

/** Where the message of a commit or tag begins: after the first empty line. */
function messageStart(bytes: Buffer): number {
  const at = bytes.indexOf("\n\n");
  return at < 0 ? bytes.length : at + 2;
}
