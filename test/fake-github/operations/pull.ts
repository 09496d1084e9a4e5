/** Pull requests. */
import { type Call, invalid, notFound, type Operations, page, Refusal, repositoryOfCall } from "../call.ts";
import { refMoved, setRef } from "../commit.ts";
import { commitIdOf, commitOf, commitsOf, differences, git, tryGit } from "../git.ts";
import { changesOf } from "../issue.ts";
import { addPull, mergeOf, showPull, showSimplePull, tellOfPull } from "../pull.ts";
import { appOf, authorOf, loginOf, touchesWorkflows } from "../pusher.ts";
import { showCommit, showDifference } from "../show-git.ts";
import { moment, type Repository } from "../state.ts";
import type { Issue } from "../work.ts";

const scopes = ["repo", "public_repo"] as const;
const reading = { needs: "pull_requests:read", open: true, scopes } as const;
const writing = { needs: "pull_requests:write", scopes } as const;

export const pullOperations: Operations = {
  "pulls/list": {
    ...reading,
    handle: (call) => {
      const {
        state = "open",
        head,
        base,
        sort = "created",
        direction = sort === "created" ? "desc" : "asc",
      } = call.query;
      const repository = repositoryOfCall(call);
      const found = [...repository.issues.values()].filter(
        ({ state: own, pull }) =>
          pull !== undefined &&
          (state === "all" || own === state) &&
          (base === undefined || pull.base === base) &&
          (head === undefined || head === `${pull.headRepository.owner.login}:${pull.head}`),
      );
      found.sort((a, b) => (direction === "asc" ? 1 : -1) * (a.number - b.number));
      return page(call, found, (issue) => showSimplePull(call.state, call.links, repository, issue));
    },
  },
  "pulls/get": {
    ...reading,
    handle: async (call) => {
      const issue = pullOf(call);
      if (!/\b(?:diff|patch)\b/.test(call.accept)) return { body: await show(call, issue) };
      const { shared } = await mergeOf(call.state, repositoryOfCall(call), issue);
      const text = await git(call.state, repositoryOfCall(call), ["diff", shared, issue.pull!.headSha]);
      return { text: `${text}\n` };
    },
  },
  "pulls/create": {
    ...{ ...writing, makesContent: true },
    handle: async (call) => {
      const wanted = call.body as {
        title?: string;
        head: string;
        base: string;
        body?: string;
        draft?: boolean;
        maintainer_can_modify?: boolean;
      };
      const repository = repositoryOfCall(call);
      const { headRepository, head } = headOf(call, wanted.head);
      for (const [field, from, name] of [
        ["head", headRepository, head],
        ["base", repository, wanted.base],
      ] as const)
        if ((await commitIdOf(call.state, from, `heads/${name}`)) === undefined) throw invalidField(field);
      const same = [...repository.issues.values()].some(
        ({ state, pull }) =>
          state === "open" &&
          pull?.head === head &&
          pull.headRepository === headRepository &&
          pull.base === wanted.base,
      );
      if (same)
        throw invalid(
          `A pull request already exists for ${headRepository.owner.login}:${head}.`,
          "PullRequest",
          "head",
        );
      const [ahead] =
        headRepository === repository
          ? await commitsOf(call.state, repository, ["-1", `refs/heads/${wanted.base}..refs/heads/${head}`])
          : [true];
      if (ahead === undefined) throw invalid(`No commits between ${wanted.base} and ${head}`, "PullRequest", "head");
      const issue = await addPull(
        call.state,
        repository,
        { author: authorOf(call), app: appOf(call) },
        {
          ...{ title: wanted.title ?? "", body: wanted.body ?? null, head, base: wanted.base, headRepository },
          ...{ draft: wanted.draft ?? false, maintainerCanModify: wanted.maintainer_can_modify ?? true },
        },
      );
      return { status: 201, body: await show(call, issue) };
    },
  },
  "pulls/update": {
    ...writing,
    handle: async (call) => {
      const issue = pullOf(call);
      const { title, body, state, base } = call.body as {
        title?: string;
        body?: string;
        state?: "open" | "closed";
        base?: string;
      };
      const changes = changesOf(issue, { title, body });
      if (title !== undefined) issue.title = title;
      if (body !== undefined) issue.body = body;
      if (base !== undefined) {
        const sha = await commitIdOf(call.state, repositoryOfCall(call), `heads/${base}`);
        if (sha === undefined) throw invalidField("base");
        Object.assign(issue.pull!, { base, baseSha: sha });
      }
      const turned = state !== undefined && state !== issue.state;
      if (turned) Object.assign(issue, { state, closedAt: state === "closed" ? moment(call.state) : null });
      issue.updatedAt = moment(call.state);
      const action = turned ? (state === "closed" ? "closed" : "reopened") : "edited";
      tellOfPull(call.state, repositoryOfCall(call), issue, action, loginOf(call), turned ? {} : { changes });
      return { body: await show(call, issue) };
    },
  },
  "pulls/list-files": {
    ...reading,
    handle: async (call) => {
      const issue = pullOf(call);
      const repository = repositoryOfCall(call);
      const { shared } = await mergeOf(call.state, repository, issue);
      const changes = await differences(call.state, repository, shared, issue.pull!.headSha, "patches");
      return page(call, changes.slice(0, 3_000), (one) =>
        showDifference(call.links, repository, issue.pull!.headSha, one),
      );
    },
  },
  "pulls/list-commits": {
    ...reading,
    handle: async (call) => {
      const issue = pullOf(call);
      const repository = repositoryOfCall(call);
      const { shared } = await mergeOf(call.state, repository, issue);
      const commits = await commitsOf(call.state, repository, ["--reverse", `${shared}..${issue.pull!.headSha}`]);
      return page(call, commits.slice(0, 250), (one) => showCommit(call.state, call.links, repository, one));
    },
  },
  "pulls/merge": {
    ...{ needs: "contents:write", role: "write", scopes },
    handle: async (call) => {
      const issue = pullOf(call);
      const repository = repositoryOfCall(call);
      const { sha, commit_title, commit_message } = (call.body ?? {}) as {
        sha?: string;
        commit_title?: string;
        commit_message?: string;
      };
      if (issue.state !== "open" || issue.pull!.draft) throw new Refusal(405, "Pull Request is not mergeable");
      if (sha !== undefined && sha !== issue.pull!.headSha)
        throw new Refusal(409, "Head branch was modified. Review and try the merge again.");
      const title = commit_title ?? `Merge pull request #${issue.number}`;
      const merged = await mergePull(
        call,
        repository,
        issue,
        commit_message === undefined ? title : `${title}\n\n${commit_message}`,
      );
      return { body: { merged: true, message: "Pull Request successfully merged", sha: merged } };
    },
  },
  "repos/list-pull-requests-associated-with-commit": {
    ...reading,
    handle: async (call) => {
      const repository = repositoryOfCall(call);
      const sha = call.params.commit_sha ?? "";
      const found: Issue[] = [];
      for (const issue of repository.issues.values()) {
        if (issue.pull === undefined) continue;
        const holds = await tryGit(call.state, repository, ["merge-base", "--is-ancestor", sha, issue.pull.headSha]);
        const before = await tryGit(call.state, repository, ["merge-base", "--is-ancestor", sha, issue.pull.baseSha]);
        if (holds !== undefined && (before === undefined || issue.pull.mergeSha === sha)) found.push(issue);
      }
      return page(call, found, (issue) => showSimplePull(call.state, call.links, repository, issue));
    },
  },
};

async function show(call: Call, issue: Issue) {
  return await showPull(call.state, call.links, repositoryOfCall(call), issue);
}

export function pullOf(call: Call): Issue {
  const issue = repositoryOfCall(call).issues.get(Number(call.params.pull_number));
  if (issue?.pull === undefined) throw notFound();
  return issue;
}

function invalidField(field: string): Refusal {
  return new Refusal(422, "Validation Failed", {
    errors: [{ resource: "PullRequest", field, code: "invalid" }],
  });
}

/** `branch` or `owner:branch`, for a fork of the same name. */
function headOf(call: Call, text: string): { headRepository: Repository; head: string } {
  const repository = repositoryOfCall(call);
  const [login, head] = text.includes(":") ? (text.split(":") as [string, string]) : [repository.owner.login, text];
  const headRepository = [...call.state.repositories.values()].find(
    ({ owner, name }) => owner.login === login && name === repository.name,
  );
  if (headRepository === undefined) throw invalidField("head");
  return { headRepository, head };
}

async function mergePull(call: Call, repository: Repository, issue: Issue, message: string): Promise<string> {
  const pull = issue.pull!;
  const { shared, mergeable } = await mergeOf(call.state, repository, issue);
  if (mergeable !== true) throw new Refusal(405, "Pull Request is not mergeable");
  touchesWorkflows(
    call,
    (await differences(call.state, repository, shared, pull.headSha)).map(({ path }) => path),
  );
  const tree = (await git(call.state, repository, ["merge-tree", "--write-tree", pull.baseSha, pull.headSha])).split(
    "\n",
  )[0]!;
  const args = ["commit-tree", tree, "-p", pull.baseSha, "-p", pull.headSha];
  const sha = (await git(call.state, repository, args, { input: message })).trim();
  const moved = await setRef(call.state, repository, `refs/heads/${pull.base}`, sha);
  if (moved === undefined) throw new Refusal(409, "Base branch was modified. Review and try the merge again.");
  const now = moment(call.state);
  Object.assign(issue, { state: "closed", closedAt: now, updatedAt: now, closedBy: authorOf(call) });
  Object.assign(pull, { mergedAt: now, mergedBy: authorOf(call), mergeSha: sha });
  tellOfPull(call.state, repository, issue, "closed", loginOf(call));
  refMoved(call.state, repository, {
    ref: `refs/heads/${pull.base}`,
    before: moved.before,
    after: sha,
    sender: loginOf(call),
  });
  return (await commitOf(call.state, repository, sha)).sha;
}
