/** People, organisations, their members and teams. */
import { accountOfActor, roleOf } from "../access.ts";
import { type Call, notFound, type Operations, organisationOfCall, page, Refusal } from "../call.ts";
import { showOrganisation, showPublicUser, showSimpleOrganisation, showTeam, showUser } from "../show-account.ts";
import { showMinimalRepository } from "../show-repository.ts";
import { accountOf, type Organisation, type Team } from "../state.ts";

const scopes = ["admin:org", "write:org", "read:org"] as const;
const toMembers = { needs: "members:read", member: "member", scopes } as const;

export const accountOperations: Operations = {
  "users/get-authenticated": {
    only: "anyone",
    handle: (call) => {
      if (call.actor.kind === "installation") throw new Refusal(403, "Resource not accessible by integration");
      const account = accountOfActor(call.state, call.actor);
      if (account === undefined) throw new Refusal(401, "Requires authentication");
      return { body: showPublicUser(call.links, account) };
    },
  },
  "users/get-by-username": {
    only: "anyone",
    handle: (call) => {
      const account = accountOf(call.state, call.params.username ?? "");
      if (account === undefined) throw notFound();
      return { body: showPublicUser(call.links, account) };
    },
  },
  "orgs/get": {
    ...{ needs: "metadata:read", member: "anyone" },
    handle: (call) => {
      const organisation = organisationOfCall(call);
      return { body: showOrganisation(call.links, organisation, isOwner(call, organisation)) };
    },
  },
  "orgs/list-members": {
    ...{ needs: "members:read", member: "anyone" },
    handle: (call) => {
      const organisation = organisationOfCall(call);
      const { role = "all" } = call.query;
      // To those outside GitHub lists public members alone; here all membership is private.
      const shown = isInside(call, organisation)
        ? [...organisation.members].filter(([, own]) => role === "all" || own === role)
        : [];
      return page(call, shown, ([login]) => showUser(call.links, accountOf(call.state, login)!));
    },
  },
  "orgs/get-membership-for-user": {
    ...toMembers,
    handle: (call) => {
      const organisation = organisationOfCall(call);
      const login = call.params.username ?? "";
      const role = organisation.members.get(login);
      if (role === undefined) throw notFound();
      const url = `${call.links.api}/orgs/${organisation.login}`;
      return {
        body: {
          ...{ url: `${url}/memberships/${login}`, state: "active", role, organization_url: url },
          organization: showSimpleOrganisation(call.links, organisation),
          user: showUser(call.links, accountOf(call.state, login)!),
        },
      };
    },
  },
  "orgs/list-outside-collaborators": {
    ...{ ...toMembers, member: "member" },
    handle: (call) =>
      page(call, [...organisationOfCall(call).outsideCollaborators], (login) =>
        showUser(call.links, accountOf(call.state, login)!),
      ),
  },
  "teams/list": {
    ...toMembers,
    handle: (call) => {
      const organisation = organisationOfCall(call);
      return page(call, [...organisation.teams.values()], (team) => showTeam(call.links, organisation, team));
    },
  },
  "teams/list-members-in-org": {
    ...toMembers,
    handle: (call) =>
      page(call, [...teamOf(call).members], (login) => ({
        ...showUser(call.links, accountOf(call.state, login)!),
        ...{ role: "member" },
      })),
  },
  "repos/list-for-org": {
    ...{ needs: "metadata:read", member: "anyone" },
    handle: (call) => {
      const organisation = organisationOfCall(call);
      const { actor } = call;
      const own = [...call.state.repositories.values()].filter(({ owner }) => owner.id === organisation.id);
      const shown = own.filter((one) => {
        if (one.visibility === "public") return true;
        if (actor.kind === "installation" || actor.kind === "fine-grained")
          return actor.repositories === "all" || actor.repositories.has(one.id);
        return actor.kind === "classic" && roleOf(call.state, actor.user, one) !== undefined;
      });
      const { sort = "created", direction = sort === "full_name" ? "asc" : "desc" } = call.query;
      const sign = direction === "asc" ? 1 : -1;
      shown.sort((a, b) => sign * (sort === "full_name" ? (a.name < b.name ? -1 : 1) : a.id - b.id));
      return page(call, shown, (one) =>
        showMinimalRepository(
          call.links,
          one,
          actor.kind === "classic" ? roleOf(call.state, actor.user, one) : undefined,
        ),
      );
    },
  },
  "orgs/custom-properties-for-repos-get-organization-values": {
    ...{ needs: "organization_custom_properties:read", member: "member", scopes },
    handle: (call) => {
      const organisation = organisationOfCall(call);
      const own = [...call.state.repositories.values()].filter(({ owner }) => owner.id === organisation.id);
      return page(call, own, (one) => ({
        ...{ repository_id: one.id, repository_name: one.name, repository_full_name: `${one.owner.login}/${one.name}` },
        properties: [...one.properties].map(([property_name, value]) => ({ property_name, value })),
      }));
    },
  },
};

function isOwner(call: Call, { id, members }: Organisation): boolean {
  const { actor } = call;
  if (actor.kind === "installation")
    return actor.installation.account.id === id && actor.permissions.organization_administration !== undefined;
  return (
    "user" in actor &&
    members.get(actor.user.login) === "admin" &&
    (actor.kind !== "classic" || actor.scopes.includes("admin:org"))
  );
}

function isInside(call: Call, organisation: Organisation): boolean {
  const { actor } = call;
  if (actor.kind === "installation")
    return actor.permissions.members !== undefined && actor.installation.account.id === organisation.id;
  return "user" in actor && organisation.members.has(actor.user.login);
}

function teamOf(call: Call): Team {
  const team = organisationOfCall(call).teams.get(call.params.team_slug ?? "");
  if (team === undefined) throw notFound();
  return team;
}
