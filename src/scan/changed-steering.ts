/** What a change does to the files that steer the scan of it. They count only once they are on the branch they are meant for. */
import { LeaseholdError } from "../error.ts";
import type { OrganisationPolicy } from "../policy/policy-file.ts";
import { requestedWaivers, type Waiver } from "../policy/waiver.ts";
import { weakenings } from "../policy/weakening.ts";
import { counted } from "../report/run-info.ts";
import type { SteeringSources } from "./source.ts";
import { readSteering, type Steering, severityLookup } from "./steering.ts";
import { type NamedFiles, readSteeringFiles, type SteeringFiles } from "./steering-files.ts";

/**
 * In: where the files are read from, what those say that count, which of them were named. Out: waivers that the change requests, and sentences on what it
 * loosens: only what it touches itself, since a policy that was tightened elsewhere meanwhile is not its doing.
 * Throws LeaseholdError("config") for a wrong file of the change, and for a named file that is neither trusted nor brought by the change.
 */
export async function changedSteering(
  { underTest, before }: SteeringSources,
  trusted: Steering & { files: SteeringFiles },
  named: NamedFiles,
  organisation?: OrganisationPolicy,
): Promise<{ requested: Waiver[]; notes: string[] }> {
  const files = underTest === undefined ? {} : await readSteeringFiles(underTest, named);
  const notes = notYetTrusted(trusted.files, files, named);
  if (underTest === undefined) return { requested: [], notes };
  const after = readSteering(files, organisation);
  const requested = requestedWaivers(trusted.waivers, after.waivers);
  const found = weakenings(trusted.policy, after.policy, severityLookup());
  const known = found.length === 0 || before === undefined ? undefined : await readSteeringFiles(before, named);
  if (found.length === 0 || known?.policy?.text === files.policy?.text) return { requested, notes };
  const count = `this change weakens ${counted(found.length, "rule")}, from its merge on`;
  return {
    requested,
    notes: [...notes, count, ...found.map((sentence) => `this change weakens the policy: ${sentence}`)],
  };
}

/** A file that was named and does not count yet. */
function notYetTrusted(trusted: SteeringFiles, brought: SteeringFiles, named: NamedFiles): string[] {
  return (["policy", "baseline"] as const).flatMap((kind) => {
    const path = named[kind];
    if (path === undefined || trusted[kind] !== undefined) return [];
    if (brought[kind] === undefined) throw new LeaseholdError("config", "there is no such file", { file: path });
    return [`${path} comes with this change and counts from its merge on; until then what is built in applies`];
  });
}
