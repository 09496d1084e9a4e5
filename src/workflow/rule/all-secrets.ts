/** More secrets than needed, handed over at once. */

import { isUnpinnedThirdParty } from "./reach.ts";
import type { Draft, WorkflowRule } from "./rule.ts";

export const secretsInherit: WorkflowRule = {
  id: "workflow/secrets-inherit",
  title: "A called workflow gets every secret",
  why: "`secrets: inherit` hands over all secrets of the repository, the organisation and the environment, also those added later. What the called workflow needs can be named.",
  silent:
    "Never: a call that names its secrets is not affected. (A called job reads secrets of its own environment without them being passed.)",
  bad: `on: push
jobs:
  call:
    uses: ./.github/workflows/deploy.yml
    secrets: inherit
`,
  good: `on: push
jobs:
  call:
    uses: ./.github/workflows/deploy.yml
    secrets:
      deploy-key: \${{ secrets.DEPLOY_KEY }}
`,
  check: (input) =>
    input.uses.flatMap((use): Draft[] => {
      if (use.form !== "inherit" || use.consumer.kind !== "workflow") return [];
      const { uses } = use.consumer;
      const foreign = isUnpinnedThirdParty(uses, input);
      return [
        {
          span: use.binding.entry?.span ?? use.place,
          ...(use.job !== undefined && { job: use.job }),
          severity: foreign ? "high" : uses.local ? "low" : "medium",
          confidence: "certain",
          message: `Every secret is handed to ${uses.raw}; name the ones it needs.`,
          preview: "secrets: inherit",
          facts: { uses: uses.raw },
        },
      ];
    }),
};

export const allSecrets: WorkflowRule = {
  id: "workflow/all-secrets",
  title: "All secrets are read at once",
  why: "`toJSON(secrets)` or `secrets.*` puts every secret of the repository and the organisation into one value: whatever reads it has them all, and masking of parts of it is unreliable.",
  silent: "A single secret through toJSON, and conditions that only ask whether there is one.",
  bad: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: ./load.sh
        env:
          ALL: \${{ toJSON(secrets) }}
`,
  good: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: ./load.sh
        env:
          API_KEY: \${{ secrets.API_KEY }}
`,
  check: (input) => {
    const seen = new Set<number>();
    return input.uses.flatMap((use): Draft[] => {
      if (use.form !== "all" || use.role !== "value" || seen.has(use.place.start)) return [];
      seen.add(use.place.start);
      const foreign = use.consumer.kind === "action" && isUnpinnedThirdParty(use.consumer.uses, input);
      return [
        {
          span: use.place,
          ...(use.job !== undefined && { job: use.job }),
          ...(use.step && { step: use.step.step }),
          name: "*",
          severity: foreign ? "high" : "medium",
          confidence: "certain",
          message: "Every secret that this job can see is read at once; read the ones it needs by name.",
          preview: use.written,
        },
      ];
    });
  },
};

export const dynamicSecret: WorkflowRule = {
  id: "workflow/dynamic-secret",
  title: "Which secret is read is computed",
  why: "With `secrets[…]` over a computed name nobody can tell from the file which secrets a job uses, so unused ones cannot be removed; and GitHub has to send the job all of them.",
  silent: "An index that is a literal, `secrets['NAME']`, which is the same as `secrets.NAME`.",
  bad: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    strategy:
      matrix:
        target: [eu, us]
    steps:
      - run: ./deploy.sh
        env:
          KEY: \${{ secrets[format('KEY_{0}', matrix.target)] }}
`,
  good: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - run: ./deploy.sh
        env:
          KEY: \${{ secrets['KEY'] }}
`,
  check: (input) => {
    const seen = new Set<number>();
    return input.uses.flatMap((use): Draft[] => {
      if (use.form !== "dynamic" || seen.has(use.place.start)) return [];
      seen.add(use.place.start);
      return [
        {
          span: use.place,
          ...(use.job !== undefined && { job: use.job }),
          ...(use.step && { step: use.step.step }),
          name: use.name,
          severity: "low",
          confidence: "certain",
          message:
            "The name of this secret is computed, so the job is sent every secret; use an environment per target and one name.",
          preview: use.written,
        },
      ];
    });
  },
};
