/** What is asked of GitHub: reads of lists and records, and the few writes of the App. */
import type { z } from "zod";
import type { Seen } from "../register/inventory.ts";

/** Which list, and what is kept of each item. */
export type ListRequest<T extends z.ZodType> = {
  /** Path with every part percent-encoded: `/repos/acme/shop/actions/secrets`. */
  path: string;
  query?: Readonly<Record<string, string>>;
  /** Key of the array where the answer is a record: `secrets`. */
  key?: string;
  /** Most items a page may have (GitHub gives 100, and 30 of variables); "none" where GitHub gives the whole list at once. */
  perPage?: number | "none";
  /** Only the first page is wanted. */
  firstPage?: boolean;
  /**
   * What is kept. Only this reaches a cache, so a value that must not be kept is left out here; reading what was kept must give the
   * same again, so it transforms nothing.
   */
  item: T;
  /** Nothing of it may be kept between runs. */
  fleeting?: boolean;
};

/** A record that may be missing or out of reach. */
export type Found<T> = { status: "found"; value: T } | { status: "not permitted" } | { status: "not available here" };

/** A write. What GitHub answers is read by a form, and the rest dropped. */
export type WriteRequest<T extends z.ZodType> = {
  method: "POST" | "PATCH" | "PUT" | "DELETE";
  path: string;
  body?: object;
  answer: T;
};

/**
 * Reads of GitHub's REST API. A refusal is an answer (`not permitted`: 403, or 404 for a token whose scopes do not reach;
 * `not available here`: 404 and 410); anything else that keeps an answer away throws LeaseholdError("network").
 */
export type GitHubPort = {
  list<T extends z.ZodType>(request: ListRequest<T>): Promise<Seen<z.output<T>>>;
  find<T extends z.ZodType>(path: string, value: T): Promise<Found<z.output<T>>>;
  /** Requests so far, and how many of them the cache answered. */
  readonly spent: { requests: number; fromCache: number };
};

/** And the writes. */
export type GitHubWriter = GitHubPort & {
  /**
   * Sent once: whether a write that got no answer was done is not known, so who repeats it looks first.
   * Refusals as for reads; `not available here` where the thing is gone.
   */
  write<T extends z.ZodType>(request: WriteRequest<T>): Promise<Found<z.output<T>>>;
};
