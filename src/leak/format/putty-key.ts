/** PuTTY's private key files (PuTTY manual, appendix C, versions 2 and 3). */
import type { Format, FormatHit } from "./format.ts";
import { lines } from "./lines.ts";

/** A file has four public lines for each of its private ones at most; this is far beyond both. */
const maxLines = 400;

/** `.ppk`: the private lines are the secret; `Encryption: none` leaves them open. */
export const puttyPrivateKey: Format = {
  id: "putty-private-key",
  keywords: ["putty-user-key-file-"],
  parse: ({ text }, at) =>
    at.map((start, i) => puttyHit(text, start, at[i + 1] ?? text.length)).filter((hit) => hit !== undefined),
};

function puttyHit(text: string, start: number, limit: number): FormatHit | undefined {
  const head = /^PuTTY-User-Key-File-[1-9]: ([a-z0-9@.-]{3,64})/.exec(text.slice(start, start + 100));
  if (head === null) return undefined;
  let encryption = "";
  let declared = 0;
  let from = -1;
  let to = -1;
  let seen = 0;
  for (const line of lines(text, start, Math.min(limit, start + 65_536))) {
    const content = text.slice(line.start, Math.min(line.end, line.start + 200)).trim();
    if (seen++ > maxLines) break;
    if (from !== -1) {
      if (!/^[A-Za-z0-9+/]+={0,2}$/.test(content) || declared === 0) break;
      to = line.end;
      declared--;
      continue;
    }
    encryption = /^Encryption: ([a-z0-9-]{1,32})$/.exec(content)?.[1] ?? encryption;
    const count = /^Private-Lines: (\d{1,4})$/.exec(content)?.[1];
    if (count === undefined) continue;
    declared = Number(count);
    from = line.end + (text[line.end] === "\r" ? 2 : 1);
  }
  if (from === -1 || to <= from) return undefined;
  const encrypted = encryption !== "none";
  const whole = declared === 0 && encryption !== "";
  return {
    rule: "putty-private-key",
    start: from,
    end: to,
    facts: {
      key: head[1] ?? "",
      encrypted: encrypted ? "yes" : "no",
      ...(encrypted && encryption !== "" ? { cipher: encryption } : {}),
    },
    confidence: whole ? "certain" : "weak",
    ...(encrypted ? { severity: "medium" as const } : {}),
    reason: whole
      ? `a PuTTY key file, ${encrypted ? "encrypted" : "not encrypted"}`
      : "a PuTTY key file that is cut off",
  };
}
