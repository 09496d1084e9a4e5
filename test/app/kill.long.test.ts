import { expect, it } from "vitest";
import { onBothDatabases } from "../store/databases.ts";
import { killRun } from "./kill-run.ts";

await onBothDatabases((database, kind) => {
  it("loses and doubles nothing of 1,000 deliveries over ten kills", { timeout: 600_000 }, async () => {
    const processes = kind === "pglite" ? 1 : 2;
    const result = await killRun(await database.place(), { deliveries: 1_000, kills: 10, processes, seed: 11 });
    expect(result.checks).toEqual(result.wanted);
    expect(result).toMatchObject({ processed: 1_000, unsettled: 0, dead: 0, killed: 10 });
    expect(result.begun).toBeLessThanOrEqual(1_000 + 10 * 4);
    console.log(`${result.killed} kills, ${result.begun - 1_000} jobs begun twice, 0 lost, 0 doubled`);
  });
});
