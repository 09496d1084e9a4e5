/**
 * Times the engine alone, in one thread: `node engine-time.ts FOLDER tree|history all|own`. `own` leaves the long-tail table out.
 * Prints JSON with the seconds to compile the rules and to scan, the bytes and the number of rules.
 * The product has no switch for this; the rules are filtered here.
 */

import { historyObjects } from "../../src/git/history.ts";
import { objectSource } from "../../src/git/object.ts";
import { openRepository } from "../../src/git/repository.ts";
import { worktreeFiles } from "../../src/git/worktree.ts";
import { formats } from "../../src/leak/format/registry.ts";
import { compileRules } from "../../src/leak/rule-set.ts";
import { shippedRules } from "../../src/scan/shipped-rules.ts";
import { runTask, type ScanTask } from "../../src/scan/task.ts";

/** What is printed. */
export type EngineTime = { compile: number; scan: number; bytes: number; rules: number };

const [folder = "", source, which] = process.argv.slice(2);
const repository = await openRepository(folder);
if (repository?.root === undefined) throw new Error(`${folder} is not a repository with a work tree`);
const rules = shippedRules().filter((rule) => which === "all" || !rule.id.startsWith("near-"));
const task: ScanTask =
  source === "history"
    ? { kind: "survey", source: objectSource(repository), ids: (await historyObjects(repository)).ids }
    : { kind: "files", root: repository.root, files: (await worktreeFiles(repository)).files, prefix: "" };

const from = performance.now();
const set = compileRules(rules, formats);
const compiled = performance.now();
const { bytes } = await runTask(set, { salt: "leasehold" }, task, () => {});
const time: EngineTime = {
  compile: (compiled - from) / 1000,
  scan: (performance.now() - compiled) / 1000,
  bytes,
  rules: rules.length,
};
console.log(JSON.stringify(time));
