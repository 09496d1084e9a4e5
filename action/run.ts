/** One run of the Action, from the environment that the runner gives to an exit code. */
import { readFileSync } from "node:fs";
import { error as errorAnnotation, info as log, notice, warning } from "@actions/core";
import { LeaseholdError } from "../src/error.ts";
import { exitCodeOf, exitCodeOfVerdict, exitCodes } from "../src/exit-code.ts";
import { openRepository, type Repository } from "../src/git/repository.ts";
import { markdownFence } from "../src/report/encode.ts";
import { errorLines } from "../src/scan/error-lines.ts";
import { type EventScope, type Scope, scopeHere } from "../src/scan/event-scope.ts";
import { runScan } from "../src/scan/run.ts";
import { runInfo, today } from "../src/scan/run-info.ts";
import { scopeOfEvent } from "./event.ts";
import { type Inputs, onError, readInputs } from "./input.ts";
import {
  isWorthTelling,
  type Shown,
  setDeletionOutputs,
  setErrorOutputs,
  setOutputs,
  shownTo,
  summaryText,
  writeFiles,
  writeLog,
  writeSummary,
} from "./present.ts";

const titled = { title: "Leasehold" };

/** Out: the exit code, which is the CLI's for the same commits and policy. */
export async function runAction(): Promise<number> {
  let lenient = false;
  try {
    lenient = onError() === "warn";
    return await scanEvent(readInputs());
  } catch (error) {
    return await withoutVerdict(error, lenient);
  }
}

async function scanEvent(inputs: Inputs): Promise<number> {
  const event = scopeOfEvent(process.env.GITHUB_EVENT_NAME ?? "", readPayload());
  if (event.kind === "deletion") {
    log("leasehold: a branch or tag was deleted, which brings nothing to scan");
    setDeletionOutputs();
    if (inputs.summary === "always")
      await writeSummary("## ✅ Leasehold: nothing to scan (a branch or tag was deleted)\n");
    return exitCodes.clean;
  }
  const folder = process.env.GITHUB_WORKSPACE || process.cwd();
  const repository = await openRepository(folder);
  if (repository === undefined)
    throw new LeaseholdError(
      "usage",
      `${folder} holds no repository: put a step with actions/checkout before this one`,
    );
  const scope = await scopeHere(repository, event, inputs.range);
  const whole = await scanned(folder, scope, inputs);
  whole.verdict.notes.push(...(await notesOfStores(repository, scope, inputs)));
  const { verdict } = whole;
  writeFiles(whole, inputs.sarif);
  setOutputs(verdict);
  const shown = shownTo(event.kind === "everything" && event.open, whole);
  writeLog(shown);
  if (inputs.summary === "always" || (inputs.summary === "on-findings" && isWorthTelling(verdict)))
    await writeSummary(summaryText(shown));
  await tellPullRequest(event, inputs, shown);
  return exitCodeOfVerdict(verdict.result, verdict.coverage.gaps.length);
}

/** The whole of what the CLI would give for the same words. */
async function scanned(cwd: string, { range, steering }: Scope, inputs: Inputs): Promise<Shown> {
  const day = today();
  const started = performance.now();
  const run = await runScan({
    cwd,
    source: range === undefined ? { kind: "history", since: undefined } : { kind: "words", words: [range] },
    git: true,
    config: true,
    steering: { commit: steering, policy: inputs.configFile, baseline: inputs.baseline },
    failOn: inputs.failOn,
    minConfidence: inputs.minConfidence,
    today: day,
  });
  const about = {
    command: `leasehold scan ${range ?? "--history"}`,
    milliseconds: performance.now() - started,
    today: day,
  };
  return { verdict: run.verdict, info: runInfo(run, about), ruleHelp: run.ruleHelp };
}

/** What the token may know of stored secrets; nothing is asked without one. */
async function notesOfStores(repository: Repository, { steering }: Scope, { token }: Inputs): Promise<string[]> {
  const commit = steering ?? repository.head;
  if (token === "" || commit === undefined) return [];
  const { storeNotes } = await import("./stored-secrets.ts");
  return await storeNotes(repository, commit, token);
}

/** The comment on a pull request, where one is wanted and the token may write it. What becomes of it changes no verdict. */
async function tellPullRequest(event: EventScope, { comment, token }: Inputs, shown: Shown): Promise<void> {
  if (event.kind !== "pull-request" || comment === "never" || token === "") return;
  // Loaded on demand: it brings a client with it that costs more to start than a small scan.
  const { writeComment } = await import("./comment.ts");
  const create = comment === "always" || isWorthTelling(shown.verdict);
  const outcome = await writeComment(shown, { token, number: event.number, create });
  if (outcome === "not permitted")
    notice("reduced mode: the token may not comment here, so annotations and the job summary say all there is", titled);
  else if (outcome !== "done") warning(outcome, titled);
}

/** What is told where there is no verdict, so that nobody takes it for a clean one. */
async function withoutVerdict(error: unknown, lenient: boolean): Promise<number> {
  const code = error instanceof LeaseholdError ? exitCodeOf(error.code) : exitCodes.internal;
  // Only where the tool failed. What was not scanned, and what a user wrote wrongly, is not excused.
  const excused = lenient && (code === exitCodes.internal || code === exitCodes.network);
  const lines = await errorLines(error);
  if (excused) lines.push("there is no verdict; on-error: warn lets the job go on");
  const tell = excused ? warning : errorAnnotation;
  tell(lines.join("\n"), titled);
  setErrorOutputs();
  await writeSummary(`## ⚠️ Leasehold: no verdict\n\n${markdownFence(lines, 2_000)}\n`);
  return excused ? exitCodes.clean : code;
}

function readPayload(): unknown {
  const path = process.env.GITHUB_EVENT_PATH ?? "";
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    throw new LeaseholdError(
      "usage",
      `GITHUB_EVENT_PATH names no file with the event of this run (${JSON.stringify(path)}); this program is for GitHub Actions, and outside of it there is leasehold scan`,
    );
  }
}
