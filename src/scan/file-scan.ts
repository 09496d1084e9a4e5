/** Scans files on disk. */
import { readFiles } from "../git/file.ts";
import type { RuleSet } from "../leak/rule-set.ts";
import type { BlobContext } from "./blob-context.ts";
import { addPiece, scanPiece } from "./blob-scanner.ts";
import { emptyResult, type FilesTask, type TaskProgress, type TaskResult } from "./task.ts";

const progressEvery = 50;

/** Scan some files below a root, one after the other. */
export function scanFileTask(
  set: RuleSet,
  context: BlobContext,
  task: FilesTask,
  onProgress: TaskProgress,
): TaskResult {
  const result = emptyResult();
  const { root, files, prefix } = task;
  let contents = 0;
  let bytes = 0;
  const read = readFiles(root, files, (piece) => {
    addPiece(result, "", prefix + piece.path, scanPiece(set, prefix + piece.path, piece, context));
    bytes += piece.bytes.length;
    if (!piece.last || ++contents % progressEvery === 0) onProgress(contents, bytes, result.byPath.length);
  });
  onProgress(contents, bytes, result.byPath.length);
  result.contents = read.files;
  result.bytes = read.bytes;
  result.gaps.push(...read.gaps.map((gap) => ({ ...gap, subject: prefix + gap.subject })));
  result.skipped.push(...read.skipped.map((skip) => ({ ...skip, subject: prefix + skip.subject })));
  return result;
}
