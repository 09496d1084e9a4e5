/** `leasehold evidence export|verify LOG`: what an auditor gets, and the check that it is whole. */
import { resolve } from "node:path";
import { LeaseholdError } from "../error.ts";
import { exitCodes } from "../exit-code.ts";
import { isPlainDate } from "../plain-date.ts";
import type { EvidenceRecord } from "../register/evidence.ts";
import type { EvidenceFilter, EvidenceTable } from "../register/evidence-export.ts";
import { defineCommand } from "./command.ts";
import { evidenceSpec } from "./evidence-spec.ts";
import { writeReport } from "./output.ts";

export const evidenceCommand = defineCommand(evidenceSpec, async (args, io) => {
  const { flags } = args;
  const [action, file] = args.positionals as [string, string];
  const [{ readOnDisk }, { parseRecord, verifyEvidence }, { terminalText }] = await Promise.all([
    import("../scan/steering-files.ts"),
    import("../register/evidence.ts"),
    import("../report/encode.ts"),
  ]);
  const head = flags.head?.toLowerCase();
  if (head !== undefined && !/^[0-9a-f]{64}$/.test(head))
    throw new LeaseholdError("usage", "--head: expected the 64 hex digits of a record's hash");
  const lines = readOnDisk("/", resolve(io.cwd, file), file).split("\n");
  const check = verifyEvidence(lines, head);
  const { broken } = check;
  if (broken !== undefined) {
    const { line, seq, reason } = broken;
    const where = `${file}:${line}: record ${seq ?? "unknown"}`;
    if (action === "export")
      throw new LeaseholdError("config", `the log is not whole: ${reason}; an export of it would prove nothing`, {
        file,
        line,
      });
    writeReport(
      io,
      [
        `broken  ${terminalText(where, 300)}: ${reason}\n${check.records} records before it hold, up to ${check.head}\n`,
      ],
      flags.output,
    );
    return exitCodes.blocking;
  }
  if (action === "verify") {
    const bodies = check.withoutBody === 0 ? "" : `, ${check.withoutBody} of them without their body`;
    const note = head === undefined ? "\nwithout --head a tail that was cut off cannot be told" : "";
    writeReport(io, [`whole  ${check.records} records${bodies}, head ${check.head}${note}\n`], flags.output);
    return exitCodes.clean;
  }
  const records = lines.map(parseRecord).filter((record) => record !== undefined);
  writeReport(io, await exportParts(records, filterOf(flags), flags.format ?? "text"), flags.output);
  return exitCodes.clean;
});

function filterOf(flags: {
  from?: string | undefined;
  to?: string | undefined;
  control?: string | undefined;
}): EvidenceFilter {
  for (const name of ["from", "to"] as const) {
    const day = flags[name];
    if (day !== undefined && !isPlainDate(day))
      throw new LeaseholdError("usage", `--${name}: expected a day like 2026-12-31, found ${JSON.stringify(day)}`);
  }
  return {
    ...(flags.from !== undefined && { from: flags.from }),
    ...(flags.to !== undefined && { to: flags.to }),
    ...(flags.control !== undefined && { control: flags.control }),
  };
}

async function exportParts(
  records: readonly EvidenceRecord[],
  filter: EvidenceFilter,
  format: string,
): Promise<Iterable<string>> {
  const [
    { loadControls },
    { evidenceTable, exportLines, exportNote, tableCells },
    { csvCell, markdownText },
    { table },
  ] = await Promise.all([
    import("./controls-file.ts"),
    import("../register/evidence-export.ts"),
    import("../report/encode.ts"),
    import("./register-show.ts"),
  ]);
  const controls = loadControls();
  const controlsOf = (rule: string) => controls.of(rule);
  if (format === "jsonl") return exportLines(records, filter, controlsOf);
  const counts = evidenceTable(records, filter, controlsOf);
  const { head, rows } = tableCells(counts);
  if (format === "csv") return [head, ...rows].map((row) => `${row.map((cell) => csvCell(cell)).join(",")}\r\n`);
  if (format === "markdown") {
    const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
    return [
      line(head),
      line(head.map(() => "---")),
      ...rows.map((row) => line(row.map((cell) => markdownText(cell)))),
      `\n${exportNote}\n\n${summary(counts)}\n`,
    ];
  }
  return [
    rows.length === 0 ? "no record supports a control here\n" : table(head, rows),
    `\n${exportNote}\n${summary(counts)}\n`,
  ];
}

function summary({ records, unmapped, gaps, head }: EvidenceTable): string {
  return `${records} records, ${unmapped} without a control, ${gaps} closed without proof. Head ${head}`;
}
