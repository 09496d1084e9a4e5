/** Sessions that WinSCP stores in a file. */
import type { Format, FormatHit } from "./format.ts";
import { isLocalHost } from "./grade.ts";
import { iniEntries } from "./line-documents.ts";

/** The constant that WinSCP's obfuscation XORs with, and the flag of its newer form (Security.cpp of WinSCP). */
const winscpMagic = 0xa3;
const winscpFlag = 0xff;

/** A password as WinSCP stores it, made readable; undefined when the text is none. In: hex, user and host as stored beside it. */
export function revealWinscp(hex: string, userAndHost: string): string | undefined {
  if (!/^(?:[0-9A-Fa-f]{2}){4,400}$/.test(hex)) return undefined;
  const bytes = Buffer.from(hex, "hex").map((byte) => ~(byte ^ winscpMagic) & 0xff);
  let at = 0;
  const flag = bytes[at++] ?? 0;
  if (flag === winscpFlag) at++;
  const length = flag === winscpFlag ? (bytes[at++] ?? 0) : flag;
  at += 1 + (bytes[at] ?? 0);
  if (length === 0 || at + length > bytes.length) return undefined;
  const plain = Buffer.from(bytes.subarray(at, at + length)).toString("latin1");
  if (flag !== winscpFlag) return plain;
  return plain.startsWith(userAndHost) && plain.length > userAndHost.length
    ? plain.slice(userAndHost.length)
    : undefined;
}

/** `WinSCP.ini`: each session's obfuscated password. */
export const winscp: Format = {
  id: "winscp",
  keywords: ["[sessions\\"],
  parse: ({ text }): FormatHit[] => {
    const hits: FormatHit[] = [];
    let session: Record<string, string> = {};
    let section = "";
    const passwords: { start: number; end: number; session: Record<string, string> }[] = [];
    for (const entry of iniEntries(text)) {
      if (entry.section !== section) {
        session = {};
        ({ section } = entry);
      }
      if (!section.toLowerCase().startsWith("sessions\\")) continue;
      if (entry.key === "hostname" || entry.key === "username")
        session[entry.key] = text.slice(entry.start, Math.min(entry.end, entry.start + 300));
      if (entry.key === "password") passwords.push({ start: entry.start, end: entry.end, session });
    }
    for (const { start, end, session: of } of passwords) {
      const plain = revealWinscp(
        text.slice(start, Math.min(end, start + 900)),
        `${of.username ?? ""}${of.hostname ?? ""}`,
      );
      if (plain === undefined) continue;
      const facts: Record<string, string> = {};
      if (/^[\w.@-]{1,253}$/.test(of.hostname ?? "")) facts.host = of.hostname ?? "";
      if (/^[\w.@-]{1,253}$/.test(of.username ?? "")) facts.user = of.username ?? "";
      const confidence = isLocalHost(of.hostname ?? "x") ? "weak" : "certain";
      hits.push({
        rule: "winscp",
        start,
        end,
        name: "Password",
        facts,
        confidence,
        reason: "a password that WinSCP obfuscates without a master password",
      });
    }
    return hits;
  },
};
