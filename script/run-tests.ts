/** Runs every check of the project and ends with one line, `N passed, N failed`. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const all = process.argv.includes("--all");
const scratch = mkdtempSync(join(tmpdir(), "leasehold-test-"));
let passed = 0;
let failed = 0;

/** Run one command and count it as one check. */
function check(name: string, command: string, args: string[]): void {
  const from = performance.now();
  const result = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  const ok = result.status === 0;
  if (ok) passed++;
  else failed++;
  console.log(`${ok ? "ok  " : "FAIL"} ${name} (${((performance.now() - from) / 1000).toFixed(1)} s)`);
}

/** Run vitest and count its tests one by one. */
function tests(): void {
  const report = join(scratch, "vitest.json");
  const from = performance.now();
  const result = spawnSync("vitest", ["run", "--reporter=dot", "--reporter=json", `--outputFile.json=${report}`], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, ...(all ? { LEASEHOLD_TEST_ALL: "1" } : {}) },
  });
  let said: { numPassedTests: number; numFailedTests: number; numFailedTestSuites: number };
  try {
    said = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    said = { numPassedTests: 0, numFailedTests: 1, numFailedTestSuites: 0 };
  }
  passed += said.numPassedTests;
  failed += said.numFailedTests;
  // A run that exits badly without a failed test (a file that does not load, an unhandled rejection) is a failure too.
  if (result.status !== 0 && said.numFailedTests === 0) failed++;
  console.log(`${result.status === 0 ? "ok  " : "FAIL"} tests (${((performance.now() - from) / 1000).toFixed(1)} s)`);
}

check("format and lint", "biome", ["ci", "--error-on-warnings", "."]);
check("types", "tsc", ["-p", "."]);
check("schemas up to date", process.execPath, ["script/schema.ts", "--check"]);
check("generated docs up to date", process.execPath, ["script/docs.ts", "--check"]);
check("bundle built twice and identical", process.execPath, ["script/bundle.ts", "--check"]);
tests();
if (all) check("benches", process.execPath, ["test/bench/run.ts"]);
rmSync(scratch, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
