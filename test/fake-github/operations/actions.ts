/** Workflows and their runs. */
import { byId, type Call, type Operations, page, repositoryOfCall } from "../call.ts";
import type { Workflow, WorkflowRun } from "../holding.ts";
import { nodeId } from "../links.ts";
import { showUser } from "../show-account.ts";
import { showMinimalRepository } from "../show-repository.ts";
import { fullNameOf } from "../state.ts";

const readable = { needs: "actions:read", open: true, scopes: ["repo"] } as const;

export const actionsOperations: Operations = {
  "actions/list-repo-workflows": {
    ...readable,
    handle: (call) => page(call, repositoryOfCall(call).workflows, (one) => showWorkflow(call, one), "workflows"),
  },
  "actions/list-workflow-runs": {
    ...readable,
    handle: (call) => {
      const { workflows, runs } = repositoryOfCall(call);
      const wanted = call.params.workflow_id ?? "";
      const workflow = workflows.find(({ path }) => path.endsWith(`/${wanted}`)) ?? byId(workflows, wanted);
      return listRuns(
        call,
        runs.filter((run) => run.workflow === workflow.id),
      );
    },
  },
  "actions/list-workflow-runs-for-repo": {
    ...readable,
    handle: (call) => listRuns(call, repositoryOfCall(call).runs),
  },
  "actions/get-workflow-run": {
    ...readable,
    handle: (call) => ({ body: showRun(call, byId(repositoryOfCall(call).runs, call.params.run_id)) }),
  },
};

/** The newest come first. */
function listRuns(call: Call, runs: readonly WorkflowRun[]) {
  const { branch, event, head_sha } = call.query;
  const wanted = runs.filter(
    (run) =>
      (branch === undefined || run.headBranch === branch) &&
      (event === undefined || run.event === event) &&
      (head_sha === undefined || run.headSha === head_sha),
  );
  const newest = wanted.sort((a, b) =>
    a.createdAt === b.createdAt ? b.id - a.id : a.createdAt < b.createdAt ? 1 : -1,
  );
  return page(call, newest, (run) => showRun(call, run), "workflow_runs");
}

function showWorkflow(call: Call, { id, path, name, createdAt }: Workflow) {
  const full = fullNameOf(repositoryOfCall(call));
  return {
    ...{ id, node_id: nodeId("W", id), name, path, state: "active", created_at: createdAt, updated_at: createdAt },
    ...{
      url: `${call.links.api}/repos/${full}/actions/workflows/${id}`,
      html_url: `${call.links.web}/${full}/blob/HEAD/${path}`,
    },
    badge_url: `${call.links.web}/${full}/workflows/${encodeURIComponent(name)}/badge.svg`,
  };
}

function showRun(call: Call, run: WorkflowRun) {
  const repository = repositoryOfCall(call);
  const full = fullNameOf(repository);
  const workflow = byId(repository.workflows, String(run.workflow));
  const url = `${call.links.api}/repos/${full}/actions/runs/${run.id}`;
  const shown = showMinimalRepository(call.links, repository);
  return {
    ...{
      id: run.id,
      node_id: nodeId("WFR", run.id),
      name: workflow.name,
      path: workflow.path,
      workflow_id: workflow.id,
    },
    ...{ head_branch: run.headBranch, head_sha: run.headSha, run_number: run.number, run_attempt: 1, event: run.event },
    ...{ display_title: workflow.name, status: run.status, conclusion: run.conclusion, url, pull_requests: [] },
    ...{
      html_url: `${call.links.web}/${full}/actions/runs/${run.id}`,
      created_at: run.createdAt,
      updated_at: run.createdAt,
    },
    ...{ run_started_at: run.createdAt, head_commit: null, head_repository: shown, repository: shown },
    ...{ actor: showUser(call.links, run.actor), triggering_actor: showUser(call.links, run.actor) },
    ...{
      jobs_url: `${url}/jobs`,
      logs_url: `${url}/logs`,
      check_suite_url: `${url}/suite`,
      cancel_url: `${url}/cancel`,
    },
    ...{ rerun_url: `${url}/rerun`, artifacts_url: `${url}/artifacts` },
    workflow_url: `${call.links.api}/repos/${full}/actions/workflows/${workflow.id}`,
  };
}
