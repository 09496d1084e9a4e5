/** Plain pages of what was made on the fake, for people: repositories, issues, pull requests, checks. Text is shown as it is, escaped, and not rendered. */
import { differences } from "./git.ts";
import { mergeOf } from "./pull.ts";
import { fullNameOf, type Repository, repositoryOf, type State } from "./state.ts";
import type { CheckRun, Comment, Issue } from "./work.ts";

/** In: the path, decoded. Out: HTML, or undefined where there is nothing to see. */
export async function pageOf(state: State, path: string): Promise<string | undefined> {
  const [, owner = "", name = "", kind = "", id = "", ...rest] = path.split("/");
  if (owner === "")
    return html(
      "Repositories",
      list([...state.repositories.values()].map((one) => link(`/${fullNameOf(one)}`, fullNameOf(one)))),
    );
  const repository = repositoryOf(state, owner, name);
  if (repository === undefined) return undefined;
  if (kind === "") return repositoryPage(repository);
  if (kind === "issues" || kind === "pull") {
    const issue = repository.issues.get(Number(id));
    return issue === undefined ? undefined : await issuePage(state, repository, issue, rest[0] === "files");
  }
  const run = kind === "runs" ? repository.checkRuns.find((one) => String(one.id) === id) : undefined;
  return run === undefined ? undefined : html(`${run.name} · ${fullNameOf(repository)}`, checkBlock(repository, run));
}

function repositoryPage(repository: Repository): string {
  const name = fullNameOf(repository);
  const issues = [...repository.issues.values()].map((issue) =>
    link(
      `/${name}/${issue.pull === undefined ? "issues" : "pull"}/${issue.number}`,
      `#${issue.number} ${issue.title}`,
      stateOf(issue),
    ),
  );
  const runs = repository.checkRuns.map((run) =>
    link(`/${name}/runs/${run.id}`, `${run.name} on ${run.headSha.slice(0, 7)}`, resultOf(run)),
  );
  return html(name, `<h2>Issues and pull requests</h2>${list(issues)}<h2>Checks</h2>${list(runs)}`);
}

async function issuePage(state: State, repository: Repository, issue: Issue, withFiles: boolean): Promise<string> {
  const { pull } = issue;
  const labels = issue.labels.map((label) => `<span class="label">${escaped(label)}</span>`).join(" ");
  const runs = pull === undefined ? [] : repository.checkRuns.filter((run) => run.headSha === pull.headSha);
  const reviews = (pull?.reviews ?? []).map(
    (one) =>
      `<section><b>${escaped(one.author.login)}</b> reviewed: ${escaped(one.state)}<pre>${escaped(one.body)}</pre></section>`,
  );
  const lines = (pull?.reviewComments ?? []).map(
    (one) =>
      `<section><b>${escaped(one.author.login)}</b> on ${escaped(one.path)}:${one.line}<pre>${escaped(one.body)}</pre></section>`,
  );
  const changes =
    pull === undefined || !withFiles
      ? []
      : await differences(state, repository, (await mergeOf(state, repository, issue)).shared, pull.headSha, "patches");
  return html(
    `#${issue.number} ${issue.title}`,
    [
      `<p>${stateOf(issue)} · ${escaped(issue.author.login)} · ${issue.createdAt} ${labels}</p>`,
      pull === undefined
        ? ""
        : `<p>${escaped(pull.head)} → ${escaped(pull.base)} · ${link(`/${fullNameOf(repository)}/pull/${issue.number}/files`, "files")}</p>`,
      block(issue.author.login, issue.createdAt, issue.body ?? ""),
      ...issue.comments.map((one: Comment) => block(one.author.login, one.createdAt, one.body)),
      ...reviews,
      ...lines,
      ...runs.map((run) => checkBlock(repository, run)),
      ...changes.map((one) => `<h3>${escaped(one.path)}</h3><pre>${escaped(one.patch ?? "binary")}</pre>`),
    ].join("\n"),
  );
}

function checkBlock(repository: Repository, run: CheckRun): string {
  const rows = run.annotations.map(
    (one) =>
      `<tr><td>${escaped(one.annotation_level)}</td><td>${escaped(one.path)}:${one.start_line}</td><td>${escaped(one.title ?? "")}</td><td>${escaped(one.message)}</td></tr>`,
  );
  const buttons = run.actions.map(
    (one) => `<span class="button" title="${escaped(one.description)}">${escaped(one.label)}</span>`,
  );
  return [
    `<section class="check"><h2>${escaped(run.name)}: ${resultOf(run)}</h2>`,
    `<p>${escaped(run.suite.app.name)} on ${run.headSha.slice(0, 7)} of ${escaped(fullNameOf(repository))}</p>`,
    `<h3>${escaped(run.title ?? "")}</h3><pre>${escaped(run.summary ?? "")}</pre><pre>${escaped(run.text ?? "")}</pre>`,
    rows.length === 0 ? "" : `<table>${rows.join("")}</table>`,
    `<p>${buttons.join(" ")}</p></section>`,
  ].join("\n");
}

function stateOf({ state, pull }: Issue): string {
  if (pull?.mergedAt !== undefined && pull.mergedAt !== null) return "merged";
  return pull?.draft === true && state === "open" ? "draft" : state;
}

function resultOf(run: CheckRun): string {
  return escaped(run.conclusion ?? run.status);
}

function block(author: string, at: string, text: string): string {
  return `<section><b>${escaped(author)}</b> · ${at}<pre>${escaped(text)}</pre></section>`;
}

function link(path: string, text: string, more = ""): string {
  return `<a href="${escaped(path)}">${escaped(text)}</a> ${more}`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? "<p>none</p>" : `<ul>${items.map((item) => `<li>${item}</li>`).join("")}</ul>`;
}

const style =
  "body{font:15px/1.5 system-ui;max-width:60rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap;background:#f6f8fa;padding:.7rem}" +
  "section{border:1px solid #d0d7de;border-radius:6px;padding:.7rem;margin:.7rem 0}td{border-top:1px solid #d0d7de;padding:.3rem .6rem}" +
  ".label,.button{border:1px solid #d0d7de;border-radius:1rem;padding:.1rem .6rem}";

function html(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title><style>${style}</style><h1>${escaped(title)}</h1>${body}</html>\n`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
