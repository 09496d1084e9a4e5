/** Check runs, check suites and commit statuses. */
import { byId, type Call, type Operations, page, Refusal, repositoryOfCall } from "../call.ts";
import { showRun, showSuite, suiteOf, tellOfRun } from "../check.ts";
import { commitIdOf, commitOf, refsOf } from "../git.ts";
import { appOf, loginOf } from "../pusher.ts";
import { addressesOf } from "../show-git.ts";
import { type App, moment, nextId } from "../state.ts";
import type { Annotation, CheckAction, CheckRun, CheckSuite } from "../work.ts";

const scopes = ["repo", "public_repo"] as const;
const reading = { needs: "checks:read", open: true, scopes } as const;
/** Only Apps make checks (GitHub's API description, `checks/create`). */
const writing = { needs: "checks:write", only: "installation" } as const;

export const checkOperations: Operations = {
  "checks/create": {
    ...writing,
    handle: async (call) => {
      const repository = repositoryOfCall(call);
      const wanted = call.body as WantedRun & { name: string; head_sha: string };
      const sha = await commitIdOf(call.state, repository, wanted.head_sha);
      if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${wanted.head_sha}`);
      const branch = (await refsOf(call.state, repository, "refs/heads/")).find((one) => one.sha === sha)?.ref;
      const suite = suiteOf(call.state, repository, owner(call), sha, branch?.slice("refs/heads/".length) ?? null);
      const run: CheckRun = {
        ...{ id: nextId(call.state), suite, name: wanted.name, headSha: sha, status: "queued", conclusion: null },
        ...{ startedAt: moment(call.state), completedAt: null, externalId: null, detailsUrl: null, title: null },
        ...{ summary: null, text: null, annotations: [], actions: [] },
      };
      change(call, run, wanted);
      repository.checkRuns.push(run);
      tellOfRun(call.state, repository, run, "created", loginOf(call));
      if (run.status === "completed") tellOfRun(call.state, repository, run, "completed", loginOf(call));
      return { status: 201, body: showRun(call.links, repository, run) };
    },
  },
  "checks/update": {
    ...writing,
    handle: (call) => {
      const repository = repositoryOfCall(call);
      const run = byId(repository.checkRuns, call.params.check_run_id);
      if (run.suite.app !== appOf(call))
        throw new Refusal(
          403,
          "Invalid app_id `check_run` - check run can only be modified by the GitHub App that created it.",
        );
      change(call, run, call.body as WantedRun);
      if (run.status === "completed") tellOfRun(call.state, repository, run, "completed", loginOf(call));
      return { body: showRun(call.links, repository, run) };
    },
  },
  "checks/get": {
    ...reading,
    handle: (call) => {
      const repository = repositoryOfCall(call);
      return { body: showRun(call.links, repository, byId(repository.checkRuns, call.params.check_run_id)) };
    },
  },
  "checks/list-annotations": {
    ...reading,
    handle: (call) => {
      const run = byId(repositoryOfCall(call).checkRuns, call.params.check_run_id);
      const { web } = addressesOf(call.links, repositoryOfCall(call));
      return page(call, run.annotations, (one) => ({
        ...{ path: one.path, blob_href: `${web}/blob/${run.headSha}/${one.path}`, start_line: one.start_line },
        ...{ end_line: one.end_line, start_column: one.start_column ?? null, end_column: one.end_column ?? null },
        ...{ annotation_level: one.annotation_level, title: one.title ?? null, message: one.message },
        raw_details: one.raw_details ?? null,
      }));
    },
  },
  "checks/list-for-ref": {
    ...reading,
    handle: async (call) => {
      const repository = repositoryOfCall(call);
      const sha = await commitIdOf(call.state, repository, call.params.ref ?? "");
      if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${call.params.ref}`);
      return runs(
        call,
        repository.checkRuns.filter((run) => run.headSha === sha),
      );
    },
  },
  "checks/list-for-suite": {
    ...reading,
    handle: (call) => {
      const { checkRuns, checkSuites } = repositoryOfCall(call);
      const suite = byId(checkSuites, call.params.check_suite_id);
      return runs(
        call,
        checkRuns.filter((run) => run.suite === suite),
      );
    },
  },
  "checks/list-suites-for-ref": {
    ...reading,
    handle: async (call) => {
      const repository = repositoryOfCall(call);
      const sha = await commitIdOf(call.state, repository, call.params.ref ?? "");
      const { app_id, check_name } = call.query;
      const found = repository.checkSuites.filter(
        (suite) =>
          suite.headSha === sha &&
          (app_id === undefined || suite.app.id === app_id) &&
          (check_name === undefined ||
            repository.checkRuns.some((run) => run.suite === suite && run.name === check_name)),
      );
      // All of them are for this commit.
      const head = found.length === 0 ? undefined : await commitOf(call.state, repository, sha!);
      return page(call, found, (one) => showSuite(call.links, repository, one, head!), "check_suites");
    },
  },
  "checks/get-suite": {
    ...reading,
    handle: async (call) => {
      const suite = byId(repositoryOfCall(call).checkSuites, call.params.check_suite_id);
      return { body: await suiteShown(call, suite) };
    },
  },
  "checks/create-suite": {
    ...writing,
    handle: async (call) => {
      const repository = repositoryOfCall(call);
      const { head_sha } = call.body as { head_sha: string };
      const sha = await commitIdOf(call.state, repository, head_sha);
      if (sha === undefined) throw new Refusal(422, `No commit found for SHA: ${head_sha}`);
      const known = repository.checkSuites.length;
      const suite = suiteOf(call.state, repository, owner(call), sha, null);
      return { status: repository.checkSuites.length > known ? 201 : 200, body: await suiteShown(call, suite) };
    },
  },
  "checks/rerequest-run": {
    ...{ needs: "checks:write", role: "write" },
    handle: (call) => {
      const repository = repositoryOfCall(call);
      tellOfRun(
        call.state,
        repository,
        byId(repository.checkRuns, call.params.check_run_id),
        "rerequested",
        loginOf(call),
      );
      return { status: 201, body: {} };
    },
  },
};

type WantedRun = {
  name?: string;
  status?: CheckRun["status"];
  conclusion?: string;
  started_at?: string;
  completed_at?: string;
  external_id?: string;
  details_url?: string;
  output?: { title?: string; summary?: string; text?: string; annotations?: Annotation[] };
  actions?: CheckAction[];
};

function owner(call: Call): App {
  return appOf(call)!;
}

/** Annotations are added to those that are there; a conclusion completes the run (GitHub's API description, `checks/update`). */
function change(call: Call, run: CheckRun, wanted: WantedRun): void {
  const { output = {} } = wanted;
  for (const one of output.annotations ?? [])
    if ((one.start_column !== undefined || one.end_column !== undefined) && one.start_line !== one.end_line)
      throw new Refusal(422, "Invalid request. Columns can only be given where start and end line are the same.");
  if (wanted.status === "completed" && wanted.conclusion === undefined && run.conclusion === null)
    throw new Refusal(422, "Invalid request. A completed check run needs a conclusion.");
  run.name = wanted.name ?? run.name;
  run.status = wanted.conclusion === undefined ? (wanted.status ?? run.status) : "completed";
  if (run.status !== "completed") run.conclusion = null;
  run.conclusion = wanted.conclusion ?? run.conclusion;
  run.startedAt = wanted.started_at ?? run.startedAt;
  run.completedAt = run.status === "completed" ? (wanted.completed_at ?? run.completedAt ?? moment(call.state)) : null;
  run.externalId = wanted.external_id ?? run.externalId;
  run.detailsUrl = wanted.details_url ?? run.detailsUrl;
  run.title = output.title ?? run.title;
  run.summary = output.summary ?? run.summary;
  run.text = output.text ?? run.text;
  run.annotations.push(...(output.annotations ?? []));
  run.actions = wanted.actions ?? run.actions;
}

async function suiteShown(call: Call, suite: CheckSuite) {
  const repository = repositoryOfCall(call);
  return showSuite(call.links, repository, suite, await commitOf(call.state, repository, suite.headSha));
}

/** By default the latest run of each name. */
function runs(call: Call, all: readonly CheckRun[]) {
  const { check_name, status, filter = "latest", app_id } = call.query;
  const wanted = all.filter(
    (run) =>
      (check_name === undefined || run.name === check_name) &&
      (status === undefined || run.status === status) &&
      (app_id === undefined || run.suite.app.id === app_id),
  );
  const latest = wanted.filter(
    (run, at) => !wanted.slice(at + 1).some((later) => later.name === run.name && later.suite.app === run.suite.app),
  );
  return page(
    call,
    filter === "all" ? wanted : latest,
    (run) => showRun(call.links, repositoryOfCall(call), run),
    "check_runs",
  );
}
