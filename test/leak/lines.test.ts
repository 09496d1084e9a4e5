import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { excerptOf, lineOf, lineStarts, maskValue, placeReader } from "../../src/leak/lines.ts";
import { base62, drawText, seededDraw } from "./draw.ts";

const line = fc.string({
  unit: fc.constantFrom("a", " ", "\t", "\u00e9", "\u20ac", "\ud83d\ude00", "\r"),
  maxLength: 12,
});

describe("lines", () => {
  it("begin behind every LF", () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
        const bytes = Buffer.from(lines.join("\n"));
        const starts = lineStarts(bytes);
        expect(starts).toHaveLength(lines.length);
        let offset = 0;
        lines.forEach((text, i) => {
          expect(starts[i]).toBe(offset);
          for (const at of [offset, offset + Buffer.byteLength(text)]) expect(lineOf(starts, at)).toBe(i + 1);
          offset += Buffer.byteLength(text) + 1;
        });
      }),
    );
  });

  it("are one for nothing at all", () => {
    expect([...lineStarts(Buffer.alloc(0))]).toEqual([0]);
    expect(lineOf(lineStarts(Buffer.alloc(0)), 0)).toBe(1);
  });
});

describe("places", () => {
  it("count columns in UTF-16 units", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), line, line, (above, before, after) => {
        const head = [...above, before].join("\n");
        const bytes = Buffer.from(`${head}VALUE${after}\nnext`);
        const start = Buffer.byteLength(head);
        expect(placeReader(bytes, lineStarts(bytes))("f", start, start + 5)).toEqual({
          path: "f",
          start,
          end: start + 5,
          line: above.length + 1,
          column: before.length + 1,
          endLine: above.length + 1,
          endColumn: before.length + 6,
        });
      }),
    );
  });

  it("are the same in whatever order they are asked for", () => {
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat(60), { minLength: 1, maxLength: 8 }),
        (lines, offsets) => {
          const text = lines.join("\n");
          const bytes = Buffer.from(text);
          const starts = lineStarts(bytes);
          // Offsets between characters, as values have them.
          const boundaries = [0];
          for (const c of text) boundaries.push(boundaries.at(-1)! + Buffer.byteLength(c));
          const reader = placeReader(bytes, starts);
          for (const offset of offsets) {
            const start = boundaries[offset % boundaries.length]!;
            expect(reader("f", start, bytes.length)).toEqual(placeReader(bytes, starts)("f", start, bytes.length));
          }
        },
      ),
    );
  });

  it("end on the line of their last byte", () => {
    const bytes = Buffer.from("a\nBEGIN\nmid\nEND\nz");
    expect(placeReader(bytes, lineStarts(bytes))("f", 2, 15)).toMatchObject({
      line: 2,
      column: 1,
      endLine: 4,
      endColumn: 4,
    });
  });
});

describe("masks", () => {
  it("never show more than the mark of the type, nor the length of a short value", () => {
    const draw = seededDraw(2);
    for (let length = 1; length < 60; length++) {
      const value = drawText(draw, base62, length);
      const shown = maskValue(value, "").replaceAll("\u2588", "");
      expect(shown).toBe("");
      expect(maskValue(value, "")).toHaveLength(Math.min(16, Math.max(8, length)));
    }
    expect(maskValue(`ghp_${drawText(draw, base62, 36)}`, "ghp_")).toBe(`ghp_${"\u2588".repeat(16)}`);
  });

  it("show no mark of a value that is short, has another, or whose mark is hardly one", () => {
    expect(maskValue("ghp_abcdefgh", "ghp_")).not.toContain("g");
    expect(maskValue(drawText(seededDraw(3), "xyz", 40), "ghp_")).toMatch(/^\u2588+$/);
    expect(maskValue(`sk${drawText(seededDraw(3), "xyz", 40)}`, "sk")).toMatch(/^\u2588+$/);
  });
});

describe("excerpts", () => {
  const draw = seededDraw(5);
  const secret = (): string => drawText(draw, base62, 32);
  const excerpt = (text: string, values: string[], of = 0): string => {
    const bytes = Buffer.from(text);
    const masks = values.map((value) => ({
      start: bytes.indexOf(value),
      end: bytes.indexOf(value) + value.length,
      shown: "[masked]",
    }));
    return excerptOf(bytes, lineStarts(bytes), masks[of]!.start, masks[of]!.end, masks);
  };

  it("are the line with the value masked", () => {
    const value = secret();
    expect(excerpt(`above\n  password: "${value}" # note\nbelow`, [value])).toBe('  password: "[masked]" # note');
  });

  it("mask every other value on the line, before and behind", () => {
    const [a, b, c] = [secret(), secret(), secret()];
    expect(excerpt(`x=${a} y=${b} z=${c}`, [a, b, c], 1)).toBe("x=[masked] y=[masked] z=[masked]");
  });

  it("mask what looks drawn although no rule claimed it", () => {
    const [a, b] = [secret(), secret()];
    expect(excerpt(`x=${a} y=${b}`, [a])).not.toContain(b);
  });

  it("are cut on long lines, and say so", () => {
    const value = secret();
    const text = excerpt(`${"left ".repeat(100)}${value}${" right".repeat(100)}`, [value]);
    expect(text.length).toBeLessThan(200);
    expect(text.startsWith("\u2026")).toBe(true);
    expect(text.endsWith("\u2026")).toBe(true);
  });

  it("stand on one line also for values of several", () => {
    const value = `${secret()}\n${secret()}\n${secret()}`;
    const text = excerpt(`key = """\n${value}\n"""`, [value]);
    expect(text).not.toContain("\n");
    expect(text).toContain("[masked]");
  });
});
