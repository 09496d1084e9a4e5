/** Files, branches, commits and comparisons. */
import { type Call, notFound, type Operations, page, Refusal, repositoryOfCall } from "../call.ts";
import { commitFiles, oneByOne, refMoved } from "../commit.ts";
import {
  commitIdOf,
  commitOf,
  commitsOf,
  differences,
  type Entry,
  emptyTree,
  entriesOf,
  git,
  noObject,
  refsOf,
  tryGit,
} from "../git.ts";
import { loginOf, touchesWorkflows } from "../pusher.ts";
import { addressesOf, showCommit, showDifference, showGitCommit } from "../show-git.ts";

const reading = { needs: "contents:read", open: true, scopes: ["repo", "public_repo"] } as const;
const writing = { needs: "contents:write", role: "write", scopes: ["repo", "public_repo"] } as const;
/** GitHub gives no more files of a comparison (GitHub's API description, `compare`). */
const mostFiles = 300;
/** Content above this is left out of the answer. */
const mostBytes = 1_000_000;

export const contentOperations: Operations = {
  "repos/get-content": { ...reading, handle: (call) => content(call, call.params.path ?? "") },
  "repos/create-or-update-file-contents": {
    ...writing,
    handle: (call) => {
      const { content: text } = call.body as { content: string };
      return oneByOne(repositoryOfCall(call), () => write(call, Buffer.from(text, "base64")));
    },
  },
  "repos/delete-file": { ...writing, handle: (call) => oneByOne(repositoryOfCall(call), () => write(call, null)) },
  "repos/list-branches": {
    ...reading,
    handle: async (call) => {
      const { api } = addressesOf(call.links, repositoryOfCall(call));
      return page(call, await refsOf(call.state, repositoryOfCall(call), "refs/heads/"), ({ ref, sha }) => ({
        ...{ name: ref.slice("refs/heads/".length), protected: false },
        commit: { sha, url: `${api}/commits/${sha}` },
      }));
    },
  },
  "repos/get-branch": {
    ...reading,
    handle: async (call) => {
      const repository = repositoryOfCall(call);
      const name = call.params.branch ?? "";
      const sha = await commitIdOf(call.state, repository, `heads/${name}`);
      if (sha === undefined) throw new Refusal(404, "Branch not found");
      const { api, web } = addressesOf(call.links, repository);
      const at = encodeURIComponent(name);
      return {
        body: {
          ...{
            name,
            protected: false,
            protection: { enabled: false },
            protection_url: `${api}/branches/${at}/protection`,
          },
          commit: showCommit(call.state, call.links, repository, await commitOf(call.state, repository, sha)),
          _links: { self: `${api}/branches/${at}`, html: `${web}/tree/${at}` },
        },
      };
    },
  },
  "repos/list-commits": {
    ...reading,
    handle: async (call) => {
      const repository = repositoryOfCall(call);
      const { sha: name = repository.defaultBranch, path } = call.query;
      const sha = await commitIdOf(call.state, repository, String(name));
      if (sha === undefined)
        throw (await refsOf(call.state, repository, "refs/")).length === 0
          ? new Refusal(409, "Git Repository is empty.")
          : notFound();
      const commits = await commitsOf(call.state, repository, [
        sha,
        ...(path === undefined ? [] : ["--", String(path)]),
      ]);
      return page(call, commits, (one) => showCommit(call.state, call.links, repository, one));
    },
  },
  "repos/get-commit": {
    ...reading,
    handle: async (call) => {
      const repository = repositoryOfCall(call);
      const sha = await commitIdOf(call.state, repository, call.params.ref ?? "");
      if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${call.params.ref}`);
      const commit = await commitOf(call.state, repository, sha);
      const changes = await differences(call.state, repository, commit.parents[0] ?? emptyTree, sha, "patches");
      const sum = (key: "additions" | "deletions") => changes.reduce((all, one) => all + one[key], 0);
      return {
        body: {
          ...showCommit(call.state, call.links, repository, commit),
          stats: {
            additions: sum("additions"),
            deletions: sum("deletions"),
            total: sum("additions") + sum("deletions"),
          },
          files: changes.slice(0, mostFiles).map((one) => showDifference(call.links, repository, sha, one)),
        },
      };
    },
  },
  "repos/compare-commits-with-basehead": { ...reading, handle: compare },
};

async function compare(call: Call) {
  const repository = repositoryOfCall(call);
  const [from = "", to = ""] = (call.params.basehead ?? "").split("...");
  const base = await commitIdOf(call.state, repository, from);
  const head = await commitIdOf(call.state, repository, to);
  if (base === undefined || head === undefined) throw notFound();
  const shared = (await tryGit(call.state, repository, ["merge-base", base, head]))?.toString("utf8").trim();
  if (shared === undefined) throw new Refusal(404, `No common ancestor between ${from} and ${to}.`);
  const ahead = await commitsOf(call.state, repository, ["--reverse", `${base}..${head}`]);
  const behind = Number(await git(call.state, repository, ["rev-list", "--count", `${head}..${base}`]));
  const changes = await differences(call.state, repository, shared, head, "patches");
  const { api, web } = addressesOf(call.links, repository);
  const show = async (sha: string) =>
    showCommit(call.state, call.links, repository, await commitOf(call.state, repository, sha));
  const status = ahead.length === 0 ? (behind === 0 ? "identical" : "behind") : behind === 0 ? "ahead" : "diverged";
  const shown = page(call, ahead, (one) => showCommit(call.state, call.links, repository, one));
  const first = Number(call.query.page ?? 1) === 1;
  return {
    ...shown,
    body: {
      ...{ url: `${api}/compare/${base}...${head}`, html_url: `${web}/compare/${base}...${head}` },
      ...{ permalink_url: `${web}/compare/${base}...${head}`, diff_url: `${web}/compare/${base}...${head}.diff` },
      ...{ patch_url: `${web}/compare/${base}...${head}.patch`, status, ahead_by: ahead.length, behind_by: behind },
      ...{ base_commit: await show(base), merge_base_commit: await show(shared), total_commits: ahead.length },
      commits:
        call.query.page === undefined && call.query.per_page === undefined
          ? ahead.slice(0, 250).map((one) => showCommit(call.state, call.links, repository, one))
          : shown.body,
      files: first ? changes.slice(0, mostFiles).map((one) => showDifference(call.links, repository, head, one)) : [],
    },
  };
}

async function content(call: Call, path: string) {
  const repository = repositoryOfCall(call);
  const sha = await commitIdOf(call.state, repository, String(call.query.ref ?? repository.defaultBranch));
  if (sha === undefined) throw notFound();
  const clean = path.replace(/^\/+|\/+$/g, "");
  const [own] = clean === "" ? [] : ((await entriesOf(call.state, repository, sha, { path: clean })) ?? []);
  if (clean !== "" && own === undefined) throw notFound();
  if (own === undefined || own.type === "tree") {
    const entries = (await entriesOf(call.state, repository, own === undefined ? sha : own.sha)) ?? [];
    const at = clean === "" ? "" : `${clean}/`;
    return { body: entries.slice(0, 1_000).map((one) => showEntry(call, { ...one, path: `${at}${one.path}` }, sha)) };
  }
  const bytes = (await tryGit(call.state, repository, ["cat-file", "blob", own.sha]))!;
  if (/\braw\b/.test(call.accept)) return { text: bytes };
  const shown = showEntry(call, own, sha);
  if (own.mode === "120000") return { body: { ...shown, target: bytes.toString("utf8") } };
  const fits = bytes.length <= mostBytes;
  return { body: { ...shown, content: fits ? wrapped(bytes) : "", encoding: fits ? "base64" : "none" } };
}

/** GitHub breaks base64 after 60 letters. */
function wrapped(bytes: Buffer): string {
  return bytes.toString("base64").replace(/.{60}|.+$/g, "$&\n");
}

function showEntry(call: Call, { path, sha, size = 0, type, mode }: Entry, ref: string) {
  const { api, web } = addressesOf(call.links, repositoryOfCall(call));
  const at = path.split("/").map(encodeURIComponent).join("/");
  const kind = mode === "120000" ? "symlink" : type === "tree" ? "dir" : type === "commit" ? "submodule" : "file";
  const url = `${api}/contents/${at}?ref=${ref}`;
  const html = `${web}/${kind === "dir" ? "tree" : "blob"}/${ref}/${at}`;
  const object = `${api}/git/${kind === "dir" ? "trees" : "blobs"}/${sha}`;
  return {
    ...{
      type: kind,
      name: path.slice(path.lastIndexOf("/") + 1),
      path,
      sha,
      size,
      url,
      html_url: html,
      git_url: object,
    },
    ...{ download_url: kind === "dir" ? null : `${web}/raw/${ref}/${at}`, _links: { self: url, git: object, html } },
  };
}

/** Writes or takes away the file of the path. GitHub asks for the blob that is replaced. */
async function write(call: Call, bytes: Buffer | null) {
  const repository = repositoryOfCall(call);
  const path = call.params.path ?? "";
  const wanted = call.body as {
    message: string;
    sha?: string;
    branch?: string;
    author?: { name: string; email: string };
  };
  const branch = wanted.branch ?? repository.defaultBranch;
  touchesWorkflows(call, [path]);
  const before = await commitIdOf(call.state, repository, `heads/${branch}`);
  if (before === undefined && wanted.branch !== undefined && wanted.branch !== repository.defaultBranch)
    throw new Refusal(404, `Branch ${branch} not found`);
  const [present] = before === undefined ? [] : ((await entriesOf(call.state, repository, before, { path })) ?? []);
  if (present === undefined && bytes === null) throw notFound();
  if (present !== undefined && wanted.sha === undefined)
    throw new Refusal(422, `Invalid request. "sha" wasn't supplied.`);
  if (present !== undefined && wanted.sha !== present.sha)
    throw new Refusal(409, `${path} does not match ${wanted.sha}`);
  const sha = await commitFiles(call.state, repository, {
    ...{ branch, files: { [path]: bytes }, message: wanted.message },
    author: wanted.author ?? { name: loginOf(call), email: `${loginOf(call)}@users.noreply.github.com` },
    signed: wanted.author === undefined && call.actor.kind === "installation",
  });
  refMoved(call.state, repository, {
    ref: `refs/heads/${branch}`,
    before: before ?? noObject,
    after: sha,
    sender: loginOf(call),
  });
  const commit = showGitCommit(call.links, repository, await commitOf(call.state, repository, sha));
  const [now] = bytes === null ? [] : ((await entriesOf(call.state, repository, sha, { path })) ?? []);
  return {
    status: present === undefined ? 201 : 200,
    body: { content: now === undefined ? null : showEntry(call, now, sha), commit },
  };
}
