/** Commit statuses. */
import { type Call, type Operations, Refusal, repositoryOfCall } from "../call.ts";
import { commitIdOf } from "../git.ts";
import { nodeId } from "../links.ts";
import { authorOf } from "../pusher.ts";
import { showUser } from "../show-account.ts";
import { addressesOf } from "../show-git.ts";
import { showMinimalRepository } from "../show-repository.ts";
import { moment, nextId } from "../state.ts";
import type { CommitStatus } from "../work.ts";

export const statusOperations: Operations = {
  "repos/create-commit-status": {
    ...{ needs: "statuses:write", role: "write", scopes: ["repo", "repo:status"] },
    handle: async (call) => {
      const repository = repositoryOfCall(call);
      const sha = await commitIdOf(call.state, repository, call.params.sha ?? "");
      if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${call.params.sha}`);
      const { state, context = "default", description = null, target_url = null } = call.body as WantedStatus;
      const status: CommitStatus = {
        ...{ id: nextId(call.state), sha, state, context, description, targetUrl: target_url },
        ...{ creator: authorOf(call), createdAt: moment(call.state) },
      };
      repository.statuses.unshift(status);
      return { status: 201, body: { ...showStatus(call, status), creator: showUser(call.links, status.creator) } };
    },
  },
  "repos/get-combined-status-for-ref": {
    ...{ needs: "statuses:read", open: true, scopes: ["repo", "repo:status"] },
    handle: async (call) => {
      const repository = repositoryOfCall(call);
      const sha = await commitIdOf(call.state, repository, call.params.ref ?? "");
      if (sha === undefined) throw new Refusal(404, "Not Found");
      const latest = new Map<string, CommitStatus>();
      for (const one of repository.statuses)
        if (one.sha === sha && !latest.has(one.context)) latest.set(one.context, one);
      const all = [...latest.values()];
      const has = (...kinds: string[]) => all.some((one) => kinds.includes(one.state));
      const url = `${addressesOf(call.links, repository).api}/commits/${sha}`;
      return {
        body: {
          ...{
            state: has("failure", "error") ? "failure" : all.length === 0 || has("pending") ? "pending" : "success",
          },
          ...{ sha, total_count: all.length, statuses: all.map((one) => showStatus(call, one)) },
          ...{ repository: showMinimalRepository(call.links, repository), commit_url: url, url: `${url}/status` },
        },
      };
    },
  },
};

type WantedStatus = {
  state: CommitStatus["state"];
  context?: string;
  description?: string | null;
  target_url?: string | null;
};
function showStatus(call: Call, status: CommitStatus) {
  const url = `${addressesOf(call.links, repositoryOfCall(call)).api}/statuses/${status.sha}`;
  return {
    ...{ id: status.id, node_id: nodeId("SC", status.id), url, state: status.state, context: status.context },
    ...{ description: status.description, target_url: status.targetUrl, created_at: status.createdAt },
    ...{ updated_at: status.createdAt, avatar_url: `${call.links.web}/avatars/${status.creator.id}` },
  };
}
