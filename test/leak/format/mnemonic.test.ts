import { describe, expect, it } from "vitest";
import { bip39 } from "../../../src/leak/proof/bip39.ts";
import { englishWords } from "../../../src/leak/proof/bip39-english.ts";
import { generator } from "./generator.ts";
import { scanFormats } from "./scan-formats.ts";

const g = generator(39);
const drawn = (count: number): string =>
  bip39.sign!(Array.from({ length: count }, () => englishWords[g.below(englishWords.length)]!).join(" "));
const found = (text: string) =>
  scanFormats(text, undefined, "bip39-mnemonic").map(({ start, end, confidence }) => [
    text.slice(start, end),
    confidence,
  ]);

describe("recovery phrases", () => {
  it.each([12, 15, 18, 21, 24])("of %i words are found behind their name, at exact bounds", (count) => {
    for (let round = 0; round < 20; round++) {
      const phrase = drawn(count);
      expect(found(`MNEMONIC="${phrase}"\n`)).toEqual([[phrase, "certain"]]);
      expect(found(`the seed phrase of it is "${phrase}" today`)).toEqual([[phrase, "certain"]]);
    }
  });

  it("in numbered lines, and behind a word of prose that is of the list", () => {
    const words = drawn(12).split(" ");
    const lines = words.map((word, at) => `${at + 1}. ${word}`).join("\n");
    expect(found(`Recovery phrase\n${lines}\n`)).toEqual([[lines.slice(3), "certain"]]);
    const quoted = words.join('",\r\n    "');
    expect(found(`"mnemonic": [\r\n    "${quoted}"\r\n]`)).toEqual([[quoted, "certain"]]);
    expect(found(`seed words rich ${words.join(" ")}`)[0]![0]).toContain(words.join(" "));
  });

  it("are weak without their checksum or with few different words, and nothing without twelve words of the list", () => {
    const words = drawn(12).split(" ");
    const other = words.with(11, englishWords[(englishWords.indexOf(words[11]!) + 1) % 2048]!).join(" ");
    expect(found(`MNEMONIC=${other}`)).toEqual([[other, "weak"]]);
    expect(found(`MNEMONIC=${"abandon ".repeat(11)}about`)[0]![1]).toBe("weak");
    expect(found(`MNEMONIC=${words.slice(1).join(" ")}`)).toEqual([]);
    expect(found(`a mnemonic is ${"that which helps one to remember something else more easily ".repeat(3)}`)).toEqual(
      [],
    );
    expect(found(`mnemonic ${"x".repeat(200)} ${words.join(" ")}`)).toEqual([]);
  });
});
