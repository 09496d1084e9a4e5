/**
 * What Leasehold knows of one Actions file: a typed view whose every part says on which bytes it stands.
 * Nothing here is ever written back: an edit is a splice of bytes, so comments, quoting and line ends stay as found.
 */

/** Bytes [start, end) of the original file, the byte order mark included in the count. */
export type Span = { start: number; end: number };

/** How a scalar is written. `empty`: a value that is not there (`on: push:`), read as null. */
export type ScalarStyle = "plain" | "single" | "double" | "literal" | "folded" | "empty";

export type YamlScalar = {
  kind: "scalar";
  /** The scalar with its quotes or block header; an anchor or tag before it is not part. For `empty`, start equals end. */
  span: Span;
  style: ScalarStyle;
  /** The content as a string: what GitHub sees after quotes, escapes and folding are undone. */
  text: string;
  /** The content read by YAML 1.2's core schema: a plain `true` is a boolean, a plain `3.10` a number, `null` or nothing is null. */
  value: string | number | boolean | null;
  /** `&name` on this node, without the ampersand. */
  anchor?: string;
  /** How the content lies in the file, once somebody has asked (`contentOffsets`). */
  offsets?: (at: number) => number;
};

export type YamlEntry = {
  key: YamlScalar;
  value: YamlNode;
  /** From the first byte of the key to the last byte of the value (of the `*alias` where the value is one). */
  span: Span;
  /** Set when the value is written `*name` here: the bytes of the alias. `value` is then the node it stands for, with that node's own spans. */
  alias?: Alias;
};

export type YamlMap = { kind: "map"; span: Span; flow: boolean; entries: YamlEntry[]; anchor?: string };

export type YamlItem = {
  value: YamlNode;
  /** In block style from the dash, in flow style the value, to the last byte of the value. */
  span: Span;
  alias?: Alias;
};

export type YamlSeq = { kind: "seq"; span: Span; flow: boolean; items: YamlItem[]; anchor?: string };

export type YamlNode = YamlScalar | YamlMap | YamlSeq;

export type Alias = { name: string; span: Span };

/** Something the YAML or workflow syntax does not allow; `span` is where it shows. */
export type SyntaxProblem = { message: string; span: Span };

/** The file the model was made from, with what is needed to turn offsets into places. */
export type Source = {
  path: string;
  bytes: Uint8Array;
  /** The bytes as text (UTF-8, or one character per byte where the bytes are not UTF-8). */
  text: string;
  /** Set while the file is read when an expression in it does not parse. */
  broken: boolean;
  /** Set while the file is read when a limit is hit: some steps or uses are then missing. */
  cut: boolean;
  /** Worked out when first asked for (`offsetsOf`, `positionOf`). */
  offsets?: { toByte(at: number): number; toText(at: number): number };
  lineStarts?: Uint32Array;
};

/** A scalar that may hold expressions. */
export type Text = {
  /** The decoded content. */
  value: string;
  /** Bytes of the scalar, quotes included. */
  span: Span;
  node: YamlScalar;
  /** Every `${{ … }}` in order; for an `if` that is written without, the whole condition as one. */
  expressions: Expression[];
  /** Reads of variables in a script, once somebody has asked (`shellReads`). */
  reads?: readonly ShellRead[];
};

/** One read. `anyCase`: PowerShell and cmd do not tell letter case apart. Offsets are in the text's content. */
export type ShellRead = { name: string; anyCase: boolean; at: number; to: number };

/** A parsed expression of GitHub's expression language. */
export type Expression = {
  /** Between the braces, as decoded from YAML, without the braces. */
  source: string;
  /** Bytes from `${{` to `}}`, or the bare condition. */
  span: Span;
  /** Offset of the expression (its `${{`) in the decoded content of the scalar, in UTF-16 units. */
  at: number;
  /** Undefined when it does not parse; `problem` then says why. */
  ast: ExpressionNode | undefined;
  problem?: SyntaxProblem;
  /** Every context access, outermost access once: `secrets.A`, `github.event.issue.title`, `toJSON(secrets)` gives `secrets` with an empty path. */
  references: Reference[];
};

/** Offsets `at` and `to` are UTF-16 units within `Expression.source`. */
export type ExpressionNode = { at: number; to: number } & (
  | { type: "literal"; value: string | number | boolean | null }
  | { type: "context"; name: string }
  | { type: "index"; target: ExpressionNode; index: ExpressionNode }
  | { type: "star"; target: ExpressionNode }
  | { type: "call"; name: string; args: ExpressionNode[] }
  | { type: "not"; operand: ExpressionNode }
  | {
      type: "binary";
      operator: "&&" | "||" | "==" | "!=" | "<" | "<=" | ">" | ">=";
      left: ExpressionNode;
      right: ExpressionNode;
    }
);

/** One access to a context. */
export type Reference = {
  /** The context in lower case: `secrets`, `vars`, `env`, `inputs`, `github`, `steps`, `needs`, `matrix`, `job`, `runner`, `strategy`, `jobs`. */
  context: string;
  /** The names that follow, as written; `*` for `.*`; undefined for an index that is not a literal. */
  path: (string | undefined)[];
  /** The bytes of the access: `secrets['X']`. */
  span: Span;
  /** As written, decoded: `SECRETS.x`. */
  source: string;
  /** Names of the calls it stands in, innermost first, in lower case: `["tojson"]`. */
  within: string[];
  /** `condition`: only decides (an operand of `==`, `!`, the left of `&&`, the condition of `case()`), its value does not become the result. */
  role: "value" | "condition";
};

/** A named value with expressions: one entry of `env`, `with`, `secrets`, `outputs`. */
export type Variable = { name: string; key: YamlScalar; value: Text; entry: YamlEntry };

export type Env = {
  /** The `env:` entry itself. */
  entry: YamlEntry;
  variables: Variable[];
  /** `env: ${{ … }}`: the whole mapping comes from an expression. */
  text?: Text;
};

export type PermissionLevel = "read" | "write" | "none";

export type Permissions = {
  entry: YamlEntry;
  /** `read-all` or `write-all`; undefined for a mapping. */
  all?: "read" | "write";
  scopes: { name: string; level: PermissionLevel; entry: YamlEntry }[];
};

export type Trigger = {
  event: string;
  /** The event's name where it is written. */
  span: Span;
  /** What is configured under it, if anything. */
  config?: YamlMap;
};

/** An input, output or secret that a reusable workflow or an action declares. */
export type Declaration = {
  name: string;
  entry: YamlEntry;
  required: boolean;
  description?: string;
  default?: Text;
  /** Of an output. */
  value?: Text;
};

/** What a `uses:` names. */
export type Uses = {
  text: Text;
  /** The value as written: `actions/checkout@v4`. */
  raw: string;
  /** `local`: `./path` or `$/path`; `expression`: cannot be known. A reusable workflow is `workflow`, also when it is local (`local` is then true). */
  kind: "action" | "workflow" | "local" | "docker" | "expression" | "invalid";
  local: boolean;
  owner?: string;
  repo?: string;
  /** Path below the repository, or the local path, or the image without its tag. */
  path?: string;
  ref?: string;
  /** `sha`: 40 (or 64) hex digits; `tag` begins like a version; `digest` is of a docker image; `none` where there is no ref. */
  refKind: "sha" | "tag" | "branch" | "digest" | "none";
  /** The comment on the same line, `# v4.1.0`, if any: its text and bytes from the `#`. */
  comment?: { text: string; span: Span };
};

export type Step = {
  /** Position in document order among all steps of the job, inner steps of `parallel` counted after their group; from 0. */
  index: number;
  kind: "run" | "uses" | "wait" | "cancel" | "parallel" | "unknown";
  map: YamlMap;
  /** From the dash to the last byte of the step. */
  span: Span;
  /** Index of the `parallel` step that holds this one. */
  group?: number;
  background: boolean;
  id?: Text;
  name?: Text;
  if?: Text;
  uses?: Uses;
  /** In document order; `[]` when there is no `with`. */
  with: Variable[];
  withEntry?: YamlEntry;
  run?: Text;
  shell?: Text;
  workingDirectory?: Text;
  env?: Env;
  /** Any other texts with expressions (`timeout-minutes`, unknown keys). */
  other: { key: string; text: Text }[];
};

export type Container = {
  /** Name of the service; undefined for the job's own container. */
  name?: string;
  entry: YamlEntry;
  image?: Text;
  username?: Variable;
  password?: Variable;
  credentialsEntry?: YamlEntry;
  env?: Env;
  other: { key: string; text: Text }[];
};

export type Environment = { name: Text; url?: Text; entry: YamlEntry };

export type Job = {
  id: string;
  key: YamlScalar;
  entry: YamlEntry;
  map: YamlMap;
  name?: Text;
  if?: Text;
  needs: string[];
  /** Labels of `runs-on` (of its `labels`, when it is a mapping); expressions as written. */
  runsOn: Text[];
  runnerGroup?: Text;
  environment?: Environment;
  permissions?: Permissions;
  env?: Env;
  /** `defaults.run.shell`. */
  shell?: Text;
  container?: Container;
  services: Container[];
  strategy?: YamlEntry;
  outputs: Variable[];
  steps: Step[];
  /** Set for a job that calls a reusable workflow. */
  uses?: Uses;
  with: Variable[];
  secrets?: { entry: YamlEntry; inherit: boolean; variables: Variable[] };
  /** Texts of strategy, concurrency, timeout and unknown keys. */
  other: { key: string; text: Text }[];
};

export type Workflow = {
  kind: "workflow";
  source: Source;
  root: YamlMap;
  name?: Text;
  onEntry?: YamlEntry;
  on: Trigger[];
  /** Declared under `on.workflow_call`; undefined when it cannot be called. */
  call?: { entry: YamlEntry; inputs: Declaration[]; secrets: Declaration[]; outputs: Declaration[] };
  dispatchInputs: Declaration[];
  permissions?: Permissions;
  env?: Env;
  shell?: Text;
  jobs: Job[];
  other: { key: string; text: Text }[];
};

export type ActionFile = {
  kind: "action";
  source: Source;
  root: YamlMap;
  name?: Text;
  inputs: Declaration[];
  outputs: Declaration[];
  using: string;
  runtime: "composite" | "javascript" | "docker" | "unknown";
  steps: Step[];
  env?: Env;
  image?: Text;
  other: { key: string; text: Text }[];
};

export type DependabotRegistry = { name: string; type: string; entry: YamlEntry; fields: Variable[] };

export type DependabotFile = {
  kind: "dependabot";
  source: Source;
  root: YamlMap;
  registries: DependabotRegistry[];
};

export type Model = Workflow | ActionFile | DependabotFile;
