/** Folders that hold fetched objects for a while: one a repository, used by one at a time, bounded, and gone when they are old. */
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { systemCode } from "./file.ts";

export type GitCache = {
  /**
   * Work in the folder of a repository, which is there and private. Who comes second waits.
   * In: a name of letters and digits. Throws what the work throws.
   */
  use<T>(name: string, work: (folder: string) => Promise<T>): Promise<T>;
  /** Remove a repository's folder, after those that use it. */
  remove(name: string): Promise<void>;
  /** Remove every folder that was begun before a time, in milliseconds since 1970. Out: how many. */
  removeOlder(time: number): Promise<number>;
  /** Remove everything. */
  close(): void;
};

type Entry = { begun: number; used: number; bytes: number; queue: Promise<unknown>; users: number };

/**
 * Open a cache below a folder. Each process has its own part, named by its number: what processes that are gone left behind is removed.
 * In: the folder, made with mode 0700; `most`: bytes that may lie there when nobody works; the clock, in milliseconds since 1970.
 */
export function openGitCache(root: string, options: { most: number; now(): number }): GitCache {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  chmodSync(root, 0o700);
  const own = join(root, String(process.pid));
  for (const name of readdirSync(root))
    if (/^\d+$/.test(name) && (name === String(process.pid) || !isAlive(Number(name))))
      rmSync(join(root, name), { recursive: true, force: true });
  mkdirSync(own, { mode: 0o700 });
  const entries = new Map<string, Entry>();

  const entryOf = (name: string): Entry => {
    if (!/^[0-9A-Za-z]{1,64}$/.test(name)) throw new Error("the name of a cache folder holds letters and digits");
    const now = options.now();
    const entry = entries.get(name) ?? { begun: now, used: now, bytes: 0, queue: Promise.resolve(), users: 0 };
    entries.set(name, entry);
    return entry;
  };

  const inTurn = async <T>(name: string, work: (entry: Entry, folder: string) => Promise<T>): Promise<T> => {
    const entry = entryOf(name);
    entry.users++;
    const turn = entry.queue.then(() => work(entry, join(own, name)));
    entry.queue = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      entry.users--;
    }
  };

  const drop = (name: string) => {
    rmSync(join(own, name), { recursive: true, force: true });
    const entry = entries.get(name);
    if (entry !== undefined && entry.users <= 1) entries.delete(name);
    else if (entry !== undefined) Object.assign(entry, { begun: options.now(), bytes: 0 });
  };

  const shrink = () => {
    let sum = 0;
    for (const { bytes } of entries.values()) sum += bytes;
    const idle = [...entries].filter(([, { users }]) => users === 0).sort(([, a], [, b]) => a.used - b.used);
    for (const [name, { bytes }] of idle) {
      if (sum <= options.most) return;
      drop(name);
      sum -= bytes;
    }
  };

  return {
    async use(name, work) {
      try {
        return await inTurn(name, async (entry, folder) => {
          mkdirSync(folder, { recursive: true, mode: 0o700 });
          try {
            return await work(folder);
          } finally {
            entry.used = options.now();
            entry.bytes = bytesBelow(folder);
          }
        });
      } finally {
        shrink();
      }
    },
    remove: (name) => inTurn(name, async () => drop(name)),
    async removeOlder(time) {
      const old = [...entries].filter(([, { begun }]) => begun < time).map(([name]) => name);
      for (const name of old) await this.remove(name);
      return old.length;
    },
    close() {
      entries.clear();
      rmSync(own, { recursive: true, force: true });
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== "ESRCH";
  }
}

function bytesBelow(folder: string): number {
  let sum = 0;
  try {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) sum += statSync(join(entry.parentPath, entry.name)).size;
  } catch (error) {
    // git removes its temporary files when it likes.
    if (systemCode(error) !== "ENOENT") throw error;
  }
  return sum;
}
