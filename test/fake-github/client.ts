/** Asks the fake GitHub as a program would, and signs JWTs as an App does. */
import { sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { FakeGitHub } from "./server.ts";
import type { App } from "./state.ts";

export type Reply = { status: number; headers: Headers; body: unknown; text: string };
export type Client = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Reply>;

/** In: the fake; a token or JWT, none for nobody. */
export function client(github: FakeGitHub, token?: string): Client {
  return async (method, path, body, headers = {}) => {
    const answer = await fetch(`${github.url}${path}`, {
      method,
      headers: {
        ...{ accept: "application/vnd.github+json", "user-agent": "leasehold-test" },
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get("content-type")?.startsWith("application/json") === true && text !== "";
    return { status: answer.status, headers: answer.headers, text, body: isJson ? JSON.parse(text) : undefined };
  };
}

/** The JWT of an App. In: the App; now in milliseconds; how long it lives, in seconds. */
export function jwtOf(app: App, now: number, seconds = 540): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const iat = Math.floor(now / 1000) - 30;
  const text = `${part({ alg: "RS256", typ: "JWT" })}.${part({ iss: app.id, iat, exp: iat + seconds + 30 })}`;
  return `${text}.${sign("RSA-SHA256", Buffer.from(text), app.keys().privateKey).toString("base64url")}`;
}

/** Where an App's webhooks arrive: what came, and the status it is answered with. */
export type Arrivals = { status: number; received: { event: string; guid: string; signature: string; text: string }[] };

/** Gives an App an address for its webhooks until the test ends. */
export async function hookOf(app: App): Promise<Arrivals> {
  const arrivals: Arrivals = { status: 202, received: [] };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const header = (name: string) => String(request.headers[name]);
    arrivals.received.push({
      ...{
        event: header("x-github-event"),
        guid: header("x-github-delivery"),
        signature: header("x-hub-signature-256"),
      },
      text: Buffer.concat(chunks).toString("utf8"),
    });
    response.writeHead(arrivals.status).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  app.webhook.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return arrivals;
}
