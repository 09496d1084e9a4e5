/** A server of the `app` bench: `probot`, or the App on a place (JSON). It prints its address. Every push is a job that does nothing. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createNodeMiddleware, createProbot } from "probot";
import { createLog } from "../../src/app/log.ts";
import { startApp } from "../../src/app/run.ts";
import { credentials, root, testConfig } from "../app/app.ts";

const which = process.argv[2]!;
const secret = process.argv[3]!;

if (which === "probot") {
  const probot = createProbot({
    overrides: {
      appId: 1,
      privateKey: credentials.PRIVATE_KEY!,
      secret,
      logLevel: "fatal",
    },
  });
  const middleware = await createNodeMiddleware((app) => void app.on("push", () => {}), { probot });
  const server = createServer((request, response) => void middleware(request, response));
  server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
} else {
  const app = await startApp({
    config: testConfig({ WEBHOOK_SECRET: secret }),
    log: createLog("silent"),
    folder: root,
    handlers: () => ({ push: async () => undefined }),
    place: JSON.parse(which) as { folder: string } | { url: string },
  });
  console.log(app.url);
}
