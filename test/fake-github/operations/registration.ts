/** Apps that are made from a manifest, and where their webhooks go. */
import { notFound, type Operations } from "../call.ts";
import { showApp } from "../show-account.ts";

export const registrationOperations: Operations = {
  "apps/create-from-manifest": {
    only: "anyone",
    handle: (call) => {
      const code = call.params.code ?? "";
      const app = call.state.manifestCodes.get(code);
      if (app === undefined) throw notFound();
      // A code is good for one conversion (GitHub Docs, "Registering a GitHub App from a manifest").
      call.state.manifestCodes.delete(code);
      const pem = app.keys().privateKey.export({ type: "pkcs1", format: "pem" });
      const secrets = {
        client_id: app.clientId,
        client_secret: "of the fake",
        webhook_secret: app.webhook.secret,
        pem,
      };
      return { status: 201, body: { ...showApp(call.links, app), ...secrets } };
    },
  },
  "apps/get-webhook-config-for-app": {
    only: "app",
    handle: ({ actor }) => {
      if (actor.kind !== "app") throw notFound();
      const { url } = actor.app.webhook;
      return {
        body: { ...(url !== undefined && { url }), content_type: "json", insecure_ssl: "0", secret: "********" },
      };
    },
  },
  "apps/get-by-slug": {
    only: "anyone",
    handle: (call) => {
      const app = [...call.state.apps.values()].find(({ slug }) => slug === call.params.app_slug);
      if (app === undefined) throw notFound();
      return { body: showApp(call.links, app) };
    },
  },
};
