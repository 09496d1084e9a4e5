/** The steering files of the folder a command works in. */
import { openRepository } from "../git/repository.ts";
import type { LeakRule } from "../leak/rule.ts";
import { shippedRules } from "../scan/shipped-rules.ts";
import { readSteering, ruleIds, type Steering } from "../scan/steering.ts";
import { readSteeringFiles, type SteeringFiles } from "../scan/steering-files.ts";

/** What steers a scan here; `root` is the repository's top, or the folder itself. */
export type SteeringHere = {
  root: string;
  files: SteeringFiles;
  steering: Steering;
  /** All leak rules in force but the generic one, and the ids of all rules. */
  rules: LeakRule[];
  known: string[];
};

/** The folder whose `.github` counts for a command that works in `cwd`. */
export async function rootHere(cwd: string, git = true): Promise<string> {
  return (git ? (await openRepository(cwd))?.root : undefined) ?? cwd;
}

/** In: the folder; whether repositories and steering files count. Throws LeaseholdError("config") for files that are wrong. */
export async function steeringHere(cwd: string, git: boolean, config: boolean): Promise<SteeringHere> {
  const root = await rootHere(cwd, git);
  const files = config ? await readSteeringFiles({ kind: "folder", root }) : {};
  const steering = readSteering(files);
  const { detectors } = steering.policy;
  return {
    root,
    files,
    steering,
    rules: [...shippedRules(), ...detectors],
    known: [...ruleIds(), ...detectors.map(({ id }) => `leak/${id}`)],
  };
}
