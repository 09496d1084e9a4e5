/**
 * What may stand where in a workflow, as GitHub's own parser has it
 * (https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax; the schema of @actions/workflow-parser, which the tests hold this against).
 * Only what decides whether GitHub reads the file: which contexts an expression may use is not here.
 */

/** A form that a node must have. A scalar with an expression has any form: what it gives is known at run time only. */
export type Shape =
  | { kind: "any" }
  | { kind: "text"; filled?: boolean; words?: readonly string[] }
  | { kind: "boolean" }
  | { kind: "number" }
  | { kind: "nothing" }
  | { kind: "list"; item: Shape }
  | { kind: "map"; of: string; keys: Readonly<Record<string, Shape>>; needs: readonly string[]; rest?: Shape }
  | { kind: "choice"; shapes: readonly Shape[] }
  /** A job or a step: which keys it may have depends on the first of these that it has; the last is taken where it has none. */
  | { kind: "by-key"; cases: readonly (readonly [key: string, shape: Shape])[] };

const any: Shape = { kind: "any" };
const text: Shape = { kind: "text" };
const filled: Shape = { kind: "text", filled: true };
const boolean: Shape = { kind: "boolean" };
const number: Shape = { kind: "number" };
const nothing: Shape = { kind: "nothing" };
const word = (...words: string[]): Shape => ({ kind: "text", words });
const list = (item: Shape): Shape => ({ kind: "list", item });
const choice = (...shapes: Shape[]): Shape => ({ kind: "choice", shapes });
const map = (of: string, keys: Record<string, Shape>, ...needs: string[]): Shape => ({ kind: "map", of, keys, needs });
const each = (of: string, rest: Shape): Shape => ({ kind: "map", of, keys: {}, needs: [], rest });

const texts = choice(filled, list(filled));
const environment = each("env", text);

const access = word("read", "write", "none");
const scopes =
  "actions artifact-metadata attestations checks code-quality contents deployments discussions drives issues packages pages pull-requests repository-projects security-events statuses";
const permissions = choice(
  map("permissions", {
    ...Object.fromEntries(scopes.split(" ").map((scope) => [scope, access])),
    "id-token": word("write", "none"),
    "copilot-requests": word("write", "none"),
    models: word("read", "none"),
    "vulnerability-alerts": word("read", "none"),
  }),
  word("read-all", "write-all"),
);

const concurrency = choice(
  text,
  map("concurrency", { group: filled, "cancel-in-progress": boolean, queue: word("single", "max") }, "group"),
);
const defaults = map("defaults", { run: map("defaults.run", { shell: filled, "working-directory": filled }) });

const containerKeys = {
  image: filled,
  options: text,
  env: environment,
  ports: list(filled),
  volumes: list(filled),
  credentials: map("credentials", { username: filled, password: filled }),
};

const stepKeys = { name: text, id: filled, "continue-on-error": boolean };
const workKeys = { ...stepKeys, if: text, "timeout-minutes": number, env: environment, background: boolean };
const step: Shape = {
  kind: "by-key",
  cases: [
    ["uses", map("step with uses", { ...workKeys, uses: filled, with: each("with", text) })],
    ["wait", map("step with wait", { ...stepKeys, wait: texts })],
    ["wait-all", map("step with wait-all", { ...stepKeys, "wait-all": choice(nothing, boolean) })],
    ["cancel", map("step with cancel", { ...stepKeys, cancel: filled })],
    ["parallel", map("step with parallel", { parallel: any })],
    ["run", map("step with run", { ...workKeys, run: text, shell: filled, "working-directory": text }, "run")],
  ],
};

const jobKeys = {
  name: text,
  needs: texts,
  if: text,
  permissions,
  concurrency,
  strategy: map("strategy", {
    "fail-fast": boolean,
    "max-parallel": number,
    matrix: {
      kind: "map",
      of: "matrix",
      keys: { include: list(any), exclude: list(any) },
      needs: [],
      rest: list(any),
    },
  }),
};
const job: Shape = {
  kind: "by-key",
  cases: [
    [
      "uses",
      map("job that calls a workflow", {
        ...jobKeys,
        uses: filled,
        with: each("with", text),
        secrets: choice(each("secrets", text), word("inherit")),
      }),
    ],
    [
      "runs-on",
      map(
        "job",
        {
          ...jobKeys,
          "runs-on": choice(filled, list(filled), map("runs-on", { group: filled, labels: texts })),
          "timeout-minutes": number,
          "cancel-timeout-minutes": number,
          "continue-on-error": boolean,
          container: choice(text, map("container", containerKeys)),
          services: each(
            "services",
            choice(filled, map("service", { ...containerKeys, entrypoint: text, command: text })),
          ),
          env: environment,
          environment: choice(text, map("environment", { name: text, url: text, deployment: boolean }, "name")),
          outputs: each("outputs", text),
          defaults,
          steps: list(step),
          snapshot: choice(filled, map("snapshot", { "image-name": filled, if: text, version: filled }, "image-name")),
        },
        "runs-on",
      ),
    ],
  ],
};

const filters = { branches: texts, "branches-ignore": texts, paths: texts, "paths-ignore": texts };
const call = map("workflow_call", {
  inputs: each(
    "workflow_call.inputs",
    map(
      "workflow_call input",
      { description: text, type: word("string", "boolean", "number"), required: boolean, default: any },
      "type",
    ),
  ),
  secrets: each(
    "workflow_call.secrets",
    choice(nothing, map("workflow_call secret", { description: text, required: boolean })),
  ),
  outputs: each("workflow_call.outputs", map("workflow_call output", { description: text, value: text }, "value")),
});

/** Events that are configured by more than `types`. What an input of workflow_dispatch may say is left to GitHub. */
const events: Record<string, Shape> = {
  push: choice(nothing, map("push", { ...filters, tags: texts, "tags-ignore": texts })),
  pull_request: choice(nothing, map("pull_request", { ...filters, types: texts })),
  pull_request_target: choice(nothing, map("pull_request_target", { ...filters, types: texts })),
  schedule: list(map("schedule", { cron: filled, timezone: filled }, "cron")),
  workflow_call: choice(nothing, call),
  workflow_dispatch: choice(nothing, map("workflow_dispatch", { inputs: any })),
  workflow_run: choice(
    nothing,
    map("workflow_run", { types: texts, workflows: texts, branches: texts, "branches-ignore": texts }),
  ),
  merge_group: choice(nothing, map("merge_group", { types: texts, branches: texts, "branches-ignore": texts })),
  image_version: choice(nothing, map("image_version", { types: texts, names: texts, versions: texts })),
};
const eventNames =
  "branch_protection_rule check_run check_suite create delete deployment deployment_status discussion discussion_comment fork gollum image_version issue_comment issues label merge_group milestone page_build project project_card project_column public pull_request pull_request_comment pull_request_review pull_request_review_comment pull_request_target push registry_package release repository_dispatch schedule status watch workflow_call workflow_dispatch workflow_run".split(
    " ",
  );
const event = word(...eventNames);

/** A whole workflow. */
export const workflowShape: Shape = map(
  "workflow",
  {
    on: choice(
      event,
      list(event),
      map("on", {
        ...Object.fromEntries(eventNames.map((name) => [name, choice(nothing, map(name, { types: texts }))])),
        ...events,
      }),
    ),
    name: text,
    "run-name": text,
    defaults,
    env: environment,
    permissions,
    concurrency,
    jobs: each("jobs", job),
  },
  "on",
  "jobs",
);
