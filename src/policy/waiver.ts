/** `.github/leasehold-waivers.yml`: exceptions with a reason, an approver and a last day. */
import { z } from "zod";
import { dateField, listField, loginField, momentField, ruleIdField, sentenceField } from "../field.ts";
import { compareText, type FindingId, type Place, type RuleId } from "../finding.ts";
import { isFindingId } from "../finding-id.ts";
import type { PlainDate } from "../plain-date.ts";
import { readYaml } from "../yaml-file.ts";

export const waiverReasons = ["test-data", "false-positive", "accepted-risk", "fix-later", "migration"] as const;
export type WaiverReason = (typeof waiverReasons)[number];

/** One exception. It names either an `id`, or a `rule` and a `target`. */
export type Waiver = {
  id?: FindingId;
  rule?: RuleId;
  /** A path or glob, or the name under which a finding without a file is known (`actions/AWS_DEPLOY_KEY`). */
  target?: string;
  reason: WaiverReason;
  why: string;
  /** Without it the waiver is only requested. */
  approvedBy?: string;
  /** Last day, in UTC, on which it holds. */
  until: PlainDate;
  compensating?: string;
  /** Where it stands in its file. */
  place?: Place;
};

/** Emergency access that was opened for a while. */
export type BreakGlass = {
  target: string;
  reason: string;
  from: string;
  to: string;
  approvedBy: string;
  reviewed?: string;
};

/** Leave to use an asset for a task in a window of time. */
export type Approval = {
  id: string;
  asset: { repository?: string; environment?: string; secret?: string };
  task: string;
  from: string;
  to: string;
  requestedBy: string;
  approvedBy: string[];
};

/** Everything a waivers file says. */
export type WaiversFile = { waivers: Waiver[]; breakGlass: BreakGlass[]; approvals: Approval[] };

const subjectMessage = "a waiver names either an id, or a rule and a target";

const waiverField = z
  .strictObject({
    id: z
      .string({ error: "expected a finding id like LH-7F3A9C" })
      .refine((text) => isFindingId(text), { error: "expected a finding id like LH-7F3A9C" })
      .optional()
      .describe("The finding, by its id."),
    rule: ruleIdField.optional().describe("The findings of this rule at `target`; instead of an id."),
    target: z
      .string({ error: "expected a path, a glob, or a name like actions/AWS_DEPLOY_KEY" })
      .min(1, { error: "expected a path, a glob, or a name like actions/AWS_DEPLOY_KEY" })
      .max(256, { error: "expected at most 256 characters" })
      .optional()
      .describe("Path, glob or name that the waiver holds for, with `rule`."),
    reason: z.enum(waiverReasons).describe("Kind of reason."),
    why: sentenceField("Vendor appliance cannot federate (TICKET-812)").describe("The reason in words, with a ticket."),
    "approved-by": loginField
      .optional()
      .describe("Who approved it; must differ from who adds it. Without it the waiver is only requested."),
    until: dateField.describe("Last day on which it holds, at most the policy's waivers.max from now."),
    compensating: sentenceField("IP-bound, read-only bucket policy")
      .optional()
      .describe("What limits the harm meanwhile."),
  })
  .superRefine((waiver, context) => {
    const byRule = waiver.rule !== undefined || waiver.target !== undefined;
    if (waiver.id === undefined ? waiver.rule === undefined || waiver.target === undefined : byRule) {
      context.addIssue({ code: "custom", message: subjectMessage });
    }
  });

const windowKeys = {
  from: momentField.describe("First minute, in UTC, like 2026-11-21T09:00Z."),
  to: momentField.describe("Last minute, in UTC."),
};

function checkWindow({ from, to }: { from: string; to: string }, context: z.RefinementCtx): void {
  if (to <= from) context.addIssue({ code: "custom", path: ["to"], message: "expected a moment after `from`" });
}

const breakGlassField = z
  .strictObject({
    target: sentenceField("environment/production").describe("What was opened, like environment/production."),
    reason: sentenceField("INC-4711 database failover").describe("Why, with the incident."),
    ...windowKeys,
    "approved-by": loginField.describe("Who approved it."),
    reviewed: sentenceField("#123").optional().describe("Issue of the review afterwards; due once the window is over."),
  })
  .superRefine(checkWindow);

const approvalField = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z0-9._-]{1,60}$/, { error: "expected an id like APR-2026-0192" })
      .describe("Id of the approval, like APR-2026-0192."),
    asset: z
      .strictObject({
        repository: sentenceField("acme/shop").optional().describe("Repository, owner/name."),
        environment: sentenceField("production").optional().describe("Environment."),
        secret: sentenceField("DB_MIGRATE").optional().describe("Name of the secret."),
      })
      .refine((asset) => Object.keys(asset).length > 0, { error: "expected a repository, an environment or a secret" })
      .describe("What may be used."),
    task: sentenceField("https://github.com/acme/shop/issues/982").describe(
      "What for: an issue, pull request or ticket.",
    ),
    ...windowKeys,
    "requested-by": loginField.describe("Who asked."),
    "approved-by": z
      .union([loginField, z.array(loginField).min(1, { error: "expected at least one approver" })])
      .describe("Who approved; nobody approves their own request."),
  })
  .superRefine((approval, context) => {
    checkWindow(approval, context);
    if ([approval["approved-by"]].flat().includes(approval["requested-by"])) {
      context.addIssue({ code: "custom", path: ["approved-by"], message: "nobody approves their own request" });
    }
  });

/** Schema of the waivers file. */
export const waiversFileSchema = z
  .strictObject({
    waivers: listField(waiverField).describe("Exceptions for findings, one block each."),
    "break-glass": listField(breakGlassField).describe("Emergency access that was opened for a while."),
    approvals: listField(approvalField).describe("Leave to use a secret or environment for a task."),
  })
  .meta({
    title: "Leasehold waivers",
    description: "Waivers, break-glass records and approvals: .github/leasehold-waivers.yml.",
  });

/** Reads a waivers file. Throws LeaseholdError("config") with the place of the first fault. */
export function parseWaivers(text: string, file: string): WaiversFile {
  const { value, placeAt } = readYaml(text, file, waiversFileSchema);
  return {
    waivers: (value.waivers ?? []).map((written, index) => ({
      ...(written.id === undefined ? {} : { id: written.id as FindingId }),
      ...(written.rule === undefined ? {} : { rule: written.rule as RuleId }),
      ...(written.target === undefined ? {} : { target: written.target }),
      reason: written.reason,
      why: written.why,
      ...(written["approved-by"] === undefined ? {} : { approvedBy: written["approved-by"] }),
      until: written.until,
      ...(written.compensating === undefined ? {} : { compensating: written.compensating }),
      place: placeAt(["waivers", index]),
    })),
    breakGlass: (value["break-glass"] ?? []).map(
      ({ target, reason, from, to, reviewed, "approved-by": approvedBy }) => ({
        ...{ target, reason, from, to, approvedBy },
        ...(reviewed === undefined ? {} : { reviewed }),
      }),
    ),
    approvals: (value.approvals ?? []).map(
      ({ asset, "requested-by": requestedBy, "approved-by": approvedBy, ...rest }) => ({
        ...rest,
        asset: asset as Approval["asset"],
        requestedBy,
        approvedBy: [approvedBy].flat(),
      }),
    ),
  };
}

/** What a waiver is about, as one text: its id, or its rule and target. Waivers are sorted by it. */
export function waiverSubject(waiver: Pick<Waiver, "id" | "rule" | "target">): string {
  return waiver.id ?? `${waiver.rule} ${waiver.target}`;
}

/** Total order of waivers that does not depend on where they stand. */
export function compareWaivers(a: Waiver, b: Waiver): number {
  return compareText(waiverText(a), waiverText(b));
}

/**
 * The waivers of the commit under test that its base does not have in the same words: they are only requested.
 * In: the waivers of the base and of the head.
 */
export function requestedWaivers(base: readonly Waiver[], head: readonly Waiver[]): Waiver[] {
  const inForce = new Set(base.map(waiverText));
  return head.filter((waiver) => !inForce.has(waiverText(waiver)));
}

function waiverText({ until, reason, why, approvedBy, compensating, ...subject }: Waiver): string {
  return JSON.stringify([waiverSubject(subject), until, reason, why, approvedBy ?? "", compensating ?? ""]);
}
