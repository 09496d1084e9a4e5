/** Another action in the place of an action or a command that published with the secret. */
import type { StepTemplate } from "../workflow/keyless-rule.ts";
import { asMap, entryOf } from "../workflow/node.ts";
import { addEntry, removeEntry, setText } from "./change.ts";
import { refuse } from "./refusal.ts";
import { linesOf, programIn } from "./script.ts";
import type { Application, Target } from "./target.ts";
import { newUses } from "./uses-edit.ts";
import type { NewEntry } from "./yaml-write.ts";

/** Replaces the action of a step. Its inputs that the rule does not keep go with it. Out: the command that pins the new action, if needed. */
export function replaceUses(
  target: Target,
  { rewrite, step }: Application,
  template: StepTemplate,
): string | undefined {
  const { changes } = target;
  const uses = step.uses;
  if (uses === undefined) refuse("the step uses no action");
  if (step.id !== undefined && outputsRead(target, step.id.value) && rewrite.note === undefined)
    refuse("other steps read the outputs of this one");
  const written = newUses(target.workflow, target.pins, template.uses, template.version);
  const map = asMap(step.withEntry?.value);
  const wanted = template.with ?? {};
  const gone = step.with.filter((variable) => wanted[variable.name] === undefined);
  for (const variable of gone) if (map) removeEntry(changes, map, variable.entry);
  // Variables that only the removed inputs read.
  const env = asMap(step.env?.entry.value);
  for (const variable of step.env?.variables ?? []) {
    if (env && gone.some((input) => input.value.value.includes(`env.${variable.name}`)))
      removeEntry(changes, env, variable.entry);
  }
  for (const [key, value] of Object.entries(wanted)) {
    if (step.with.some((variable) => variable.name === key)) continue;
    if (map) addEntry(changes, map, { key, value });
    else addEntry(changes, step.map, { key: "with", value: [{ key, value }] });
  }
  setText(changes, uses.text.span, written.uses);
  if (uses.comment) setText(changes, uses.comment.span, written.comment === undefined ? "" : `# ${written.comment}`);
  else if (written.comment !== undefined)
    setText(changes, { start: uses.text.span.end, end: uses.text.span.end }, ` # ${written.comment}`);
  return written.todo;
}

/** Inputs of the action by which a script's command is replaced that follow from the command's words. */
const folders = /^(?:\.\/)?([\w./-]+?)\/?(?:\*|\/\*\.whl|\/\*\.tar\.gz)?$/;

/**
 * Replaces a script that is one command by an action. The only operand understood is a folder of files to upload.
 * Throws Refused when the script does more.
 */
export function replaceRun(target: Target, { rewrite, step }: Application, template: StepTemplate): string | undefined {
  const { changes } = target;
  const run = step.run;
  const entry = entryOf(step.map, "run");
  if (run === undefined || entry === undefined) refuse("the step runs no script");
  const lines = linesOf(run.value);
  const [line] = lines;
  if (lines.length !== 1 || line === undefined || programIn(line, rewrite.commands ?? []) < 0)
    refuse("the script does more than the one command that an action can replace");
  const added: NewEntry[] = [
    ...Object.entries(template.with ?? {}).map(([key, value]) => ({ key, value })),
    ...operands(
      line.command.words.map((word) => word.text),
      rewrite.commands ?? [],
    ),
  ];
  for (const key of ["shell", "working-directory"]) {
    const other = entryOf(step.map, key);
    if (key === "working-directory" && other)
      refuse("the command runs in another folder, which the action does not know");
    if (other) removeEntry(changes, step.map, other);
  }
  if (/\*\./.test(run.value))
    target.checklist.add(`${template.uses} uploads every file of the folder, not only those of one ending.`);
  const written = newUses(target.workflow, target.pins, template.uses, template.version);
  removeEntry(changes, step.map, entry);
  addEntry(changes, step.map, {
    key: "uses",
    value: written.uses,
    ...(written.comment !== undefined && { comment: written.comment }),
  });
  if (added.length > 0) addEntry(changes, step.map, { key: "with", value: added });
  return written.todo;
}

/** The operands of `twine upload … dist/*` as inputs of the action. */
function operands(words: readonly string[], commands: readonly string[]): NewEntry[] {
  const programs = new Set(commands.flatMap((command) => command.split(/\s+/)));
  const entries: NewEntry[] = [];
  const files: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (programs.has(word) || /^(?:python3?|-m|pipx|run|uvx)$/.test(word)) continue;
    if (word === "--verbose") entries.push({ key: "verbose", value: "true" });
    else if (word === "--skip-existing") entries.push({ key: "skip-existing", value: "true" });
    else if (/^(?:-u|-p|--username|--password)$/.test(word)) at++;
    else if (!/^(?:--non-interactive|--disable-progress-bar|--(?:username|password)=.*)$/.test(word)) files.push(word);
  }
  if (files.length > 1) refuse("the command uploads several sets of files");
  const folder = files[0] === undefined ? "dist" : folders.exec(files[0])?.[1];
  if (folder === undefined || folder.startsWith("-")) refuse(`it cannot be told what ${files[0]} means for the action`);
  return folder === "dist" ? entries : [...entries, { key: "packages-dir", value: `${folder}/` }];
}

function outputsRead(target: Target, id: string): boolean {
  return target.workflow.source.text.includes(`steps.${id}.`);
}
