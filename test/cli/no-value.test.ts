/** No value of a secret reaches an output of a command about the register, wherever in the files it stands. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { leasehold } from "../e2e/leasehold.ts";
import { temporaryFolder, write } from "../git/temporary-repository.ts";
import { inventory, listed, repository, secret } from "../register/sample.ts";

/** A value that no rule knows by its form, so that nothing masks it. */
const value = fc.string({
  minLength: 24,
  maxLength: 40,
  unit: fc.constantFrom(..."abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"),
});

const file = ".github/secrets.yml";
const register = "version: 1\nsecrets:\n  - { name: BOARD_KEY, owner: '@alice' }\n";

function workflow(secretValue: string): string {
  return `on: [push]
env:
  BOARD_KEY: ${secretValue}
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: | # ${secretValue}
          curl -H "authorization: ${secretValue}" https://board.example
        env:
          KEY: \${{ secrets.BOARD_KEY || '${secretValue}' }}
          OTHER: \${{ secrets.OTHER_KEY }}
      - uses: vendor/deploy@v1
        with: { password: "${secretValue}", key: "\${{ secrets.OTHER_KEY }}" }
`;
}

function folderWith(secretValue: string): string {
  const folder = temporaryFolder();
  write(folder, file, `# ${secretValue}\n${register}`);
  write(folder, ".github/workflows/ci.yml", workflow(secretValue));
  write(
    folder,
    ".github/dependabot.yml",
    `version: 2\nregistries:\n  r: { type: npm-registry, url: https://r.example, token: "${secretValue}" }\nupdates: []\n`,
  );
  write(folder, "shop.json", JSON.stringify(inventory([repository({ actions: listed(secret("BOARD_KEY")) })])));
  return folder;
}

async function outputs(
  folder: string,
  commands: readonly (readonly string[])[],
  codes: readonly number[],
): Promise<string[]> {
  const all: string[] = [];
  for (const words of commands) {
    const { code, stdout, stderr } = await leasehold(folder, [...words, "--no-git"]);
    expect([words, codes]).toEqual([words, expect.arrayContaining([code])]);
    all.push(`${words.join(" ")}\n${stdout}${stderr}`);
  }
  return all;
}

const formats = ["text", "json", "jsonl", "sarif", "github", "markdown", "csv", "html"];

test("of values that stand in workflows, registers and configuration", async () => {
  const stores = ["--inventory", "shop.json"];
  const commands = [
    ...formats.map((format) => ["register", "check", ...stores, "-f", format]),
    ["register", "list", ...stores],
    ["register", "list", "--json"],
    ["explain", "BOARD_KEY", ...stores],
    ["register", "explain", "OTHER_KEY", "--json"],
    // The register's own text, comments and all, goes where it is sent.
    ["register", "import", "shop.json", "-o", "after.yml"],
    ["who-can", "alice", ...stores],
    ["report", ...stores],
    ["report", ...stores, "-f", "html"],
  ];
  await fc.assert(
    fc.asyncProperty(value, async (secretValue) => {
      const folder = folderWith(secretValue);
      for (const text of await outputs(folder, commands, [0, 1])) expect(text).not.toContain(secretValue);
    }),
    { numRuns: 2 },
  );
});

test("of values that stand where the register's file allows none: the error names the place alone", async () => {
  await fc.assert(
    fc.asyncProperty(value, async (secretValue) => {
      const folder = temporaryFolder();
      for (const line of ["value", "token", "secret"]) {
        write(folder, file, `${register}  - name: A_KEY\n    ${line}: ${secretValue}\n`);
        const { code, stderr } = await leasehold(folder, ["register", "check", "--no-git"]);
        expect(code).toBe(2);
        expect(stderr).toContain(`unknown key "${line}"`);
        expect(stderr).not.toContain(secretValue);
      }
      write(folder, file, register);
      write(folder, "stores.csv", `name,value\nA_KEY,${secretValue}\n`);
      write(folder, "snapshot.json", JSON.stringify({ version: 1, value: secretValue }));
      write(folder, "log.jsonl", `${JSON.stringify({ seq: 1, value: secretValue })}\n`);
      const wrong = [
        ["register", "import", "stores.csv"],
        ["register", "check", "--inventory", "snapshot.json"],
        ["report", "--evidence", "log.jsonl"],
      ];
      for (const text of await outputs(folder, wrong, [2])) expect(text).not.toContain(secretValue);
    }),
    { numRuns: 4 },
  );
});
