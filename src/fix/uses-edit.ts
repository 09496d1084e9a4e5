/** Which version of an action is written, and how: a commit id with its tag as a comment where the file pins, else a tag. */
import type { Job, Step, Uses, Workflow } from "../workflow/model.ts";
import { contentOffsets } from "../workflow/scalar-offsets.ts";
import { type Changes, setText } from "./change.ts";
import { endsLine, pinsActions } from "./layout.ts";
import { type Pins, pinCommand, pinFor, tagOf } from "./pin.ts";
import { refuse } from "./refusal.ts";
import { atLeast, versionParts } from "./version.ts";

/** A reference to an action as it is written; `todo` is the command by which a person can pin it. */
export type Written = { uses: string; comment?: string; todo?: string };

/** How to write an action that is not in the file yet. In: the workflow, sources of pins, `owner/repo/path`, the version the rule names. */
export function newUses(workflow: Workflow, pins: readonly Pins[], action: string, version: string): Written {
  if (!pinsActions(workflow)) return { uses: `${action}@${version}` };
  const pinned = pinFor(pins, action, version, version);
  if (pinned !== undefined) return { uses: `${action}@${pinned.commit}`, comment: pinned.tag };
  return { uses: `${action}@${version}`, todo: pinCommand(action, version) };
}

/** The version that a reference stands for, from its tag, the comment behind its commit, or the pins. */
export function versionOf(uses: Uses, pins: readonly Pins[]): string | undefined {
  if (uses.refKind === "tag") return uses.ref;
  if (uses.refKind !== "sha" || uses.ref === undefined) return undefined;
  return /v?\d+(?:\.\d+){0,3}/.exec(uses.comment?.text ?? "")?.[0] ?? tagOf(pins, actionOf(uses), uses.ref);
}

function actionOf(uses: Uses): string {
  return `${uses.owner}/${uses.repo}${uses.path === undefined ? "" : `/${uses.path}`}`;
}

/**
 * Raises an action to a version where it is below what is needed.
 * In: the changes, the reference, sources of pins, the lowest version that serves, the version to write. Out: what a person should check, if anything.
 * Throws Refused when the file pins and the commit is not known.
 */
export function raiseVersion(
  changes: Changes,
  uses: Uses,
  pins: readonly Pins[],
  minimum: string,
  version: string,
): string | undefined {
  const has = versionOf(uses, pins);
  if (has === undefined) {
    return uses.refKind === "sha"
      ? `${uses.raw}: the pinned commit must be ${minimum} or later; no version is written behind it`
      : undefined;
  }
  if (atLeast(has, minimum) !== false) return undefined;
  if (uses.refKind === "sha") {
    const pinned = pinFor(pins, actionOf(uses), version, minimum);
    if (pinned === undefined)
      refuse(
        `${actionOf(uses)} must be raised to ${version}, and its commit is not known; name it with --pins (${pinCommand(actionOf(uses), version)})`,
      );
    setRef(changes, uses, pinned.commit, pinned.tag);
    return undefined;
  }
  const parts = versionParts(has)?.length ?? 3;
  setRef(changes, uses, parts === 1 ? (version.split(".")[0] ?? version) : version, undefined);
  return undefined;
}

/** Pins a reference to a commit. */
export function setPin(changes: Changes, uses: Uses, commit: string, tag: string): void {
  setRef(changes, uses, commit, tag);
}

/** Puts another version behind the `@`, and its tag in the comment. */
function setRef(changes: Changes, uses: Uses, ref: string, tag: string | undefined): void {
  const offsets = contentOffsets(changes.source, uses.text.node);
  const at = uses.raw.lastIndexOf("@");
  if (at < 0 || uses.ref === undefined) refuse(`${uses.raw} names no version that could be changed`);
  const span = { start: offsets(at + 1), end: offsets(uses.raw.length) };
  setText(changes, span, ref);
  if (tag === undefined) return;
  const { comment } = uses;
  if (comment === undefined) {
    const end = uses.text.span.end;
    // In a flow mapping a comment would end the line that goes on.
    if (endsLine(changes.source.bytes, end)) setText(changes, { start: end, end }, ` # ${tag}`);
    return;
  }
  const version = /v?\d+(?:\.\d+){0,3}/.exec(comment.text);
  if (version === null) {
    setText(changes, { start: comment.span.end, end: comment.span.end }, ` (${tag})`);
    return;
  }
  const before = comment.text.slice(0, version.index);
  setText(changes, comment.span, before + tag + comment.text.slice(version.index + version[0].length));
}

/** The steps of a job that use an action, in order, before a position. */
export function stepsUsing(job: Job, action: string, before: number): Step[] {
  return job.steps.filter(
    (step) =>
      step.index < before && step.uses !== undefined && actionOf(step.uses).toLowerCase() === action.toLowerCase(),
  );
}
