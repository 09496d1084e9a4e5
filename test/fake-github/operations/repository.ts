/** Repositories themselves. */
import { roleOf, roleOfActor } from "../access.ts";
import { notFound, type Operations, page, repositoryOfCall, whole } from "../call.ts";
import { showUser } from "../show-account.ts";
import { showRepository } from "../show-repository.ts";
import { accountOf, roles } from "../state.ts";

const readable = { needs: "metadata:read", open: true } as const;

export const repositoryOperations: Operations = {
  "repos/get": {
    ...readable,
    handle: (call) => {
      const repository = repositoryOfCall(call);
      return { body: showRepository(call.links, repository, roleOfActor(call.state, call.actor, repository)) };
    },
  },
  "repos/custom-properties-for-repos-get-repository-values": {
    ...readable,
    handle: (call) => {
      const repository = repositoryOfCall(call);
      if (repository.owner.type !== "Organization") throw notFound();
      return whole([...repository.properties], ([property_name, value]) => ({ property_name, value }));
    },
  },
  "repos/list-collaborators": {
    ...{ needs: "metadata:read", role: "write" },
    handle: (call) => {
      const repository = repositoryOfCall(call);
      const all = [...call.state.accounts.values()].flatMap((account) => {
        const role = account.type === "User" ? roleOf(call.state, account, repository) : undefined;
        return role === undefined || (role === "read" && repository.visibility === "public") ? [] : [{ account, role }];
      });
      const can = (role: string) =>
        Object.fromEntries(
          (["pull", "triage", "push", "maintain", "admin"] as const).map((name, at) => [
            name,
            roles.indexOf(role as "read") >= at,
          ]),
        );
      return page(call, all, ({ account, role }) => ({
        ...{ ...showUser(call.links, account), role_name: role, permissions: can(role) },
      }));
    },
  },
  "repos/get-collaborator-permission-level": {
    ...{ needs: "metadata:read", role: "write" },
    handle: (call) => {
      const repository = repositoryOfCall(call);
      const account = accountOf(call.state, call.params.username ?? "");
      if (account === undefined) throw notFound();
      const role = roleOf(call.state, account, repository);
      const permission = role === "maintain" ? "write" : role === "triage" ? "read" : (role ?? "none");
      const user = showUser(call.links, account);
      return { body: { permission, role_name: role ?? "none", user: { ...user, role_name: role ?? "none" } } };
    },
  },
};
