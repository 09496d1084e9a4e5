/** Secrets bound further out than where they are read. */
import type { SecretUse } from "../use.ts";
import { isUnpinnedThirdParty, severityOf, storedUses } from "./reach.ts";
import type { Draft, RuleInput, WorkflowRule } from "./rule.ts";

export const secretInWideEnv: WorkflowRule = {
  id: "workflow/secret-in-wide-env",
  title: "Secret in a wider env than its one reader",
  why: "An `env` of a job or of the workflow is in the environment of every step, every action and every program they start. A secret that one step reads belongs to that step.",
  silent:
    "Read by more than one step; read by no step by name, because a program may read it on its own; a job with one step; the job's own GITHUB_TOKEN.",
  bad: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    env:
      API_KEY: \${{ secrets.API_KEY }}
    steps:
      - uses: actions/checkout@v4
      - run: make
      - run: ./upload.sh "$API_KEY"
`,
  good: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: make
      - run: ./upload.sh "$API_KEY"
        env:
          API_KEY: \${{ secrets.API_KEY }}
`,
  check: (input) => {
    const groups = new Map<number, SecretUse[]>();
    for (const use of storedUses(input.uses)) {
      const { kind, level } = use.binding;
      if (kind !== "env" || (level !== "workflow" && level !== "job")) continue;
      groups.set(use.place.start, [...(groups.get(use.place.start) ?? []), use]);
    }
    return [...groups.values()].flatMap((group) => wide(input, group));
  },
};

function wide(input: RuleInput, group: readonly SecretUse[]): Draft[] {
  const [first] = group;
  if (input.model.kind !== "workflow" || first === undefined || first.binding.variable === undefined) return [];
  if (group.some((use) => use.job === undefined || use.step === undefined)) return [];
  const readers = new Set(group.map((use) => `${use.job}\n${use.step?.index}`));
  const jobs = new Set(group.map((use) => use.job));
  const { level, variable } = first.binding;
  const scope = level === "workflow" ? input.model.jobs : input.model.jobs.filter((job) => job.id === first.job);
  const steps = scope.flatMap((job) => job.steps).filter((step) => step.kind === "run" || step.kind === "uses");
  const oneStep = readers.size === 1 && steps.length > 1;
  const oneJob = level === "workflow" && jobs.size === 1 && input.model.jobs.length > 1;
  if (!oneStep && !oneJob) return [];
  const foreign = steps.some((step) => step.uses && isUnpinnedThirdParty(step.uses, input));
  const reader = oneStep ? `step ${(first.step?.index ?? 0) + 1} of job ${first.job}` : `job ${first.job}`;
  return [
    {
      span: variable.entry.span,
      ...(level === "job" && first.job !== undefined && { job: first.job }),
      name: first.name,
      severity: severityOf("stored", foreign ? "third-party" : "own"),
      confidence: "likely",
      message: `${first.name} is in the env of the whole ${level}, but only ${reader} reads it; bind it there.`,
      preview: variable.name,
      facts: { variable: variable.name, level, reader },
    },
  ];
}
