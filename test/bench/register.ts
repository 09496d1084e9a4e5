/** The audit of the register at the size that it is made for, and at half and a quarter of that. */
import { fileURLToPath } from "node:url";
import type { Goals } from "./goals.ts";
import { outputOf } from "./measure.ts";
import type { RegisterAudit } from "./register-audit.ts";
import { megabytes, table } from "./table.ts";

/** 5,000 secrets and 3,000 workflows at the largest. */
const sizes = [250, 500, 1_000];

/** Each size in a process of its own, so that its memory is its own. */
export async function benchRegister(rounds: number, goals: Goals): Promise<void> {
  const measured: RegisterAudit[] = [];
  for (const repositories of sizes) {
    const args = [fileURLToPath(new URL("./register-audit.ts", import.meta.url)), String(repositories), String(rounds)];
    const said = await outputOf({ name: `audit of ${repositories} repositories`, command: process.execPath, args });
    measured.push(JSON.parse(said) as RegisterAudit);
  }
  const ms = (value: number) => `${Math.round(value * 1000)} ms`;
  console.log(
    table(
      ["register", "secrets", "workflows", "uses", "findings", "reading", "audit", "peak memory"],
      measured.map((one, at) => [
        ...[`${sizes[at]} repositories`, String(one.secrets), String(one.workflows), String(one.uses)],
        ...[String(one.findings), ms(one.reading), ms(one.audit), megabytes(one.memory)],
      ]),
    ),
  );
  const [first, , largest] = measured as [RegisterAudit, RegisterAudit, RegisterAudit];
  goals.atMost(`register: audit of ${largest.secrets} secrets, of reading`, largest.audit / largest.reading, 1, "×");
  goals.atMost("register: growth of the audit from 1× to 4×", largest.audit / first.audit, 4, "×");
  goals.atMost("register: peak memory", largest.memory / 1e6, 400, "MB");
}
