/** Reads a report that `leasehold scan --format json` wrote. */
import { resolve } from "node:path";
import { LeaseholdError } from "../error.ts";
import type { FindingId, RuleId } from "../finding.ts";
import { readOnDisk } from "../scan/steering-files.ts";
import type { Judged } from "../verdict.ts";

/**
 * The findings of a JSON report.
 * In: the folder that a relative path starts from, the path. Throws LeaseholdError("config") for a file that is none.
 */
export async function readReportFile(cwd: string, file: string): Promise<Judged[]> {
  const { reportSchema } = await import("../report/json-schema.ts");
  const checked = reportSchema.safeParse(parseJson(readOnDisk("/", resolve(cwd, file), file)));
  if (!checked.success)
    throw new LeaseholdError("config", "expected a report as leasehold scan --format json writes it", { file });
  return checked.data.findings.map((entry): Judged => {
    const { id, rule, state, blocking, because, coveredBy, origin, fixes, ...rest } = entry;
    return {
      finding: {
        ...rest,
        id: id as FindingId,
        rule: rule as RuleId,
        fixes: fixes.map(({ title }) => ({ title, edits: [] })),
        ...(origin === undefined ? {} : { origin: withoutUndefined(origin) }),
      },
      state,
      blocking,
      because,
      ...(coveredBy === undefined ? {} : { coveredBy: withoutUndefined(coveredBy) }),
    };
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** JSON has no undefined: what is missing has no key. */
function withoutUndefined<T extends object>(value: T): Defined<T> {
  return value as Defined<T>;
}
