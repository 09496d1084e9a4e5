/** `.netrc`, `_netrc` and `.authinfo`: machine, login and password, in one line or over several (ftp(1), curl(1)). */
import type { Format, FormatHit } from "./format.ts";
import { gradeValue, isLocalHost } from "./grade.ts";

const word = /[^\s]{1,2048}/y;

/** Longest entry; macros are not followed. */
const longestEntry = 1024;

export const netrc: Format = {
  id: "netrc",
  keywords: ["machine ", "machine\t", "machine\n", "machine\r", "default login"],
  parse: ({ text, path }, at) =>
    at
      .map((hit, i) => netrcHit(text, hit, Math.min(at[i + 1] ?? text.length, hit + longestEntry), path))
      .filter((hit) => hit !== undefined),
};

function netrcHit(text: string, hit: number, limit: number, path: string | undefined): FormatHit | undefined {
  if (/[\w.-]/.test(text[hit - 1] ?? " ")) return undefined;
  const facts: Record<string, string> = {};
  let keyword = "";
  let password: { start: number; end: number } | undefined;
  for (let at = hit; at < limit; ) {
    const c = text.charCodeAt(at);
    if (c <= 32) {
      at++;
      continue;
    }
    word.lastIndex = at;
    const found = word.exec(text)?.[0] ?? "";
    if (found === "") break;
    const value = bare(text, at, at + found.length);
    if (keyword !== "") {
      if (keyword === "password") password ??= value;
      else facts[keyword] ??= text.slice(value.start, value.end);
      keyword = "";
    } else if (found === "machine") keyword = "host";
    else if (found === "login" || found === "password" || found === "account" || found === "port") keyword = found;
    else if (found !== "default") break;
    at += found.length;
  }
  if (password === undefined || (facts.login === undefined && !/netrc|authinfo/i.test(path ?? ""))) return undefined;
  const grade = gradeValue(text.slice(password.start, password.end));
  if (grade === undefined) return undefined;
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries({ host: facts.host, user: facts.login }))
    if (value !== undefined && /^[\w.@:+-]{1,253}$/.test(value)) shown[name] = value;
  const local = facts.host !== undefined && isLocalHost(facts.host);
  return {
    rule: "netrc",
    ...password,
    name: "password",
    facts: shown,
    confidence: local ? "weak" : grade,
    reason: "the password of a machine in a netrc file",
  };
}

/** Without the quotes or the escapes of a host language at its end. */
function bare(text: string, start: number, end: number): { start: number; end: number } {
  if (text[start] === '"' && text[end - 1] === '"' && end - start > 2) return { start: start + 1, end: end - 1 };
  const tail = /(?:\\n|["'`,;)])+.{0,40}$/.exec(text.slice(Math.max(start + 1, end - 60), end));
  return { start, end: tail === null ? end : end - tail[0].length };
}
