/** The HTTP server: the webhook, health, figures, and, before the App is registered, the set-up page. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Figures } from "./figures.ts";
import type { IngestAnswer } from "./ingest.ts";
import type { Log } from "./log.ts";

export const webhookPath = "/api/github/webhooks";

/** An answer that is text or a page. */
export type Page = { status: number; text: string; type?: string; headers?: Readonly<Record<string, string>> };

/** What the server serves; a part that is not there is 404. */
export type Routes = {
  webhook?: (request: IncomingMessage) => Promise<IngestAnswer>;
  ready: () => Promise<boolean>;
  metrics?: () => Promise<string>;
  setUp?: (request: IncomingMessage, url: URL) => Promise<Page | undefined>;
};

/** How long a refused body is let run out, so that the sender reads the answer and not a broken connection. */
const lingerMilliseconds = 2_000;

/** Make the server; the caller listens. */
export function createAppServer(routes: Routes, figures: Figures, log: Log): Server {
  const server = createServer(
    { maxHeaderSize: 16_384, requestTimeout: 60_000, headersTimeout: 15_000 },
    (request, response) => {
      serve(request, response).catch((error) => {
        log.error(log.safe(error), "request failed");
        if (response.headersSent) response.destroy();
        else send(request, response, { status: 500, text: "internal error" });
      });
    },
  );

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://leasehold.invalid");
    const isRead = request.method === "GET" || request.method === "HEAD";
    if (url.pathname === webhookPath && routes.webhook !== undefined) {
      if (request.method !== "POST") return send(request, response, { status: 405, text: "POST only" });
      return send(request, response, await routes.webhook(request));
    }
    if (isRead && url.pathname === "/healthz") return send(request, response, { status: 200, text: "ok" });
    if (isRead && url.pathname === "/readyz") {
      const ready = await routes.ready();
      return send(request, response, { status: ready ? 200 : 503, text: ready ? "ready" : "not ready" });
    }
    if (isRead && url.pathname === "/metrics" && routes.metrics !== undefined)
      return send(request, response, { status: 200, text: await routes.metrics(), type: figures.contentType });
    const page = await routes.setUp?.(request, url);
    return send(request, response, page ?? { status: 404, text: "not found" });
  }
  return server;
}

function send(request: IncomingMessage, response: ServerResponse, page: Page): void {
  const { status, text, type = "text/plain; charset=utf-8", headers = {} } = page;
  const body = request.method === "HEAD" ? "" : type.startsWith("text/plain; charset") ? `${text}\n` : text;
  // What is left of a body that was not read is not taken for the next request.
  const unread = !request.complete;
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(unread ? { connection: "close" } : {}),
    ...headers,
  });
  response.end(body);
  if (!unread) return;
  request.on("error", () => {});
  request.resume();
  setTimeout(() => request.socket.destroy(), lingerMilliseconds).unref();
}
