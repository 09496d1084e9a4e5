/** The one comment of a job on a pull request, written once and updated in place. */
import { createHash } from "node:crypto";
import { getOctokit } from "@actions/github";
import { refusalOf } from "../src/github/refusal.ts";
import { markdownReport } from "../src/report/markdown.ts";
import { version } from "../src/scan/version.ts";
import type { Shown } from "./present.ts";

/** GitHub takes 65,536 characters of a comment; a byte is never more than one. */
export const commentBudget = 60_000;

const patience = 30_000;

type Octokit = ReturnType<typeof getOctokit>;

/** What to write where. `create`: also where there is no comment of this job yet. */
export type CommentRequest = { token: string; number: number; create: boolean };

/**
 * Write the comment, or bring the one there is up to date.
 * Out: `done`; `not permitted` when the token may not (a fork's, Dependabot's, or one without `pull-requests: write`); else a sentence on what went
 * wrong. Throws nothing that GitHub's answers cause.
 */
export async function writeComment(shown: Shown, request: CommentRequest): Promise<string> {
  const [owner = "", repo = ""] = (process.env.GITHUB_REPOSITORY ?? "").split("/");
  const octokit = getOctokit(request.token, {
    userAgent: `leasehold/${version}`,
    request: { signal: AbortSignal.timeout(patience) },
  });
  const body = commentText(shown);
  try {
    const known = await ownComment(octokit, { owner, repo, issue_number: request.number });
    if (known === undefined) {
      if (request.create) await octokit.rest.issues.createComment({ owner, repo, issue_number: request.number, body });
    } else if (known.body !== body) {
      await octokit.rest.issues.updateComment({ owner, repo, comment_id: known.id, body });
    }
    return "done";
  } catch (error) {
    return whatWentWrong(error);
  }
}

/** The text of the comment. */
export function commentText({ verdict, info, ruleHelp }: Shown): string {
  return `${marker()}\n${markdownReport(verdict, info, ruleHelp, commentBudget)}`;
}

/** What the comment of this job begins with: hashed, since names of workflows and jobs are free text. */
function marker(): string {
  const key = [process.env.GITHUB_WORKFLOW, process.env.GITHUB_JOB, process.env["INPUT_CONFIG-FILE"]];
  const name = createHash("sha256").update(JSON.stringify(key)).digest("hex").slice(0, 16);
  return `<!-- leasehold ${name} -->`;
}

/** The comment with this job's marker that the token's own account wrote: anybody can write one that looks the same, and edit it later. */
async function ownComment(
  octokit: Octokit,
  issue: { owner: string; repo: string; issue_number: number },
): Promise<{ id: number; body: string } | undefined> {
  const marked = (await octokit.paginate(octokit.rest.issues.listComments, { ...issue, per_page: 100 })).filter(
    ({ body }) => body?.startsWith(marker()),
  );
  if (marked.length === 0) return undefined;
  // REST does not tell an installation's token who it is.
  const { viewer } = await octokit.graphql<{ viewer: { login: string } }>("query { viewer { login } }");
  const own = marked.find(({ user }) => user?.login === viewer.login);
  return own === undefined ? undefined : { id: own.id, body: own.body ?? "" };
}

/** GitHub's answers as an outcome; they are never quoted, since a server may repeat what it was sent. */
function whatWentWrong(error: unknown): string {
  // Octokit gives 500 where no answer came, and then there is no response.
  const {
    status = 0,
    response,
    message = "",
  } = error as {
    status?: number;
    response?: { headers?: Record<string, string> };
    message?: string;
  };
  if (response === undefined) return "the comment could not be written: GitHub could not be reached";
  const { kind } = refusalOf(status, response.headers ?? {}, message, Date.now());
  return kind === "not permitted" ? kind : `the comment could not be written: GitHub answered with ${status} (${kind})`;
}
