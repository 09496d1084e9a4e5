/** Git's own objects: refs, commits, trees, blobs. */
import { join } from "node:path";
import { type Call, invalid, notFound, type Operations, Refusal, repositoryOfCall, whole } from "../call.ts";
import { refMoved, setRef } from "../commit.ts";
import { commitIdOf, commitOf, differences, emptyTree, entriesOf, git, noObject, refsOf, tryGit } from "../git.ts";
import { loginOf, touchesWorkflows } from "../pusher.ts";
import { addressesOf, showGitCommit, showRef } from "../show-git.ts";

const reading = { needs: "contents:read", open: true, scopes: ["repo", "public_repo"] } as const;
const writing = { needs: "contents:write", role: "write", scopes: ["repo", "public_repo"] } as const;

export const gitDataOperations: Operations = {
  "git/get-ref": {
    ...reading,
    handle: async (call) => {
      const wanted = `refs/${call.params.ref}`;
      const found = (await refs(call, wanted)).find(({ ref }) => ref === wanted);
      if (found === undefined) throw notFound();
      return { body: showRef(call.links, repositoryOfCall(call), found) };
    },
  },
  "git/list-matching-refs": {
    ...reading,
    handle: async (call) =>
      whole(await refs(call, `refs/${call.params.ref}`), (one) => showRef(call.links, repositoryOfCall(call), one)),
  },
  "git/create-ref": {
    ...writing,
    handle: async (call) => {
      const { ref, sha } = call.body as { ref: string; sha: string };
      if (!/^refs\/.+\/?.+$/.test(ref)) throw invalid("Reference name must start with 'refs/'", "Reference", "ref");
      if ((await refs(call, ref)).some((one) => one.ref === ref)) throw new Refusal(422, "Reference already exists");
      return { status: 201, body: await move(call, ref, sha) };
    },
  },
  "git/update-ref": {
    ...writing,
    handle: async (call) => {
      const { sha, force = false } = call.body as { sha: string; force?: boolean };
      const ref = `refs/${call.params.ref}`;
      const present = (await refs(call, ref)).find((one) => one.ref === ref);
      if (present === undefined) throw new Refusal(422, "Reference does not exist");
      const ancestor = ["merge-base", "--is-ancestor", present.sha, sha];
      if (!force && (await tryGit(call.state, repositoryOfCall(call), ancestor)) === undefined)
        throw new Refusal(422, "Update is not a fast forward");
      return { body: await move(call, ref, sha) };
    },
  },
  "git/delete-ref": {
    ...writing,
    handle: async (call) => {
      const repository = repositoryOfCall(call);
      const ref = `refs/${call.params.ref}`;
      if (!(await refs(call, ref)).some((one) => one.ref === ref)) throw new Refusal(422, "Reference does not exist");
      const moved = await setRef(call.state, repository, ref, undefined);
      if (moved === undefined) throw new Refusal(422, "Reference cannot be deleted");
      refMoved(call.state, repository, { ref, before: moved.before, after: noObject, sender: loginOf(call) });
      return {};
    },
  },
  "git/get-commit": {
    ...reading,
    handle: async (call) => {
      const sha = await commitIdOf(call.state, repositoryOfCall(call), call.params.commit_sha ?? "");
      if (sha === undefined) throw notFound();
      return { body: await gitCommit(call, sha) };
    },
  },
  "git/create-commit": {
    ...writing,
    handle: async (call) => {
      const { message, tree, parents = [], author, committer = author } = call.body as NewCommit;
      const repository = repositoryOfCall(call);
      const who = (person: Person | undefined) =>
        person ?? { name: loginOf(call), email: `${loginOf(call)}@users.noreply.github.com` };
      const date = (person: Person | undefined) => person?.date ?? new Date(call.state.now()).toISOString();
      const args = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent])];
      const output = await tryGit(call.state, repository, args, {
        input: message,
        env: {
          ...{ GIT_AUTHOR_NAME: who(author).name, GIT_AUTHOR_EMAIL: who(author).email, GIT_AUTHOR_DATE: date(author) },
          ...{ GIT_COMMITTER_NAME: who(committer).name, GIT_COMMITTER_EMAIL: who(committer).email },
          GIT_COMMITTER_DATE: date(committer),
        },
      });
      if (output === undefined) throw new Refusal(422, "Tree SHA does not exist");
      const sha = output.toString("utf8").trim();
      if (author === undefined && call.actor.kind === "installation") repository.signed.add(sha);
      return { status: 201, body: await gitCommit(call, sha) };
    },
  },
  "git/get-tree": {
    ...reading,
    handle: async (call) => {
      const repository = repositoryOfCall(call);
      const name = (await commitIdOf(call.state, repository, call.params.tree_sha ?? "")) ?? call.params.tree_sha;
      const sha = (
        await tryGit(call.state, repository, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{tree}`])
      )
        ?.toString("utf8")
        .trim();
      const entries =
        sha === undefined
          ? undefined
          : await entriesOf(call.state, repository, sha, { recursive: call.query.recursive !== undefined });
      if (sha === undefined || entries === undefined) throw notFound();
      return { body: showTree(call, sha, entries) };
    },
  },
  "git/create-tree": {
    ...writing,
    handle: async (call) => {
      const repository = repositoryOfCall(call);
      const { tree, base_tree } = call.body as { tree: NewEntry[]; base_tree?: string };
      const index = join(repository.folder ?? call.state.folder, `index-${process.hrtime.bigint()}`);
      const env = { GIT_INDEX_FILE: index };
      const base = base_tree === undefined ? ["read-tree", "--empty"] : ["read-tree", base_tree];
      if ((await tryGit(call.state, repository, base, { env })) === undefined)
        throw new Refusal(422, "base_tree is not a valid tree oid");
      const lines: string[] = [];
      for (const { path, mode = "100644", sha, content } of tree) {
        const id = content === undefined ? sha : await blob(call, Buffer.from(content));
        if (id === undefined) throw new Refusal(422, "tree.sha or tree.content must be given");
        lines.push(id === null ? `0 ${noObject}\t${path}\0` : `${mode} ${id}\t${path}\0`);
      }
      await git(call.state, repository, ["update-index", "-z", "--index-info"], { env, input: lines.join("") });
      const sha = await git(call.state, repository, ["write-tree"], { env });
      return { status: 201, body: showTree(call, sha, (await entriesOf(call.state, repository, sha))!) };
    },
  },
  "git/get-blob": {
    ...reading,
    handle: async (call) => {
      const repository = repositoryOfCall(call);
      const sha = call.params.file_sha ?? "";
      const content = /^[0-9a-f]{40}$/.test(sha)
        ? await tryGit(call.state, repository, ["cat-file", "blob", sha])
        : undefined;
      if (content === undefined) throw notFound();
      if (/\braw\b/.test(call.accept)) return { text: content };
      const { api } = addressesOf(call.links, repository);
      const encoded = { content: content.toString("base64"), encoding: "base64", size: content.length };
      return { body: { sha, node_id: `B_${sha}`, url: `${api}/git/blobs/${sha}`, ...encoded } };
    },
  },
  "git/create-blob": {
    ...writing,
    handle: async (call) => {
      const { content, encoding = "utf-8" } = call.body as { content: string; encoding?: string };
      const sha = await blob(call, Buffer.from(content, encoding === "base64" ? "base64" : "utf8"));
      return {
        status: 201,
        body: { sha, url: `${addressesOf(call.links, repositoryOfCall(call)).api}/git/blobs/${sha}` },
      };
    },
  },
};

type Person = { name: string; email: string; date?: string };
type NewCommit = { message: string; tree: string; parents?: string[]; author?: Person; committer?: Person };
type NewEntry = { path: string; mode?: string; sha?: string | null; content?: string };

async function refs(call: Call, prefix: string) {
  return await refsOf(call.state, repositoryOfCall(call), prefix);
}

/** Points a ref at a commit that is there. */
async function move(call: Call, ref: string, sha: string) {
  const repository = repositoryOfCall(call);
  const commit = /^[0-9a-f]{40}$/.test(sha) ? await commitIdOf(call.state, repository, sha) : undefined;
  if (commit === undefined) throw new Refusal(422, "Object does not exist");
  const from =
    (await commitIdOf(call.state, repository, ref.slice("refs/".length))) ??
    (await commitIdOf(call.state, repository, repository.defaultBranch));
  touchesWorkflows(
    call,
    (await differences(call.state, repository, from ?? emptyTree, commit)).map(({ path }) => path),
  );
  const moved = await setRef(call.state, repository, ref, commit);
  if (moved === undefined) throw new Refusal(422, "Reference cannot be updated");
  refMoved(call.state, repository, { ref, before: moved.before, after: commit, sender: loginOf(call) });
  return showRef(call.links, repository, { ref, sha: commit, type: "commit" });
}

async function gitCommit(call: Call, sha: string) {
  const repository = repositoryOfCall(call);
  return showGitCommit(call.links, repository, await commitOf(call.state, repository, sha));
}

async function blob(call: Call, content: Buffer): Promise<string> {
  return await git(call.state, repositoryOfCall(call), ["hash-object", "-w", "--stdin"], { input: content });
}

function showTree(call: Call, sha: string, entries: NonNullable<Awaited<ReturnType<typeof entriesOf>>>) {
  const { api } = addressesOf(call.links, repositoryOfCall(call));
  return {
    ...{ sha, url: `${api}/git/trees/${sha}`, truncated: false },
    tree: entries.map(({ path, mode, type, sha: id, size }) => ({
      ...{ path, mode, type, sha: id, ...(size !== undefined && { size }), url: `${api}/git/${type}s/${id}` },
    })),
  };
}
