import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { unifiedDiff } from "../../src/fix/diff.ts";
import { overlapOf, splice } from "../../src/fix/splice.ts";

const folder = mkdtempSync(join(tmpdir(), "leasehold-diff-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** What `git apply` makes of the diff. */
function applied(before: Uint8Array, diff: string): Uint8Array {
  writeFileSync(join(folder, "a.yml"), before);
  if (diff === "") return before;
  const { status, stderr } = spawnSync("git", ["apply", "--whitespace=nowarn", "-"], {
    cwd: folder,
    input: diff,
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return readFileSync(join(folder, "a.yml"));
}

test("git apply takes it, with CRLF, without a final line end, and for edits within lines", () => {
  const line = fc.constantFrom("a: b\n", "c\n", "\n", "  d: é # e\r\n", "- f\n");
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 30 }),
      fc.boolean(),
      fc.array(fc.tuple(fc.nat(150), fc.nat(12), fc.constantFrom("", "x", "y\n", "\nz")), {
        minLength: 1,
        maxLength: 4,
      }),
      (lines, open, drafts) => {
        const text = lines.join("");
        const bytes = Buffer.from(open ? text.replace(/\r?\n$/, "") : text);
        const edits = drafts.map(([start, length, put]) => ({
          start: Math.min(start, bytes.length),
          end: Math.min(start + length, bytes.length),
          text: put,
        }));
        if (overlapOf(edits) !== undefined || bytes.length === 0) return;
        const after = Buffer.from(splice(bytes, edits));
        // A character that is cut in two is no text any more.
        if (after.length === 0 || after.toString("utf8").includes("\uFFFD")) return;
        expect(Buffer.from(applied(bytes, unifiedDiff("a.yml", bytes, edits))).toString("utf8")).toBe(
          after.toString("utf8"),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test("shows three lines round a change", () => {
  const bytes = Buffer.from("1\n2\n3\n4\n5\n6\n7\n8\n9\n");
  expect(unifiedDiff("w.yml", bytes, [{ start: 8, end: 10, text: "five\n" }])).toBe(
    "--- a/w.yml\n+++ b/w.yml\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
  );
});
