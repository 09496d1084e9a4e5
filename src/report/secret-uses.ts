/** The table of what secrets workflows use and where each of them goes, as text and as JSON. */
import { compareText } from "../finding.ts";
import { fitTo, padTo } from "./columns.ts";
import { jsonText, terminalText } from "./encode.ts";

/** What receives a secret in the end. Names are as written, untrusted. */
export type SecretReceiver = {
  kind: "action" | "run" | "workflow" | "container" | "service" | "env" | "condition" | "output" | "registry" | "other";
  /** Action or called workflow as written, image, or registry. */
  name?: string;
  /** Input, secret, field or key that takes it. */
  input?: string;
  /** Variable under which a program reads it. */
  variable?: string;
};

/** One way of one secret to one receiver. */
export type SecretUseRow = {
  /** `named`: one. `token`: the job's own. `all` and `inherit`: every one. `dynamic`: the name is computed. */
  form: "named" | "token" | "all" | "inherit" | "dynamic";
  secret: string;
  /** `condition`: only a decision depends on it. */
  role: "value" | "condition";
  place: { path: string; line: number; column: number };
  job?: string;
  step?: { index: number; id?: string; name?: string };
  receiver: SecretReceiver;
  triggers: string[];
  environment?: string;
  runner: string[];
  /** How it gets there, in order: `env TOKEN`, `shell TOKEN`. */
  flow: string[];
  /** Set for a way that goes on in a called file: the calls that lead to it, the first in the file that names the secret. */
  through?: { path: string; line: number; column: number }[];
  /** Rule of the keyless route that takes its place, or `workflow/stored-credential`. */
  rule?: string;
};

export type SecretUseTable = {
  files: number;
  uses: readonly SecretUseRow[];
  unread: readonly { path: string; detail: string }[];
};

/** Columns that one cell may take. */
const widest = 32;

/** Out: text, a block a file. A line may be longer than a terminal is wide: what goes where must not be cut off. */
export function secretUsesText({ files, uses, unread }: SecretUseTable): string {
  const byFile = [...Map.groupBy(uses, ({ place }) => place.path)].sort(([a], [b]) => compareText(a, b));
  const head = ["line", "secret", "goes to", "job", "step", "environment", "by"];
  const blocks = byFile.map(([path, rows]) => {
    const cells = rows.map((row) => [
      String(row.place.line),
      row.form === "named" || row.form === "token" ? row.secret : `(${row.form}) ${row.secret}`,
      receiverText(row),
      row.job ?? "-",
      row.step === undefined ? "-" : (row.step.id ?? row.step.name ?? `step ${row.step.index + 1}`),
      row.environment ?? "-",
      byText(row),
    ]);
    const shown = [head, ...cells].map((line) => line.map((cell) => fitTo(terminalText(cell), widest)));
    const widths = head.map((_, at) => Math.max(...shown.map((line) => line[at]!.length)));
    const lines = shown.map((line) =>
      line
        .map((cell, at) => (at === line.length - 1 ? cell : padTo(cell, widths[at]!)))
        .join("  ")
        .trimEnd(),
    );
    const triggers = [...new Set(rows.flatMap((row) => row.triggers))].join(", ");
    return [
      `${terminalText(path)}${triggers === "" ? "" : `  on ${terminalText(triggers)}`}`,
      ...lines.map((line) => `  ${line}`),
      "",
    ].join("\n");
  });
  const secrets = new Set(uses.filter(({ form }) => form === "named").map(({ secret }) => secret)).size;
  const notes = unread.map(({ path, detail }) => `not read: ${terminalText(path)}: ${terminalText(detail)}`);
  const count = (many: number, noun: string): string => `${many} ${noun}${many === 1 ? "" : "s"}`;
  return `${[...blocks, ...notes, `${count(uses.length, "use")} of ${count(secrets, "secret")} in ${count(files, "file")}`].join("\n")}\n`;
}

function byText({ flow, through = [] }: SecretUseRow): string {
  const calls = through.map(({ path, line }) => `call ${path.slice(path.lastIndexOf("/") + 1)}:${line}`);
  return [...calls, ...flow].join(" > ") || "-";
}

function receiverText({ receiver, role }: SecretUseRow): string {
  const { kind, name, input, variable } = receiver;
  if (role === "condition" || kind === "condition") return "a condition";
  if (kind === "run") return variable === undefined ? "script" : `script as ${variable}`;
  if (kind === "env") return `env ${variable ?? ""}`;
  return [
    name ?? kind,
    ...(input === undefined ? [] : [`(${input})`]),
    ...(variable === undefined ? [] : [`env ${variable}`]),
  ].join(" ");
}

/** The same as a versioned JSON document (`schema/workflows.json`). */
export function secretUsesJson({ files, uses, unread }: SecretUseTable): string {
  return `${jsonText({ version: 1, files, uses, unread }, 2)}\n`;
}
