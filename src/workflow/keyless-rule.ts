/** Types of the keyless rules in `rules/keyless/*.yml`: how a stored credential of one service shows, and what replaces it. See docs/keyless-rule-format.md. */
import type { Severity } from "../finding.ts";

/**
 * How far a rewrite can go. `AUTO`: the YAML alone is enough. `ENROL`: the YAML is determined, but the repository must first be enrolled at the service.
 * `VALUES`: identifiers that are not in the repository are needed. `BROKER`: no federation of its own, but the value can live in a vault that has one.
 * `REDUCE`: nothing replaces it; shorten its life and narrow its reach.
 */
export const fixClasses = ["AUTO", "ENROL", "VALUES", "BROKER", "REDUCE"] as const;
export type FixClass = (typeof fixClasses)[number];

/** Whether a keyless route exists: `partial` where it depends on a plan, on the target, or on what the job does. */
export const routes = ["yes", "partial", "no"] as const;
export type Route = (typeof routes)[number];

/**
 * What must hold beside the use itself. All that are given must hold.
 * `with`: inputs of the same step by name, or, for names in capitals, env variables in its scope: one of the globs must match the value and none that begins with `!`; the glob "" means absent or empty.
 * `text`: one of the literals must stand in the step's run text or in a value of its inputs or env. `secret`: the name pattern that the secret must have.
 */
export type Condition = { with?: Record<string, string[]>; text?: string[]; secret?: string[] };

/** An action that takes the credential. */
export type ActionForm = {
  /** Glob over `owner/repo/path`, letter case ignored; a local action is `./`. `*` alone is any action, and with a `when` any script too. */
  uses: string;
  /** Patterns of input names. */
  inputs: string[];
  /** Versions that take it: comparisons joined by spaces, `>=1.2 <3`. A version that is not known fits. */
  versions?: string;
  when?: Condition;
  unless?: Condition;
  /** The value is the half that only identifies (a user name that is a key id). */
  half?: boolean;
};

/** A command that takes the credential: the program and its first words, as `cargo login`. The value stands in the same command or is piped into it. */
export type CommandForm = {
  run: string;
  /** One of these globs must match a word of the command. */
  has?: string[];
  /** Globs of which one must match the first word that is neither a flag nor a flag's value; "" is none. */
  operand?: string[];
  /** Flags of which one must stand right before the value, as its own word or with `=`. */
  flags?: string[];
};

/** How the stored credential shows in a workflow. */
export type StaticForms = {
  actions: ActionForm[];
  /** Patterns of names under which programs take it: env variables, inputs of any action, secrets of a called workflow. Also tried on the secret's own name, as weaker evidence. */
  names: string[];
  /** Patterns of what the stored secret itself is usually called. */
  secrets: string[];
  commands: CommandForm[];
  /** Literals of which one stands in the same command, input or file line as the value (`_authToken=`, a host). */
  texts: string[];
  /** Actions and commands whose presence in the step (or, weaker, the job) says that a credential with a general name (`TOKEN`, `API_KEY`) is this service's. */
  context: { uses: string[]; commands: string[] };
  /** Patterns of the half that only identifies (`AWS_ACCESS_KEY_ID`): reported with its secret half, alone only if that half is not there. */
  halves: string[];
};

/** What is never a finding of this rule. */
export type Exceptions = {
  /** Patterns of names (key or secret) that are identifiers or public by design. */
  names: string[];
  /** Round which a use is not of this rule; with `silent`, not a finding of any rule. */
  conditions: (Condition & { why: string; silent?: boolean })[];
};

/** A step to write. Values are written as they stand; `${{ vars.X }}` names a value listed under `values`. */
export type StepTemplate = {
  name?: string;
  id?: string;
  uses: string;
  /** The version to write where nothing better is known (pins come from rules/actions.yml). */
  version: string;
  with?: Record<string, string>;
};

/**
 * What the fix writes for one static form. Removals name inputs or env variables by pattern; what is not there is not an error.
 * The operations apply to the step of the finding, the removal of env to every level of it.
 */
export type Rewrite = {
  /** `action`: the finding's consumer is an input (or env) of an action matching `uses`. `env`: an env variable that a run step's program reads. `command`: written into a command. */
  at: "action" | "env" | "command";
  /** Glob over the action, for `action`; absent: any of the rule's. */
  uses?: string;
  /** Commands that the run text must hold, for `env` and `command`; absent: any. */
  commands?: string[];
  /** Lowest version of the action that can do it; a lower one is raised to `version` (else to this). */
  minimum?: string;
  version?: string;
  /** Replace the action by another one. */
  replaceUses?: StepTemplate;
  removeInputs?: string[];
  /** Inputs to add where absent. */
  addInputs?: Record<string, string>;
  /** Inputs to set, added or overwritten. */
  setInputs?: Record<string, string>;
  renameInputs?: Record<string, string>;
  removeEnv?: string[];
  /** Env of the step to set: the exchanged value under the name that the program reads. */
  setEnv?: Record<string, string>;
  /** What to write instead of the secret expression itself (`${{ steps.login.outputs.token }}`). */
  replaceValue?: string;
  /** Remove these flags and their values from the command (`--token`, `-p`). */
  removeFlags?: string[];
  /** Add these words after the words of `commands`. */
  addFlags?: string[];
  /** Remove the step as a whole: the login step does its work (`az login`, `cargo login`). */
  removeStep?: boolean;
  /** Remove the lines in which one of `commands` holds the value and one of these literals, and the variable that brought it; the step when nothing is left. */
  removeLines?: string[];
  /** A step to put before the finding's step, once a job. `afterCheckout`: it must not stand before a checkout, which would delete its file. */
  insert?: StepTemplate & { afterCheckout?: boolean };
  /** Why a person must still look at it; printed in the checklist. */
  note?: string;
};

/** A value that the replacement needs and the repository does not hold; written as `${{ vars.NAME }}`. */
export type NeededValue = { name: string; what: string; example?: string };

/** The provider's side. Texts may hold {{owner}} {{repo}} {{owner_id}} {{repo_id}} {{subject}} {{immutable_subject}} {{issuer}} {{issuer_host}} {{audience}} {{environment}} {{branch}} {{workflow}}. */
export type Setup = {
  /** What a person does at the service, in order. */
  steps: string[];
  /** Trust policy as JSON, Terraform and CLI, where the service has these. */
  json?: string;
  terraform?: string;
  cli?: string;
  /** A command or act that shows the exchange works before the secret is deleted. */
  test?: string;
  rollback?: string;
};

/** The keyless form. */
export type Keyless = {
  /** One sentence, shown in the finding: what replaces the credential. */
  replacement: string;
  /** Lowest versions: action tags begin with v, tools are named (`npm`: 11.5.1). */
  minimum: Record<string, string>;
  /** Needed on the job beside what it has. */
  permissions: Record<string, "read" | "write">;
  audience?: string;
  /** Environment in the subject: recommended where the service can bind it. */
  environment?: string;
  /** What still does not work (triggers, runners, plans, reusable workflows). */
  limits: string[];
};

/** One service. */
export type KeylessRule = {
  /** Slug without the family: `aws` for `keyless/aws`. */
  id: string;
  service: string;
  route: Route;
  fix: FixClass;
  severity: Severity;
  /** How long the stored credential lives when nobody ends it. */
  lifetime: "long" | "long-expiring" | "short";
  /** `A`: taken from the vendor's own definition or documentation. `B`: commonly known; to be confirmed before an automatic rewrite. */
  grade: "A" | "B";
  /** A rule for what no other names (any webhook, any registry): others come first. */
  generic?: boolean;
  /** One sentence: what the stored credential is and lets its holder do. */
  why: string;
  static: StaticForms;
  not: Exceptions;
  keyless: Keyless;
  values: NeededValue[];
  rewrites: Rewrite[];
  setup?: Setup;
  /** Clean-up after the change works, beside deleting the secret. */
  after: string[];
  links: string[];
  examples: { bad: KeylessExample[]; good: KeylessExample[] };
};

/** A workflow, or a list of steps, that shows (`bad`) or does not show (`good`) this rule. In a bad one, `secret` names what must be found; absent: exactly one finding of this service. */
export type KeylessExample = { steps?: string; workflow?: string; secret?: string };
