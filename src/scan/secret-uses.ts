/** Reads the Actions files of a tree and tells which secrets they use. */
import { LeaseholdError } from "../error.ts";
import { compareText } from "../finding.ts";
import { defaultSalt } from "../finding-id.ts";
import { readFiles } from "../git/file.ts";
import { folderFiles } from "../git/folder.ts";
import { worktreeFiles } from "../git/worktree.ts";
import type { SecretReceiver, SecretUseRow, SecretUseTable } from "../report/secret-uses.ts";
import { auditWorkflow } from "../workflow/audit-workflow.ts";
import { mayBeWorkflow, type WorkflowScan } from "../workflow/scan-workflow.ts";
import { placeOfSpan } from "../workflow/source.ts";
import type { Consumer } from "../workflow/use.ts";
import { keylessIndex } from "./keyless-index.ts";
import { treeRoots } from "./tree.ts";

/**
 * In: the folder that relative paths start from; a path; whether repositories count. Out: the uses by file and place.
 * Throws LeaseholdError("nothing-matched") for a path that does not exist.
 */
export async function secretUsesIn(cwd: string, path: string, git: boolean): Promise<SecretUseTable> {
  const uses: SecretUseRow[] = [];
  const unread: { path: string; detail: string }[] = [];
  let files = 0;
  for (const root of await treeRoots(cwd, [path], git)) {
    const list =
      root.repository === undefined
        ? folderFiles(root.root, root.paths, { enterNested: !git })
        : await worktreeFiles(root.repository, root.paths);
    if (list.unmatched[0] !== undefined)
      throw new LeaseholdError("nothing-matched", `${list.unmatched[0]} matches no file here`);
    const read = readFiles(
      root.root,
      list.files.filter((file) => /\.ya?ml$/i.test(file)),
      ({ path: file, bytes, offset, last }) => {
        if (offset > 0 || !mayBeWorkflow(file, bytes)) return;
        const scan = auditWorkflow(file, Uint8Array.from(bytes), defaultSalt, keylessIndex);
        if (scan.kind === undefined) return;
        files++;
        if (scan.gap !== undefined || !last)
          unread.push({ path: file, detail: scan.gap?.detail ?? "the file is too large to be read" });
        else if (scan.model === undefined)
          unread.push({ path: file, detail: scan.findings[0]?.message ?? "it is no YAML" });
        uses.push(...rowsOf(scan));
      },
    );
    unread.push(...[...list.gaps, ...read.gaps].map(({ subject, detail }) => ({ path: subject, detail })));
  }
  return { files, uses: uses.sort((a, b) => compareText(a.place.path, b.place.path)), unread };
}

/** The rows of one file, in document order. */
function rowsOf({ model, uses, findings }: WorkflowScan): SecretUseRow[] {
  if (model === undefined) return [];
  const rules = new Map(
    findings
      .filter(({ facts }) => facts.route !== undefined)
      .map(({ place, rule }): [number, string] => [place.start, rule]),
  );
  return uses.map((use): SecretUseRow => {
    const { path, line, column } = placeOfSpan(model.source, use.place);
    const rule = rules.get(use.place.start);
    return {
      form: use.form,
      secret: use.name,
      role: use.role,
      place: { path, line, column },
      ...(use.job !== undefined && { job: use.job }),
      ...(use.step !== undefined && {
        step: {
          index: use.step.index,
          ...(use.step.id !== undefined && { id: use.step.id }),
          ...(use.step.name !== undefined && { name: use.step.name }),
        },
      }),
      receiver: receiverOf(use.consumer),
      triggers: use.triggers,
      ...(use.environment !== undefined && { environment: use.environment }),
      runner: use.runner,
      flow: use.flow.map(({ kind, name }) => `${kind} ${name}`),
      ...(rule !== undefined && { rule }),
    };
  });
}

function receiverOf(consumer: Consumer): SecretReceiver {
  const { kind } = consumer;
  const given = (fields: { [Key in Exclude<keyof SecretReceiver, "kind">]: string | undefined }): SecretReceiver => ({
    kind,
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
  });
  switch (consumer.kind) {
    case "action":
      return given({ name: consumer.uses.raw, input: consumer.input, variable: consumer.env });
    case "run":
      return given({ name: undefined, input: undefined, variable: consumer.variable });
    case "workflow":
      return given({ name: consumer.uses.raw, input: consumer.secret ?? consumer.input, variable: undefined });
    case "container":
    case "service":
      return given({ name: consumer.image ?? consumer.name, input: consumer.field, variable: consumer.variable });
    case "env":
      return given({ name: undefined, input: undefined, variable: consumer.name });
    case "output":
      return given({ name: `${consumer.level} output`, input: consumer.name, variable: undefined });
    case "registry":
      return given({ name: consumer.name, input: consumer.field, variable: undefined });
    case "other":
      return given({ name: undefined, input: consumer.key, variable: undefined });
    case "condition":
      return { kind };
  }
}
