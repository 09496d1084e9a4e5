/** The credential store of DBeaver. */
import type { Format, FormatHit } from "./format.ts";

/** Shortest `credentials-config.json`: a block of AES as initial vector and one of text. */
const shortestStore = 32;

/** DBeaver's store: AES with a key that is the same in every copy of the program, so that the file is as good as its passwords. */
export const dbeaver: Format = {
  id: "dbeaver-credentials",
  path: /(?:^|\/)credentials-config\.json$/,
  keywords: [],
  sniff: () => false,
  parse: ({ bytes, text }): FormatHit[] => {
    if (bytes.length < shortestStore || bytes.length % 16 !== 0 || bytes.length > 1_048_576) return [];
    if (/^\s{0,8}[{[]/.test(text.slice(0, 10))) return [];
    return [
      {
        rule: "dbeaver-credentials",
        start: 0,
        end: bytes.length,
        facts: { encrypted: "fixed key" },
        confidence: "likely",
        reason: "a credential store of DBeaver, whose key is public",
      },
    ];
  },
};
