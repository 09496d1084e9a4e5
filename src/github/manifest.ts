/** Registers a GitHub App from a manifest (GitHub Docs, "Registering a GitHub App from a manifest"). */
import { Octokit } from "@octokit/core";
import { z } from "zod";
import { LeaseholdError } from "../error.ts";

const conversion = z.object({
  id: z.number().int(),
  slug: z.string().regex(/^[a-z0-9-]{1,100}$/),
  pem: z.string(),
  webhook_secret: z.string(),
});

/** What GitHub gives once, for a code that holds for an hour. */
export type NewApp = { appId: number; slug: string; privateKey: string; webhookSecret: string };

/** In: the API's root and the code of the redirect. Throws LeaseholdError("network") where GitHub does not take the code. */
export async function convertManifest(apiUrl: string, code: string, signal: AbortSignal): Promise<NewApp> {
  const quiet = () => {};
  const octokit = new Octokit({
    baseUrl: apiUrl,
    userAgent: "leasehold",
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  try {
    const { data } = await octokit.request("POST /app-manifests/{code}/conversions", { code, request: { signal } });
    const { id, slug, pem, webhook_secret } = conversion.parse(data);
    return { appId: id, slug, privateKey: pem, webhookSecret: webhook_secret };
  } catch {
    // What was answered may hold a key.
    throw new LeaseholdError("network", "GitHub did not take the code: begin again on the set-up page");
  }
}
