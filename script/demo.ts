/** `script/demo`: plays what happens on GitHub and shows what the App makes of it. Nothing leaves the machine. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { accessHere } from "../src/app/access-here.ts";
import { readConfig } from "../src/app/config.ts";
import { appHandlers } from "../src/app/handlers.ts";
import { createLog } from "../src/app/log.ts";
import { startApp } from "../src/app/run.ts";
import { queueFigures } from "../src/store/queue-table.ts";
import { commitFiles } from "../test/fake-github/commit.ts";
import { commitIdOf } from "../test/fake-github/git.ts";
import { install } from "../test/fake-github/happen-account.ts";
import { push } from "../test/fake-github/happen-work.ts";
import { addPull } from "../test/fake-github/pull.ts";
import { addOrganisation, addRepository, addUser } from "../test/fake-github/seed.ts";
import { addApp } from "../test/fake-github/seed-app.ts";
import { startFakeGitHub } from "../test/fake-github/server.ts";
import type { Permissions, Repository } from "../test/fake-github/state.ts";
import { drawnToken } from "../test/leak/draw-token.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const once = process.argv.includes("--once");
const unknown = process.argv.slice(2).filter((word) => word !== "--once");
if (unknown.length > 0) {
  console.error(`script/demo: unknown argument ${unknown[0]}; it takes --once or nothing`);
  process.exit(2);
}

const permissions: Permissions = {
  ...{ metadata: "read", contents: "write", pull_requests: "write", checks: "write", issues: "write" },
  ...{ workflows: "write", members: "read", merge_queues: "read" },
};
const events = ["push", "pull_request", "merge_group", "repository", "check_run", "check_suite"];
const policy = { ".github/leasehold.yml": "version: 1\nmode: enforce\n" };
const staticKeys = `name: deploy
on:
  push:
    branches: [main]
permissions:
  contents: read
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with:
          aws-region: eu-central-1
          aws-access-key-id: \${{ secrets.AWS_ACCESS_KEY_ID }}
          aws-secret-access-key: \${{ secrets.AWS_SECRET_ACCESS_KEY }}
      - run: aws s3 sync build s3://acme-shop
`;

const say = (text: string) => console.log(text);
const started = performance.now();
const folder = mkdtempSync(join(tmpdir(), "leasehold-demo-"));
const github = await startFakeGitHub();
const { state } = github;
addOrganisation(state, "acme", { alice: "admin" });
const alice = addUser(state, "alice");
const secret = randomBytes(32).toString("hex");
const app = addApp(state, "leasehold", permissions, { events, webhook: { url: undefined, secret } });
const shop = addRepository(state, "acme/shop");
await commitFiles(state, shop, { files: { "README.md": "# shop\n", ...policy }, message: "Begin" });
say(`GitHub for this demonstration: ${github.url}/acme/shop`);

const config = readConfig(
  {
    ...{
      APP_ID: String(app.id),
      WEBHOOK_SECRET: secret,
      HOST: "127.0.0.1",
      PORT: "0",
      LEASEHOLD_DATA: join(folder, "data"),
    },
    ...{ GHE_HOST: new URL(github.url).host, GHE_PROTOCOL: "http" },
    PRIVATE_KEY: app.keys().privateKey.export({ type: "pkcs1", format: "pem" }).toString(),
  },
  folder,
);
const log = createLog("warn");
let close = () => {};
const running = await startApp({
  ...{ config, log, folder: root },
  handlers(store) {
    const made = accessHere(
      { ...config, credentials: config.credentials! },
      { store, log, cacheFolder: join(folder, "git") },
    );
    close = made.close;
    return appHandlers(made.access);
  },
});
app.webhook.url = `${running.url}/api/github/webhooks`;
say(`The App, on a database in one folder: ${running.url}\n`);

say("1. alice installs the App on acme.");
install(state, app, state.accounts.get("acme")!, alice);
await settled();

say("2. alice pushes a commit with a key that was drawn just now.");
const head = await push(state, shop, alice, {
  ...{
    branch: "hotfix",
    files: { "deploy.sh": `export GITHUB_TOKEN=${drawnToken("github-pat", randomBytes(4).readUInt32LE())}\n` },
  },
  message: "Deploy by hand",
});
await settled();
showCheck(shop, head);

say("3. alice opens a pull request whose workflow logs in to AWS with static keys.");
const topic = await push(state, shop, alice, {
  ...{ branch: "deploy", parent: await commitOf("main"), files: { ".github/workflows/deploy.yml": staticKeys } },
  message: "Deploy from CI",
});
const pull = await addPull(state, shop, { author: alice }, { title: "Deploy from CI", head: "deploy" });
await settled();
showCheck(shop, topic);
say(`   The pull request: ${github.url}/acme/shop/pull/${pull.number}\n`);
say(`${((performance.now() - started) / 1000).toFixed(1)} s. Everything above is on ${github.url}/acme/shop`);

if (once) await stop();
else {
  say("It stays up until you press Ctrl+C.");
  process.once("SIGINT", () => void stop());
  process.once("SIGTERM", () => void stop());
}

/** Waits until every webhook was delivered and every job done. */
async function settled(): Promise<void> {
  for (;;) {
    await github.settled();
    const { waiting, running: busy, deferred } = await queueFigures(running.store!, new Date());
    if (waiting + busy + deferred === 0) return;
    await new Promise((done) => setTimeout(done, 20));
  }
}

function showCheck(repository: Repository, sha: string): void {
  const check = repository.checkRuns.find((run) => run.headSha === sha);
  if (check === undefined) throw new Error(`the App made no check for ${sha}`);
  say(`   The App's check: ${check.conclusion}, "${check.title}"`);
  for (const one of check.annotations) say(`     ${one.path}:${one.start_line}  ${one.title}`);
  say(`   ${github.url}/acme/shop/runs/${check.id}\n`);
}

async function commitOf(branch: string): Promise<string> {
  return (await commitIdOf(state, shop, branch))!;
}

async function stop(): Promise<void> {
  await running.stop();
  close();
  await github.close();
  rmSync(folder, { recursive: true, force: true });
}
