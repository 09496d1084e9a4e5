/** 200 secrets are planted wherever text can stand; none of them may appear in anything that is written. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { formats } from "../../src/report/format-name.ts";
import { commit, git, initialise, temporaryFolder, write } from "../git/temporary-repository.ts";
import { type Answer, leasehold, scanJson, spawned, standaloneSlugs, tokenOf } from "./leasehold.ts";

const count = 200;
let secrets: string[] = [];

/** Secrets that may stand in a path and in the name of a branch. */
const nameable = () => secrets.filter((secret) => /^[A-Za-z0-9_-]+$/.test(secret));

beforeAll(() => {
  const slugs = standaloneSlugs();
  secrets = Array.from({ length: count }, (_, at) => tokenOf(slugs[at % slugs.length]!, 1_000 + at));
});

function leaksOf(text: string): string[] {
  return secrets.flatMap((secret, at) => (text.includes(secret) ? [`${standaloneSlugs()[at]} (secret ${at})`] : []));
}

function expectClean(what: string, ...texts: string[]): void {
  expect([what, leaksOf(texts.join("\n"))]).toEqual([what, []]);
}

/** A repository with the secrets in files, names, messages, branches, and in comments of the policy. */
function planted(): { folder: string; base: string } {
  const folder = initialise();
  const names = nameable();
  const base = commit(folder, { "readme.md": "hello\n", ".github/leasehold.yml": `# ${secrets[0]}\nversion: 1\n` });
  git(folder, ["branch", `release-${names[0]}`]);
  const files: Record<string, string> = {};
  for (let at = 0; at < count; at += 4) {
    const [a, b, c, d] = secrets.slice(at, at + 4);
    files[`src/part${at}.env`] = `API_TOKEN=${a}\nSECOND=${b} # and ${c}\n`;
    files[`src/part${at}.json`] = JSON.stringify({ token: d, list: [a, c] }, null, 2);
  }
  for (const name of names.slice(0, 25)) files[`names/${name}.txt`] = `${name}\n`;
  commit(folder, files, `add ${secrets[5]}\n\nand ${secrets[6]} by ${secrets[7]}`);
  git(folder, ["branch", names[1]!]);
  git(folder, ["tag", "-a", "-m", `tag ${secrets[8]}`, `v-${names[2]}`]);
  return { folder, base };
}

describe("canary", () => {
  it("no format of any source carries a secret", { timeout: 120_000 }, async () => {
    const { folder, base } = planted();
    const sources = [["."], ["--history"], [`${base}..HEAD`], [`release-${nameable()[0]}..${nameable()[1]}`]];
    // Every format shows the same verdict: all of them for two sources, the two that leave nothing out for the others.
    const full = ["json", "html"] as const;
    for (const [at, words] of sources.entries()) {
      for (const format of at < 2 ? formats : full) {
        const answer = await leasehold(folder, ["scan", ...words, "-f", format, "--min-confidence", "weak"]);
        expect(answer.code).toBe(1);
        expectClean(`${words.join(" ")} ${format}`, answer.stdout, answer.stderr);
      }
    }
    git(folder, ["reset", "-q", "--soft", base]);
    for (const format of full) {
      const answer = await leasehold(folder, ["scan", "--staged", "-f", format, "--min-confidence", "weak"]);
      expectClean(`staged ${format}`, answer.stdout, answer.stderr);
    }
  });

  it("the secrets that were planted in files are found", async () => {
    const { folder } = planted();
    const { report } = await scanJson(folder, ["src", "--min-confidence", "weak"]);
    const ids = new Set(report.findings.map(({ id }) => id));
    expect(ids.size).toBeGreaterThan(count * 0.95);
  });

  it("no other command carries one, on its streams or in the files it writes", { timeout: 120_000 }, async () => {
    const { folder } = planted();
    const answers: [string, Answer][] = [];
    const run = async (...words: string[]) => {
      const answer = await leasehold(folder, words);
      answers.push([words.join(" "), answer]);
      return answer;
    };
    await run("scan", "--history", "-f", "json", "-o", "report.json");
    const report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
    const ids: string[] = [...new Set<string>(report.findings.map(({ id }: { id: string }) => id))];
    for (const id of ids.slice(0, 40)) await run("explain", id, "--report", "report.json");
    await run("explain", ids[0]!);
    const inNames = report.findings.find(({ place }: { place: { path: string } }) => place.path.startsWith("names/"));
    await run(
      "waive",
      inNames.id,
      "--reason",
      "test-data",
      "--why",
      `see ${nameable()[3]}`,
      "--report",
      "report.json",
      "-o",
      "waived.yml",
    );
    await run("waive", ids[1]!, "--reason", "test-data", "--why", "sample", "--report", "report.json");
    await run("baseline", "create", "--history");
    await run("baseline", "prune");
    await run("policy", "show", "--explain");
    write(
      folder,
      ".gitleaksignore",
      secrets
        .slice(0, 20)
        .map((secret, at) => `src/part${at}.env:${secret}:1\n`)
        .join(""),
    );
    await run("init", "--from", ".gitleaksignore", "-o", "draft.yml");
    for (const [words, { stdout, stderr }] of answers) expectClean(words, stdout, stderr);
    for (const file of ["report.json", ".github/leasehold-waivers.yml", ".github/leasehold-baseline.txt", "draft.yml"])
      expectClean(file, readFileSync(join(folder, file), "utf8"));
  });

  it("no error carries one", async () => {
    const folder = initialise();
    commit(folder, { "a.txt": "a\n" });
    const names = nameable();
    const at = (index: number) => names[index % names.length]!;
    const tries: [string, string[]][] = [
      ["", ["scan", `${at(1)}..HEAD`]],
      ["", ["scan", `no/${at(2)}/file`]],
      ["", ["scan", "--history", "--since", at(3)]],
      ["", ["scan", "--baseline", at(4)]],
      ["", ["scan", "--only", at(5)]],
      ["", ["explain", at(6)]],
      ["", ["-C", at(7), "scan"]],
      ["", [at(8)]],
      [`version: 1\nmode: ${at(9)}\n`, ["scan"]],
      [`version: 1\n${at(10)}: 1\n`, ["scan"]],
      [`version: 1\nrules: { leak/x: ${at(11)} }\n`, ["policy", "check"]],
      [`version: 1\nsalt: [${at(12)}\n`, ["scan"]],
      [`version: 1\ndetectors: [{ id: a, severity: high, shape: '${at(13)}{' }]\n`, ["scan"]],
      [`version: 1\nrules: { leak/${at(14)}: off }\n`, ["scan"]],
    ];
    for (const [policy, words] of tries) {
      write(folder, ".github/leasehold.yml", policy === "" ? "version: 1\n" : policy);
      const answer = await leasehold(folder, words);
      expect([words, answer.code >= 2]).toEqual([words, true]);
      expectClean(words.join(" "), answer.stdout, answer.stderr);
    }
  });

  it("nothing is kept but the program's own compiled code: no temporary file, and no canary in that", async () => {
    const { folder } = planted();
    const home = temporaryFolder();
    const answer = await spawned(folder, ["scan", "--history", "--jobs", "2"], {
      env: { HOME: home, TMPDIR: home, XDG_CACHE_HOME: home },
    });
    expect(answer.code).toBe(1);
    expectClean("the program", answer.stdout, answer.stderr);
    const kept = readdirSync(home, { recursive: true, encoding: "utf8", withFileTypes: true });
    for (const entry of kept.filter((one) => one.isFile())) {
      const path = join(entry.parentPath, entry.name);
      expect(path.startsWith(join(home, "leasehold", "compiled"))).toBe(true);
      expectClean(path, readFileSync(path, "latin1"));
    }
  });
});
