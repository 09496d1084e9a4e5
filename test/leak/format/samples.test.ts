import { describe, expect, it } from "vitest";
import { samples } from "./samples.ts";
import { hitText, scanFormats } from "./scan-formats.ts";

const crlf = (text: string): string => text.replaceAll("\n", "\r\n");

describe.each([1, 2])("valid samples, seed %i", (seed) => {
  const list = samples(seed);
  it.each(list.map((sample, i) => [`${sample.rule} in ${sample.path} (${i})`, sample] as const))("%s", (_, sample) => {
    for (const text of [sample.text, crlf(sample.text)]) {
      for (const path of sample.anyPath ? [sample.path, undefined] : [sample.path]) {
        const hits = scanFormats(text, path).filter((hit) => hit.rule === sample.rule);
        expect(hits.map((hit) => hitText(text, hit))).toEqual(sample.secrets);
        expect(hits[0]?.confidence).toBe(sample.confidence ?? "likely");
        expect(hits[0]?.facts).toMatchObject(sample.facts ?? {});
        expect(JSON.stringify(hits)).not.toContain(sample.secrets[0]);
      }
    }
  });
});
