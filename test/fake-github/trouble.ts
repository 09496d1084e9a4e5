/** Trouble on command: answers that GitHub gives when it is not well, or that no GitHub should give. They are not held against the description. */

import type { ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";

export type Trouble = {
  /** Which requests: method, pathname (decoded or as it was sent) and operation; all where nothing is said. */
  method?: string;
  path?: string | RegExp;
  operation?: string;
  /** How often; always where nothing is said. */
  times?: number;
  /** How many such requests are answered as usual before. */
  after?: number;
  /** Milliseconds before the answer. */
  delay?: number;
  /** Without a status the request is answered as usual, after the delay. */
  status?: number;
  headers?: Record<string, string>;
  /** Body as JSON, or as text. */
  body?: unknown;
  text?: string;
  /** Changes the usual answer's body or headers instead. */
  change?(answer: { body: unknown; headers: Record<string, string> }): void;
  /** Cuts the connection. */
  cut?: true;
};

export type Troubles = {
  add(trouble: Trouble): void;
  clear(): void;
  /** The trouble that meets a request, counted. */
  of(request: { method: string; path: string; operation: string }): Trouble | undefined;
};

/** Waits as long as the trouble says. Out: whether the connection was cut. */
export async function suffer(trouble: Trouble | undefined, response: ServerResponse): Promise<boolean> {
  if (trouble?.delay !== undefined) await setTimeout(trouble.delay);
  if (trouble?.cut === true) response.destroy();
  return trouble?.cut === true;
}

export function troubles(): Troubles {
  let waiting: { trouble: Trouble; left: number; before: number }[] = [];
  return {
    add(trouble) {
      waiting.push({ trouble, left: trouble.times ?? Number.POSITIVE_INFINITY, before: trouble.after ?? 0 });
    },
    clear() {
      waiting = [];
    },
    of(request) {
      for (const one of waiting) {
        if (one.left <= 0 || !meets(one.trouble, request)) continue;
        if (one.before > 0) {
          one.before--;
          continue;
        }
        one.left--;
        return one.trouble;
      }
      return undefined;
    },
  };
}

function meets(
  { method, path, operation }: Trouble,
  request: { method: string; path: string; operation: string },
): boolean {
  if (method !== undefined && method !== request.method) return false;
  if (operation !== undefined && operation !== request.operation) return false;
  if (path === undefined) return true;
  return typeof path === "string" ? [request.path, decodeURI(request.path)].includes(path) : path.test(request.path);
}
