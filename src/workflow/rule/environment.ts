/** Secrets of a deployment that no environment guards. */
import type { Job, Workflow } from "../model.ts";
import { listed, storedUses, usesOfJob } from "./reach.ts";
import type { WorkflowRule } from "./rule.ts";
import { eventsReaching } from "./trigger.ts";

const deploys = /(?:^|[^a-z])(?:deploy|deployment|release|publish|production|prod)(?:s|ing|ment)?(?:[^a-z]|$)/i;

/** Secrets of reports and chat, which are not what a deployment is guarded for. */
const harmless = /CODECOV|COVERALLS|SLACK|DISCORD|WEBHOOK|SONAR|TEAMS_|TELEGRAM|ALGOLIA/;

export const secretWithoutEnvironment: WorkflowRule = {
  id: "workflow/secret-without-environment",
  title: "Deployment secret without an environment",
  why: "A secret of the repository can be read from any branch by whoever can push a workflow. A secret of an environment is given only to the branches, tags and reviewers that the environment allows.",
  silent:
    "Jobs whose name does not say that they deploy, release or publish; jobs that only pull requests start; jobs with an environment; calls of reusable workflows, whose jobs name the environment themselves; tokens for coverage reports and chat.",
  bad: `on:
  push:
    tags: [v*]
jobs:
  publish:
    runs-on: ubuntu-latest
    steps:
      - run: ./publish.sh
        env:
          REGISTRY_KEY: \${{ secrets.REGISTRY_KEY }}
`,
  good: `on:
  push:
    tags: [v*]
jobs:
  publish:
    runs-on: ubuntu-latest
    environment: release
    steps:
      - run: ./publish.sh
        env:
          REGISTRY_KEY: \${{ secrets.REGISTRY_KEY }}
`,
  check: (input) => {
    const { model } = input;
    if (model.kind !== "workflow") return [];
    return model.jobs.flatMap((job) => {
      if (job.environment !== undefined || job.uses !== undefined || !isDeployment(model, job)) return [];
      const uses = storedUses(usesOfJob(input.uses, job.id)).filter(
        (use) => use.form === "named" && !harmless.test(use.name),
      );
      const [first] = uses;
      if (first === undefined) return [];
      const names = listed(uses.map((use) => use.name));
      return [
        {
          span: job.key.span,
          job: job.id,
          severity: "low",
          confidence: "likely",
          message: `Job ${job.id} uses ${names} without an environment; move them to one that only the release branch or tag may use.`,
          preview: job.id,
          facts: { secrets: [...new Set(uses.map((use) => use.name))].join(" ") },
        },
      ];
    });
  },
};

function isDeployment(workflow: Workflow, job: Job): boolean {
  if (!deploys.test(job.id) && !deploys.test(job.name?.value ?? "")) return false;
  const events = eventsReaching(workflow, job);
  return events.some((event) => event !== "pull_request" && event !== "workflow_call");
}
