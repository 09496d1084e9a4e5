/** One request to the REST API: who asks, what is meant, whether it is valid and allowed, what is answered, whether that is valid. */
import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Actor, actorOf, authorise, tokenIn } from "./access.ts";
import { type Answer, type Call, type Query, Refusal } from "./call.ts";
import { findOperation, requestFaults, responseFaults } from "./description.ts";
import { operations } from "./operations.ts";
import type { Made, World } from "./server.ts";
import { formerRepository, fullNameOf, organisationOf, repositoryOf } from "./state.ts";
import { suffer, type Trouble } from "./trouble.ts";

const json = "application/json";
const plain = "text/plain";
const apiVersions = ["2022-11-28"];

/** In: the world; the request; its answer, which is written. Throws only where the fake itself is at fault. */
export async function answerApi(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { state, url: web } = world;
  const full = new URL(request.url ?? "/", web);
  const enterprise = full.pathname.startsWith("/api/v3/");
  const asked = enterprise ? full.pathname.slice("/api/v3".length) : full.pathname;
  const path = byName(world, asked);
  const method = request.method ?? "GET";
  const raw = await bodyOf(request);
  const found = findOperation(method, path);
  const made: Made = {
    ...{ method, path, query: full.search, operation: found?.operation.id ?? "", status: 0, body: parsed(raw) },
    headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, value?.toString()])),
  };
  world.calls.push(made);
  const trouble = world.troubles.of({ method, path, operation: made.operation });
  if (await suffer(trouble, response)) return;
  const key = request.headers.authorization === undefined ? "nobody" : tokenIn(request.headers.authorization);
  let actor: Actor = { kind: "nobody" };
  const limited: Record<string, string> = {};
  let answer: Answer;
  const fault = (text: string) =>
    world.violations.push(`${method} ${path} (${made.operation || "no operation"}): ${text}`);
  try {
    headersOf(request);
    actor = actorOf(state, request.headers.authorization);
    // Asking for it costs nothing.
    if (found?.operation.id !== "rate-limit/get") world.limits.spend(key, actor, state.now());
    if (found === undefined) {
      fault("no operation that the fake knows; add a handler and run script/openapi-subset.ts");
      throw new Refusal(404, "Not Found");
    }
    const { operation, params } = found;
    const query: Query = Object.fromEntries(full.searchParams);
    const faults = requestFaults(operation, {
      params,
      query,
      body: made.body,
      contentType: request.headers["content-type"],
    });
    for (const one of faults) fault(one);
    if (trouble?.status !== undefined) answer = troubled(trouble);
    else if (faults.length > 0) throw new Refusal(422, `Invalid request. ${faults.join("; ")}`);
    else {
      const call: Call = {
        ...{ state, actor, params, query, body: made.body, url: full, accept: request.headers.accept ?? "" },
        links: { web, api: enterprise ? `${web}/api/v3` : web },
        repository: params.owner === undefined ? undefined : repositoryOf(state, params.owner, params.repo ?? ""),
        budget: () => world.limits.budget(key, actor, state.now()),
        organisation: params.org === undefined ? undefined : organisationOf(state, params.org),
      };
      answer = await handled(call, operation.id, world, key);
      for (const one of answerFaults(operation, answer)) fault(one);
      if (trouble?.change !== undefined) answer = changed(answer, trouble);
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    answer = { status: error.status, body: error.body, headers: error.headers };
    if (found !== undefined) for (const one of responseFaults(found.operation, error.status, error.body)) fault(one);
  }
  if (found !== undefined && actor.kind === "classic") {
    limited["x-oauth-scopes"] = actor.scopes.join(", ");
    limited["x-accepted-oauth-scopes"] = (operations[found.operation.id]?.scopes ?? []).join(", ");
  }
  const known = request.headers["if-none-match"];
  const { status, text, headers } = wired(answer, {
    key,
    accept: made.headers.accept ?? "",
    known: method === "GET" ? known : undefined,
  });
  if (status === 304) world.limits.giveBack(key);
  made.status = status;
  response.writeHead(status, {
    ...limitHeaders(world.limits.budget(key, actor, state.now())),
    ...{ "x-github-api-version-selected": apiVersions[0], vary: "Accept, Authorization" },
    ...{ ...limited, ...headers },
  });
  response.end(text);
}

/** An answer as it goes over the wire. In: it; whose it is, what they accept, and the ETag that they know. The ETag is each token's own. */
function wired(answer: Answer, { key, accept, known }: { key: string; accept: string; known: string | undefined }) {
  const text = answer.text ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
  const status = answer.status ?? (text === "" ? 204 : 200);
  const hash = createHash("sha256").update(`${key}\0${accept}\0`).update(text).digest("hex");
  const tag = status === 200 ? { etag: `"${hash}"` } : {};
  if (tag.etag !== undefined && known === tag.etag)
    return { status: 304, text: "", headers: { ...tag, ...answer.headers } };
  const type = text === "" ? {} : { "content-type": `${answer.text === undefined ? json : plain}; charset=utf-8` };
  return { status, text, headers: { ...type, ...tag, ...answer.headers } };
}

function limitHeaders(budget: { limit: number; used: number; remaining: number; reset: number }) {
  const headers = Object.entries(budget).map(([name, value]) => [`x-ratelimit-${name}`, String(value)]);
  return { ...Object.fromEntries(headers), "x-ratelimit-resource": "core" };
}

/** Where GitHub sends those who ask for a name that a repository had: to the same thing by its id. */
function byName({ state }: World, path: string): string {
  const [, id, rest = ""] = /^\/repositories\/(\d+)(\/.*)?$/.exec(path) ?? [];
  const repository = state.repositories.get(Number(id));
  return repository === undefined ? path : `/repos/${fullNameOf(repository)}${rest}`;
}

function movedTo({ state, links, params, url }: Call): Refusal | undefined {
  const moved = formerRepository(state, params.owner ?? "", params.repo ?? "");
  if (moved === undefined) return undefined;
  const rest = url.pathname.split(`/${params.repo}`).slice(1).join(`/${params.repo}`);
  const location = `${links.api}/repositories/${moved.id}${rest}${url.search}`;
  return new Refusal(301, "Moved Permanently", { url: location }, { location });
}

async function handled(call: Call, id: string, world: World, key: string): Promise<Answer> {
  const operation = operations[id]!;
  const moved = call.params.owner !== undefined && call.repository === undefined ? movedTo(call) : undefined;
  if (moved !== undefined) throw moved;
  if (
    (call.params.owner !== undefined && call.repository === undefined) ||
    (call.params.org !== undefined && call.organisation === undefined)
  )
    throw new Refusal(404, "Not Found");
  authorise(call.state, call.actor, operation, call);
  if (operation.makesContent) world.limits.create(key, call.actor, call.state.now());
  return await operation.handle(call);
}

function answerFaults(operation: NonNullable<ReturnType<typeof findOperation>>["operation"], answer: Answer): string[] {
  if (answer.text !== undefined) return [];
  // What goes over the wire is what is judged: `undefined` is not there.
  const body = answer.body === undefined ? undefined : (JSON.parse(JSON.stringify(answer.body)) as unknown);
  return responseFaults(operation, answer.status ?? (body === undefined ? 204 : 200), body);
}

/** GitHub refuses requests without a user agent, and versions that it does not have. */
function headersOf({ headers }: IncomingMessage): void {
  if (headers["user-agent"] === undefined) throw new Refusal(403, "Request forbidden by administrative rules.");
  const version = headers["x-github-api-version"]?.toString();
  if (version !== undefined && !apiVersions.includes(version))
    throw new Refusal(400, `${version} is not a supported version of the API`);
}

function troubled({ status, headers = {}, body, text }: Trouble): Answer {
  return {
    status: status!,
    headers: { "content-type": json, ...headers },
    ...(text === undefined ? { body: body ?? { message: "no" } } : { text }),
  };
}

function changed(answer: Answer, trouble: Trouble): Answer {
  const { body, headers = {} } = structuredClone({ body: answer.body, headers: answer.headers ?? {} });
  const own = { body, headers };
  trouble.change!(own);
  return { ...answer, ...own };
}

export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export function parsed(raw: Buffer): unknown {
  if (raw.length === 0) return undefined;
  try {
    return JSON.parse(raw.toString("utf8"));
  } catch {
    return raw.toString("utf8");
  }
}
