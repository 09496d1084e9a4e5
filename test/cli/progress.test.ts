import { describe, expect, it } from "vitest";
import { progressLine, progressText } from "../../src/cli/progress.ts";
import { fakeIo } from "./fake-io.ts";

const halfWay = { blobs: 1_204, bytes: 10_000_000, findings: 2, totalBlobs: 5_120, totalBytes: 40_000_000 };

describe("progressText", () => {
  it("says how far, how many, and how long still", () => {
    expect(progressText(halfWay, 2_000, 100)).toBe("1,204 of 5,120 blobs · 10.0 of 40.0 MB · 2 findings · 6 s left");
    expect(progressText({ blobs: 1, bytes: 0, findings: 1 }, 2_000, 100)).toBe("1 blobs · 0.0 MB · 1 finding");
  });

  it("guesses no time in the first second or from nothing done", () => {
    expect(progressText(halfWay, 900, 100)).not.toContain("left");
    expect(progressText({ ...halfWay, bytes: 0 }, 5_000, 100)).not.toContain("left");
  });

  it("is always shorter than the terminal is wide", () => {
    for (let columns = 1; columns < 80; columns++)
      expect(progressText(halfWay, 2_000, columns).length).toBeLessThan(columns);
  });
});

describe("progressLine", () => {
  it("draws nothing for 300 ms, then at most ten times a second, and takes itself away", () => {
    const io = fakeIo({ tty: true });
    const line = progressLine(io);
    const drawn = (at: number): boolean => {
      io.clock.now = at;
      const before = io.written.stderr.length;
      line.update(halfWay);
      return io.written.stderr.length > before;
    };
    expect([0, 299, 300, 350, 399, 400].map(drawn)).toEqual([false, false, true, false, false, true]);
    line.stop();
    expect(io.written.stderr.endsWith("\r\x1b[2K")).toBe(true);
    expect(drawn(9_000)).toBe(false);
    expect(io.written.stdout).toBe("");
  });

  it("leaves no trace of a run that was over at once", () => {
    const io = fakeIo({ tty: true });
    const line = progressLine(io);
    line.update(halfWay);
    line.stop();
    expect(io.written.stderr).toBe("");
  });

  it.each([
    ["no terminal", { tty: false, env: {} }],
    ["CI", { tty: true, env: { CI: "true" } }],
    ["a dumb terminal", { tty: true, env: { TERM: "dumb" } }],
  ])("is silent with %s", (_why, changes) => {
    const io = fakeIo(changes);
    const line = progressLine(io);
    io.clock.now = 5_000;
    line.update(halfWay);
    line.stop();
    expect(io.written.stderr).toBe("");
  });
});
