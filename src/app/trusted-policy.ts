/** Finds the policy that a change is judged by: that of the branch it is meant for, or the last one there that could be read, over the organisation's floor. */
import { LeaseholdError, placePrefix } from "../error.ts";
import { fetchCommits, fetchTrees, prepareRepository, RemoteMissing, remoteBranches } from "../git/fetch.ts";
import { firstParents } from "../git/range.ts";
import { type Repository as GitRepository, openRepository } from "../git/repository.ts";
import { readFileAt } from "../git/revision.ts";
import type { OrganisationPolicy } from "../policy/policy-file.ts";
import { readOrganisation, readSteering } from "../scan/steering.ts";
import { readSteeringFiles } from "../scan/steering-files.ts";
import type { AppAccess } from "./access.ts";
import { type Content, type Place, sourceOf } from "./content.ts";

/** How far back a policy that can be read is looked for. */
const mostParents = 50;
const organisationFile = "leasehold.yml";
const organisationRepository = ".github";

/** Where the files are read from: a commit; "nowhere" where none of them can be read, and what is built in counts. */
export type TrustedPolicy = { commit: string | undefined | "nowhere"; notes: string[] };

/**
 * In: what was fetched. Out: the commit whose files can be read, the one that the trust rule names or the last before it on its first-parent history.
 * An error of the files of the change itself is not looked at here.
 */
export async function trustedPolicy(
  { repository, source, scope }: Content,
  organisation: OrganisationPolicy | undefined,
): Promise<TrustedPolicy> {
  const { steering } = scope;
  if (steering === undefined) return { commit: undefined, notes: [] };
  const problem = await policyProblem(repository, steering, organisation);
  if (problem === undefined) return { commit: steering, notes: [] };
  const notes = [`the policy of the target branch cannot be read: ${problem}`];
  const older = (await firstParents(repository, steering, mostParents)).slice(1);
  await fetchTrees(repository, source, older);
  for (const commit of older) {
    if ((await policyProblem(repository, commit, organisation)) !== undefined) continue;
    return { commit, notes: [...notes, `the last one that can be read counts, of ${commit.slice(0, 12)}`] };
  }
  return { commit: "nowhere", notes: [...notes, "no earlier one can be read either, so what is built in counts"] };
}

async function policyProblem(
  repository: GitRepository,
  commit: string,
  organisation: OrganisationPolicy | undefined,
): Promise<string | undefined> {
  try {
    readSteering(await readSteeringFiles({ kind: "commit", repository, commit }), organisation);
    return undefined;
  } catch (error) {
    if (!(error instanceof LeaseholdError) || error.code !== "config") throw error;
    return `${placePrefix(error.place)}${error.message}`;
  }
}

/** What an organisation asks of its repositories; undefined without a file, or where the App may not see the repository that would hold it. */
export type OrganisationFloor = { policy: OrganisationPolicy | undefined; notes: string[] };

/** Read `leasehold.yml` of the organisation's `.github` repository, or the last one there that can be read. */
export async function organisationFloor(access: AppAccess, place: Place): Promise<OrganisationFloor> {
  if (place.installation.accountType !== "Organization") return { policy: undefined, notes: [] };
  const { owner } = place.repository;
  const source = await sourceOf(access, place, { owner, name: organisationRepository });
  return await access.cache.use(`organisation${place.installation.id}`, async (folder): Promise<OrganisationFloor> => {
    const target = await prepareRepository(folder, source.remote.url);
    const tip = await tipOf();
    if (tip === undefined) return { policy: undefined, notes: [] };
    await fetchCommits(target, source, [tip]);
    const repository = (await openRepository(folder, {}))!;
    const notes: string[] = [];
    for (const commit of [tip, ...(await firstParents(repository, tip, mostParents)).slice(1)]) {
      await fetchTrees(target, source, [commit]);
      const bytes = await readFileAt(repository, commit, organisationFile);
      if (bytes === undefined) return { policy: undefined, notes };
      try {
        const name = `${owner}/${organisationRepository}/${organisationFile}`;
        return { policy: readOrganisation({ text: Buffer.from(bytes).toString("utf8"), name }), notes };
      } catch (error) {
        if (!(error instanceof LeaseholdError) || error.code !== "config") throw error;
        if (notes.length === 0)
          notes.push(
            `the organisation's policy cannot be read, and the last one that can counts: ${placePrefix(error.place)}${error.message}`,
          );
      }
    }
    return { policy: undefined, notes };

    async function tipOf(): Promise<string | undefined> {
      try {
        const { defaultBranch, tips } = await remoteBranches(target, source, []);
        return defaultBranch === undefined ? undefined : tips.get(defaultBranch);
      } catch (error) {
        if (error instanceof RemoteMissing) return undefined;
        throw error;
      }
    }
  });
}
