/** Scans what is staged for the next commit. */
import type { FindingId } from "../finding.ts";
import { stagedBlobs } from "../git/staged.ts";
import { allowsNow, baseFindings, type Present, placedFindings, scanChanges } from "./change-scan.ts";
import { changedTrust } from "./change-trust.ts";
import type { Engine } from "./engine.ts";
import { ambiguousIdsOf, type ScanOutcome } from "./outcome.ts";
import type { ChangesRequest } from "./range.ts";

/** Scan the index against HEAD. Out: as for a range, without origins; the base is HEAD. Throws LeaseholdError("git"). */
export async function scanStaged(engine: Engine, request: ChangesRequest): Promise<ScanOutcome> {
  const { repository, about } = request;
  const { changes, gaps, skipped } = await stagedBlobs(repository);
  const sets = [{ origin: undefined, changes }];
  const { brought, contents, coverage, concernsTrust } = await scanChanges(
    engine,
    repository,
    sets,
    request.onProgress,
  );
  const trees = { before: repository.head, after: "index" } as const;
  const trust = concernsTrust ? await changedTrust(engine, repository, trees, sets, contents, about) : undefined;
  brought.push(...(trust?.brought ?? []));
  coverage.gaps.unshift(...gaps);
  coverage.skipped.unshift(...skipped);
  // Every content of the index is the one that stands there.
  const present: Present = new Map([...contents.values()].map((one) => [one.path, one]));
  const findings = placedFindings(brought, present);
  const base = findings.some(request.couldBlock)
    ? await baseFindings(engine, repository, repository.head)
    : { ids: new Set<FindingId>(), found: [] };
  return {
    findings,
    allows: findings.length === 0 ? [] : await allowsNow(repository, repository.head, present, findings),
    coverage,
    ambiguousIds: ambiguousIdsOf([...brought.map(({ found }) => found), ...base.found, ...(trust?.found ?? [])]),
    baseIds: new Set([...base.ids, ...(trust?.baseIds ?? [])]),
  };
}
