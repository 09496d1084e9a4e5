/** GitHub's own alerts for leaked secrets. */
import { type Call, notFound, type Operations, page, repositoryOfCall } from "../call.ts";
import type { Alert } from "../holding.ts";
import { addressesOf } from "../show-git.ts";

const reading = {
  needs: "secret_scanning_alerts:read",
  role: "admin",
  hidden: true,
  scopes: ["repo", "security_events"],
} as const;

export const alertOperations: Operations = {
  "secret-scanning/list-alerts-for-repo": {
    ...reading,
    handle: (call) => {
      const { state, validity, secret_type } = call.query;
      const found = alertsOf(call).filter(
        (one) =>
          (state === undefined || one.state === state) &&
          (validity === undefined || String(validity).split(",").includes(one.validity)) &&
          (secret_type === undefined || String(secret_type).split(",").includes(one.type)),
      );
      return page(call, found, (one) => show(call, one));
    },
  },
  "secret-scanning/get-alert": {
    ...reading,
    handle: (call) => {
      const alert = alertsOf(call).find(({ number }) => String(number) === call.params.alert_number);
      if (alert === undefined) throw notFound();
      return { body: show(call, alert) };
    },
  },
};

/** 404 where secret scanning is off. */
function alertsOf(call: Call): Alert[] {
  const { alerts } = repositoryOfCall(call);
  if (alerts === undefined) throw notFound();
  return alerts;
}

/** The secret itself is in the answer, unless `hide_secret` is asked for. */
function show(call: Call, alert: Alert) {
  const { api, web } = addressesOf(call.links, repositoryOfCall(call));
  const url = `${api}/secret-scanning/alerts/${alert.number}`;
  return {
    ...{ number: alert.number, created_at: alert.createdAt, updated_at: alert.createdAt, url },
    ...{ html_url: `${web}/security/secret-scanning/${alert.number}`, locations_url: `${url}/locations` },
    ...{ state: alert.state, resolution: alert.resolution, resolved_at: null, resolved_by: null },
    ...{ secret_type: alert.type, secret_type_display_name: alert.type, validity: alert.validity },
    ...{ publicly_leaked: false, multi_repo: false, push_protection_bypassed: false },
    ...(call.query.hide_secret !== true && { secret: alert.secret }),
  };
}
