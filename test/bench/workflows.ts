// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
/** Workflows of a wished number, made from a seed: builds, releases and deployments with the actions, secrets and scripts that such files have. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seededDraw } from "../leak/draw.ts";

const filesPerRepository = 5;
const secrets =
  "NPM_TOKEN DEPLOY_KEY AWS_SECRET_ACCESS_KEY DOCKERHUB_TOKEN SLACK_WEBHOOK CODECOV_TOKEN PYPI_TOKEN".split(" ");

type Pick = <T>(all: readonly T[]) => T;

const steps: readonly ((pick: Pick, number: number) => string)[] = [
  () => "      - uses: actions/checkout@v6\n        with:\n          fetch-depth: 0\n",
  () =>
    "      - uses: actions/setup-node@v6\n        with:\n          node-version: ${{ matrix.node }}\n          cache: npm\n",
  (_, number) =>
    `      - name: Build part ${number}\n        run: |\n          make part-${number}\n          make report-${number} OUT=dist/${number}\n`,
  (_, number) =>
    `      - name: Test part ${number}\n        if: ${"${{"} github.event_name != 'schedule' }}\n        run: npm test -- --part ${number} > "$RUNNER_TEMP/log-${number}.txt"\n`,
  (pick, number) =>
    `      - name: Publish ${number}\n        run: ./publish --part ${number}\n        env:\n          TOKEN: ${"${{"} secrets.${pick(secrets)} }}\n`,
  (pick, number) =>
    `      - uses: acme-${number % 40}/deploy@v${1 + (number % 5)}\n        with:\n          target: part-${number}\n          token: ${"${{"} secrets.${pick(secrets)} }}\n`,
  (_, number) =>
    `      - run: echo "part=$(cat version-${number}.txt)" >> "$GITHUB_OUTPUT"\n        id: part-${number}\n`,
];

function workflowText(pick: Pick, number: number): string {
  const jobs = Array.from({ length: 1 + (number % 4) }, (_, job) => {
    const list = Array.from({ length: 6 + (number % 9) }, (_, at) => pick(steps)(pick, number * 10 + at));
    // An output's step has an id, which no other of the job may have.
    return `  job-${job}:\n    runs-on: ubuntu-latest\n    strategy:\n      matrix:\n        node: [22, 24]\n    steps:\n${list.join("")}`;
  });
  return `name: Workflow ${number}\non:\n  push:\n    branches: [main]\n  pull_request:\njobs:\n${jobs.join("\n")}`;
}

/** Writes `count` workflows below a folder that does not exist yet, five to each repository in it. */
export function writeWorkflows(folder: string, count: number): void {
  const draw = seededDraw(11);
  const pick: Pick = (all) => all[draw(all.length)]!;
  for (let number = 0; number < count; number++) {
    const below = join(folder, `repository-${Math.floor(number / filesPerRepository)}`, ".github/workflows");
    mkdirSync(below, { recursive: true });
    writeFileSync(join(below, `workflow-${number}.yml`), workflowText(pick, number));
  }
}
