import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { liteDump } from "../store/databases.ts";
import { checkKillRun } from "./check-kill-run.ts";

it("ends with the checks of an undisturbed run, whatever was killed, repeated and late", {
  timeout: 300_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "leasehold-kill-lite-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const dump = await liteDump();
  let count = 0;
  const result = await checkKillRun(async () => ({ folder: join(folder, String(++count)), dump }), {
    ...{ repositories: 2, pushes: 8, kills: 2, processes: 1, seed: 11 },
  });
  expect(result).toMatchObject({ killed: 2, unsettled: 0, failed: 0, doubled: 0, processed: result.deliveries });
  expect(Object.keys(result.undisturbed)).toHaveLength(10);
  expect(result.disturbed).toEqual(result.undisturbed);
});
