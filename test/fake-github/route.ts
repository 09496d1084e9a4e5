/** Which part of the fake a request is for: git, GraphQL, the REST API, or a page. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { actorOf, tokenIn } from "./access.ts";
import { answerApi, bodyOf, parsed } from "./api.ts";
import { Refusal } from "./call.ts";
import { roots } from "./description.ts";
import { answerGraphQl } from "./graphql.ts";
import { pageOf } from "./page.ts";
import type { World } from "./server.ts";
import { answerGit, gitPath } from "./smart-http.ts";
import { suffer } from "./trouble.ts";

/** Answers any request. Throws only where the fake itself is at fault. */
export async function answer(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", world.url);
  const git = gitPath(pathname);
  if (git !== undefined) return await answerGit(world, request, response, git);
  if (pathname === "/graphql" || pathname === "/api/graphql") return await graphQl(world, request, response);
  const isApi = pathname.startsWith("/api/v3/") || roots.has(pathname.split("/")[1] ?? "");
  if (isApi || request.method !== "GET" || /json/.test(request.headers.accept ?? ""))
    return await answerApi(world, request, response);
  const page = await pageOf(world.state, decodeURIComponent(pathname));
  response.writeHead(page === undefined ? 404 : 200, { "content-type": "text/html; charset=utf-8" });
  response.end(page ?? "there is nothing here\n");
}

async function graphQl(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { state } = world;
  const body = parsed(await bodyOf(request));
  const send = (status: number, value: object, headers: Record<string, string> = {}) => {
    world.calls.push({
      ...{ method: request.method ?? "", path: "/graphql", query: "", operation: "graphql", status, body, headers: {} },
    });
    response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers });
    response.end(JSON.stringify(value));
  };
  const trouble = world.troubles.of({ method: request.method ?? "", path: "/graphql", operation: "graphql" });
  if (await suffer(trouble, response)) return;
  if (trouble?.status !== undefined)
    return send(trouble.status, Object(trouble.body ?? { message: "no" }) as object, trouble.headers);
  try {
    const actor = actorOf(state, request.headers.authorization);
    if (actor.kind === "nobody") throw new Refusal(401, "This endpoint requires you to be authenticated.");
    world.limits.spend(`graphql ${tokenIn(request.headers.authorization ?? "")}`, actor, state.now());
    const fault = (text: string) => world.violations.push(`POST /graphql: ${text}`);
    send(200, await answerGraphQl(state, world.url, actor, body, fault));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    send(error.status, error.body, error.headers);
  }
}
