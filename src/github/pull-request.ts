/** Pull requests by GitHub's REST API: where they stand, and no text of theirs. */
import { z } from "zod";
import type { Seen } from "../register/inventory.ts";
import type { Found, GitHubPort } from "./port.ts";
import { type RepositoryAddress, repositoryPath } from "./repository-path.ts";

const pullRequest = z.object({
  number: z.int(),
  state: z.enum(["open", "closed"]),
  updated_at: z.string(),
  head: z.object({ sha: z.string(), ref: z.string(), repo: z.object({ id: z.int() }).nullish() }),
  base: z.object({ sha: z.string(), ref: z.string() }),
});
export type PullRequestAnswer = z.output<typeof pullRequest>;

export async function getPullRequest(
  port: GitHubPort,
  repository: RepositoryAddress,
  number: number,
): Promise<Found<PullRequestAnswer>> {
  return await port.find(`${repositoryPath(repository)}/pulls/${number}`, pullRequest);
}

/** The open ones. */
export async function listOpenPullRequests(
  port: GitHubPort,
  repository: RepositoryAddress,
): Promise<Seen<PullRequestAnswer>> {
  return await port.list({ path: `${repositoryPath(repository)}/pulls`, query: { state: "open" }, item: pullRequest });
}
