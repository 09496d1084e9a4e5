/** Apps: installations, their tokens, and the deliveries of their webhooks. */
import { holds } from "../access.ts";
import { byId, type Call, notFound, type Operations, page, Refusal } from "../call.ts";
import { addInstallationToken } from "../seed-app.ts";
import { showApp, showInstallation } from "../show-account.ts";
import { showInstalledRepository } from "../show-repository.ts";
import { type App, type Delivery, type Installation, momentOf, type Permissions, type Repository } from "../state.ts";

/** More repositories cannot be named for one token (GitHub's API description). */
const mostRepositories = 500;

export const appOperations: Operations = {
  "apps/get-authenticated": { only: "app", handle: (call) => ({ body: showApp(call.links, appOfCall(call)) }) },
  "apps/list-installations": {
    only: "app",
    handle: (call) => page(call, installationsOf(call), (one) => showInstallation(call.links, one)),
  },
  "apps/get-installation": {
    only: "app",
    handle: (call) => ({ body: showInstallation(call.links, installationOf(call)) }),
  },
  "apps/get-org-installation": { only: "app", handle: (call) => installed(call, call.params.org ?? "") },
  "apps/get-user-installation": { only: "app", handle: (call) => installed(call, call.params.username ?? "") },
  "apps/get-repo-installation": {
    only: "app",
    handle: (call) => installed(call, call.params.owner ?? "", call.repository),
  },
  "apps/create-installation-access-token": {
    only: "app",
    handle: (call) => {
      const installation = installationOf(call);
      if (installation.suspendedAt !== null) throw new Refusal(403, "This installation has been suspended");
      const { repositories, repository_ids, permissions } = (call.body ?? {}) as WantedToken;
      const wanted = chosen(call, installation, repositories, repository_ids);
      for (const [name, level] of Object.entries(permissions ?? {}))
        if (!holds(installation.permissions, `${name}:${level}`))
          throw new Refusal(422, "The permissions requested are not granted to this installation.");
      const token = addInstallationToken(call.state, installation, {
        ...(wanted !== undefined && { repositories: new Set(wanted.map(({ id }) => id)) }),
        ...(permissions !== undefined && { permissions }),
      });
      return {
        status: 201,
        body: {
          ...{ token, expires_at: momentOf(call.state.now() + 3_600_000) },
          permissions: { metadata: "read", ...(permissions ?? installation.permissions) },
          repository_selection: wanted === undefined && installation.repositories === "all" ? "all" : "selected",
          ...(wanted !== undefined && { repositories: wanted.map((one) => showInstalledRepository(call.links, one)) }),
        },
      };
    },
  },
  "apps/revoke-installation-access-token": {
    only: "installation",
    handle: (call) => {
      for (const [text, token] of call.state.tokens) if (token === call.actor) call.state.tokens.delete(text);
      return {};
    },
  },
  "apps/list-repos-accessible-to-installation": {
    only: "installation",
    handle: (call) => {
      const { actor } = call;
      if (actor.kind !== "installation") throw notFound();
      const own = [...call.state.repositories.values()].filter(
        ({ id, owner }) =>
          owner.id === actor.installation.account.id && (actor.repositories === "all" || actor.repositories.has(id)),
      );
      return page(call, own, (one) => showInstalledRepository(call.links, one), "repositories");
    },
  },
  "apps/list-webhook-deliveries": {
    only: "app",
    handle: (call) => {
      const { deliveries } = appOfCall(call);
      const { status, cursor, per_page = 30 } = call.query;
      const wanted = deliveries.filter(
        (one) => status === undefined || (status === "success") === (one.statusCode >= 200 && one.statusCode < 400),
      );
      // The cursor is the id of the first delivery of the page.
      const from = cursor === undefined ? 0 : wanted.findIndex(({ id }) => String(id) === cursor);
      if (from < 0) throw new Refusal(400, "The cursor is invalid.");
      const own = wanted.slice(from, from + Number(per_page));
      const next = wanted[from + Number(per_page)];
      const url = new URL(call.url);
      url.searchParams.set("cursor", String(next?.id));
      return {
        body: own.map(showDelivery),
        ...(next !== undefined && { headers: { link: `<${url.href}>; rel="next"` } }),
      };
    },
  },
  "apps/get-webhook-delivery": {
    only: "app",
    handle: (call) => {
      const delivery = byId(appOfCall(call).deliveries, call.params.delivery_id);
      return {
        body: {
          ...showDelivery(delivery),
          ...{ url: appOfCall(call).webhook.url, request: { headers: {}, payload: delivery.payload } },
          response: { headers: {}, payload: "" },
        },
      };
    },
  },
  "apps/redeliver-webhook-delivery": {
    only: "app",
    handle: (call) => {
      const app = appOfCall(call);
      const delivery = byId(app.deliveries, call.params.delivery_id);
      // GitHub redelivers for three days (GitHub Docs, "Redelivering webhooks").
      if (Date.parse(delivery.deliveredAt) < call.state.now() - 3 * 86_400_000)
        throw new Refusal(422, "Delivery is too old");
      call.state.redeliver(app, delivery);
      return { status: 202, body: {} };
    },
  },
  "apps/suspend-installation": {
    only: "app",
    handle: (call) => {
      installationOf(call).suspendedAt = momentOf(call.state.now());
      return {};
    },
  },
  "apps/unsuspend-installation": {
    only: "app",
    handle: (call) => {
      installationOf(call).suspendedAt = null;
      return {};
    },
  },
  "apps/delete-installation": {
    only: "app",
    handle: (call) => {
      call.state.installations.delete(installationOf(call).id);
      return {};
    },
  },
};

type WantedToken = { repositories?: string[]; repository_ids?: number[]; permissions?: Permissions };

function appOfCall({ actor }: Call): App {
  if (actor.kind !== "app") throw notFound();
  return actor.app;
}

function installationsOf(call: Call): Installation[] {
  return [...call.state.installations.values()].filter(({ app }) => app === appOfCall(call));
}

function installationOf(call: Call): Installation {
  return byId(installationsOf(call), call.params.installation_id);
}

function installed(call: Call, login: string, repository?: Repository) {
  const found = installationsOf(call).find(
    ({ account, repositories }) =>
      account.login.toLowerCase() === login.toLowerCase() &&
      (repository === undefined || repositories === "all" || repositories.has(repository.id)),
  );
  if (found === undefined) throw notFound();
  return { body: showInstallation(call.links, found) };
}

/** The repositories that a token is asked for; undefined for all of the installation's. */
function chosen(call: Call, installation: Installation, names?: string[], ids?: number[]): Repository[] | undefined {
  if (names === undefined && ids === undefined) return undefined;
  const all = [...call.state.repositories.values()].filter(
    ({ id, owner }) =>
      owner.id === installation.account.id &&
      (installation.repositories === "all" || installation.repositories.has(id)),
  );
  const wanted = all.filter(({ id, name }) => names?.includes(name) === true || ids?.includes(id) === true);
  const asked = (names?.length ?? 0) + (ids?.length ?? 0);
  if (asked > mostRepositories) throw new Refusal(422, "Too many repositories for one token.");
  if (wanted.length !== asked)
    throw new Refusal(
      422,
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
    );
  return wanted;
}

function showDelivery(one: Delivery) {
  return {
    ...{
      id: one.id,
      guid: one.guid,
      delivered_at: one.deliveredAt,
      redelivery: one.redelivery,
      duration: one.duration,
    },
    ...{ status: one.status, status_code: one.statusCode, event: one.event, action: one.action },
    ...{ installation_id: one.installationId, repository_id: one.repositoryId, throttled_at: null },
  };
}
