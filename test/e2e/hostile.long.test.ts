import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../git/temporary-repository.ts";
import { spawned, tokenOf } from "./leasehold.ts";

it("a file of 1 GB is scanned to its end with bounded memory", { timeout: 120_000 }, async () => {
  const folder = temporaryFolder();
  const descriptor = openSync(join(folder, "big.bin"), "w");
  writeSync(descriptor, `\nkey ${tokenOf("github-pat", 1)}\n`, 1_000_000_000);
  closeSync(descriptor);
  const { code, stdout, stderr } = await spawned(folder, ["scan", "--no-git", "-f", "json"], {
    env: { NODE_OPTIONS: "--max-old-space-size=200" },
  });
  expect([code, stderr]).toEqual([1, ""]);
  expect(JSON.parse(stdout).findings[0].place).toMatchObject({ start: 1_000_000_005, line: 2 });
});
