/** A small GitHub on the loopback: pages, ETags, tokens and refusals over real HTTP. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Reply = {
  /** A list, given in pages; under `key` where it is part of a record. */
  items?: readonly unknown[];
  key?: string;
  /** Most items a page of this list may have. */
  most?: number;
  record?: unknown;
  status?: number;
  headers?: Record<string, string>;
  /** Text instead of JSON. */
  text?: string;
};

export type FakeGitHub = {
  url: string;
  /** What was asked, as `PATH?QUERY STATUS`. */
  log: string[];
  routes: Map<string, Reply | ((count: number) => Reply)>;
  close(): Promise<void>;
};

/** In: what is answered by path; the token that is accepted. Anything else is answered with 404. */
export async function startGitHub(routes: Record<string, Reply | ((count: number) => Reply)>, token: string) {
  const log: string[] = [];
  const table = new Map(Object.entries(routes));
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
    const count = (counts.get(url.pathname) ?? 0) + 1;
    counts.set(url.pathname, count);
    const entry = table.get(url.pathname);
    const reply = (typeof entry === "function" ? entry(count) : entry) ?? { status: 404 };
    const status = answer(request, response, url, reply, token);
    log.push(`${url.pathname}${url.search} ${status}`);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((done) => {
      server.closeAllConnections();
      server.close(() => done());
    });
  return { url: `http://127.0.0.1:${port}`, log, routes: table, close } satisfies FakeGitHub;
}

function answer(request: IncomingMessage, response: ServerResponse, url: URL, reply: Reply, token: string): number {
  const send = (status: number, headers: Record<string, string>, body: string): number => {
    response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
    response.end(body);
    return status;
  };
  if (!new RegExp(`^(?:token|Bearer) ${token}$`, "i").test(request.headers.authorization ?? ""))
    // A server that repeats what it was sent.
    return send(401, {}, JSON.stringify({ message: `Bad credentials ${request.headers.authorization}` }));
  if (request.headers["x-github-api-version"] !== "2022-11-28") return send(400, {}, "{}");
  if (reply.status !== undefined && reply.status >= 300)
    return send(reply.status, reply.headers ?? {}, JSON.stringify(reply.record ?? { message: "no" }));
  const page = reply.items === undefined ? undefined : pageOf(url, reply);
  const body = reply.text ?? JSON.stringify(page === undefined ? reply.record : page.body);
  const etag = `"${createHash("sha256").update(body).digest("hex")}"`;
  const headers = { etag, ...(page?.link !== undefined && { link: page.link }), ...reply.headers };
  if (request.headers["if-none-match"] === etag) return send(304, headers, "");
  return send(200, headers, body);
}

function pageOf(url: URL, { items = [], key, most = 100 }: Reply) {
  const size = Math.min(Number(url.searchParams.get("per_page") ?? 30), most);
  const number = Number(url.searchParams.get("page") ?? 1);
  const own = items.slice((number - 1) * size, number * size);
  const next = new URL(url);
  next.searchParams.set("page", String(number + 1));
  return {
    body: key === undefined ? own : { total_count: items.length, [key]: own },
    link: number * size < items.length ? `<${next.href}>; rel="next", <${url.href}>; rel="first"` : undefined,
  };
}
