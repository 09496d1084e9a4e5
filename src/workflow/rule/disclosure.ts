/** Secrets that a script puts where others can read them: the log, GITHUB_ENV, artifacts and caches. */
import { fileWriteAt } from "../file-command.ts";
import type { Source, Step, Text } from "../model.ts";
import { contentOffsets } from "../scalar-offsets.ts";
import type { SecretUse } from "../use.ts";
import { actionName, severityOf, storedUses } from "./reach.ts";
import type { Draft, RuleInput, WorkflowRule } from "./rule.ts";
import { uploads, uploadsFile } from "./upload.ts";

/** A secret in a line of a script. */
type ScriptUse = {
  use: SecretUse;
  script: Text;
  step: Step;
  span: { start: number; end: number };
  at: number;
  line: string;
};

function scriptUses(input: RuleInput): ScriptUse[] {
  return storedUses(input.uses).flatMap((use) => {
    const step = use.step?.step;
    if (use.consumer.kind !== "run" || step?.run === undefined) return [];
    const { span } = use.consumer;
    if (span.start < step.run.span.start || span.end > step.run.span.end) return [];
    const at = offsetOf(input.model.source, step.run, span.start);
    return [{ use, script: step.run, step, span, at, line: lineAt(step.run.value, at) }];
  });
}

/** Offset in a text's content of a byte of the file. Offsets grow with bytes, so it is found by halving. */
function offsetOf(source: Source, text: Text, byte: number): number {
  const offsets = contentOffsets(source, text.node);
  let low = 0;
  let high = text.value.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (offsets(middle) < byte) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lineAt(content: string, at: number): string {
  const before = content.slice(Math.max(0, at - 1_000), at);
  const after = content.slice(at, at + 1_000);
  const end = after.indexOf("\n");
  return before.slice(before.lastIndexOf("\n") + 1) + (end < 0 ? after : after.slice(0, end));
}

function draftFor(
  { use, step, span }: ScriptUse,
  rest: Pick<Draft, "severity" | "confidence" | "message">,
  facts?: Record<string, string>,
): Draft {
  return {
    span,
    ...(use.job !== undefined && { job: use.job }),
    step,
    name: use.name,
    preview: use.written,
    ...rest,
    ...(facts && { facts }),
  };
}

/** One draft per place. */
function distinct(drafts: (Draft | undefined)[]): Draft[] {
  const seen = new Set<number>();
  return drafts.filter(
    (draft): draft is Draft =>
      draft !== undefined && !seen.has(draft.span.start) && seen.add(draft.span.start) !== undefined,
  );
}

const prints = /^\s*(?:sudo\s+)?(?:echo|printf|Write-Host|Write-Output|print|console\.log)\b/;

/** Programs that change a text so that the log's masking no longer knows it. */
const disguises =
  /\|\s*(?:base64|base32|rev|xxd|od|hexdump|tr|sed|cut|fold|head\s+-c|tail\s+-c|openssl\s+(?:base64|enc)|jq\s+-R)\b[^|>]*$/;

const toFile = /\s(?:-o|--out|--output)[\s=]/;

export const secretToLog: WorkflowRule = {
  id: "workflow/secret-to-log",
  title: "Secret printed to the log",
  why: "GitHub masks a secret in the log only where it stands letter for letter. Encoded, cut or spread over lines it is printed in clear, to everyone who can read the log.",
  silent:
    "Output that goes into a pipe, a file or a command; `::add-mask::`; the job's own GITHUB_TOKEN; the length of a variable.",
  bad: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo "$API_KEY" | base64
        env:
          API_KEY: \${{ secrets.API_KEY }}
`,
  good: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo "$API_KEY" | ./upload --key-stdin
        env:
          API_KEY: \${{ secrets.API_KEY }}
`,
  check: (input) => distinct(scriptUses(input).map(printed)),
};

function printed(found: ScriptUse): Draft | undefined {
  const { line, use } = found;
  if (
    !prints.test(line) ||
    toFile.test(line) ||
    line.includes("add-mask") ||
    line.includes("${#") ||
    line.includes("$(") ||
    line.includes("<<<")
  )
    return undefined;
  const open = /[>]|\|/.test(withoutQuotes(line));
  if (disguises.test(line)) {
    return draftFor(found, {
      severity: severityOf("stored", "outsider"),
      confidence: "likely",
      message: `${use.name} is printed to the log in a form that masking does not know; do not print it, and change it if a run has.`,
    });
  }
  if (open) return undefined;
  return draftFor(found, {
    severity: severityOf("stored", "own"),
    confidence: "likely",
    message: `${use.name} is printed to the log, where only masking hides it; do not print it.`,
  });
}

/** A line without what stands in quotes, where `>` and `|` mean nothing. */
function withoutQuotes(line: string): string {
  return line.replace(/"[^"]*"|'[^']*'/g, "");
}

export const secretToGithubEnv: WorkflowRule = {
  id: "workflow/secret-to-github-env",
  title: "Secret written to GITHUB_ENV or GITHUB_OUTPUT",
  why: "What is in GITHUB_ENV is in the environment of every later step and action of the job. An output can be read by all steps and be handed to other jobs, where it is no longer masked.",
  silent: "The job's own GITHUB_TOKEN; values that are only derived from a secret by a program.",
  bad: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo "API_KEY=\${{ secrets.API_KEY }}" >> $GITHUB_ENV
      - run: ./upload.sh
`,
  good: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: ./upload.sh
        env:
          API_KEY: \${{ secrets.API_KEY }}
`,
  check: (input) =>
    distinct(
      scriptUses(input).map((found) => {
        const write = fileWriteAt(found.script.value, found.at);
        if (write === undefined) return undefined;
        const env = write.file === "GITHUB_ENV";
        return draftFor(
          found,
          {
            severity: severityOf("stored", env ? "third-party" : "own"),
            confidence: "certain",
            message: `${found.use.name} is written to ${write.file}, from where ${env ? "every later step has it" : "other steps and jobs can read it"}; bind it to the env of the step that needs it.`,
          },
          { file: write.file, variable: write.name },
        );
      }),
    ),
};

export const secretToArtifact: WorkflowRule = {
  id: "workflow/secret-to-artifact",
  title: "Secret in an artifact or cache",
  why: "An artifact can be downloaded by everyone who can read the repository, for up to 90 days; a cache can be read by later runs, also those of pull requests.",
  silent:
    "Files that a script writes a secret to and that no upload of the same job names, alone or through their folder.",
  bad: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo "$API_KEY" > dist/settings.txt
        env:
          API_KEY: \${{ secrets.API_KEY }}
      - uses: actions/upload-artifact@v4
        with:
          path: dist/
`,
  good: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: echo "$API_KEY" > settings.txt
        env:
          API_KEY: \${{ secrets.API_KEY }}
      - uses: actions/upload-artifact@v4
        with:
          path: dist/
`,
  check: (input) => {
    const { model } = input;
    if (model.kind !== "workflow") return [];
    const jobs = new Map(model.jobs.map((job) => [job.id, job]));
    return distinct(
      scriptUses(input).map((found) => {
        const file = writtenFile(found.line);
        const job = found.use.job === undefined ? undefined : jobs.get(found.use.job);
        if (file === undefined || job === undefined) return undefined;
        const upload = job.steps.find((step) => step.index > found.step.index && uploadsFile(step, file));
        if (upload === undefined) return undefined;
        const kind = uploads.get(actionName(upload.uses)) ?? "artifact";
        return draftFor(
          found,
          {
            severity: severityOf("stored", "outsider"),
            confidence: "likely",
            message: `${found.use.name} is written to ${file}, which step ${upload.index + 1} puts into ${kind === "cache" ? "a cache" : "an artifact"}; keep it out of the uploaded folder.`,
          },
          { file },
        );
      }),
    );
  },
};

/** The file that a line's output goes to. */
function writtenFile(line: string): string | undefined {
  const match = /(?:>>?|\|\s*tee(?:\s+-a)?)\s*["']?([\w./~-]+)/.exec(line);
  return match?.[1];
}
