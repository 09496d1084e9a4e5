import { expect, it } from "vitest";
import { startPool } from "../../src/scan/pool.ts";
import type { FilesTask } from "../../src/scan/task.ts";
import { tokenOf } from "../e2e/leasehold.ts";
import { temporaryFolder, write } from "../git/temporary-repository.ts";

it("a thread does one task after the other, answers in their order, and passes on errors with their code", async () => {
  const root = temporaryFolder();
  for (let at = 0; at < 5; at++) write(root, `${at}.txt`, `${tokenOf("github-pat", at)}\n`.repeat(at % 2));
  const tasks = [0, 1, 2, 3, 4].map((at): FilesTask => ({ kind: "files", root, files: [`${at}.txt`], prefix: "" }));
  // One thread for several tasks: once only its first answer arrived.
  const pool = startPool(1, [], { salt: "salt" });
  try {
    const seen: number[] = [];
    const results = await pool.run(tasks, (contents) => seen.push(contents));
    expect(results.map((result) => result.byPath.length)).toEqual([0, 1, 0, 1, 0]);
    expect(Math.max(...seen)).toBe(5);
    const source = { gitDir: "/nowhere/at/all", objectFormat: "sha1", promisor: false } as const;
    const broken = { kind: "paths", source, paths: [["0".repeat(40), ["a"]]] as [string, string[]][] } as const;
    await expect(pool.run([broken])).rejects.toMatchObject({ code: "nothing-matched" });
    expect((await pool.run(tasks.slice(1, 2)))[0]!.contents).toBe(1);
  } finally {
    await pool.close();
  }
});
