/** Oracle Cloud's SDK configuration. */
import type { Format, FormatHit } from "./format.ts";
import { gradeValue } from "./grade.ts";
import { iniEntries } from "./line-documents.ts";

/** The SDK configuration of Oracle Cloud: `pass_phrase` of the key, when it stands beside user and fingerprint. */
export const ociConfig: Format = {
  id: "oci-config",
  keywords: ["ocid1.user."],
  parse: ({ text }): FormatHit[] => {
    const hits: FormatHit[] = [];
    let facts: Record<string, string> = {};
    let section = "";
    for (const entry of iniEntries(text)) {
      if (entry.section !== section) {
        facts = {};
        ({ section } = entry);
      }
      const value = text.slice(entry.start, Math.min(entry.end, entry.start + 300));
      if (
        (entry.key === "user" || entry.key === "tenancy" || entry.key === "region") &&
        /^[\w.-]{1,200}$/.test(value)
      ) {
        facts[entry.key] = value;
      }
      if (entry.key !== "pass_phrase") continue;
      const confidence = gradeValue(value);
      if (confidence === undefined || section === "") continue;
      const reason = "the pass phrase of an API signing key";
      const hit = { rule: "oracle-cloud-config", start: entry.start, end: entry.end, name: "pass_phrase", facts };
      hits.push({ ...hit, confidence, reason });
    }
    return hits;
  },
};
