/** Reads the Actions files of a tree and tells which secrets they use. */
import { LeaseholdError } from "../error.ts";
import { compareText, type Finding } from "../finding.ts";
import { defaultSalt } from "../finding-id.ts";
import { readFiles } from "../git/file.ts";
import { folderFiles } from "../git/folder.ts";
import { worktreeFiles } from "../git/worktree.ts";
import type { SecretReceiver, SecretUseRow, SecretUseTable } from "../report/secret-uses.ts";
import { auditWorkflow } from "../workflow/audit-workflow.ts";
import type { Model } from "../workflow/model.ts";
import { calledUses } from "../workflow/repository-flow.ts";
import { mayBeWorkflow, type WorkflowScan } from "../workflow/scan-workflow.ts";
import { placeOfSpan } from "../workflow/source.ts";
import type { Consumer, SecretUse } from "../workflow/use.ts";
import { keylessIndex } from "./keyless-index.ts";
import { treeRoots } from "./tree.ts";

/**
 * In: the folder that relative paths start from; a path; whether repositories count. Out: the uses by file and place.
 * Throws LeaseholdError("nothing-matched") for a path that does not exist.
 */
export async function secretUsesIn(cwd: string, path: string, git: boolean): Promise<SecretUseTable> {
  const uses: SecretUseRow[] = [];
  const scans: WorkflowScan[] = [];
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
        scans.push(scan);
      },
    );
    uses.push(...rowsOfAll(scans.splice(0)));
    unread.push(...[...list.gaps, ...read.gaps].map(({ subject, detail }) => ({ path: subject, detail })));
  }
  return { files, uses: uses.sort((a, b) => compareText(a.place.path, b.place.path)), unread };
}

/** The rows of one repository: by file, then the ways that go on in called files, which stand in these. */
function rowsOfAll(scans: readonly WorkflowScan[]): SecretUseRow[] {
  const rules = new Map(
    scans.flatMap(({ model, findings }) => (model === undefined ? [] : [[model, rulesAt(findings)]])),
  );
  const files = scans.flatMap(({ model, uses }) => (model === undefined ? [] : [{ model, uses }]));
  const called = calledUses(files).map(({ model, use, through }): SecretUseRow => {
    const first = through[0]!;
    const rule = rules.get(first.model)?.get(first.use.place.start);
    return {
      ...rowOf(model, use),
      through: through.map((one) => pointOf(one.model, one.use)),
      ...(rule !== undefined && { rule }),
    };
  });
  return [...scans.flatMap(rowsOf), ...called];
}

function rulesAt(findings: readonly Finding[]): Map<number, string> {
  return new Map(
    findings
      .filter(({ facts }) => facts.route !== undefined)
      .map(({ place, rule }): [number, string] => [place.start, rule]),
  );
}

function pointOf(model: Model, use: SecretUse): SecretUseRow["place"] {
  const { path, line, column } = placeOfSpan(model.source, use.place);
  return { path, line, column };
}

/** The rows of one file, in document order. */
function rowsOf({ model, uses, findings }: WorkflowScan): SecretUseRow[] {
  if (model === undefined) return [];
  const rules = rulesAt(findings);
  return uses.map((use): SecretUseRow => {
    const rule = rules.get(use.place.start);
    return { ...rowOf(model, use), ...(rule !== undefined && { rule }) };
  });
}

function rowOf(model: Model, use: SecretUse): SecretUseRow {
  return {
    form: use.form,
    secret: use.name,
    role: use.role,
    place: pointOf(model, use),
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
  };
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
