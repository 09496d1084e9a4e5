/** Which commit a release tag of an action names, from what is at hand: the facts in rules/actions.yml, the repository's own workflows, a file of the user. */
import { z } from "zod";
import type { Model, Uses } from "../workflow/model.ts";
import { readYaml } from "../yaml-file.ts";
import { compareVersions, versionParts } from "./version.ts";

/** Tags of actions and their commits: `owner/repo` in lower case, tag, full commit id. */
export type Pins = ReadonlyMap<string, ReadonlyMap<string, string>>;

const commit = z.string().regex(/^[0-9a-f]{40}$/, { error: "expected a full commit id of 40 hex digits" });
const tag = z.string().regex(/^[\w.+/-]{1,100}$/, { error: "expected a tag like v4.1.0" });

const pinFile = z.strictObject({
  actions: z.record(
    z.string().regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/, { error: "expected an action's repository, owner/name" }),
    z.record(tag, commit),
  ),
});

/**
 * Reads a file of pins: `actions:`, then per `owner/repo` its tags and their commits.
 * In: the text and the file's name for messages. Throws LeaseholdError("config") with file, line and column.
 */
export function readPins(source: string, file: string): Pins {
  const { value } = readYaml(source, file, pinFile);
  return new Map(
    Object.entries(value.actions).map(([name, tags]) => [name.toLowerCase(), new Map(Object.entries(tags))]),
  );
}

/** The pins that the workflows and actions of a repository already use: a commit with its version behind it as a comment. */
export function pinsOf(models: readonly Model[]): Pins {
  const pins = new Map<string, Map<string, string>>();
  for (const uses of models.flatMap(usesOf)) {
    if (uses.refKind !== "sha" || uses.owner === undefined || uses.ref?.length !== 40) continue;
    const version = /^#\s*(?:tag=)?(v?\d[\w.]*)/.exec(uses.comment?.text ?? "")?.[1];
    if (version === undefined) continue;
    const name = `${uses.owner}/${uses.repo}`.toLowerCase();
    const tags = pins.get(name) ?? new Map<string, string>();
    tags.set(version, uses.ref.toLowerCase());
    pins.set(name, tags);
  }
  return pins;
}

function usesOf(model: Model): Uses[] {
  if (model.kind === "dependabot") return [];
  const steps = model.kind === "action" ? model.steps : model.jobs.flatMap((job) => job.steps);
  const calls = model.kind === "action" ? [] : model.jobs.flatMap((job) => (job.uses ? [job.uses] : []));
  return [...calls, ...steps.flatMap((step) => (step.uses ? [step.uses] : []))];
}

/** A release and its commit. */
export type Pinned = { tag: string; commit: string };

/**
 * The commit for a version of an action. In: sources of pins in the order they are asked, the action, the version that is wanted, and the
 * lowest that serves. Out: the wanted one if a source knows it; else the newest that serves, of the same major version if there is one.
 */
export function pinFor(sources: readonly Pins[], action: string, wanted: string, minimum: string): Pinned | undefined {
  const name = action.split("/").slice(0, 2).join("/").toLowerCase();
  for (const source of sources) {
    const tags = source.get(name);
    if (tags === undefined) continue;
    const exact = tags.get(wanted);
    if (exact !== undefined) return { tag: wanted, commit: exact };
  }
  const lowest = versionParts(minimum) ?? [];
  for (const source of sources) {
    const serving = [...(source.get(name) ?? [])]
      .map(([tag, commit]) => ({ tag, commit, parts: versionParts(tag) ?? [] }))
      .filter(({ parts }) => parts.length > 0 && compareVersions(parts, lowest) >= 0)
      .sort((a, b) => compareVersions(b.parts, a.parts));
    const same = serving.find(({ parts }) => parts[0] === (versionParts(wanted) ?? [])[0]) ?? serving[0];
    if (same !== undefined) return { tag: same.tag, commit: same.commit };
  }
  return undefined;
}

/** The commit of a tag, or of the newest release that a shorter tag (`v4`) stands for. */
export function pinsUnder(sources: readonly Pins[], action: string, tag: string): Pinned | undefined {
  const name = action.split("/").slice(0, 2).join("/").toLowerCase();
  const parts = versionParts(tag);
  for (const source of sources) {
    const tags = source.get(name);
    const exact = tags?.get(tag);
    if (exact !== undefined) return { tag, commit: exact };
    const under = [...(tags ?? [])]
      .map(([one, commit]) => ({ tag: one, commit, parts: versionParts(one) ?? [] }))
      .filter(
        (one) =>
          parts !== undefined &&
          parts.length < 3 &&
          one.parts.length > parts.length &&
          parts.every((part, at) => one.parts[at] === part),
      )
      .sort((a, b) => compareVersions(b.parts, a.parts));
    if (under[0] !== undefined) return { tag: under[0].tag, commit: under[0].commit };
  }
  return undefined;
}

/** The release that a commit is, where a source knows it. */
export function tagOf(sources: readonly Pins[], action: string, commit: string): string | undefined {
  const name = action.split("/").slice(0, 2).join("/").toLowerCase();
  for (const source of sources) {
    for (const [tag, id] of source.get(name) ?? []) if (id === commit.toLowerCase()) return tag;
  }
  return undefined;
}

/** The command that shows the commit of a tag, for a person to pin it. */
export function pinCommand(action: string, tag: string): string {
  const [owner, repo] = action.split("/");
  // The line that ends in ^{} is the commit of an annotated tag.
  return `git ls-remote https://github.com/${owner}/${repo} 'refs/tags/${tag}*'`;
}
