/** The set-up page: registers the App from app.yml. It is there only without credentials, and only for who sits at the machine. */
import { randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { convertManifest } from "../github/manifest.ts";
import { htmlText } from "../report/encode.ts";
import type { AppConfig } from "./config.ts";
import { type Manifest, manifestFor } from "./manifest.ts";
import type { Page } from "./server.ts";

export type SetUpOptions = {
  config: AppConfig;
  manifest: Manifest;
  /** Where `.env` is written. */
  folder: string;
};

const headers = {
  // The form goes to GitHub, and nowhere else.
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action https: http:; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
};

/** Make the page's handler. Out: undefined for what it does not serve, and for whoever is not on this machine. */
export function setUpPage({ config, manifest, folder }: SetUpOptions) {
  const state = randomBytes(24).toString("base64url");
  const file = join(folder, ".env");
  return async (request: IncomingMessage, url: URL): Promise<Page | undefined> => {
    if (!isLocal(request) || request.method !== "GET") return undefined;
    const here = `http://${request.headers.host}`;
    if (url.pathname === "/") return page("Register the App", forms(here));
    if (url.pathname !== "/set-up") return undefined;
    if (!sameText(url.searchParams.get("state") ?? "", state))
      return page("Not this page's registration", "<p>Begin again at <a href='/'>the first page</a>.</p>", 403);
    if (existsSync(file))
      return page("There is a .env file already", "<p>It was not touched. Move it away and begin again.</p>", 409);
    const code = url.searchParams.get("code") ?? "";
    if (!/^[A-Za-z0-9]{1,100}$/.test(code)) return page("GitHub sent no code", "<p>Begin again.</p>", 400);
    const made = await convertManifest(config.apiUrl, code, AbortSignal.timeout(30_000));
    const lines = [
      `APP_ID=${made.appId}`,
      `PRIVATE_KEY="${made.privateKey.trim().replaceAll("\n", "\\n")}"`,
      `WEBHOOK_SECRET=${made.webhookSecret}`,
    ];
    writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600, flag: "wx" });
    const install = `${config.webUrl}/apps/${made.slug}/installations/new`;
    return page(
      "Registered",
      `<p>The credentials are in <code>.env</code>. Start <code>script/server</code> again, then <a href="${htmlText(install)}">install the App</a>.</p>`,
    );
  };

  function forms(here: string): string {
    const { organisation } = config;
    const account = organisation === undefined ? "" : `/organizations/${organisation}`;
    const whose = organisation === undefined ? "my account" : htmlText(organisation);
    const form = (kind: "whole" | "read-only", title: string, text: string) => {
      const json = JSON.stringify(manifestFor(manifest, kind, `${here}/set-up`, config.publicUrl));
      return `<h2>${title}</h2><p>${text}</p>
<form method="post" action="${htmlText(`${config.webUrl}${account}/settings/apps/new?state=${state}`)}">
<input type="hidden" name="manifest" value="${htmlText(json, json.length)}"><button>Register for ${whose}</button></form>`;
    };
    return (
      form(
        "whole",
        "Everything",
        "Checks, issues and fix PRs. <code>docs/permissions.md</code> gives the reason for each permission.",
      ) +
      form(
        "read-only",
        "Read only",
        "Reads and reports; writes checks and nothing else. What is missing is said where it is missing.",
      )
    );
  }
}

/** Both ends must be this machine: a name that a foreign page resolves to 127.0.0.1 is not ours. */
function isLocal(request: IncomingMessage): boolean {
  const { remoteAddress = "" } = request.socket;
  const host = request.headers.host ?? "";
  return (
    /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/.test(remoteAddress) &&
    /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/.test(host) &&
    // A proxy on this machine speaks for somebody else.
    request.headers["x-forwarded-for"] === undefined &&
    request.headers.forwarded === undefined
  );
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function page(title: string, body: string, status = 200): Page {
  const text = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Leasehold: ${title}</title>
<style>body{font:16px/1.5 system-ui;max-width:40rem;margin:3rem auto;padding:0 1rem}</style><h1>${title}</h1>${body}</html>\n`;
  return { status, text, type: "text/html; charset=utf-8", headers };
}
