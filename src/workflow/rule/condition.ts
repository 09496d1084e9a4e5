/** Secrets in conditions. */
import type { Draft, WorkflowRule } from "./rule.ts";

export const secretInIf: WorkflowRule = {
  id: "workflow/secret-in-if",
  title: "Secret in a condition",
  why: "The `secrets` context does not exist in `if`: GitHub refuses the file or reads an empty value, so the condition does not do what it says.",
  silent: "`env.NAME != ''` with the secret bound in env, which is how such a condition is written.",
  bad: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - if: secrets.API_KEY != ''
        run: ./upload.sh
`,
  good: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    env:
      HAS_KEY: \${{ secrets.API_KEY != '' }}
    steps:
      - if: env.HAS_KEY == 'true'
        run: ./upload.sh
`,
  check: (input) =>
    input.uses.flatMap((use): Draft[] => {
      if (use.binding.kind !== "if" || use.form === "token") return [];
      return [
        {
          span: use.place,
          ...(use.job !== undefined && { job: use.job }),
          ...(use.step && { step: use.step.step }),
          name: use.name,
          severity: "low",
          confidence: "certain",
          message:
            "The secrets context cannot be read in a condition; bind `secrets.X != ''` to an env variable and ask for that.",
          preview: use.written,
        },
      ];
    }),
};
