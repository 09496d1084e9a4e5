/** Secrets in the text of commands. */
import type { Text } from "../model.ts";
import { contentOffsets } from "../scalar-offsets.ts";
import type { SecretUse } from "../use.ts";
import { lifeOf, onlyIdentifies, severityOf } from "./reach.ts";
import type { Draft, RuleInput, WorkflowRule } from "./rule.ts";

export const secretOnCommandLine: WorkflowRule = {
  id: "workflow/secret-on-command-line",
  title: "Secret on a command line",
  why: "An expression in `run` is pasted into the script before the shell starts: the secret lands in a file on the runner, quotes in it break the script, and `set -x` prints it. An argument of a command is in the process list.",
  silent:
    "Values that are identifiers by their name; shell variables handed over on standard input or in a variable; the job's own GITHUB_TOKEN in an argument; a comparison like `secrets.X != ''`, which pastes true or false.",
  bad: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: docker login -u bot -p \${{ secrets.REGISTRY_PASSWORD }} registry.example.com
`,
  good: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo "$REGISTRY_PASSWORD" | docker login -u bot --password-stdin registry.example.com
        env:
          REGISTRY_PASSWORD: \${{ secrets.REGISTRY_PASSWORD }}
`,
  check: (input) => {
    const seen = new Set<number>();
    return input.uses.flatMap((use): Draft[] => {
      if (use.consumer.kind !== "run" || use.role !== "value" || onlyIdentifies(use)) return [];
      const draft = use.consumer.variable === undefined ? pasted(use) : argument(input, use);
      if (draft === undefined || seen.has(draft.span.start)) return [];
      seen.add(draft.span.start);
      return [draft];
    });
  },
};

function draftOf(use: SecretUse, span: Draft["span"]): Pick<Draft, "span" | "job" | "step" | "name"> {
  return {
    span,
    ...(use.job !== undefined && { job: use.job }),
    ...(use.step && { step: use.step.step }),
    name: use.name,
  };
}

/** An expression in the script's own text. */
function pasted(use: SecretUse): Draft | undefined {
  if (use.consumer.kind !== "run") return undefined;
  const life = lifeOf(use.form);
  return {
    ...draftOf(use, use.consumer.span),
    severity: severityOf(life, life === "stored" ? "third-party" : "own"),
    confidence: "certain",
    message: `${use.name} is pasted into the script; bind it to an env variable of the step and read that, quoted.`,
    preview: use.written,
  };
}

/** Options after which a value is a password or key, and the end of a URL's or header's part that one stands in. */
const option =
  /(?:(?:^|\s)(?:-p|-k|--?pass(?:word)?|--?token|--?api-?key|--?auth-?token|--?secret(?:-key)?|--?key|--client-secret|--?nuget-api-key)(?:\s+|=)["']?|(?:^|\s)(?:-u|--user)\s+["']?[^\s:"']*:|:\/\/[^\s/"'@]*:?|authorization:\s*(?:bearer|token|basic)?\s*|--build-arg\s+["']?\w+=["']?)$/i;

/** A variable that stands as the argument of an option which takes a secret. */
function argument(input: RuleInput, use: SecretUse): Draft | undefined {
  const script = use.step?.step.run;
  if (use.form === "token" || use.consumer.kind !== "run" || script === undefined) return undefined;
  const before = lineBefore(input, script, use.consumer.span.start);
  if (before === undefined || !option.test(before) || /^\s*(?:echo|printf)\b/.test(before)) return undefined;
  return {
    ...draftOf(use, use.consumer.span),
    severity: severityOf("stored", "own"),
    confidence: "likely",
    message: `${use.name} is an argument of a command, where every process of the runner can read it; use standard input or a variable the program reads itself.`,
    preview: `$${use.consumer.variable}`,
  };
}

/** The text of the script's line before a byte of the file, at most 200 characters. */
function lineBefore(input: RuleInput, script: Text, byte: number): string | undefined {
  const offsets = contentOffsets(input.model.source, script.node);
  let low = 0;
  let high = script.value.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (offsets(middle) < byte) low = middle + 1;
    else high = middle;
  }
  if (offsets(low) !== byte) return undefined;
  const start = script.value.lastIndexOf("\n", low - 1) + 1;
  return script.value.slice(Math.max(start, low - 200), low);
}
