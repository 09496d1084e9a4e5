/** The comment on a pull request and the notes on stored secrets, against a GitHub that holds each request against GitHub's own description. */
import { expect, it, onTestFinished } from "vitest";
import { tokenOf } from "../e2e/leasehold.ts";
import { addComment, addIssue } from "../fake-github/issue.ts";
import { addRepository, addSecret, addUser } from "../fake-github/seed.ts";
import {
  addApp,
  addFineGrainedToken,
  addInstallation,
  addInstallationToken,
  addWorkflowToken,
} from "../fake-github/seed-app.ts";
import { startFakeGitHub } from "../fake-github/server.ts";
import type { Permissions, Repository, State } from "../fake-github/state.ts";
import type { Issue } from "../fake-github/work.ts";
import { branch, checkout, origin, pullRequest, runAction } from "./runner.ts";

const name = "octo-org/octo-repo";
const pat = (seed: number) => tokenOf("github-pat", seed);

/** A pull request at the fake GitHub, and here. */
async function proposed(files: Record<string, string>, base: Record<string, string> = { "readme.txt": "hello\n" }) {
  let repository!: Repository;
  let issue!: Issue;
  const github = await startFakeGitHub((state: State) => {
    repository = addRepository(state, name);
    issue = addIssue(state, repository, { author: addUser(state, "octocat") }, { title: "Change", number: 7 });
  });
  onTestFinished(() => github.close());
  const folder = origin(base);
  branch(folder, "topic", [files]);
  const change = (more: Record<string, string>) => branch(folder, "topic", [more], "topic");
  const run = (token: string, inputs: Record<string, string> = {}, env: Record<string, string> = {}) => {
    const { merge, payload } = pullRequest(folder, "topic");
    return runAction({
      workspace: checkout(folder, merge),
      event: "pull_request",
      payload,
      inputs: { token, ...inputs },
      env: { GITHUB_API_URL: github.url, ...env },
    });
  };
  const workflowToken = (permissions: Permissions) => addWorkflowToken(github.state, name, permissions);
  const bodies = () => issue.comments.map(({ author, body }) => `${author.login}: ${body.split("\n")[1]}`);
  return { github, repository, issue, run, change, workflowToken, bodies };
}

it("is written once, brought up to date in place, and says when all is well again", async () => {
  const { github, issue, run, change, workflowToken, bodies } = await proposed({ "a.txt": `${pat(61)}\n` });
  const token = workflowToken({ pull_requests: "write" });
  const first = await run(token);
  expect([first.code, first.stderr, bodies()]).toEqual([
    1,
    "",
    [expect.stringMatching(/^github-actions\[bot\]: ## ❌ Leasehold: 1 blocking/)],
  ]);
  expect(first.stdout).not.toContain("reduced mode");
  const id = issue.comments[0]!.id;
  change({ "b.txt": `${pat(62)}\n` });
  await run(token);
  expect([issue.comments.map((one) => one.id), bodies()]).toEqual([[id], [expect.stringContaining("2 blocking")]]);
  expect(issue.comments[0]!.body).toMatch(/^<!-- leasehold [0-9a-f]{16} -->\n/);
  for (const secret of [pat(61), pat(62), token]) {
    expect(JSON.stringify(github.calls.map(({ body, path }) => [body, path]))).not.toContain(secret);
    expect(first.stdout + first.summary).not.toContain(secret);
  }
});

it("is kept apart for each workflow and job, and never taken over from somebody else", async () => {
  const { github, repository, issue, run, workflowToken, bodies } = await proposed({ "a.txt": `${pat(63)}\n` });
  const token = workflowToken({ issues: "write" });
  await run(token);
  await run(token, {}, { GITHUB_JOB: "another" });
  expect(bodies()).toHaveLength(2);
  const copied = issue.comments[0]!.body;
  issue.comments.length = 0;
  const mallory = addUser(github.state, "mallory");
  addComment(github.state, repository, issue, { author: mallory }, copied);
  await run(token);
  expect(issue.comments.map(({ author }) => author.login)).toEqual(["mallory", "github-actions[bot]"]);
  expect(issue.comments[0]!.body).toBe(copied);
  await run(token);
  expect(issue.comments).toHaveLength(2);
});

it("knows its own among those of people and Apps, past the first hundred", async () => {
  const { github, repository, issue, run, bodies } = await proposed({ "a.txt": `${pat(64)}\n` });
  for (let at = 0; at < 120; at++)
    addComment(github.state, repository, issue, { author: addUser(github.state, "octocat") }, `comment ${at}`);
  const app = addApp(github.state, "acme-gate", { issues: "write" });
  const ofApp = addInstallationToken(github.state, addInstallation(github.state, app, "octo-org"));
  const ofPerson = addFineGrainedToken(github.state, "octo-org", "octo-org", { issues: "write" });
  for (const token of [ofApp, ofPerson, ofApp, ofPerson]) await run(token);
  expect(bodies().slice(120)).toEqual([
    expect.stringContaining("acme-gate[bot]: ## ❌"),
    expect.stringContaining("octo-org: ## ❌"),
  ]);
});

it("waits for something to tell, but then keeps telling", async () => {
  const { issue, run, change, workflowToken, bodies } = await proposed({ "a.txt": "fine\n" });
  const token = workflowToken({ pull_requests: "write" });
  const clean = await run(token);
  expect([clean.code, issue.comments]).toEqual([0, []]);
  await run(token, { comment: "always" });
  expect(bodies()).toEqual([expect.stringContaining("✅ Leasehold: nothing found in 1 commit, 1 file")]);
  change({ "b.txt": `${pat(65)}\n` });
  await run(token, { comment: "never" });
  expect(bodies()).toEqual([expect.stringContaining("✅")]);
  await run(token);
  expect(bodies()).toEqual([expect.stringContaining("❌")]);
});

it("a token that may only read gives reduced mode: one notice, and the same verdict", async () => {
  const { issue, run, workflowToken } = await proposed({ "a.txt": `${pat(66)}\n` });
  const whole = await run(workflowToken({ pull_requests: "write" }));
  issue.comments.length = 0;
  const reduced = await run(workflowToken({ pull_requests: "read", contents: "read" }));
  expect([reduced.code, issue.comments]).toEqual([whole.code, []]);
  expect(reduced.stdout.match(/^::notice title=Leasehold::reduced mode: /gm)).toHaveLength(1);
  expect(reduced.outputs.result).toBe(whole.outputs.result);
  expect(reduced.report?.findings).toEqual(whole.report?.findings);
  const rest = (text: string) => text.replace(/^::notice.*\n/m, "").replace(/\d+\.\d s/, "");
  expect(rest(reduced.stdout)).toBe(rest(whole.stdout));
});

it.each([
  ["a server in trouble", { status: 502, body: { message: "x" } }, "GitHub answered with 502"],
  ["a spent rate limit", { status: 403, headers: { "retry-after": "60" }, body: { message: "x" } }, "(rate limit)"],
  ["a connection that is cut", { cut: true as const }, "GitHub could not be reached"],
])("%s costs the comment and not the verdict", async (_, trouble, sentence) => {
  const { github, run, workflowToken } = await proposed({ "a.txt": `${pat(67)}\n` });
  github.fail({ path: /comments/, ...trouble });
  const step = await run(workflowToken({ pull_requests: "write" }));
  expect([step.code, step.outputs.result]).toEqual([1, "fail"]);
  expect(step.stdout).toMatch(/^::warning title=Leasehold::the comment could not be written: /m);
  expect(step.stdout).toContain(sentence);
  expect(step.stdout).not.toContain("reduced mode");
});

it("asks nothing of GitHub without a token", async () => {
  const { github, run } = await proposed({ "a.txt": `${pat(68)}\n` });
  const step = await run("");
  expect([step.code, github.calls]).toEqual([1, []]);
});

it("a token that may list secrets adds numbers to the notes, and no names", async () => {
  const register =
    'version: 1\nsecrets:\n  - { name: KNOWN_KEY, owner: "@octo-org/platform", purpose: sample, expires: 2099-01-01 }\n' +
    '  - { name: GONE_KEY, owner: "@octo-org/platform", purpose: sample, expires: 2099-01-01 }\n';
  const files = { ".github/secrets.yml": register };
  const { github, repository, run, workflowToken } = await proposed({ "a.txt": "fine\n" }, files);
  for (const secret of ["KNOWN_KEY", "STRAY_ONE", "STRAY_TWO"]) addSecret(github.state, repository, "actions", secret);
  const without = await run(workflowToken({ pull_requests: "write" }), { comment: "never" });
  expect(without.report?.notes.filter((note) => note.includes("stored"))).toEqual([]);
  const app = addApp(github.state, "acme-gate", { secrets: "read" });
  const token = addInstallationToken(github.state, addInstallation(github.state, app, "octo-org"));
  const told = await run(token, { comment: "never" });
  expect(told.report?.notes).toEqual(
    expect.arrayContaining([
      "2 stored secrets without an entry in .github/secrets.yml",
      "1 secret of .github/secrets.yml not stored in the repository",
    ]),
  );
  expect(told.code).toBe(without.code);
  expect(told.stdout + told.summary).not.toContain("STRAY");
});
