/** Answers of GitHub with their ETags, so that what did not change is asked for and not sent. A 304 costs nothing on the rate limit. */
import { createHash, createHmac, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** What is kept of one answer: never the raw body, only what the inventory reads of it. */
export type CachedAnswer = { etag: string; link?: string | undefined; body: unknown };

export type EtagCache = {
  get(url: string): CachedAnswer | undefined;
  /** `fleeting` answers stay in memory. */
  set(url: string, answer: CachedAnswer, fleeting: boolean): void;
};

const answerSchema = z.strictObject({ etag: z.string().min(1), link: z.string().optional(), body: z.unknown() });

/**
 * A cache in memory, and in a folder where one is named.
 * In: the folder; the token, whose answers are nobody else's: it keys the files' names and cannot be found from them.
 * A folder that cannot be read or written costs requests and nothing else.
 */
export function etagCache(folder: string | undefined, token: string): EtagCache {
  const memory = new Map<string, CachedAnswer>();
  const key = createHash("sha256").update("leasehold etag cache\0").update(token).digest();
  const fileOf = (url: string) =>
    folder === undefined ? undefined : join(folder, `${createHmac("sha256", key).update(url).digest("hex")}.json`);
  return {
    get(url) {
      const file = fileOf(url);
      return memory.get(url) ?? (file === undefined ? undefined : readAnswer(file));
    },
    set(url, answer, fleeting) {
      memory.set(url, answer);
      const file = fileOf(url);
      if (folder === undefined || file === undefined || fleeting) return;
      writeAnswer(folder, file, answer);
    },
  };
}

function readAnswer(file: string): CachedAnswer | undefined {
  try {
    return answerSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

function writeAnswer(folder: string, file: string, answer: CachedAnswer): void {
  const temporary = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(temporary, JSON.stringify(answer), { mode: 0o600 });
    renameSync(temporary, file);
  } catch {
    rmSync(temporary, { force: true });
  }
}
