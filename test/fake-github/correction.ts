/** Where GitHub's description of its API is behind, or at odds with itself: each with its reason, and the version it was seen in (23.0.2). */

type Schema = { [key: string]: unknown };
type Document = { paths: Record<string, Record<string, object>>; components: Record<string, Record<string, unknown>> };

/** Permissions that GitHub Docs ("Permissions required for GitHub Apps", read 2026-11) name, and `app-permissions` does not. */
const undescribedPermissions = [
  ...["actions_variables", "organization_actions_variables", "codespaces_secrets", "organization_codespaces_secrets"],
  ...["agent_secrets", "organization_agent_secrets", "agent_variables", "organization_agent_variables"],
  ...["organization_dependabot_secrets", "organization_private_registries", "organization_campaigns"],
];

/** Changes the description in place. */
export function correct({ paths, components }: Document): void {
  const permissions = components.schemas!["app-permissions"] as { properties: Schema };
  for (const name of undescribedPermissions)
    permissions.properties[name] ??= { type: "string", enum: ["read", "write"] };
  // The list writes the account as a person and an enterprise at once, which nothing can be; asking for one gives either.
  const list = paths["/app/installations"]!.get as { responses: Record<string, { content: Schema }> };
  list.responses["200"]!.content["application/json"] = {
    schema: { type: "array", items: { $ref: "#/components/schemas/installation" } },
  };
}
