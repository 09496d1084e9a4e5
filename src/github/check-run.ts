/** Check runs by GitHub's REST API. Limits by its description of `checks/create` and `checks/update`. */
import { z } from "zod";
import type { Found, GitHubPort, GitHubWriter } from "./port.ts";
import { type RepositoryAddress, repositoryPath } from "./repository-path.ts";

/** Most annotations of one request, and most buttons. */
export const checkLimits = { annotations: 50, actions: 3, title: 255, message: 64_000, actionIdentifier: 20 } as const;

export type CheckStatus = "queued" | "in_progress" | "completed";

export type Annotation = {
  path: string;
  start_line: number;
  end_line: number;
  /** Only where both lines are the same. */
  start_column?: number;
  end_column?: number;
  annotation_level: "notice" | "warning" | "failure";
  title: string;
  message: string;
};

export type CheckButton = { label: string; description: string; identifier: string };

/** What is sent of a check run. Annotations are added to those that it has. */
export type CheckRunChange = {
  status?: CheckStatus;
  conclusion?: "success" | "neutral" | "failure";
  started_at?: string;
  completed_at?: string;
  output?: { title: string; summary: string; text?: string; annotations?: Annotation[] };
  actions?: CheckButton[];
};

const checkRun = z.object({
  id: z.int(),
  name: z.string(),
  head_sha: z.string(),
  external_id: z.string().nullish(),
  status: z.string(),
  conclusion: z.string().nullish(),
  output: z.object({
    title: z.string().nullish(),
    summary: z.string().nullish(),
    text: z.string().nullish(),
    annotations_count: z.int(),
  }),
  app: z.object({ id: z.int() }).nullish(),
});
export type CheckRunAnswer = z.output<typeof checkRun>;

const annotation = z.object({
  path: z.string(),
  start_line: z.int(),
  end_line: z.int(),
  annotation_level: z.string().nullish(),
  title: z.string().nullish(),
  message: z.string().nullish(),
});
export type AnnotationAnswer = z.output<typeof annotation>;

/** Make one. Sent once: where no answer comes it may be there all the same. */
export async function createCheckRun(
  port: GitHubWriter,
  repository: RepositoryAddress,
  { name, headSha, externalId, ...change }: { name: string; headSha: string; externalId: string } & CheckRunChange,
): Promise<Found<CheckRunAnswer>> {
  const body = { name, head_sha: headSha, external_id: externalId, ...change };
  return await port.write({ method: "POST", path: `${repositoryPath(repository)}/check-runs`, body, answer: checkRun });
}

export async function updateCheckRun(
  port: GitHubWriter,
  repository: RepositoryAddress,
  id: number,
  change: CheckRunChange,
): Promise<Found<CheckRunAnswer>> {
  const path = `${repositoryPath(repository)}/check-runs/${id}`;
  return await port.write({ method: "PATCH", path, body: change, answer: checkRun });
}

export async function getCheckRun(
  port: GitHubPort,
  repository: RepositoryAddress,
  id: number,
): Promise<Found<CheckRunAnswer>> {
  return await port.find(`${repositoryPath(repository)}/check-runs/${id}`, checkRun);
}

/** Those of a name at a commit, whoever made them. */
export async function listCheckRuns(
  port: GitHubPort,
  repository: RepositoryAddress,
  headSha: string,
  name: string,
): Promise<CheckRunAnswer[]> {
  const path = `${repositoryPath(repository)}/commits/${headSha}/check-runs`;
  const seen = await port.list({ path, query: { check_name: name, filter: "all" }, key: "check_runs", item: checkRun });
  return seen.status === "listed" ? seen.items : [];
}

export async function listAnnotations(
  port: GitHubPort,
  repository: RepositoryAddress,
  id: number,
): Promise<AnnotationAnswer[]> {
  const path = `${repositoryPath(repository)}/check-runs/${id}/annotations`;
  const seen = await port.list({ path, item: annotation, fleeting: true });
  return seen.status === "listed" ? seen.items : [];
}
