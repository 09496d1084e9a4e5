/** Labels, and those of an issue. */
import { type Call, notFound, type Operations, page, Refusal, repositoryOfCall, whole } from "../call.ts";
import { labelOf, showLabel } from "../issue.ts";
import { moment } from "../state.ts";
import type { Issue } from "../work.ts";

const scopes = ["repo", "public_repo"] as const;
const reading = { needs: "issues:read", orNeeds: "pull_requests:read", open: true, scopes } as const;
const writing = { needs: "issues:write", orNeeds: "pull_requests:write", scopes } as const;

export const labelOperations: Operations = {
  "issues/add-labels": {
    ...writing,
    handle: (call) => {
      const issue = issueOf(call);
      const added = namesOf((call.body as { labels: LabelName[] }).labels);
      issue.labels = [...new Set([...issue.labels, ...added])];
      return labels(call, issue);
    },
  },
  "issues/set-labels": {
    ...writing,
    handle: (call) => {
      const issue = issueOf(call);
      issue.labels = namesOf((call.body as { labels: LabelName[] } | undefined)?.labels);
      return labels(call, issue);
    },
  },
  "issues/remove-label": {
    ...writing,
    handle: (call) => {
      const issue = issueOf(call);
      const name = (call.params.name ?? "").toLowerCase();
      if (!issue.labels.some((one) => one.toLowerCase() === name)) throw new Refusal(404, "Label does not exist");
      issue.labels = issue.labels.filter((one) => one.toLowerCase() !== name);
      return labels(call, issue);
    },
  },
  "issues/list-labels-for-repo": {
    ...reading,
    handle: (call) => {
      const repository = repositoryOfCall(call);
      return page(call, [...repository.labels.values()], (one) => showLabel(call.links, repository, one));
    },
  },
  "issues/create-label": {
    ...writing,
    handle: (call) => {
      const {
        name,
        color = "ededed",
        description = null,
      } = call.body as { name: string; color?: string; description?: string };
      const repository = repositoryOfCall(call);
      if (repository.labels.has(name.toLowerCase()))
        throw new Refusal(422, "Validation Failed", {
          errors: [{ resource: "Label", code: "already_exists", field: "name" }],
        });
      const label = Object.assign(labelOf(call.state, repository, name), { color, description });
      return { status: 201, body: showLabel(call.links, repository, label) };
    },
  },
};

export type LabelName = string | { name?: string };

/** The issue or pull request that the path names. */
export function issueOf(call: Call): Issue {
  const issue = repositoryOfCall(call).issues.get(Number(call.params.issue_number));
  if (issue === undefined) throw notFound();
  return issue;
}

export function namesOf(labels: LabelName[] | undefined): string[] {
  return (labels ?? []).map((label) => (typeof label === "string" ? label : (label.name ?? "")));
}

function labels(call: Call, issue: Issue) {
  const repository = repositoryOfCall(call);
  issue.updatedAt = moment(call.state);
  return whole(issue.labels, (name) => showLabel(call.links, repository, labelOf(call.state, repository, name)));
}
