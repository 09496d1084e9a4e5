/** One request on its way to the function that answers it. */
import type { Actor } from "./access.ts";
import type { Links } from "./links.ts";
import type { Level, Organisation, Repository, Role, State } from "./state.ts";

export type Query = Record<string, string | number | boolean | undefined>;

export type Call = {
  state: State;
  links: Links;
  actor: Actor;
  params: Record<string, string>;
  query: Query;
  /** Valid by the description before a handler sees it. */
  body: unknown;
  /** Media types that are accepted. */
  accept: string;
  /** Address that was asked, for the links between pages. */
  url: URL;
  repository: Repository | undefined;
  organisation: Organisation | undefined;
  /** What is left of the caller's rate limit. */
  budget(): { limit: number; used: number; remaining: number; reset: number };
};

export type Answer = {
  /** 200 where a body is given, 204 without one. */
  status?: number;
  body?: unknown;
  /** Instead of a body: text of another type than JSON, which the description does not describe. */
  text?: string | Buffer;
  headers?: Record<string, string>;
};

export type Access = {
  /** What installations and fine-grained tokens need: `secrets:read`. */
  needs?: `${string}:${Level}`;
  /** Or this instead. */
  orNeeds?: `${string}:${Level}` | undefined;
  /** What people need on the repository; reading where nothing is said. */
  role?: Role;
  /** People who may not see it are told that it is not there. */
  hidden?: true;
  /** What people need in the organisation. */
  member?: "admin" | "member" | "anyone";
  /** Scopes of which a classic token needs one. */
  scopes?: readonly string[];
  /** Readable by everybody where the repository is public. */
  open?: true;
  /** Counts on the secondary limit for content. */
  makesContent?: true;
  /** Who alone may call it. */
  only?: "app" | "installation" | "app or installation" | "anyone";
};

export type Operations = Record<string, Access & { handle(call: Call): Answer | Promise<Answer> }>;

/** An answer that is no success. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: object;
  readonly headers: Record<string, string>;
  constructor(status: number, message: string, more: object = {}, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    const told = status === 422 ? {} : { status: String(status) };
    this.body = { message, documentation_url: "https://docs.github.com/rest", ...told, ...more };
    this.headers = headers;
  }
}

export function notFound(): Refusal {
  return new Refusal(404, "Not Found");
}

/** GitHub's form for a field that it does not take. */
export function invalid(message: string, resource: string, field: string): Refusal {
  return new Refusal(422, "Validation Failed", {
    errors: [{ resource, field, code: "custom", message }],
  });
}

/** The repository that the path names. */
export function repositoryOfCall(call: Call): Repository {
  if (call.repository === undefined) throw notFound();
  return call.repository;
}

export function organisationOfCall(call: Call): Organisation {
  if (call.organisation === undefined) throw notFound();
  return call.organisation;
}

/** The item that a number in the path names. */
export function byId<T extends { id: number }>(items: Iterable<T>, id: string | undefined): T {
  for (const item of items) if (String(item.id) === id) return item;
  throw notFound();
}

/** A page of a list with its links. In: all items; how one is shown; the key where the list is part of a record. */
export function page<T>(call: Call, items: readonly T[], show: (item: T) => unknown, key?: string): Answer {
  const most = key === "variables" ? 30 : 100;
  const size = Math.min(Number(call.query.per_page ?? 30), most);
  const number = Number(call.query.page ?? 1);
  const own = items.slice((number - 1) * size, number * size).map(show);
  const last = Math.max(1, Math.ceil(items.length / size));
  const to = (relation: string, at: number) => {
    const url = new URL(call.url);
    url.searchParams.set("page", String(at));
    return `<${url.href}>; rel="${relation}"`;
  };
  const links = [
    ...(number > 1 ? [to("prev", number - 1), to("first", 1)] : []),
    ...(number < last ? [to("next", number + 1), to("last", last)] : []),
  ];
  return {
    body: key === undefined ? own : { total_count: items.length, [key]: own },
    ...(links.length > 0 && { headers: { link: links.join(", ") } }),
  };
}

/** The whole list at once, for the few endpoints that have no pages. */
export function whole<T>(items: readonly T[], show: (item: T) => unknown, key?: string): Answer {
  const own = items.map(show);
  return { body: key === undefined ? own : { total_count: items.length, [key]: own } };
}
