/** Runs every check of the project and ends with one line, `N passed, N failed`. Exit 0: all passed; 3: some failed, and the line says so. */
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What is read of vitest's JSON report. */
type TestReport = {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { assertionResults: { status: string; fullName: string }[] }[];
};

const flags = process.argv.slice(2);
const all = flags.includes("--all");
/** Longest run of one check; one that hangs must fail and not go on for ever. */
const mostMinutes = all ? 20 : 8;
let passed = 0;
let failed = 0;

/** Run a command, its output to ours. Out: how it ended, and the line that says so is printed. */
function run(name: string, command: string, args: string[], env: NodeJS.ProcessEnv = {}): SpawnSyncReturns<Buffer> {
  const from = performance.now();
  const result = spawnSync(command, args, {
    stdio: ["ignore", "inherit", "inherit"],
    timeout: mostMinutes * 60_000,
    killSignal: "SIGKILL",
    env: { ...process.env, ...env },
  });
  const seconds = ((performance.now() - from) / 1000).toFixed(1);
  const why = result.error?.message ?? (result.signal === null ? "" : `ended by ${result.signal}`);
  console.log(`${result.status === 0 ? "ok  " : "FAIL"} ${name} (${seconds} s)${why === "" ? "" : `: ${why}`}`);
  return result;
}

/** Run one command and count it as one check. */
function check(name: string, command: string, args: string[]): void {
  if (run(name, command, args).status === 0) passed++;
  else failed++;
}

/** Run vitest and count its tests one by one. */
function tests(): void {
  const scratch = mkdtempSync(join(tmpdir(), "leasehold-test-"));
  const file = join(scratch, "vitest.json");
  const result = run(
    "tests",
    "vitest",
    ["run", "--reporter=minimal", "--reporter=json", `--outputFile.json=${file}`],
    all ? { LEASEHOLD_TEST_ALL: "1" } : {},
  );
  const report = readReport(file);
  rmSync(scratch, { recursive: true, force: true });
  passed += report?.numPassedTests ?? 0;
  failed += report?.numFailedTests ?? 0;
  // A run without a report, or that ends badly without a failed test (a file that does not load, an unhandled rejection), is a failure too.
  if (report === undefined || (result.status !== 0 && report.numFailedTests === 0)) failed++;
  // And so is one that ran nothing.
  if (report?.numPassedTests === 0 && report.numFailedTests === 0 && result.status === 0) failed++;
  for (const test of report?.testResults.flatMap((one) => one.assertionResults) ?? []) {
    if (test.status !== "passed" && test.status !== "failed") console.log(`skip ${test.fullName}`);
  }
}

function readReport(file: string): TestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as TestReport;
  } catch {
    // vitest broke off before it wrote its report; the caller counts that.
    return undefined;
  }
}

const unknown = flags.filter((flag) => flag !== "--all");
if (unknown.length > 0) {
  console.error(`script/test knows only --all, not ${unknown.join(" ")}; for some tests: npx vitest run test/FOLDER`);
  failed++;
} else {
  check("format and lint", "biome", ["ci", "--error-on-warnings", "."]);
  check("types", "tsc", ["-p", "."]);
  check("schemas up to date", process.execPath, ["script/schema.ts", "--check"]);
  check("generated docs up to date", process.execPath, ["script/docs.ts", "--check"]);
  check("bundle built twice and identical", process.execPath, ["script/bundle.ts", "--check"]);
  tests();
  if (all) check("benches", process.execPath, ["test/bench/run.ts"]);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 3;
