/** Finds out where a job works, as it is now. */
import type { AppAccess } from "./access.ts";
import type { Place } from "./content.ts";
import type { JobContext, RepositoryFacts } from "./job.ts";
import { presentInstallation, presentRepository } from "./present.ts";

/** Out: undefined where there is nothing to do: the installation is gone or suspended, the repository out of reach or archived. */
export async function placeOf(
  access: AppAccess,
  facts: RepositoryFacts,
  { installationId, signal }: JobContext,
): Promise<Place | undefined> {
  if (installationId === undefined) return undefined;
  const installation = await presentInstallation(access, installationId);
  if (installation === undefined || installation.suspended) return undefined;
  const repository = await presentRepository(access, installation, facts);
  if (repository === undefined || repository.archived) return undefined;
  return { installation, repository, signal };
}
