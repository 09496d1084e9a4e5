/** Plants tokens wherever a repository's authors can write, and looks for them wherever the App leaves something. */
import { sql } from "kysely";
import { expect } from "vitest";
import { draws, standaloneSlugs, tokenOf } from "../e2e/leasehold.ts";
import { world } from "./world.ts";

/** In: how many tokens. Throws where one is found in a check, a log line, the figures or a table. */
export async function plantAndLook(count: number): Promise<void> {
  const { github, asOwner, running, store, repository, push, settled, lines } = await world();
  const draw = draws(count);
  const slugs = standaloneSlugs();
  const tokens = Array.from({ length: count }, (_, at) => tokenOf(slugs[draw(slugs.length)]!, 1_000 + at));
  const shop = repository("shop");
  const first = await push(shop, "main", { ".github/leasehold.yml": "version: 1\n", "README.md": "#\n" });
  const places: ((token: string, at: number) => Promise<unknown>)[] = [
    (token, at) => push(shop, "topic", { [`src/${at}.env`]: `KEY="${token}"\n` }),
    (token, at) => push(shop, "topic", { [`${token.replaceAll("/", "_").slice(0, 200)}/${at}.txt`]: "x\n" }),
    (token, at) =>
      push(shop, "topic", { [`.github/workflows/${at}.yml`]: `on: push\nname: ${JSON.stringify(token)}\njobs: {}\n` }),
    (token, at) =>
      push(shop, `broken${at}`, { ".github/leasehold.yml": `version: 1\n${JSON.stringify(token)}: 1\n` }, first),
    (token, at) => push(shop, "topic", { [`${at}.md`]: `${token}\r\n\r\n::error::${token}\n` }),
  ];
  for (const [at, token] of tokens.entries()) await places[at % places.length]!(token, at);
  const opened = await asOwner("POST", "/repos/acme/shop/pulls", {
    ...{ title: tokens[0], body: tokens[1], head: "topic", base: "main" },
  });
  expect(opened.status).toBe(201);
  await settled();
  const left = new Map<string, string>([
    ["checks", JSON.stringify(shop.checkRuns.map(({ suite: _, ...run }) => run))],
    ["log", lines.join("")],
    ["figures", await (await fetch(`${running.url}/metrics`)).text()],
  ]);
  const { rows } = await sql<{ name: string }>`
    select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
    where table_schema in ('leasehold', 'leasehold_queue') and table_type = 'BASE TABLE'`.execute(store.db);
  expect(rows.length).toBeGreaterThan(8);
  for (const { name } of rows) {
    const { rows: all } = await sql`select t::text as row from ${sql.raw(name)} t`.execute(store.db);
    left.set(name, JSON.stringify(all));
  }
  expect(left.get("checks")).toContain("LH-");
  expect(github.violations).toEqual([]);
  const values = tokens.filter((token) => token.length >= 12);
  expect(values.length).toBeGreaterThan(count / 2);
  for (const [where, text] of left)
    for (const token of values)
      if (text.includes(token) || text.includes(JSON.stringify(token).slice(1, -1)))
        throw new Error(`a canary (${token.slice(0, 6)}…, ${tokens.indexOf(token) % places.length}) is in ${where}`);
}
