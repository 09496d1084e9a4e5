import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { runCli } from "../../src/cli/dispatch.ts";
import { schemaCommand, schemaNames } from "../../src/cli/schema.ts";
import { fakeIo, tableOf } from "./fake-io.ts";

it.each(schemaNames)("prints schema/%s.json as it is", async (name) => {
  const io = fakeIo();
  expect(await runCli(["schema", name], io, tableOf(schemaCommand))).toBe(0);
  expect(JSON.parse(io.written.stdout)).toEqual(
    JSON.parse(readFileSync(new URL(`../../schema/${name}.json`, import.meta.url), "utf8")),
  );
});
