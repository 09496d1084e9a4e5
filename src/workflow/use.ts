/** The table of what secrets a file uses and where each of them goes; and the facts of its jobs. */
import type { Env, PermissionLevel, Span, Step, Uses, Variable, YamlEntry } from "./model.ts";

/**
 * Which secret is meant.
 * `named`: one, by name. `token`: `secrets.GITHUB_TOKEN` or `github.token`, which lives as long as the job. `all`: `toJSON(secrets)`, `secrets.*`.
 * `inherit`: every secret of the caller, handed on. `dynamic`: an index that is computed.
 */
export type SecretForm = "named" | "token" | "all" | "inherit" | "dynamic";

/** Where a reference is written: the key that binds it to a name. */
export type Binding = {
  kind: "env" | "with" | "secrets" | "credentials" | "run" | "if" | "output" | "registry" | "default" | "other";
  level: "workflow" | "job" | "step" | "container" | "service" | "action" | "file";
  /** Name of the env variable, input, secret, output or field; the YAML key for the rest (`run`, `if`, `shell`). */
  key: string;
  /** The entry that holds it, when it is one: what an edit would remove. */
  entry?: YamlEntry;
  /** The variable, for `env`, `with`, `secrets`, `credentials`, `output`, `registry`. */
  variable?: Variable;
  /** The env block, for `env`. */
  env?: Env;
};

/** What receives the value in the end. */
export type Consumer =
  /** An action: by an input, or by an env variable of its own step (`env`). */
  | { kind: "action"; uses: Uses; input?: string; env?: string }
  /** Text of a run step: pasted in by an expression, or read as the shell variable `variable`. `span` is that place within the text. */
  | { kind: "run"; shell: string; span: Span; variable?: string }
  /** A reusable workflow, under the name of a declared secret or an input; `inherit` for all. */
  | { kind: "workflow"; uses: Uses; secret?: string; input?: string }
  | {
      kind: "container" | "service";
      name?: string;
      image?: string;
      field: "username" | "password" | "env";
      variable?: string;
    }
  /** Bound to an env variable that no text reads by name: every program of its scope may. */
  | { kind: "env"; name: string }
  | { kind: "condition" }
  | { kind: "output"; name: string; level: "job" | "workflow" | "action" }
  | { kind: "registry"; name: string; type: string; field: string }
  /** A place that takes no secrets or that is not followed: the YAML key. */
  | { kind: "other"; key: string };

/** How the value came there, in order: `env` (bound at that level), `expression` (`env.X` read by an expression), `shell` (read as a variable), `file` (through GITHUB_ENV or GITHUB_OUTPUT), `output`. */
export type Hop = { kind: "env" | "expression" | "shell" | "file" | "output"; name: string; span: Span };

export type StepRef = { index: number; id?: string; name?: string; step: Step };

/** One way of one secret to one consumer. The same reference gives several rows when several steps read it. */
export type SecretUse = {
  form: SecretForm;
  /** Upper case for `named` (GitHub's names have no case), `GITHUB_TOKEN` for `token`, `*` for `all` and `inherit`, the source text for `dynamic`. */
  name: string;
  /** As written: `secrets['x']`. */
  written: string;
  /** The bytes of the reference itself: `secrets.X` (for `inherit` the word). */
  place: Span;
  /** Whether the value itself goes on, or only a decision that depends on it (`secrets.X != ''`). */
  role: "value" | "condition";
  binding: Binding;
  /** Undefined for what stands at the workflow level and reaches no step by name. */
  job?: string;
  step?: StepRef;
  consumer: Consumer;
  flow: Hop[];
  triggers: string[];
  /** Name of the job's environment as written. */
  environment?: string;
  /** Labels of the runner as written. */
  runner: string[];
};

/** One `uses:` of a job, the job's own for a call of a reusable workflow. */
export type UsesFact = { uses: Uses; step?: StepRef };

export type JobFacts = {
  job: string;
  triggers: string[];
  environment?: string;
  runner: string[];
  /** `yes` where a label says so; `unknown` for a group, a label of one's own, or an expression. */
  selfHosted: "yes" | "no" | "unknown";
  /** `job` or `workflow`: where the block in force stands. `default`: there is none and the repository's setting decides. */
  permissionsFrom: "job" | "workflow" | "default";
  /** In force: scopes by name. Under `read-all`/`write-all` the key `*`. Empty under `default` means unknown, not none. */
  permissions: Record<string, PermissionLevel>;
  idToken: boolean;
  uses: UsesFact[];
};
