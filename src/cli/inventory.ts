/** `leasehold inventory`: what GitHub's stores hold, as a snapshot for the other commands. Names and dates, never values. */
import { resolve } from "node:path";
import { setTimeout as waitFor } from "node:timers/promises";
import { LeaseholdError } from "../error.ts";
import { exitCodes } from "../exit-code.ts";
import type { InventorySubject } from "../github/inventory.ts";
import type { Inventory } from "../register/inventory.ts";
import { version } from "../scan/version.ts";
import { defineCommand } from "./command.ts";
import { inventorySpec } from "./inventory-spec.ts";
import { type Io, isCi } from "./io.ts";
import { writeReport } from "./output.ts";

export const inventoryCommand = defineCommand(inventorySpec, async (args, io) => {
  const { flags } = args;
  const subject = subjectOf(flags.repo, flags.org);
  const token = tokenFrom(io, flags["token-env"]);
  const [{ octokitPort }, { takeInventory }, { jsonText, terminalText }] = await Promise.all([
    import("../github/octokit.ts"),
    import("../github/inventory.ts"),
    import("../report/encode.ts"),
  ]);
  const say = (line: string) => io.stderr.write(`leasehold: ${terminalText(line, 500)}\n`);
  const patience = flags["max-wait"] ?? 60;
  const port = octokitPort({
    url: io.env.GITHUB_API_URL || "https://api.github.com",
    ...{ token, userAgent: `leasehold/${version}`, signal: io.signal, patience },
    cacheFolder: flags.cache === undefined ? undefined : resolve(io.cwd, flags.cache),
    async wait(milliseconds) {
      if (milliseconds > 5_000) say(`GitHub asks to wait ${Math.ceil(milliseconds / 1_000)} s`);
      await waitFor(milliseconds, undefined, { signal: io.signal }).catch(() => {});
    },
    now: () => Date.now(),
  });
  const inventory = await takeInventory(port, subject, {
    named: await namedHere(io, say),
    ownerProperty: flags["owner-property"] ?? "owner",
    takenAt: `${new Date().toISOString().slice(0, 19)}Z`,
    progress: progressOn(io),
  });
  writeReport(io, [`${jsonText(inventory, 2)}\n`], flags.output);
  const { repositories } = inventory;
  say(
    `${repositories.length} ${repositories.length === 1 ? "repository" : "repositories"}, ${port.spent.requests} requests (${port.spent.fromCache} not changed since the last time)`,
  );
  for (const line of unseenLines(inventory)) say(line);
  return exitCodes.clean;
});

/** People whom the register of this folder names, if it has one. One that is wrong keeps nobody from taking a snapshot. */
async function namedHere(io: Io, say: (line: string) => void): Promise<string[]> {
  const [{ registerHere }, { peopleNamed }] = await Promise.all([
    import("./register-here.ts"),
    import("../register/leavers.ts"),
  ]);
  try {
    const { register, exceptions } = await registerHere(io, {});
    return peopleNamed(register, exceptions);
  } catch (error) {
    if (!(error instanceof LeaseholdError) || error.code !== "config") throw error;
    say(`whom the register here names was not looked up, since it cannot be read: ${error.message}`);
    return [];
  }
}

function subjectOf(repository: string | undefined, organisation: string | undefined): InventorySubject {
  if ((repository === undefined) === (organisation === undefined))
    throw new LeaseholdError("usage", "name one of --repo OWNER/NAME and --org LOGIN");
  if (repository !== undefined) {
    if (!/^[A-Za-z0-9-]{1,39}\/[A-Za-z0-9._-]{1,100}$/.test(repository))
      throw new LeaseholdError(
        "usage",
        `--repo: expected a repository like acme/shop, found ${JSON.stringify(repository)}`,
      );
    return { repository };
  }
  if (!/^[A-Za-z0-9-]{1,39}$/.test(organisation!))
    throw new LeaseholdError("usage", `--org: expected a login like acme, found ${JSON.stringify(organisation)}`);
  return { organisation: organisation! };
}

/** The token, which is in no message of any kind. */
function tokenFrom(io: Io, name: string | undefined): string {
  const names = name === undefined ? ["GITHUB_TOKEN", "GH_TOKEN"] : [name];
  const token = names.map((one) => io.env[one]?.trim()).find((text) => text !== undefined && text !== "");
  if (token === undefined)
    throw new LeaseholdError(
      "network",
      `there is no token: put one that may read the stores into ${names.join(" or ")}`,
    );
  // A line break in a header would make an error that quotes it.
  if (!/^[\x21-\x7e]{1,4096}$/.test(token))
    throw new LeaseholdError(
      "network",
      `what ${names.join(" or ")} holds is no token: it has spaces or characters that none has`,
    );
  return token;
}

function progressOn(io: Io): (done: number, of: number) => void {
  if (!io.stderr.isTTY || isCi(io.env)) return () => {};
  return (done, of) => io.stderr.write(`\r\x1b[2K${done} of ${of} repositories${done === of ? "\r\x1b[2K" : ""}`);
}

/** Which stores could not be looked at, and where: a snapshot must not look whole when it is not. */
function unseenLines({ organisation, repositories }: Inventory): string[] {
  const places = new Map<string, string[]>();
  const note = (store: string, value: unknown, where: string) => {
    const status = typeof value === "object" && value !== null && "status" in value ? value.status : "listed";
    if (status !== "listed") places.set(`${store}: ${status}`, [...(places.get(`${store}: ${status}`) ?? []), where]);
  };
  for (const [store, value] of Object.entries(organisation ?? {})) note(store, value, "the organisation");
  for (const repository of repositories) {
    for (const [store, value] of Object.entries(repository)) note(store, value, repository.name);
    if (repository.environments.status !== "listed") continue;
    for (const { name, secrets, variables, apps, reviewers, branches } of repository.environments.items) {
      note("Apps that guard an environment", apps, `${repository.name} ${name}`);
      if (reviewers === undefined || branches === undefined)
        note("rules of an environment", { status: "not told" }, `${repository.name} ${name}`);
      note("environment secrets", secrets, `${repository.name} ${name}`);
      note("environment variables", variables, `${repository.name} ${name}`);
    }
  }
  return [...places].map(
    ([what, where]) => `${what} (${where.length === 1 ? where[0] : `${where[0]} and ${where.length - 1} more`})`,
  );
}
