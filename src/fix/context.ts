/** What a fix is planned from, and what a single one hands back. */
import type { Finding } from "../finding.ts";
import type { FixClass, KeylessRule } from "../workflow/keyless-rule.ts";
import type { Model } from "../workflow/model.ts";
import type { SecretUse } from "../workflow/use.ts";
import type { Pins } from "./pin.ts";

/** What the planner knows beside the file. */
export type FixContext = {
  /** Keyless rules by their id without the family. */
  rules: ReadonlyMap<string, KeylessRule>;
  /** Sources of pins, in the order they are asked. */
  pins: readonly Pins[];
  /** The other files of the repository, for callers and called workflows. */
  tree: readonly Model[];
  /** Which classes of keyless fixes are written. */
  classes: ReadonlySet<FixClass>;
  /** The scan that gave the findings, on other bytes of the same path. */
  scan: (path: string, bytes: Uint8Array) => { findings: Finding[]; uses: SecretUse[]; model?: Model };
};

/** A job that logs in to a service now. */
export type JobLogin = { rule: KeylessRule; job: string; environment?: string };

/** What a single fix hands back beside its changes. */
export type Done = {
  title: string;
  class: FixClass;
  checklist: string[];
  secrets: { name: string; service: string }[];
  logins: JobLogin[];
};
