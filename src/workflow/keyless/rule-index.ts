/** All keyless rules, arranged so that one use is held against few of them. */
import type { ActionForm, CommandForm, KeylessRule } from "../keyless-rule.ts";
import { filedUnder, type GlobIndex, globIndex } from "./glob.ts";
import { type NameIndex, nameIndex } from "./name-pattern.ts";

/** What a name pattern stands for: an input of an action form, a name programs read, a secret's usual name, the half that identifies, a name that is never a finding. */
export type NameRole =
  | { role: "input"; rule: KeylessRule; form: ActionForm }
  | { role: "name" | "secret" | "half" | "not"; rule: KeylessRule };

export type CommandEntry = { rule: KeylessRule; words: string[]; form: CommandForm };
export type ContextEntry = { rule: KeylessRule; words: string[] };

/** Rules made ready; use one for many files. */
export type KeylessRules = {
  rules: readonly KeylessRule[];
  names: NameIndex<NameRole>;
  /** By the name of the program. */
  commands: ReadonlyMap<string, CommandEntry[]>;
  contextCommands: ReadonlyMap<string, ContextEntry[]>;
  /** The programs of a rule's commands: a script that holds none of these words is no company. */
  contextPrograms: ReadonlyMap<KeylessRule, string[]>;
  contextUses: GlobIndex<KeylessRule>;
  texts: readonly { rule: KeylessRule; text: string }[];
  actions: GlobIndex<ActionForm>;
  /** Action forms by the action they were asked for, as far as asked. */
  knownActions: Map<string, ReadonlySet<ActionForm>>;
};

/** Arranges rules. In: rules in any order. Out: what `findStaticCredentials` takes. */
export function keylessRules(rules: readonly KeylessRule[]): KeylessRules {
  const sorted = [...rules].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const contexts = sorted.flatMap((rule) => contextRuns(rule).map((run) => ({ rule, words: programWords(run) })));
  return {
    rules: sorted,
    names: nameIndex(sorted.flatMap(nameEntries)),
    commands: byProgram(
      sorted.flatMap((rule) => rule.static.commands.map((form) => ({ rule, words: programWords(form.run), form }))),
    ),
    contextCommands: byProgram(contexts),
    contextPrograms: new Map(
      sorted.map((rule) => [rule, [...new Set(contextRuns(rule).map((run) => programWords(run)[0] as string))]]),
    ),
    contextUses: globIndex(
      sorted.flatMap((rule) => rule.static.context.uses.map((glob): [string, KeylessRule] => [glob, rule])),
    ),
    texts: sorted.flatMap((rule) => rule.static.texts.map((text) => ({ rule, text: text.toLowerCase() }))),
    actions: globIndex(
      sorted.flatMap((rule) => rule.static.actions.map((form): [string, ActionForm] => [form.uses, form])),
    ),
    knownActions: new Map(),
  };
}

function contextRuns({ static: forms }: KeylessRule): string[] {
  return [...forms.context.commands, ...forms.commands.map((form) => form.run)];
}

function byProgram<T extends ContextEntry>(entries: readonly T[]): Map<string, T[]> {
  return Map.groupBy(entries, ({ words }) => words[0] as string);
}

function programWords(run: string): string[] {
  return run.toLowerCase().split(" ");
}

function nameEntries(rule: KeylessRule): [string, NameRole][] {
  const forms = rule.static;
  return [
    ...forms.actions.flatMap((form) =>
      form.inputs.map((name): [string, NameRole] => [name, { role: "input", rule, form }]),
    ),
    ...forms.names.map((name): [string, NameRole] => [name, { role: "name", rule }]),
    ...forms.secrets.map((name): [string, NameRole] => [name, { role: "secret", rule }]),
    ...forms.halves.map((name): [string, NameRole] => [name, { role: "half", rule }]),
    ...rule.not.names.map((name): [string, NameRole] => [name, { role: "not", rule }]),
  ];
}

/** The action forms that speak of an action (`owner/repo/path` in lower case); for a script ("") those of any receiver that have a condition. */
export function formsOf(rules: KeylessRules, action: string): ReadonlySet<ActionForm> {
  let found = rules.knownActions.get(action);
  if (found === undefined) {
    found = new Set(
      action === ""
        ? filedUnder(rules.actions, "*").filter((form) => form.uses === "*" && form.when !== undefined)
        : filedUnder(rules.actions, action),
    );
    rules.knownActions.set(action, found);
  }
  return found;
}
