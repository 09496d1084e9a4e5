import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeAtomic, writeReport } from "../../src/cli/output.ts";
import { fakeIo } from "./fake-io.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "leasehold-output-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("writeReport", () => {
  it("writes to stdout, or to a file from the directory of the command", () => {
    const io = fakeIo({ cwd: folder });
    writeReport(io, ["a", "b"], undefined);
    writeReport(io, ["c"], "-");
    writeReport(io, ["d", "e"], "out.txt");
    expect(io.written.stdout).toBe("abc");
    expect(readFileSync(join(folder, "out.txt"), "utf8")).toBe("de");
    expect(readdirSync(folder)).toEqual(["out.txt"]);
  });
});

describe("writeAtomic", () => {
  it("leaves the old file as it was, and nothing beside it, when the report fails half way", () => {
    const path = join(folder, "out.txt");
    writeFileSync(path, "old");
    const pending = new Set<string>();
    function* failing(): Generator<string> {
      yield "half";
      expect(pending.size).toBe(1);
      expect(readFileSync(path, "utf8")).toBe("old");
      throw new Error("no more");
    }
    expect(() => writeAtomic(path, failing(), pending)).toThrow("no more");
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["out.txt"]);
    expect(pending.size).toBe(0);
  });

  it("keeps the mode of the file and follows a symbolic link", () => {
    const path = join(folder, "real.txt");
    const link = join(folder, "link.txt");
    writeFileSync(path, "old");
    chmodSync(path, 0o600);
    symlinkSync("real.txt", link);
    writeAtomic(link, ["new"], new Set());
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  it("writes to what is no regular file without replacing it", () => {
    writeAtomic("/dev/null", ["x"], new Set());
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it.each(["missing/out.txt", "folder"])("says why %s cannot be written", (name) => {
    mkdirSync(join(folder, "folder"));
    expect(() => writeAtomic(join(folder, name), ["x"], new Set())).toThrow(
      expect.objectContaining({ code: "usage", place: { file: join(folder, name) } }),
    );
    expect(readdirSync(folder)).toEqual(["folder"]);
  });
});
