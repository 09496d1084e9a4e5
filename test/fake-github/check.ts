/** Check suites and runs: made for each push, shown, told. */
import { type Commit, commitOf } from "./git.ts";
import { type Links, nodeId } from "./links.ts";
import { showApp } from "./show-account.ts";
import { addressesOf, showSimpleCommit } from "./show-git.ts";
import { showMinimalRepository } from "./show-repository.ts";
import { type App, moment, nextId, type Repository, type State } from "./state.ts";
import type { CheckRun, CheckSuite } from "./work.ts";

/** The suite of an App for a commit; made where there is none. */
export function suiteOf(
  state: State,
  repository: Repository,
  app: App,
  headSha: string,
  headBranch: string | null,
  before: string | null = null,
): CheckSuite {
  const known = repository.checkSuites.find((one) => one.app === app && one.headSha === headSha);
  if (known !== undefined) return known;
  const suite: CheckSuite = { id: nextId(state), app, headSha, headBranch, before, createdAt: moment(state) };
  repository.checkSuites.push(suite);
  return suite;
}

/** GitHub makes a suite for every App that may write checks, and asks each for its own. */
export function requestChecks(
  state: State,
  repository: Repository,
  head: { headSha: string; headBranch: string; before: string },
  sender: string,
): void {
  for (const { app, account, permissions, repositories } of state.installations.values()) {
    const reached = account.id === repository.owner.id && (repositories === "all" || repositories.has(repository.id));
    if (!reached || permissions.checks !== "write") continue;
    const suite = suiteOf(state, repository, app, head.headSha, head.headBranch, head.before);
    tellOfSuite(state, repository, suite, "requested", sender);
  }
}

/** Tells the App that owns a check suite. Webhooks show less of it than the API. */
export function tellOfSuite(
  state: State,
  repository: Repository,
  suite: CheckSuite,
  action: string,
  sender: string,
): void {
  state.tell({
    ...{ event: "check_suite", action, repository, app: suite.app, sender },
    payload: async (links) => {
      const head = await commitOf(state, repository, suite.headSha);
      const { repository: _, ...shown } = showSuite(links, repository, suite, head);
      return { check_suite: shown };
    },
  });
}

/** Tells the App that owns a check run. */
export function tellOfRun(
  state: State,
  repository: Repository,
  run: CheckRun,
  action: string,
  sender: string,
  more: object = {},
): void {
  state.tell({
    ...{ event: "check_run", action, repository, app: run.suite.app, sender },
    payload: (links) => ({ check_run: showRun(links, repository, run), ...more }),
  });
}

/** `check-run` of the description. */
export function showRun(links: Links, repository: Repository, run: CheckRun) {
  const { api, web } = addressesOf(links, repository);
  const url = `${api}/check-runs/${run.id}`;
  const html = `${web}/runs/${run.id}`;
  return {
    ...{ id: run.id, node_id: nodeId("CR", run.id), name: run.name, head_sha: run.headSha, url, html_url: html },
    ...{
      external_id: run.externalId ?? "",
      details_url: run.detailsUrl ?? html,
      status: run.status,
      conclusion: run.conclusion,
    },
    ...{ started_at: run.startedAt, completed_at: run.completedAt, check_suite: { id: run.suite.id } },
    output: {
      ...{ title: run.title, summary: run.summary, text: run.text, annotations_count: run.annotations.length },
      annotations_url: `${url}/annotations`,
    },
    ...{ app: showApp(links, run.suite.app), pull_requests: pullsWith(links, repository, run.headSha) },
  };
}

/** `check-suite`. In: the commit that it is for. */
export function showSuite(links: Links, repository: Repository, suite: CheckSuite, head: Commit) {
  const { api } = addressesOf(links, repository);
  const runs = repository.checkRuns.filter((run) => run.suite === suite);
  const done = runs.length > 0 && runs.every((run) => run.status === "completed");
  const url = `${api}/check-suites/${suite.id}`;
  return {
    ...{ id: suite.id, node_id: nodeId("CS", suite.id), head_branch: suite.headBranch, head_sha: suite.headSha, url },
    ...{ status: done ? "completed" : "queued", conclusion: done ? worst(runs) : null, before: suite.before },
    ...{
      after: suite.headSha,
      created_at: suite.createdAt,
      updated_at: suite.createdAt,
      app: showApp(links, suite.app),
    },
    ...{ repository: showMinimalRepository(links, repository), latest_check_runs_count: runs.length },
    ...{ check_runs_url: `${url}/check-runs`, pull_requests: pullsWith(links, repository, suite.headSha) },
    head_commit: showSimpleCommit(head),
  };
}

const order = ["failure", "timed_out", "action_required", "cancelled", "neutral", "success", "skipped"];

function worst(runs: readonly CheckRun[]): string | null {
  return order.find((one) => runs.some((run) => run.conclusion === one)) ?? null;
}

/** `pull-request-minimal` of the open pull requests with this head. Those from forks are not among them. */
function pullsWith(links: Links, repository: Repository, sha: string) {
  const { api } = addressesOf(links, repository);
  const own = { id: repository.id, url: api, name: repository.name };
  return [...repository.issues.values()].flatMap(({ number, state, pull }) =>
    pull === undefined || state !== "open" || pull.headSha !== sha || pull.headRepository !== repository
      ? []
      : [
          {
            ...{
              id: pull.id,
              number,
              url: `${api}/pulls/${number}`,
              head: { ref: pull.head, sha: pull.headSha, repo: own },
            },
            base: { ref: pull.base, sha: pull.baseSha, repo: own },
          },
        ],
  );
}
