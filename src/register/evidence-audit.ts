/** Rules on the evidence itself: what was closed without proof, and what fingerprints tell. */
import { compareFindings, type Finding } from "../finding.ts";
import { type Draft, findingOf, placeOfFile } from "./draft.ts";
import type { EvidenceRecord } from "./evidence.ts";
import { lacksProof } from "./evidence-export.ts";
import { compareFingerprints } from "./fingerprint.ts";
import { registerPaths } from "./register.ts";

/**
 * What is wrong with what a log says.
 * In: the records in order, the log's name, the salt of finding ids. Out: findings, worst first. Of each finding that was closed
 * only the last word counts: one that was opened again, or proven later, is no gap.
 */
export function auditEvidence(records: Iterable<EvidenceRecord>, file: string, salt: string): Finding[] {
  const closed = new Map<string, { lacking: boolean; rule: string | undefined; at: string }>();
  const prints = new Map<string, { fingerprint: string; at: string }[]>();
  for (const { body } of records) {
    if (body === undefined) continue;
    const subject = body.finding ?? body.target;
    if (subject !== undefined && body.decision !== undefined)
      closed.set(subject, { lacking: lacksProof(body), rule: body.rule, at: body.at });
    if (body.fingerprint !== undefined && body.target !== undefined)
      prints.set(body.target, [...(prints.get(body.target) ?? []), { fingerprint: body.fingerprint, at: body.at }]);
  }
  const place = placeOfFile(file);
  const drafts: Draft[] = [];
  for (const [subject, { lacking, rule, at }] of closed) {
    if (!lacking) continue;
    drafts.push({
      ...{ rule: "evidence-gap", key: subject, standing: "observed", place },
      message: `${subject}${rule === undefined ? "" : ` (${rule})`} was closed on ${at.slice(0, 10)} without a commit, run or answer that proves it: it counts as open.`,
    });
  }
  drafts.push(...resaved(prints, place), ...reused(prints, place));
  return drafts.map((draft) => findingOf(draft, salt, undefined, registerPaths[0])).sort(compareFindings);
}

type Prints = ReadonlyMap<string, readonly { fingerprint: string; at: string }[]>;

/** The same value at two times: if the store shows a write between them, it was saved again and not replaced. */
function resaved(prints: Prints, place: Draft["place"]): Draft[] {
  return [...prints].flatMap(([target, list]): Draft[] => {
    const [earlier, later] = list.slice(-2);
    if (
      earlier === undefined ||
      later === undefined ||
      compareFingerprints(earlier.fingerprint, later.fingerprint) !== "same"
    )
      return [];
    return [
      {
        ...{
          rule: "not-rotated",
          key: target,
          standing: "verified",
          ...(place !== undefined && { place }),
          facts: { target },
        },
        message: `${target} has the same fingerprint on ${earlier.at.slice(0, 10)} and ${later.at.slice(0, 10)}: a write between them saved the old value again.`,
      },
    ];
  });
}

/** The same value in two places, whatever their names. */
function reused(prints: Prints, place: Draft["place"]): Draft[] {
  const places = new Map<string, string[]>();
  for (const [target, list] of prints) {
    const last = list.at(-1)!.fingerprint;
    places.set(last, [...(places.get(last) ?? []), target]);
  }
  return [...places.values()].flatMap((targets): Draft[] => {
    if (targets.length < 2) return [];
    const names = targets.sort();
    return [
      {
        ...{
          rule: "reused",
          key: names.join(" "),
          standing: "verified",
          ...(place !== undefined && { place }),
          facts: { target: names[0]! },
        },
        message: `${names.join(" and ")} hold one value: give each its own, so that one leak opens one door.`,
      },
    ];
  });
}
