/** Credentials of containers that stand in the file itself. */
import type { Container, Text } from "../model.ts";
import type { Draft, WorkflowRule } from "./rule.ts";

export const hardcodedContainerCredentials: WorkflowRule = {
  id: "workflow/hardcoded-container-credentials",
  title: "Password of a container registry in the file",
  why: "Whoever can read the repository, now or in its history, can use the password. It belongs to the secrets, or is not needed at all (GITHUB_TOKEN for the GitHub registry, a cloud login for the others).",
  silent:
    "A value that comes from an expression; user names; passwords of test databases in `services.*.env`, which are made for the job.",
  bad: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    container:
      image: registry.example.com/app
      credentials:
        username: bot
        password: not-a-real-password
    steps:
      - run: make
`,
  good: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    container:
      image: ghcr.io/acme/app
      credentials:
        username: \${{ github.actor }}
        password: \${{ secrets.GITHUB_TOKEN }}
    steps:
      - run: make
`,
  check: ({ model }) => {
    if (model.kind !== "workflow") return [];
    return model.jobs.flatMap((job) =>
      [...(job.container ? [job.container] : []), ...job.services].flatMap((container) => hardcoded(job.id, container)),
    );
  },
};

function hardcoded(job: string, container: Container): Draft[] {
  const { password } = container;
  if (password === undefined || !isLiteral(password.value)) return [];
  return [
    {
      span: password.value.span,
      job,
      name: container.name ?? "container",
      severity: "high",
      confidence: "likely",
      message: `The password for ${container.image?.value ?? "the image"} stands in the file; change it and read the new one from a secret.`,
      preview: "\u2588".repeat(8),
      noExcerpt: true,
    },
  ];
}

function isLiteral(text: Text): boolean {
  return text.expressions.length === 0 && text.value.trim() !== "";
}
