/**
 * GitHub's GraphQL API, as far as it is used: who asks, and the mutation that makes a signed commit. GitHub publishes no OpenAPI description of it, so
 * input and fields are checked by what GitHub Docs say of `createCommitOnBranch`.
 */
import { z } from "zod";
import { type Actor, accountOfActor, authorise, roleOfActor, sees } from "./access.ts";
import { Refusal } from "./call.ts";
import { commitFiles, oneByOne, refMoved } from "./commit.ts";
import { commitIdOf, commitOf } from "./git.ts";
import { readDocument, type Selection } from "./graphql-document.ts";
import { loginOf, touchesWorkflows } from "./pusher.ts";
import { type Repository, repositoryOf, type State } from "./state.ts";

const branchSchema = z.strictObject({
  repositoryNameWithOwner: z.string().regex(/^[^/]+\/[^/]+$/),
  branchName: z.string(),
});
const inputSchema = z.strictObject({
  clientMutationId: z.string().optional(),
  branch: branchSchema,
  expectedHeadOid: z.string().regex(/^[0-9a-f]{40}$/),
  fileChanges: z
    .strictObject({
      additions: z.array(z.strictObject({ path: z.string(), contents: z.base64() })).optional(),
      deletions: z.array(z.strictObject({ path: z.string() })).optional(),
    })
    .optional(),
  message: z.strictObject({ headline: z.string().min(1), body: z.string().optional() }),
});
const requestSchema = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

export type GraphQlAnswer = { data: unknown; errors?: { type: string; message: string; path?: string[] }[] };

/** Answers a query. In: who asks; the body; who is told of what GitHub would not take. GitHub answers with 200 whatever happens. */
export async function answerGraphQl(
  state: State,
  web: string,
  actor: Actor,
  body: unknown,
  fault: (text: string) => void,
): Promise<GraphQlAnswer> {
  const failed = (type: string, message: string): GraphQlAnswer => ({ data: null, errors: [{ type, message }] });
  const request = requestSchema.safeParse(body);
  if (!request.success) {
    fault("a body that is no GraphQL request");
    return failed("INVALID", "A query attribute must be specified and must be a string.");
  }
  try {
    const { kind, selections } = readDocument(request.data.query, request.data.variables ?? {});
    const [field, ...more] = selections;
    // https://docs.github.com/graphql/reference/queries#viewer; of an installation's token it is the App's bot, which REST does not tell it.
    if (kind === "query" && field?.name === "viewer" && more.length === 0) {
      const viewer = accountOfActor(state, actor);
      return { data: { [field.alias]: viewer && picked({ login: viewer.login }, field.selections, fault) } };
    }
    if (kind !== "mutation" || field?.name !== "createCommitOnBranch" || more.length > 0) {
      fault("a query that the fake does not know");
      return failed("undefinedField", "unknown field");
    }
    const input = inputSchema.safeParse(field.arguments.input);
    if (!input.success) {
      fault(`input: ${z.prettifyError(input.error)}`);
      return failed("INVALID", "invalid input");
    }
    const repository = repositoryIn(state, actor, input.data.branch.repositoryNameWithOwner);
    const made = await oneByOne(repository, () => createCommitOnBranch(state, web, actor, repository, input.data));
    return { data: { [field.alias]: picked(made, field.selections, fault) } };
  } catch (error) {
    if (error instanceof SyntaxError) {
      fault(`a document that cannot be read: ${error.message}`);
      return failed("INVALID", error.message);
    }
    if (!(error instanceof Refusal)) throw error;
    const type = error.status === 404 ? "NOT_FOUND" : error.status === 409 ? "STALE_DATA" : "FORBIDDEN";
    return failed(type, error.message);
  }
}

async function createCommitOnBranch(
  state: State,
  web: string,
  actor: Actor,
  repository: Repository,
  input: z.output<typeof inputSchema>,
) {
  const { branchName } = input.branch;
  const head = await commitIdOf(state, repository, `heads/${branchName}`);
  if (head === undefined) throw new Refusal(404, `No branch ${branchName} in the repository`);
  if (head !== input.expectedHeadOid)
    throw new Refusal(
      409,
      `Expected branch to point to "${input.expectedHeadOid}" but it did not. Pull and try again.`,
    );
  const { additions = [], deletions = [] } = input.fileChanges ?? {};
  touchesWorkflows(
    { actor },
    [...additions, ...deletions].map(({ path }) => path),
  );
  const { headline, body = "" } = input.message;
  const login = loginOf({ state, actor });
  const sha = await commitFiles(state, repository, {
    branch: branchName,
    files: {
      ...Object.fromEntries(deletions.map(({ path }) => [path, null])),
      ...Object.fromEntries(additions.map(({ path, contents }) => [path, Buffer.from(contents, "base64")])),
    },
    message: body === "" ? headline : `${headline}\n\n${body}`,
    author: { name: login, email: `${login}@users.noreply.github.com` },
    signed: true,
  });
  refMoved(state, repository, { ref: `refs/heads/${branchName}`, before: head, after: sha, sender: login });
  const commit = await commitOf(state, repository, sha);
  return {
    clientMutationId: input.clientMutationId ?? null,
    commit: {
      ...{ oid: sha, abbreviatedOid: sha.slice(0, 7), messageHeadline: headline, message: commit.message },
      ...{ url: `${web}/${input.branch.repositoryNameWithOwner}/commit/${sha}`, committedDate: commit.committer.date },
      ...{ signature: { isValid: true, wasSignedByGitHub: true, state: "VALID" } },
    },
    ref: { name: branchName, prefix: "refs/heads/", target: { oid: sha } },
  };
}

function repositoryIn(state: State, actor: Actor, fullName: string): Repository {
  const [owner, name] = fullName.split("/") as [string, string];
  const repository = repositoryOf(state, owner, name);
  if (repository === undefined || !sees(state, actor, repository))
    throw new Refusal(404, `Could not resolve to a Repository with the name '${fullName}'.`);
  authorise(state, actor, { needs: "contents:write", role: "write", scopes: ["repo", "public_repo"] }, { repository });
  if (actor.kind !== "installation" && roleOfActor(state, actor, repository) === undefined)
    throw new Refusal(403, "Forbidden");
  return repository;
}

/** What was selected of a value. */
function picked(value: unknown, selections: readonly Selection[], fault: (text: string) => void): unknown {
  if (selections.length === 0 || value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    selections.map(({ name, alias, selections: inner }) => {
      if (!(name in value)) fault(`a field ${name} that the fake does not know`);
      return [alias, picked((value as Record<string, unknown>)[name], inner, fault)];
    }),
  );
}
