/** GitHub's own description of its webhooks (test/fake-github/openapi-webhooks.json), as far as the fake tells of them. */
import { readFileSync } from "node:fs";
import { correctWebhooks } from "./correction.ts";
import { type Components, type Judge, judge, type Schema } from "./schema.ts";

/** By event: the actions that the fake tells of; none where the event has no actions. */
export const webhooks: Record<string, readonly string[]> = {
  push: [],
  pull_request: ["opened", "synchronize", "closed", "reopened", "edited", "ready_for_review"],
  pull_request_review: ["submitted"],
  issues: ["opened", "edited", "closed", "reopened"],
  issue_comment: ["created", "edited", "deleted"],
  check_run: ["created", "completed", "rerequested", "requested_action"],
  check_suite: ["requested", "rerequested"],
  merge_group: ["checks_requested", "destroyed"],
  installation: ["created", "deleted", "suspend", "unsuspend"],
  installation_repositories: ["added", "removed"],
  repository: ["created", "archived", "unarchived", "renamed", "transferred", "publicized", "privatized", "deleted"],
  organization: ["member_removed"],
  membership: ["removed"],
  team: ["deleted"],
};

/** The name of a webhook in the description: `pull-request-opened`. */
export function webhookName(event: string, action: string | undefined): string {
  return (action === undefined ? event : `${event}-${action}`).replaceAll("_", "-");
}

type Document = {
  paths: Record<string, { post: { requestBody: { content: Record<string, { schema: Schema }> } } }>;
  components: Components;
};
let loaded: { document: Document; check: Judge } | undefined;

/** Everything that is wrong with a payload. The description is read when the first is told. */
export function payloadFaults(event: string, action: string | undefined, payload: unknown): string[] {
  if (loaded === undefined) {
    const text = readFileSync(new URL("openapi-webhooks.json", import.meta.url), "utf8");
    const document = JSON.parse(text) as Document;
    correctWebhooks(document);
    loaded = { document, check: judge(document) };
  }
  const name = webhookName(event, action);
  const schema = loaded.document.paths[name]?.post.requestBody.content["application/json"]?.schema;
  if (schema === undefined) return [`${name} is no webhook that the fake knows`];
  return loaded.check(name, schema, payload, name);
}
