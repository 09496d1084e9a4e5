/** Tokens that a checkout leaves on disk. */
import type { Step } from "../model.ts";
import { actionName, severityOf, usesOfJob } from "./reach.ts";
import type { Draft, WorkflowRule } from "./rule.ts";
import { uploadsFile } from "./upload.ts";

export const persistedCredentials: WorkflowRule = {
  id: "workflow/persisted-credentials",
  title: "Checkout leaves its token on disk",
  why: "actions/checkout keeps its token in the working copy until the job ends. Whatever is uploaded from there, and every program of the job, can read it.",
  silent:
    "`persist-credentials: false`; the job's own token when nothing uploads the working copy; jobs that push with git, which need it; version 6 and later, which keep the token outside the working copy, unless it is a stored one.",
  bad: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/upload-artifact@v4
        with:
          path: .
`,
  good: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with:
          persist-credentials: false
      - uses: actions/upload-artifact@v4
        with:
          path: .
`,
  check: (input) => {
    const { model } = input;
    if (model.kind !== "workflow") return [];
    return model.jobs.flatMap((job) =>
      job.steps.flatMap((step): Draft[] => {
        if (actionName(step.uses) !== "actions/checkout" || step.uses === undefined || persistsNot(step)) return [];
        const later = job.steps.filter((other) => other.index > step.index);
        const upload = olderThanSix(step) ? later.find((other) => uploadsFile(other, ".git/config")) : undefined;
        const stored = usesOfJob(input.uses, job.id).find(
          (use) =>
            use.form === "named" &&
            use.step?.index === step.index &&
            use.consumer.kind === "action" &&
            (use.consumer.input === "token" || use.consumer.input === "ssh-key"),
        );
        const pushes = later.some(
          (other) =>
            other.run !== undefined &&
            /\bgit\s+(?:-\S{1,200}\s+){0,4}(?:push|fetch|pull|clone|submodule)\b/.test(other.run.value),
        );
        if (
          upload === undefined &&
          (stored === undefined || pushes || later.length === 0 || later.some((other) => mayPush(other)))
        )
          return [];
        return [
          {
            span: step.uses.text.span,
            job: job.id,
            step,
            name: stored?.name ?? "GITHUB_TOKEN",
            severity: severityOf(stored ? "stored" : "job", upload ? "outsider" : "own"),
            confidence: upload ? "certain" : "likely",
            message: upload
              ? `${stored?.name ?? "The job's token"} stays in .git, and step ${upload.index + 1} uploads the whole working copy; set persist-credentials: false.`
              : `${stored?.name} stays on disk after the checkout, and nothing here pushes with it; set persist-credentials: false.`,
            preview: step.uses.raw,
          },
        ];
      }),
    );
  },
};

function persistsNot(step: Step): boolean {
  const value = step.with.find((variable) => variable.name === "persist-credentials")?.value;
  return value !== undefined && (value.expressions.length > 0 || value.value.toLowerCase() === "false");
}

/** Actions and tools that may push with what the checkout left. */
function mayPush(step: Step): boolean {
  if (step.run) return /\bgh\b|release|publish|\.\//.test(step.run.value);
  return step.uses !== undefined && !actionName(step.uses).startsWith("actions/");
}

/** The version from the tag, or from the comment behind a commit id; unknown counts as old. */
function olderThanSix(step: Step): boolean {
  const text = step.uses?.refKind === "tag" ? step.uses.ref : step.uses?.comment?.text;
  const major = /v?(\d+)/.exec(text ?? "")?.[1];
  return major === undefined ? step.uses?.refKind !== "branch" : Number(major) < 6;
}
