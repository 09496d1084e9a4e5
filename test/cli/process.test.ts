/** The real process: start, signals, pipes. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
const writer = fileURLToPath(new URL("fixture/writer.ts", import.meta.url));

describe("main", () => {
  it("gives the version", () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [main, "--version"], { encoding: "utf8" });
    expect({ stdout, stderr, status }).toEqual({
      stdout: expect.stringMatching(/^leasehold \d/),
      stderr: "",
      status: 0,
    });
  });

  it("gives 2 and a hint for a mistake", () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [main, "complection"], { encoding: "utf8" });
    expect({ stdout, status }).toEqual({ stdout: "", status: 2 });
    expect(stderr).toContain('did you mean "completion"?');
  });
});

it.each(["SIGINT", "SIGTERM"] as const)("%s removes what is half written and gives 130", async (signal) => {
  const folder = mkdtempSync(join(tmpdir(), "leasehold-signal-"));
  const child = spawn(process.execPath, [writer, join(folder, "out")]);
  try {
    await once(child.stdout, "data");
    expect(existsSync(join(folder, "out.tmp"))).toBe(true);
    child.kill(signal);
    expect((await once(child, "exit"))[0]).toBe(130);
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
});

it("a reader that goes away is no error and does not change the exit code", () => {
  const { stdout, stderr, status } = spawnSync(
    "bash",
    ["-o", "pipefail", "-c", '"$0" "$1" | head -c 1', process.execPath, writer],
    { encoding: "utf8" },
  );
  expect({ stdout, stderr, status }).toEqual({ stdout: "x", stderr: "", status: 1 });
});

it.skipIf(!existsSync("/dev/full"))("a full disk is said and is not success", () => {
  const { stderr, status } = spawnSync("bash", ["-c", '"$0" "$1" --help > /dev/full', process.execPath, main], {
    encoding: "utf8",
  });
  expect(stderr).toContain("the report could not be written");
  expect(status).toBe(4);
});
