/** Reads app.yml and makes the manifests that GitHub takes. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { webhookPath } from "./server.ts";

const access = z.enum(["read", "write"]);

const manifestSchema = z.strictObject({
  name: z.string().max(34),
  url: z.url(),
  description: z.string(),
  public: z.boolean(),
  default_permissions: z.record(z.string().regex(/^[a-z_]+$/), access),
  default_events: z.array(z.string().regex(/^[a-z_]+$/)),
});
export type Manifest = z.output<typeof manifestSchema>;

/** In: the folder that app.yml is in. Throws where it is not as GitHub takes it. */
export function readManifest(folder: string): Manifest {
  return manifestSchema.parse(parse(readFileSync(join(folder, "app.yml"), "utf8")));
}

/** Permissions that stay write where everything else is lowered: without checks nothing would be seen at all. */
const alwaysWritten = new Set(["checks"]);

/**
 * The manifest of a registration: `whole` as it stands in app.yml, `read-only` with every permission but checks lowered to read, and
 * those that exist only to write left out.
 * In: where GitHub sends the code, and the address under which GitHub reaches this server; without one the webhook is inactive.
 */
export function manifestFor(
  manifest: Manifest,
  kind: "whole" | "read-only",
  redirectUrl: string,
  publicUrl: string | undefined,
): Record<string, unknown> {
  const permissions =
    kind === "whole"
      ? manifest.default_permissions
      : Object.fromEntries(
          Object.entries(manifest.default_permissions)
            .filter(([name]) => name !== "workflows")
            .map(([name, level]) => [name, alwaysWritten.has(name) ? level : "read"]),
        );
  return {
    ...manifest,
    name: kind === "whole" ? manifest.name : `${manifest.name} (read only)`.slice(0, 34),
    default_permissions: permissions,
    redirect_url: redirectUrl,
    hook_attributes: { url: `${publicUrl ?? "https://example.com"}${webhookPath}`, active: publicUrl !== undefined },
  };
}
