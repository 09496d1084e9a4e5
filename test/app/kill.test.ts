import { expect, it } from "vitest";
import { onBothDatabases } from "../store/databases.ts";
import { killRun } from "./kill-run.ts";

await onBothDatabases((database, kind) => {
  it("loses and doubles nothing when its process is killed", async () => {
    const processes = kind === "pglite" ? 1 : 2;
    const result = await killRun(await database.place(), { deliveries: 60, kills: 2, processes, seed: 7 });
    expect(result.checks).toEqual(result.wanted);
    expect(result).toMatchObject({ processed: 60, unsettled: 0, dead: 0, killed: 2 });
    // Each was run, and only those that a kill cut off were run again: at most those that ran at once.
    expect(result.begun).toBeGreaterThanOrEqual(60);
    expect(result.begun).toBeLessThanOrEqual(60 + 2 * 4);
  });
});
