import { expect, it } from "vitest";
import { onBothDatabases } from "../store/databases.ts";
import { checkKillRun } from "./check-kill-run.ts";

await onBothDatabases((database, kind) => {
  it("ends with the checks of an undisturbed run after 1,000 deliveries", { timeout: 3_600_000 }, async () => {
    const result = await checkKillRun(() => database.place(), {
      ...{ repositories: 12, pushes: 330, kills: 25, processes: kind === "pglite" ? 1 : 2, seed: 12 },
    });
    expect(result.deliveries).toBeGreaterThanOrEqual(1_000);
    expect(result).toMatchObject({ killed: 25, unsettled: 0, failed: 0, doubled: 0, processed: result.deliveries });
    expect(result.disturbed).toEqual(result.undisturbed);
  });
});
