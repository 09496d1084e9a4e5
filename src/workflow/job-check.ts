/** What GitHub refuses although every key has its form: jobs that wait for what never comes, and ids that are none or stand twice. */
import type { Job, Workflow, YamlScalar } from "./model.ts";
import { entryOf, scalarsOf } from "./node.ts";
import type { SchemaProblem } from "./schema-check.ts";

/** In: the model. Out: in document order. */
export function jobProblems(workflow: Workflow): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  for (const job of workflow.jobs) {
    checkId(problems, job.key, "job");
    checkStepIds(problems, job);
  }
  checkNeeds(problems, workflow.jobs);
  return problems.sort((a, b) => a.span.start - b.span.start);
}

const identifier = /^[A-Za-z_][\w-]{0,98}$/;

function checkId(problems: SchemaProblem[], { text, span }: YamlScalar, of: "job" | "step"): void {
  if (text.includes("${{") || text === "<<") return;
  if (!identifier.test(text))
    problems.push({
      message: `the id of a ${of} begins with a letter or _, has letters, digits, - and _ only, and fewer than 100 of them`,
      span,
      open: false,
    });
  else if (text.startsWith("__")) problems.push({ message: "ids that begin with __ are reserved", span, open: false });
}

function checkStepIds(problems: SchemaProblem[], job: Job): void {
  const names = new Set<string>();
  for (const { id } of job.steps) {
    if (id === undefined || id.value === "") continue;
    if (names.has(id.value))
      problems.push({ message: "another step of this job has this id", span: id.span, open: false });
    names.add(id.value);
    checkId(problems, id.node, "step");
  }
}

/** Starts the jobs as GitHub would, and tells which never are. */
function checkNeeds(problems: SchemaProblem[], jobs: readonly Job[]): void {
  const byId = new Set(jobs.map((job) => job.id));
  const waiting = new Map(jobs.map((job) => [job, new Set(job.needs)]));
  const waits = new Map<string, Job[]>();
  for (const job of jobs) for (const need of new Set(job.needs)) waits.set(need, [...(waits.get(need) ?? []), job]);
  const started = jobs.filter((job) => job.needs.length === 0);
  for (let job = started.pop(); job !== undefined; job = started.pop()) {
    waiting.delete(job);
    for (const next of waits.get(job.id) ?? []) {
      const left = waiting.get(next);
      left?.delete(job.id);
      if (left?.size === 0) started.push(next);
    }
  }
  for (const [job, left] of waiting) {
    for (const scalar of scalarsOf(entryOf(job.map, "needs")?.value)) {
      if (!left.has(scalar.text) || scalar.text.includes("${{")) continue;
      const message = byId.has(scalar.text)
        ? "this job waits for one that waits for it"
        : "no job of this workflow has this id";
      problems.push({ message, span: scalar.span, open: false });
    }
  }
}
