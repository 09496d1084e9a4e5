/** Every row of the table of events, on the bundle that runners start and on real repositories. */
import { renameSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tokenOf } from "../e2e/leasehold.ts";
import { commit, git } from "../git/temporary-repository.ts";
import {
  branch,
  checkout,
  origin,
  pullRequest,
  pullRequestPayload,
  pushPayload,
  runAction,
  type StepResult,
  zero,
} from "./runner.ts";

const pat = (seed: number) => tokenOf("github-pat", seed);

const places = ({ report }: StepResult) =>
  report?.findings.map(({ place, rule, blocking }) => `${place.path}:${place.line} ${rule} ${blocking}`);

describe("pull_request", () => {
  it("blocks what any of its commits brings, also what a later one takes away", async () => {
    const folder = origin();
    branch(folder, "topic", [{ "a.txt": `x = ${pat(1)}\n` }, { "a.txt": "x = 1\n", "b.txt": "fine\n" }]);
    const { merge, base, head, payload } = pullRequest(folder, "topic");
    const step = await runAction({ workspace: checkout(folder, merge), event: "pull_request", payload, post: true });
    expect(step.stderr).toBe("");
    expect([step.code, places(step)]).toEqual([1, ["a.txt:1 leak/github-pat true"]]);
    expect(step.report?.run).toMatchObject({
      command: `leasehold scan ${base}...${head}`,
      range: `${base}...${head}`,
    });
    expect(step.outputs).toMatchObject({
      result: "fail",
      "findings-count": "1",
      "blocking-count": "1",
      "waived-count": "0",
      "highest-severity": "critical",
      coverage: "complete",
    });
    expect(step.stdout).toMatch(/^::error file=a\.txt,line=1,.*title=leak\/github-pat LH-/);
    expect(step.summary).toMatch(/^## ❌ Leasehold: 1 blocking \(2 commits, 2 files, /);
    expect(step.sarif?.runs[0]?.results).toEqual([]);
    expect(JSON.stringify(step)).not.toContain(pat(1));
    expect(step.leftBehind).toBe(false);
  });

  it("passes where the target has it already, however it was moved, copied or merged in", async () => {
    const folder = origin({ "old.txt": `${pat(2)}\n`, "readme.txt": "hello\n" });
    git(folder, ["checkout", "-q", "-b", "topic"]);
    renameSync(join(folder, "old.txt"), join(folder, "new name.txt"));
    commit(folder, { "copy.txt": `again ${pat(2)}\n` }, "move");
    git(folder, ["checkout", "-q", "main"]);
    commit(folder, { "later.txt": `${pat(3)}\n` }, "the target's own");
    git(folder, ["checkout", "-q", "topic"]);
    git(folder, ["merge", "-q", "-m", "catch up", "main"]);
    const { merge, payload } = pullRequest(folder, "topic");
    const step = await runAction({ workspace: checkout(folder, merge), event: "pull_request", payload });
    expect([step.code, step.outputs.result]).toEqual([0, "warn"]);
    expect(places(step)).toEqual(["copy.txt:1 leak/github-pat false", "new name.txt:1 leak/github-pat false"]);
  });

  it("says in what nothing was found", async () => {
    const folder = origin();
    branch(folder, "topic", [{ "a.txt": "a\n" }, { "b.txt": "b\n" }]);
    const { merge, payload } = pullRequest(folder, "topic");
    const step = await runAction({ workspace: checkout(folder, merge), event: "pull_request", payload });
    expect([step.code, step.outputs.result, step.outputs["highest-severity"]]).toEqual([0, "pass", ""]);
    expect(step.stdout).toMatch(/^leasehold: nothing found in 2 commits, 2 files · /);
    expect(step.summary).toMatch(/^## ✅ Leasehold: nothing found in 2 commits, 2 files /);
  });

  it("reads a merge of three branches at once", async () => {
    const folder = origin();
    branch(folder, "one", [{ "one.txt": "1\n" }]);
    branch(folder, "two", [{ "two.txt": `${pat(4)}\n` }]);
    branch(folder, "topic", [{ "three.txt": "3\n" }]);
    git(folder, ["merge", "-q", "-m", "all three", "one", "two"]);
    expect(git(folder, ["show", "-s", "--format=%P", "HEAD"]).split(" ")).toHaveLength(3);
    const { merge, payload } = pullRequest(folder, "topic");
    const step = await runAction({ workspace: checkout(folder, merge), event: "pull_request", payload });
    expect([step.code, places(step), step.report?.coverage.commits]).toEqual([
      1,
      ["two.txt:1 leak/github-pat true"],
      4,
    ]);
  });

  it("looks at each of 300 commits", async () => {
    const folder = origin();
    git(folder, ["checkout", "-q", "-b", "topic"]);
    const stream = Array.from({ length: 300 }, (_, at) => {
      const text = at === 150 ? `${pat(5)}\n` : `line ${at}\n`;
      const from = at === 0 ? "from refs/heads/main^0\n" : "";
      return `commit refs/heads/topic\ncommitter Ada <ada@example.com> ${1_700_000_000 + at} +0000\ndata 1\nx\n${from}M 100644 inline file.txt\ndata ${text.length}\n${text}\n`;
    }).join("");
    git(folder, ["fast-import", "--quiet", "--force"], stream);
    git(folder, ["reset", "-q", "--hard", "topic"]);
    const { merge, payload } = pullRequest(folder, "topic");
    const step = await runAction({ workspace: checkout(folder, merge), event: "pull_request", payload });
    expect([step.code, places(step), step.report?.coverage.commits]).toEqual([
      1,
      ["file.txt:1 leak/github-pat true"],
      300,
    ]);
  });

  it("takes the target's tip where the commit that the event names is gone by a force push", async () => {
    const folder = origin();
    const gone = commit(folder, { "gone.txt": "gone\n" }, "to be forced away");
    git(folder, ["reset", "-q", "--hard", "HEAD~1"]);
    const head = branch(folder, "topic", [{ "a.txt": `${pat(6)}\n` }]);
    const step = await runAction({
      workspace: checkout(folder, head),
      event: "pull_request",
      payload: pullRequestPayload(gone, head),
    });
    expect([step.code, places(step)]).toEqual([1, ["a.txt:1 leak/github-pat true"]]);
  });

  it.each([1, 2])("in a checkout of depth %i asks for the history, and is not clean", async (depth) => {
    const folder = origin();
    branch(folder, "topic", [{ "a.txt": "a\n" }, { "b.txt": "b\n" }]);
    commitOn(folder, "main", { "c.txt": "c\n" });
    const { merge, payload } = pullRequest(folder, "topic");
    const step = await runAction({ workspace: checkout(folder, merge, depth), event: "pull_request", payload });
    expect([step.code, step.outputs.result, step.outputs.coverage]).toEqual([4, "error", "partial"]);
    expect(step.stdout).toMatch(/^::error title=Leasehold::.*%0A {2}with:%0A {4}fetch-depth: 0/);
    expect(step.summary).toContain("fetch-depth: 0");
    expect(step.report).toBeUndefined();
  });

  it("names what is missing where a shallow checkout cuts the range itself", async () => {
    const folder = origin();
    branch(folder, "topic", [{ "a.txt": "a\n" }, { "b.txt": "b\n" }, { "c.txt": "c\n" }]);
    const { merge, base, payload } = pullRequest(folder, "topic");
    const workspace = checkout(folder, merge, 3);
    git(workspace, ["fetch", "-q", "--depth=1", "origin", base]);
    const step = await runAction({ workspace, event: "pull_request", payload });
    expect([step.code, step.outputs.result, step.outputs.coverage]).toEqual([4, "error", "partial"]);
    expect(step.stdout + step.summary).toContain("fetch-depth: 0");
  });
});

function commitOn(folder: string, name: string, files: Record<string, string>): void {
  git(folder, ["checkout", "-q", name]);
  commit(folder, files, `on ${name}`);
}

describe("merge_group", () => {
  it("reports what the group adds to the queue's base", async () => {
    const folder = origin();
    const base = branch(folder, "queue-base", [{ "a.txt": `${pat(7)}\n` }]);
    const head = branch(folder, "gh-readonly-queue", [{ "b.txt": `${pat(8)}\n` }], "queue-base");
    const merge_group = { base_sha: base, base_ref: "refs/heads/main", head_sha: head, head_ref: "refs/heads/queue" };
    const workspace = checkout(folder, head);
    const step = await runAction({ workspace, event: "merge_group", payload: { merge_group } });
    expect([step.code, places(step)]).toEqual([1, ["b.txt:1 leak/github-pat true"]]);
    expect(step.report?.run.range).toBe(`${base}..${head}`);
  });
});

describe("push", () => {
  it("scans before..after", async () => {
    const folder = origin();
    const before = branch(folder, "topic", [{ "a.txt": `${pat(9)}\n` }]);
    const after = branch(folder, "topic", [{ "b.txt": `${pat(10)}\n` }], "topic");
    const payload = pushPayload("refs/heads/topic", before, after);
    const step = await runAction({ workspace: checkout(folder, after), event: "push", payload });
    expect([step.code, places(step)]).toEqual([1, ["b.txt:1 leak/github-pat true"]]);
  });

  it("scans a new branch, and one that was forced elsewhere, from where it leaves the default branch", async () => {
    const folder = origin({ "old.txt": `${pat(11)}\n` });
    const lost = branch(folder, "topic", [{ "lost.txt": "lost\n" }]);
    const after = branch(folder, "topic", [{ "a.txt": "a\n" }, { "b.txt": `${pat(12)}\n` }]);
    const workspace = checkout(folder, after);
    for (const before of [zero, lost]) {
      const step = await runAction({
        workspace,
        event: "push",
        payload: pushPayload("refs/heads/topic", before, after),
      });
      expect([step.code, places(step), step.report?.coverage.commits]).toEqual([
        1,
        ["b.txt:1 leak/github-pat true"],
        2,
      ]);
    }
  });

  it("to the default branch scans what came, and everything where the commit before is not known", async () => {
    const folder = origin({ "old.txt": `${pat(13)}\n` });
    const before = git(folder, ["rev-parse", "HEAD"]);
    const after = commit(folder, { "new.txt": "fine\n" });
    const workspace = checkout(folder, after);
    const usual = await runAction({ workspace, event: "push", payload: pushPayload("refs/heads/main", before, after) });
    expect([usual.code, places(usual)]).toEqual([0, []]);
    const first = await runAction({ workspace, event: "push", payload: pushPayload("refs/heads/main", zero, after) });
    expect([first.code, places(first), first.report?.run.command]).toEqual([
      1,
      ["old.txt:1 leak/github-pat true"],
      "leasehold scan --history",
    ]);
    const compared = await runAction({
      workspace,
      event: "push",
      payload: pushPayload("refs/heads/main", zero, after),
      inputs: { range: "diff" },
    });
    expect([compared.code, compared.outputs.result]).toEqual([2, "error"]);
    const whole = await runAction({
      workspace,
      event: "push",
      payload: pushPayload("refs/heads/main", before, after),
      inputs: { range: "full" },
    });
    expect([whole.code, places(whole)]).toEqual([1, ["old.txt:1 leak/github-pat true"]]);
  });

  it("of a tag looks at the commit that it names", async () => {
    const folder = origin();
    branch(folder, "release", [{ "a.txt": `${pat(14)}\n` }]);
    git(folder, ["tag", "-a", "-m", "a release", "v1"]);
    const tag = git(folder, ["rev-parse", "v1"]);
    const commitOfTag = git(folder, ["rev-parse", "v1^{commit}"]);
    expect(tag).not.toBe(commitOfTag);
    const payload = pushPayload("refs/tags/v1", zero, tag);
    const step = await runAction({ workspace: checkout(folder, commitOfTag), event: "push", payload });
    expect([step.code, places(step)]).toEqual([1, ["a.txt:1 leak/github-pat true"]]);
  });

  it("that deletes passes, and says that it looked at nothing", async () => {
    const folder = origin();
    const gone = branch(folder, "topic", [{ "a.txt": "a\n" }]);
    const payload = { ...pushPayload("refs/heads/topic", gone, zero), deleted: true };
    const step = await runAction({ workspace: checkout(folder, "main"), event: "push", payload });
    expect([step.code, step.outputs.result, step.outputs["blocking-count"]]).toEqual([0, "pass", "0"]);
    expect(step.summary).toContain("nothing to scan");
  });

  it("in a checkout without the default branch asks for the history", async () => {
    const folder = origin();
    const before = branch(folder, "topic", [{ "a.txt": "a\n" }]);
    const after = branch(folder, "topic", [{ "b.txt": "b\n" }], "topic");
    const payload = pushPayload("refs/heads/topic", before, after);
    const step = await runAction({ workspace: checkout(folder, after, 5), event: "push", payload });
    expect([step.code, step.outputs.coverage]).toEqual([4, "partial"]);
    expect(step.stdout).toContain("the branch main, whose policy counts, is not in this checkout");
  });
});

describe.each(["schedule", "workflow_dispatch"])("%s", (event) => {
  const everything = (isPrivate: boolean) => ({ repository: { default_branch: "main", private: isPrivate } });

  it("scans the whole history, and in a public repository shows counts and ids without places", async () => {
    const folder = origin({ "secret place.txt": `${pat(15)}\n` });
    commit(folder, { "secret place.txt": "gone\n" });
    const workspace = checkout(folder, "main");
    const inside = await runAction({ workspace, event, payload: everything(true) });
    expect([inside.code, places(inside)]).toEqual([1, ["secret place.txt:1 leak/github-pat true"]]);
    expect(inside.stdout).toContain("file=secret place.txt");
    const id = inside.report!.findings[0]!.id;
    // A scheduled run's payload may name no repository; then everybody may read it.
    for (const payload of [everything(false), {}]) {
      const open = await runAction({ workspace, event, payload });
      const shown = open.stdout + open.summary;
      expect([open.code, open.outputs["blocking-count"]]).toEqual([1, "1"]);
      expect(shown).toContain(id);
      expect(shown).toContain("leak/github-pat");
      expect(shown).not.toContain("secret place");
      expect(shown).not.toContain("ghp_");
      expect(shown).not.toContain(git(folder, ["rev-parse", "--short=7", "HEAD~1"]));
      expect(places(open)).toEqual(places(inside));
    }
  });

  it("is not clean where the history is cut off, and compares nothing", async () => {
    const folder = origin();
    commit(folder, { "a.txt": "a\n" });
    const cut = await runAction({ workspace: checkout(folder, "main", 1), event, payload: everything(true) });
    expect([cut.code, cut.outputs.coverage]).toEqual([4, "partial"]);
    expect(cut.stdout).toContain("fetch-depth: 0");
    const inputs = { range: "diff" };
    const compared = await runAction({ workspace: checkout(folder, "main"), event, payload: everything(true), inputs });
    expect(compared.code).toBe(2);
  });
});

describe("other events", () => {
  it("are refused, pull_request_target with the reason and others with a list", async () => {
    const folder = origin();
    const head = branch(folder, "topic", [{ "a.txt": `${pat(16)}\n` }]);
    const { payload } = pullRequest(folder, "topic");
    const workspace = checkout(folder, head);
    const target = await runAction({
      workspace,
      event: "pull_request_target",
      payload,
      inputs: { "on-error": "warn" },
    });
    expect([target.code, target.outputs.result]).toEqual([2, "error"]);
    expect(target.stdout).toContain("holds the target's secrets");
    const other = await runAction({ workspace, event: "issue_comment", payload: {} });
    expect([other.code, other.outputs.result, other.report]).toEqual([2, "error", undefined]);
    expect(other.stdout).toContain("pull_request, merge_group, push, schedule, workflow_dispatch");
  });
});
