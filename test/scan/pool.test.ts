import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { startPool, type TaskRunner } from "../../src/scan/pool.ts";
import { shippedRuleSet } from "../../src/scan/shipped-rules.ts";
import { type FilesTask, runTask } from "../../src/scan/task.ts";
import { tokenOf } from "../e2e/leasehold.ts";
import { temporaryFolder, write } from "../git/temporary-repository.ts";

const context = { salt: "salt" };

it("a thread does one task after the other beside this one, answers come in their order, and errors keep their code", async () => {
  const root = temporaryFolder();
  for (let at = 0; at < 5; at++) write(root, `${at}.txt`, `${tokenOf("github-pat", at)}\n`.repeat(at % 2));
  const tasks = [0, 1, 2, 3, 4].map((at): FilesTask => ({ kind: "files", root, files: [`${at}.txt`], prefix: "" }));
  // One thread for several tasks: once only its first answer arrived.
  const pool = startPool(1, [], context);
  try {
    const seen: number[] = [0];
    const ownTasks: string[] = [];
    const last: TaskRunner = async (task, onProgress) => {
      ownTasks.push((task as FilesTask).files.join());
      while (Math.max(...seen) < 4) await setImmediate();
      return runTask(shippedRuleSet(), context, task, onProgress);
    };
    const results = await pool.run(tasks, last, (contents) => seen.push(contents));
    expect(results.map((result) => result.byPath.length)).toEqual([0, 1, 0, 1, 0]);
    expect(Math.max(...seen)).toBe(5);
    expect(ownTasks).toEqual(["0.txt"]);
    const source = { gitDir: "/nowhere/at/all", objectFormat: "sha1", promisor: false } as const;
    const broken = { kind: "paths", source, paths: [["0".repeat(40), ["a"]]] as [string, string[]][] } as const;
    const busy: TaskRunner = () => new Promise(() => {});
    await expect(pool.run([tasks[0]!, broken], busy)).rejects.toMatchObject({ code: "nothing-matched" });
  } finally {
    await pool.close();
  }
});
