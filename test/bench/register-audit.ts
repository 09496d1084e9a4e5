/**
 * What an audit of an organisation costs, beside what reading its workflows costs, in a process of its own: `node test/bench/register-audit.ts REPOSITORIES ROUNDS`.
 * Prints one line of JSON. Everything is made up: five secrets and three workflows a repository.
 */
import { addDays } from "../../src/plain-date.ts";
import { audit } from "../../src/register/audit.ts";
import { type Inventory, inventorySchema, type RepositoryInventory } from "../../src/register/inventory.ts";
import { builtInLimits } from "../../src/register/limits.ts";
import { parseRegister, type Register } from "../../src/register/register.ts";
import type { SecretUse } from "../../src/register/use.ts";
import { registerUses } from "../../src/scan/register-uses.ts";
import { scanWorkflow } from "../../src/workflow/scan-workflow.ts";
import { median } from "./measure.ts";

const secretsPerRepository = 5;
const workflowsPerRepository = 3;
const today = "2026-11-21";
const owner = "acme";

/** What one process measured. Seconds of processor time, bytes. */
export type RegisterAudit = {
  secrets: number;
  workflows: number;
  workflowBytes: number;
  uses: number;
  findings: number;
  reading: number;
  audit: number;
  memory: number;
};

function nameOf(repository: number): string {
  return `${owner}/service-${repository}`;
}

function secretOf(repository: number, at: number): string {
  return `SERVICE_${repository}_KEY_${at}`;
}

/** A workflow as services have them: a build that tests, and a deployment with two secrets. */
function workflowText(repository: number, at: number): string {
  const use = (secret: number) => `\${{ secrets.${secretOf(repository, secret % secretsPerRepository)} }}`;
  const tests = Array.from(
    { length: 8 },
    (_, step) =>
      `      - name: Check part ${step}\n        run: |\n          make part-${step}\n          make report-${step}\n`,
  );
  return `name: Service ${repository}, ${at}
on:
  push: { branches: [main] }
  pull_request:
permissions: { contents: read }
jobs:
  build:
    runs-on: ubuntu-latest
    strategy: { matrix: { node: [22, 24] } }
    steps:
      - uses: actions/checkout@v6
      - uses: actions/setup-node@v6
        with: { node-version: "\${{ matrix.node }}", cache: npm }
      - run: npm ci
        env:
          NODE_AUTH: ${use(at)}
${tests.join("")}  deploy:
    needs: build
    if: github.ref == 'refs/heads/main'
    runs-on: ubuntu-latest
    environment: production
    steps:
      - uses: actions/checkout@v6
      - uses: vendor-${repository % 40}/deploy@v${at + 1}
        with:
          target: service-${repository}
          key: ${use(at + 1)}
      - run: ./announce --service service-${repository}
        env:
          HOOK: ${use(at + 2)}
`;
}

/** Reads every workflow once. Out: the uses, and the seconds that reading took. */
function readWorkflows(repositories: number): Pick<RegisterAudit, "reading" | "workflowBytes"> & { rows: SecretUse[] } {
  const rows: SecretUse[] = [];
  let reading = 0;
  let workflowBytes = 0;
  for (let repository = 0; repository < repositories; repository++) {
    for (let at = 0; at < workflowsPerRepository; at++) {
      const bytes = Buffer.from(workflowText(repository, at));
      workflowBytes += bytes.length;
      const from = process.cpuUsage();
      const scan = scanWorkflow(`.github/workflows/w${at}.yml`, bytes, builtInLimits.salt, { owner });
      reading += secondsSince(from);
      rows.push(...registerUses(scan, { owner, repository: nameOf(repository) }));
    }
  }
  return { rows, reading, workflowBytes };
}

/** Processor time, garbage collection included: it holds on a machine that others share, where the clock does not. */
function secondsSince(from: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1e6;
}

/** Nine of ten secrets are declared; some are late, some have nobody. A file holds at most 1 MB, so it is read in parts. */
function registerOf(repositories: number): Register {
  const entries: string[] = [];
  const read: Register["entries"][number][] = [];
  const parse = () => {
    read.push(...parseRegister(`version: 1\nsecrets:\n${entries.join("")}`, ".github/secrets.yml").entries);
    entries.length = 0;
  };
  for (let repository = 0; repository < repositories; repository++) {
    if (entries.length > 2_000) parse();
    for (let at = 0; at < secretsPerRepository; at++) {
      const number = repository * secretsPerRepository + at;
      if (number % 10 === 0) continue;
      const person = number % 17 === 0 ? "" : `, owner: "@person-${number % 200}"`;
      entries.push(
        `  - { name: ${secretOf(repository, at)}, scope: { repository: ${nameOf(repository)} }${person}, purpose: Signs releases of service ${repository}, expires: ${addDays(today, (number % 200) - 20)} }\n`,
      );
    }
  }
  parse();
  return { file: ".github/secrets.yml", entries: read };
}

function inventoryOf(repositories: number): Inventory {
  const listed = <T>(items: T[]) => ({ status: "listed" as const, items });
  const updatedAt = (number: number) => `${addDays(today, -(number % 400))}T08:00:00Z`;
  const all = Array.from({ length: repositories }, (_, repository): RepositoryInventory => {
    const secrets = Array.from({ length: secretsPerRepository }, (_, at) => {
      const written = updatedAt(repository * secretsPerRepository + at);
      return { name: secretOf(repository, at), createdAt: written, updatedAt: written };
    });
    const production = {
      ...{ name: "production", reviewers: ["person-1"], preventSelfReview: true, waitMinutes: 0 },
      ...{ branches: "protected" as const, apps: listed([]), secrets: listed([]), variables: listed([]) },
    };
    return {
      ...{ name: nameOf(repository), visibility: "private", archived: false, defaultBranch: "main" },
      ...{ actions: listed(secrets), organisationSecrets: listed([]), variables: listed([]) },
      ...{ environments: listed([production]), dependabot: listed([]), codespaces: listed([]), agents: listed([]) },
      ...{ deployKeys: listed([]), webhooks: listed([]) },
      lastRuns: listed([{ workflow: ".github/workflows/w0.yml", lastRunAt: `${today}T05:00:00Z` }]),
    };
  });
  const members = Array.from({ length: 200 }, (_, at) => ({
    ...{ login: `person-${at}`, kind: "user" as const, role: "member" as const },
  }));
  const none = listed([]);
  return inventorySchema.parse({
    ...{ version: 1, takenAt: `${today}T06:00:00Z`, account: { login: owner, kind: "organisation" } },
    organisation: {
      ...{ actions: none, dependabot: none, codespaces: none, agents: none, variables: none, registries: none },
      ...{ personalTokens: none, ssoCredentials: none, installations: none, members: listed(members), teams: none },
    },
    repositories: all,
  });
}

/** Everything of one size, in this process. */
function measure(repositories: number, rounds: number): RegisterAudit {
  const { rows, ...read } = readWorkflows(repositories);
  const register = registerOf(repositories);
  const inventory = inventoryOf(repositories);
  const seconds: number[] = [];
  let findings = 0;
  for (let round = 0; round < rounds; round++) {
    const from = process.cpuUsage();
    findings = audit(register, inventory, { rows, complete: "all" }, builtInLimits, today).length;
    seconds.push(secondsSince(from));
  }
  return {
    ...{ secrets: repositories * secretsPerRepository, workflows: repositories * workflowsPerRepository, ...read },
    ...{ uses: rows.length, findings, audit: median(seconds) },
    memory: process.resourceUsage().maxRSS * 1024,
  };
}

const [repositories, rounds] = process.argv.slice(2).map(Number) as [number, number];
process.stdout.write(JSON.stringify(measure(repositories, rounds)));
