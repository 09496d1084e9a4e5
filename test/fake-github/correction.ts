/** Where GitHub's description of its API is behind, or at odds with itself: each with its reason, and the version it was seen in (23.0.2). */

type Schema = { [key: string]: unknown };
type Document = { paths: Record<string, Record<string, object>>; components: Record<string, Record<string, unknown>> };

/** Permissions that GitHub Docs ("Permissions required for GitHub Apps", read 2026-11) name, and `app-permissions` does not. */
const undescribedPermissions = [
  ...["actions_variables", "organization_actions_variables", "codespaces_secrets", "organization_codespaces_secrets"],
  ...["agent_secrets", "organization_agent_secrets", "agent_variables", "organization_agent_variables"],
  ...["organization_dependabot_secrets", "organization_private_registries", "organization_campaigns"],
];

/** Changes the description of the webhooks in place. */
export function correctWebhooks({ components }: Pick<Document, "components">): void {
  correctPermissions(components);
  // Here the events that an App can subscribe to, and its permissions, are old lists; elsewhere they are not.
  for (const action of ["requested", "rerequested"]) {
    const suite = (components.schemas![`webhook-check-suite-${action}`] as Nested).properties.check_suite!;
    const app = suite.properties.app!.properties as Record<string, object>;
    app.events = { type: "array", items: { type: "string" } };
    app.permissions = { $ref: "#/components/schemas/app-permissions" };
  }
}

type Nested = { properties: Record<string, Nested> };

function correctPermissions(components: Document["components"]): void {
  const permissions = components.schemas!["app-permissions"] as { properties: Schema };
  for (const name of undescribedPermissions)
    permissions.properties[name] ??= { type: "string", enum: ["read", "write"] };
}

/** Changes the description of the REST API in place. */
export function correct({ paths, components }: Document): void {
  correctPermissions(components);
  // The list writes the account as a person and an enterprise at once, which nothing can be; asking for one gives either.
  const list = paths["/app/installations"]!.get as { responses: Record<string, { content: Schema }> };
  list.responses["200"]!.content["application/json"] = {
    schema: { type: "array", items: { $ref: "#/components/schemas/installation" } },
  };
}
