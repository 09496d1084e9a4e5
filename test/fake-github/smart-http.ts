/** Clone, fetch and push over HTTP: git's own `http-backend` behind GitHub's tokens. */
import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Actor, actorOf, authorise, sees } from "./access.ts";
import { Refusal } from "./call.ts";
import { refMoved } from "./commit.ts";
import { folderOf, gitEnvironment, noObject, refsOf } from "./git.ts";
import { authorOf, mayChangeWorkflows } from "./pusher.ts";
import type { World } from "./server.ts";
import { formerRepository, type Repository, repositoryOf } from "./state.ts";
import { suffer } from "./trouble.ts";

/** In: a path like `/acme/shop.git/info/refs`. Out: the parts, or undefined for what is no git request. */
export function gitPath(path: string): { owner: string; name: string; rest: string } | undefined {
  const found = /^\/([^/]+)\/([^/]+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(path);
  if (found === null) return undefined;
  return { owner: found[1]!, name: found[2]!, rest: found[3]! };
}

/** Answers one request of git. */
export async function answerGit(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  { owner, name, rest }: NonNullable<ReturnType<typeof gitPath>>,
): Promise<void> {
  const url = new URL(request.url ?? "/", world.url);
  const pushes = rest === "git-receive-pack" || url.searchParams.get("service") === "git-receive-pack";
  const trouble = world.troubles.of({
    method: request.method ?? "",
    path: url.pathname,
    operation: pushes ? "git/push" : "git/fetch",
  });
  if (await suffer(trouble, response)) return;
  try {
    if (trouble?.status !== undefined) throw new Refusal(trouble.status, "no");
    const actor = actorOf(world.state, request.headers.authorization);
    const repository = repositoryOf(world.state, owner, name) ?? formerRepository(world.state, owner, name);
    if (repository === undefined || !sees(world.state, actor, repository)) {
      // git asks for a password only when it is told so.
      throw actor.kind === "nobody" ? new Refusal(401, "Authentication required") : new Refusal(404, "Not Found");
    }
    const scopes = ["repo", "public_repo"];
    const access = pushes
      ? { needs: "contents:write" as const, role: "write" as const, scopes }
      : { needs: "contents:read" as const, open: true as const, scopes };
    authorise(world.state, actor, access, { repository });
    if (pushes && repository.archived) throw new Refusal(403, "This repository was archived so it is read-only.");
    world.calls.push({
      ...{
        method: request.method ?? "",
        path: url.pathname,
        query: url.search,
        operation: pushes ? "git/push" : "git/fetch",
      },
      ...{ status: 200, headers: {}, body: undefined },
    });
    await serve(world, request, response, { repository, rest, url, actor, pushes });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const realm = error.status === 401 ? { "www-authenticate": 'Basic realm="GitHub"' } : {};
    response.writeHead(error.status, { "content-type": "text/plain; charset=utf-8", ...realm });
    response.end(`${error.message}\n`);
  }
}

async function serve(
  world: World,
  request: IncomingMessage,
  response: ServerResponse,
  {
    repository,
    rest,
    url,
    actor,
    pushes,
  }: { repository: Repository; rest: string; url: URL; actor: Actor; pushes: boolean },
): Promise<void> {
  const { state } = world;
  const moves = rest === "git-receive-pack";
  const before = moves ? await refsOf(state, repository, "refs/") : [];
  const { headers } = request;
  const child = spawn("git", ["http-backend"], {
    env: gitEnvironment({
      ...{ GIT_PROJECT_ROOT: folderOf(state, repository), GIT_HTTP_EXPORT_ALL: "1", PATH_INFO: `/${rest}` },
      ...{ REQUEST_METHOD: request.method, QUERY_STRING: url.search.slice(1), REMOTE_ADDR: "127.0.0.1" },
      ...{
        CONTENT_TYPE: headers["content-type"] ?? "",
        HTTP_CONTENT_ENCODING: headers["content-encoding"]?.toString() ?? "",
      },
      ...{ GIT_PROTOCOL: headers["git-protocol"]?.toString() ?? "" },
      ...(pushes && { REMOTE_USER: authorOf({ state, actor }).login }),
      ...(pushes && !mayChangeWorkflows({ actor }) && { FAKE_GITHUB_NO_WORKFLOWS: "1" }),
      ...(headers["content-length"] !== undefined && { CONTENT_LENGTH: headers["content-length"] }),
    }),
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.on("error", () => {});
  request.pipe(child.stdin);
  let head: Buffer | undefined = Buffer.alloc(0);
  child.stdout.on("data", (chunk: Buffer) => {
    if (head === undefined) return void response.write(chunk);
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    writeHead(response, head.subarray(0, end).toString("latin1"));
    response.write(head.subarray(end + 4));
    head = undefined;
  });
  await new Promise<void>((done, failed) => child.on("error", failed).on("close", () => done()));
  // Who pushed may look at the result at once, so it is made known before the answer ends.
  if (moves) await tellMoves(world, repository, before, authorOf({ state, actor }).login);
  response.end();
}

function writeHead(response: ServerResponse, text: string): void {
  const headers = text
    .split("\r\n")
    .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]);
  const status = headers.find(([name]) => name?.toLowerCase() === "status")?.[1];
  response.writeHead(
    status === undefined ? 200 : Number(status.slice(0, 3)),
    Object.fromEntries(headers.filter(([name]) => name !== "Status")),
  );
}

async function tellMoves(
  world: World,
  repository: Repository,
  before: Awaited<ReturnType<typeof refsOf>>,
  sender: string,
): Promise<void> {
  const after = await refsOf(world.state, repository, "refs/");
  const old = new Map(before.map(({ ref, sha }) => [ref, sha]));
  const now = new Map(after.map(({ ref, sha }) => [ref, sha]));
  for (const ref of new Set([...old.keys(), ...now.keys()])) {
    const moved = { ref, before: old.get(ref) ?? noObject, after: now.get(ref) ?? noObject, sender };
    refMoved(world.state, repository, moved);
  }
}
