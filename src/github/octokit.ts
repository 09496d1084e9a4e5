/** The port on Octokit: pages, ETags, rate limits and refusals. */
import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";
import { z } from "zod";
import { LeaseholdError } from "../error.ts";
import { apiRoot } from "./api-root.ts";
import { type EtagCache, etagCache } from "./etag-cache.ts";
import { interrupted, requestFailure, unknownForm } from "./failure.ts";
import type { GitHubWriter } from "./port.ts";
import { type Refusal, refusalOf } from "./refusal.ts";

export type GitHubOptions = {
  /** Root of the API, like https://api.github.com or https://ghe.example/api/v3. */
  url: string;
  /** Or who gives the one for the next request. */
  token: string | (() => Promise<string>);
  userAgent: string;
  signal: AbortSignal;
  /** Folder of the ETag cache; without it answers are kept in memory only. */
  cacheFolder?: string | undefined;
  /** Longest wait for a rate limit, in seconds. */
  patience: number;
  /** Wait so many milliseconds; gives up when the signal does. */
  wait(milliseconds: number): Promise<void>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Told of what is left of the rate limit, and when it is full again in milliseconds since 1970. */
  onLimit?: ((limit: RateLimit) => void) | undefined;
};

/** GitHub Docs, "Rate limits for the REST API": the primary limit, as an answer's headers tell it. */
export type RateLimit = { limit: number; remaining: number; reset: number };

/** The version that answers when none is named, and that GitHub Enterprise Server knows (GitHub Docs, "API versions"). */
const apiVersion = "2022-11-28";
const requestTimeout = 30_000;
/** Waits before the second and third try after a server's error. */
const retryWaits = [1_000, 4_000];
/** Waits for a rate limit before giving up on one request. */
const mostRateWaits = 3;
/** 100,000 items: more pages than any list of GitHub has. */
const mostPages = 1_000;

const ListingOctokit = Octokit.plugin(paginateRest);

/** A refusal on its way through Octokit. It has no `status`: Octokit's pages take a 409 for an empty one. */
class Refused extends Error {
  readonly kind: "not permitted" | "not available here";
  constructor(kind: Refused["kind"]) {
    super(kind);
    this.kind = kind;
  }
}

/** What the hook needs to know of the request it wraps. */
type Reading = { reduce(body: unknown): unknown; fleeting: boolean; once?: true };

/** What became of one try. Status 0: no answer came. */
type Outcome = { response: OctokitResponse; refused?: undefined } | { refused: Refusal; status: number };
type OctokitResponse = Awaited<ReturnType<Octokit["request"]>>;

/** Throws LeaseholdError("usage") for a root that is no URL, holds a password, or would send the token in the clear. */
export function octokitPort(options: GitHubOptions): GitHubWriter {
  const root = apiRoot(options.url);
  const spent = { requests: 0, fromCache: 0 };
  const quiet = () => {};
  const octokit = new ListingOctokit({
    baseUrl: root.href.replace(/\/$/, ""),
    userAgent: options.userAgent,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  const { token } = options;
  const cache = etagCache(options.cacheFolder, typeof token === "string" ? token : "");

  octokit.hook.wrap("request", async (request, parameters) => {
    const { url } = octokit.request.endpoint(parameters);
    const reading = (parameters.request as { leasehold: Reading }).leasehold;
    // A link to another host would carry the token there.
    if (new URL(url).origin !== root.origin) throw unknownForm(url);
    const path = new URL(url).pathname;
    for (let tries = 0, rateWaits = 0; ; ) {
      spent.requests++;
      const answer = await once();
      if (answer.refused === undefined) return answer.response;
      const why = answer.refused;
      if (why.kind === "not permitted" || why.kind === "not available here") throw new Refused(why.kind);
      if (why.kind === "rate limit" && why.seconds <= options.patience && rateWaits < mostRateWaits) {
        rateWaits++;
        await options.wait(why.seconds * 1_000);
      } else if (why.kind === "trouble" && reading.once !== true && tries < retryWaits.length) {
        await options.wait(retryWaits[tries]!);
        tries++;
      } else throw requestFailure(why, { status: answer.status, path, tries: tries + 1, now: options.now() });
      if (options.signal.aborted) throw interrupted();
    }

    async function once(): Promise<Outcome> {
      const known = reading.once === true ? undefined : usable(cache, url, reading);
      // Octokit's own hooks are handed these parameters, whatever is passed on: so they are changed in place.
      parameters.headers["x-github-api-version"] = apiVersion;
      parameters.headers.authorization = `Bearer ${typeof token === "string" ? token : await token()}`;
      if (known !== undefined) parameters.headers["if-none-match"] = known.etag;
      parameters.request ??= {};
      parameters.request.signal = AbortSignal.any([options.signal, AbortSignal.timeout(requestTimeout)]);
      try {
        const response = await request(parameters);
        tellLimit(response.headers);
        const body = reading.reduce(response.data);
        const { etag, link } = response.headers;
        if (etag !== undefined && reading.once !== true) cache.set(url, { etag, link, body }, reading.fleeting);
        return { response: { ...response, data: body } };
      } catch (error) {
        if (error instanceof LeaseholdError) throw error;
        if (error instanceof z.ZodError) throw unknownForm(url);
        if (options.signal.aborted) throw interrupted();
        const status = statusOf(error);
        if (status === 304 && known !== undefined) {
          spent.fromCache++;
          const link = known.link === undefined ? {} : { link: known.link };
          return { response: { status: 200, url, headers: link, data: known.body } };
        }
        const { headers: told, message } = answerOf(error);
        tellLimit(told);
        if (told === undefined) return { refused: unreachable, status: 0 };
        return { refused: refusalOf(status, told, message, options.now()), status };
      }
    }
  });

  function tellLimit(headers: Readonly<Record<string, string | number | undefined>> = {}): void {
    const [limit, remaining, reset] = ["limit", "remaining", "reset"].map((name) =>
      Number(headers[`x-ratelimit-${name}`]),
    );
    if (Number.isFinite(limit) && Number.isFinite(remaining) && Number.isFinite(reset))
      options.onLimit?.({ limit: limit!, remaining: remaining!, reset: reset! * 1_000 });
  }

  return {
    spent,
    async list({ path, query, key, perPage = 100, firstPage = false, item, fleeting = false }) {
      const page = z.array(item);
      const reduce = (body: unknown) =>
        page.parse(
          key === undefined || Array.isArray(body)
            ? body
            : z.looseObject({ [key]: z.array(z.unknown()) }).parse(body)[key],
        );
      const reading: Reading = { reduce, fleeting };
      const request = octokit.request.defaults({ request: { leasehold: reading } });
      return await refusalAsAnswer(async () => {
        const items: z.output<typeof item>[] = [];
        const pages = new Set<string>();
        const paging = perPage === "none" ? {} : { per_page: perPage };
        const parameters = { method: "GET", url: path, ...query, ...paging };
        for await (const { data, url } of octokit.paginate.iterator(request, parameters as never)) {
          items.push(...(data as unknown as z.output<typeof item>[]));
          if (firstPage) break;
          if (pages.has(url) || pages.size >= mostPages) throw unknownForm(path);
          pages.add(url);
        }
        return { status: "listed", items };
      });
    },
    async find(path, value) {
      const reading: Reading = { reduce: (body) => value.parse(body), fleeting: false };
      return await refusalAsAnswer(async () => {
        const response = await octokit.request({ method: "GET", url: path, request: { leasehold: reading } } as never);
        return { status: "found", value: (response as { data: z.output<typeof value> }).data };
      });
    },
    async write({ method, path, body, answer }) {
      const reading: Reading = { reduce: (data) => answer.parse(data), fleeting: true, once: true };
      return await refusalAsAnswer(async () => {
        const response = await octokit.request({
          ...{ method, url: path, ...(body === undefined ? {} : { data: body }), request: { leasehold: reading } },
        } as never);
        return { status: "found", value: (response as { data: z.output<typeof answer> }).data };
      });
    },
  };
}

async function refusalAsAnswer<T>(ask: () => Promise<T>): Promise<T | { status: Refused["kind"] }> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Refused) return { status: error.kind };
    throw error;
  }
}

/** What is kept of an earlier answer, as far as it still has the form that is asked for. */
function usable(cache: EtagCache, url: string, reading: Reading) {
  const known = cache.get(url);
  if (known === undefined) return undefined;
  try {
    return { ...known, body: reading.reduce(known.body) };
  } catch {
    return undefined;
  }
}

const unreachable: Refusal = { kind: "trouble" };

function statusOf(error: unknown): number {
  return error instanceof Error && "status" in error && typeof error.status === "number" ? error.status : 0;
}

/** Headers and message of an answer; no headers where none came. The message is looked at, never shown: a server may repeat what it was sent. */
function answerOf(error: unknown): { headers: Record<string, string> | undefined; message: string } {
  const response =
    error instanceof Error && "response" in error
      ? (error.response as { headers: Record<string, string> } | undefined)
      : undefined;
  return { headers: response?.headers, message: error instanceof Error ? error.message : "" };
}
