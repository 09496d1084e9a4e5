import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { historyObjects, reachableObjects, splitHistory } from "../../src/git/history.ts";
import { introductions, pathsAt } from "../../src/git/introduction.ts";
import { objectSource, readObjects, unpackObjectIds } from "../../src/git/object.ts";
import { commit, git, initialise, open, temporaryFolder, write } from "./temporary-repository.ts";

async function contentsOf(folder: string, since?: string) {
  const repository = await open(folder);
  const history = await historyObjects(repository, since === undefined ? {} : { since });
  const contents: string[] = [];
  await readObjects(objectSource(repository), history.ids, ({ type, bytes }) =>
    contents.push(`${type} ${bytes.toString().split("\n\n").at(-1)}`),
  );
  return { contents: contents.toSorted(), history };
}

test("each unique blob once, with commits and annotated tags", async () => {
  const folder = initialise();
  commit(folder, { a: "same", "d/b": "same" }, "first");
  commit(folder, { a: "other" }, "second");
  commit(folder, { a: "same" }, "third");
  git(folder, ["tag", "-a", "-m", "tag message", "v1"]);
  const expected = [
    "blob other",
    "blob same",
    "commit first\n",
    "commit second\n",
    "commit third\n",
    "tag tag message\n",
  ];
  const loose = await contentsOf(folder);
  expect(loose.contents).toEqual(expected);
  expect(loose.history).toMatchObject({ blobs: 2, commits: 3, gaps: [] });
  expect(loose.history.sizes).toHaveLength(6);
  git(folder, ["repack", "-q", "-a", "-d"]);
  expect((await contentsOf(folder)).contents).toEqual(expected);
  expect((await contentsOf(folder, git(folder, ["rev-parse", "HEAD~1"]))).contents).toEqual([
    "commit third\n",
    "tag tag message\n",
  ]);
});

test("an empty repository has no history and no gap", async () => {
  const { contents, history } = await contentsOf(initialise());
  expect([contents, history.gaps, history.sizes.length]).toEqual([[], [], 0]);
});

test("what no ref reaches is listed, and told apart afterwards", async () => {
  const folder = initialise();
  commit(folder, { a: "kept" });
  const kept = git(folder, ["rev-parse", "HEAD:a"]);
  const lost = git(folder, ["hash-object", "-w", "--stdin"], "lost");
  const tagged = git(folder, ["hash-object", "-w", "--stdin"], "on a tag only");
  git(folder, ["tag", "blob-tag", tagged]);
  const repository = await open(folder);
  const listed = unpackObjectIds((await historyObjects(repository)).ids);
  expect(listed).toEqual(expect.arrayContaining([kept, lost, tagged]));
  const { reachable, gaps } = await reachableObjects(repository, new Set([kept, lost, tagged]));
  expect([...reachable].toSorted()).toEqual([kept, tagged].toSorted());
  expect(gaps).toEqual([]);
  const found = await introductions(repository, new Set([kept, lost, tagged]));
  expect([...found.introductions.keys()]).toEqual([kept]);
});

test("a detached worktree's commits count", async () => {
  const folder = initialise();
  commit(folder, { a: "1" });
  const other = join(temporaryFolder(), "other");
  git(folder, ["worktree", "add", "-q", "--detach", other]);
  commit(other, { a: "detached" });
  const oid = git(other, ["rev-parse", "HEAD:a"]);
  const repository = await open(folder);
  expect((await reachableObjects(repository, new Set([oid]))).reachable.size).toBe(1);
  expect((await introductions(repository, new Set([oid]))).introductions.get(oid)).toHaveLength(1);
});

test("introductions: every commit and path, oldest first, with authors; a merge only for what is its own", async () => {
  const folder = initialise();
  const first = commit(folder, { a: "secret\n", "odd\npath": "secret\n" });
  commit(folder, { a: "gone\n" });
  git(folder, ["checkout", "-q", "-b", "side", first]);
  const side = commit(folder, { side: "from the side\n" });
  git(folder, ["checkout", "-q", "main"]);
  git(folder, ["merge", "-q", "--no-commit", "--no-ff", "side"]);
  const merge = commit(folder, { evil: "only in the merge\n" });
  const again = commit(folder, { b: "secret\n" });
  const repository = await open(folder);
  const [secret, fromSide, evil] = [`${first}:a`, `${side}:side`, `${merge}:evil`].map((name) =>
    git(folder, ["rev-parse", name]),
  ) as [string, string, string];
  const { introductions: found, gaps } = await introductions(repository, new Set([secret, fromSide, evil]));
  const person = { mode: "100644", author: "Ada", email: "ada@example.com", date: "2023-11-14" };
  expect(gaps).toEqual([]);
  expect(found.get(secret)).toEqual([
    { commit: first, path: "a", ...person },
    { commit: first, path: "odd\npath", ...person },
    { commit: again, path: "b", ...person },
  ]);
  expect(found.get(fromSide)?.map(({ commit: oid }) => oid)).toEqual([side]);
  expect(found.get(evil)?.map(({ commit: oid }) => oid)).toEqual([merge]);
  expect(
    (await introductions(repository, new Set([secret]), { since: first })).introductions
      .get(secret)
      ?.map(({ path }) => path),
  ).toEqual(["b"]);
  const there = await pathsAt(repository, merge, new Set([secret, fromSide]));
  expect(there).toEqual({
    paths: new Map([
      [secret, ["odd\npath"]],
      [fromSide, ["side"]],
    ]),
    gaps: [],
  });
});

test("a shallow history is a gap", async () => {
  const origin = initialise();
  commit(origin, { a: "1" });
  const tip = commit(origin, { a: "2" });
  const clones = temporaryFolder();
  git(clones, ["clone", "-q", "--depth=1", `file://${origin}`, "clone"]);
  const { history } = await contentsOf(join(clones, "clone"));
  expect(history.gaps.map(({ subject, kind }) => [subject, kind])).toEqual([[tip, "shallow"]]);
});

test("a ref that points nowhere: what can be read is read, and the walk says it broke off", async () => {
  const folder = initialise();
  commit(folder, { a: "kept" });
  const oid = git(folder, ["rev-parse", "HEAD:a"]);
  write(folder, ".git/refs/heads/broken", `${"1".repeat(40)}\n`);
  const repository = await open(folder);
  expect((await contentsOf(folder)).contents).toContain("blob kept");
  const { reachable, gaps } = await reachableObjects(repository, new Set([oid]));
  expect(reachable.has(oid)).toBe(true);
  expect(gaps.map(({ kind }) => kind)).toEqual(["corrupt"]);
  expect((await introductions(repository, new Set([oid]))).gaps.map(({ kind }) => kind)).toContain("corrupt");
});

test("worker threads read their shares, handed over as plain data", async () => {
  const folder = initialise();
  commit(folder, Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${i}`, `content ${i}`])));
  const repository = await open(folder);
  const shares = splitHistory(await historyObjects(repository), 2);
  expect(shares).toHaveLength(2);
  const code = `
    const { parentPort, workerData } = await import("node:worker_threads");
    const { readObjects } = await import(${JSON.stringify(new URL("../../src/git/object.ts", import.meta.url))});
    const contents = [];
    await readObjects(workerData.source, workerData.ids, ({ type, bytes }) => type === "blob" && contents.push(bytes.toString()));
    parentPort.postMessage(contents);`;
  const results = shares.map(async (ids) => {
    const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
      workerData: { source: objectSource(repository), ids },
    });
    onTestFinished(async () => void (await worker.terminate()));
    return new Promise<string[]>((resolve, reject) => worker.once("message", resolve).once("error", reject));
  });
  const contents = (await Promise.all(results)).flat();
  expect(contents.toSorted()).toEqual(Array.from({ length: 30 }, (_, i) => `content ${i}`).toSorted());
});
