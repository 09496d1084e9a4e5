/** Passwords on command lines, wherever they are written: scripts, workflows, READMEs, shell histories. */
import { type CommandOptions, commandOptions } from "./command-options.ts";
import type { Format, FormatHit } from "./format.ts";
import { gradeValue } from "./grade.ts";
import { authorizationValue } from "./http-header.ts";
import { type ShellWord, shellWords } from "./shell-words.ts";

/** Names of three letters or fewer, and everyday words, count only with what follows them. */
const spelledOut: Readonly<Record<string, readonly string[]>> = {
  az: ["az login", "az acr"],
  oc: ["oc login"],
  cf: ["cf login", "cf auth"],
  http: ["http -", "http --"],
  https: ["https -"],
  zip: ["zip -"],
  helm: ["helm registry", "helm repo"],
  dotnet: ["dotnet nuget"],
  mongo: ["mongo "],
  docker: ["docker login", "docker --config"],
};

/** Slugs of rules, one format each: a command's own, or this one. */
const ordinaryRule = "command-line-password";

/** The three kinds of command, each under the rule of its name. */
export const commandFormats: readonly Format[] = ["curl-user", "docker-login-password", ordinaryRule].map((id) => ({
  id,
  keywords: keywordsOf(id),
  parse: ({ text }, at) =>
    id === ordinaryRule ? [...pipedHits(text, at), ...commandHits(text, at, id)] : commandHits(text, at, id),
}));

function keywordsOf(rule: string): string[] {
  const names = Object.entries(commandOptions).filter(([, options]) => (options.rule ?? ordinaryRule) === rule);
  const keywords = names.flatMap(([name]) => spelledOut[name] ?? [`${name} `]);
  return rule === ordinaryRule ? [...keywords, "-asplaintext", "chpasswd"] : keywords;
}

function commandHits(text: string, at: number[], rule: string): FormatHit[] {
  const commands: { start: number; name: string; options: CommandOptions }[] = [];
  for (const start of at) {
    const name = /^[A-Za-z0-9-]{1,24}/.exec(text.slice(start, start + 24))?.[0] ?? "";
    const options = Object.hasOwn(commandOptions, name) ? commandOptions[name] : undefined;
    if (options !== undefined && !/[\w.-]/.test(text[start - 1] ?? " ")) commands.push({ start, name, options });
  }
  // A command that stands within another's line is read on its own, so that the whole stays linear.
  return commands.flatMap(({ start, name, options }, i) =>
    optionHits(text, name, shellWords(text, start, commands[i + 1]?.start), options).filter((hit) => hit.rule === rule),
  );
}

/** Commands that get the password from what stands before them. */
function pipedHits(text: string, at: number[]): FormatHit[] {
  return at
    .map((start) => {
      const name = text.slice(start, start + 12).toLowerCase();
      if (name.startsWith("chpasswd")) return changedPassword(text, start);
      return name === "-asplaintext" ? secureString(text, start) : undefined;
    })
    .filter((hit) => hit !== undefined);
}

function optionHits(text: string, name: string, words: ShellWord[], options: CommandOptions): FormatHit[] {
  const { needs } = options;
  if (needs !== undefined && !words.slice(1, 5).some((word) => needs.includes(word.text))) return [];
  const hits: FormatHit[] = [];
  const facts: Record<string, string> = { command: name };
  const rule = options.rule ?? ordinaryRule;
  const add = (start: number, end: number, option: string, value = text.slice(start, end)): void => {
    const grade = gradeValue(value);
    if (grade === undefined || end - start > 1024) return;
    hits.push({
      rule,
      start,
      end,
      name: `${name} ${option}`,
      facts,
      confidence: grade,
      reason: `the password of ${name} on its command line`,
    });
  };
  words.forEach((word, i) => {
    const option = word.text;
    const next = words[i + 1];
    if (i === 0 || !/^[-/]/.test(option)) return;
    if (options.user?.includes(option) && next !== undefined && /^[\w.@+-]{1,100}$/.test(next.text))
      facts.user = next.text;
    if (options.next?.includes(option) && next !== undefined && !next.text.startsWith("-"))
      add(next.start, next.end, option, next.text);
    const long = options.long?.find((prefix) => option.startsWith(`${prefix}=`));
    if (long !== undefined) addTail(word, long.length + 1, long);
    const glued = options.glued?.find(
      (prefix) => option.startsWith(prefix) && option.length > prefix.length && option[prefix.length] !== "-",
    );
    if (glued !== undefined && !option.startsWith("--") && !isGluedFlag(name, option))
      addTail(word, glued.length + (option[glued.length] === "=" ? 1 : 0), glued);
    if (options.userPassword !== undefined) addUserPassword(word, next, options.userPassword, options.divider ?? ":");
    if (options.passPhrase?.includes(option) && next?.text.startsWith("pass:")) add(next.start + 5, next.end, option);
    if (name === "curl" && (option === "-H" || option === "--header") && next !== undefined) addHeader(next);
  });
  return hits;

  function addTail(word: ShellWord, skip: number, option: string): void {
    const inner = withoutQuotes(text, word.start + skip, word.end);
    add(inner.start, inner.end, option);
  }
  function addUserPassword(
    word: ShellWord,
    next: ShellWord | undefined,
    names: readonly string[],
    divider: string,
  ): void {
    const exact = names.includes(word.text);
    const glued = exact
      ? undefined
      : names.find(
          (prefix) => word.text.startsWith(prefix) && (prefix.length === 2 || word.text[prefix.length] === "="),
        );
    const skip = glued === undefined ? 0 : glued.length + (word.text[glued.length] === "=" ? 1 : 0);
    const option = exact ? word.text : (glued ?? "");
    const from = exact ? next?.start : glued === undefined ? undefined : word.start + skip;
    const to = exact ? next?.end : word.end;
    if (from === undefined || to === undefined) return;
    const colon = text.slice(from, to).indexOf(divider);
    if (colon === -1) return;
    const user = text.slice(from, from + colon).replace(/^["']|["']$/g, "");
    if (/^[\w.@+-]{1,100}$/.test(user)) facts.user = user;
    const { start, end } = withoutQuotes(text, from + colon + 1, to);
    // `curl -u KEY:` sends a key as the user's name with an empty password.
    if (start === end && user.length >= 12 && /[0-9]/.test(user)) add(from, from + colon, option);
    else add(start, end, option);
  }
  function addHeader(next: ShellWord): void {
    const header = /^([\w-]{2,60}):[ \t]{0,8}/.exec(next.text);
    if (header === null || next.end - next.start !== next.text.length) return;
    const [whole, field = ""] = header;
    const start = next.start + whole.length;
    if (/^(?:proxy-)?authorization$/i.test(field)) {
      const scheme = /^(basic|bearer|token|apikey)[ \t]{1,4}/i.exec(text.slice(start, start + 16));
      if (scheme !== null) return;
      const hit = authorizationValue(text, "bearer", start);
      if (hit !== undefined && hit.end === next.end) add(start, next.end, field);
    } else if (/(?:token|key|secret|auth|passw)/i.test(field)) {
      const value = text.slice(start, next.end);
      if (value.length >= 12 && /[0-9]/.test(value) && !value.includes(" ")) add(start, next.end, field);
    }
  }
}

/** Without the quotes, or the escaped quotes of a host language, that enclose all of it, and without a lone one at its end. */
function withoutQuotes(text: string, from: number, to: number): { start: number; end: number } {
  const match = /^(\\?["'])?(.*?)(?:\\?["'])?$/s.exec(text.slice(from, to));
  const start = from + (match?.[1]?.length ?? 0);
  return { start, end: start + (match?.[2]?.length ?? 0) };
}

/** `-pipe`, `-P 3306`-like flags that only look like a glued password. */
function isGluedFlag(name: string, option: string): boolean {
  return (name === "7z" && /^-p(?:rogress)?$/.test(option)) || option === "-pw";
}

/** PowerShell: `ConvertTo-SecureString "x" -AsPlainText`; the string stands before the switch on the line. */
function secureString(text: string, at: number): FormatHit | undefined {
  const before = text.slice(Math.max(0, at - 300), at);
  const match = /ConvertTo-SecureString\s{1,4}(?:-String\s{1,4})?(["'])([^"'\n]{1,200})\1\s{1,4}$/i.exec(before);
  const value = match?.[2];
  if (match === null || value === undefined) return undefined;
  const grade = gradeValue(value);
  if (grade === undefined || /^\$/.test(value)) return undefined;
  const end = at - (before.length - (match.index + match[0].lastIndexOf(match[1] ?? "")));
  const facts = { command: "ConvertTo-SecureString" };
  return {
    rule: ordinaryRule,
    start: end - value.length,
    end,
    name: "ConvertTo-SecureString",
    facts,
    confidence: grade,
    reason: "a plain text that is made a SecureString",
  };
}

/** `echo "user:password" | chpasswd`. */
function changedPassword(text: string, at: number): FormatHit | undefined {
  const before = text.slice(Math.max(0, at - 300), at);
  const match =
    /echo\s{1,4}(?:-[en]{1,2}\s{1,4})?(["']?)([A-Za-z_][\w.-]{0,31}):([^\s"'|]{1,200})\1\s{0,4}\|\s{0,4}(?:sudo\s{1,4})?(?:\/usr\/sbin\/)?$/.exec(
      before,
    );
  if (match === null) return undefined;
  const [whole, quote = "", user = "", value = ""] = match;
  const grade = gradeValue(value);
  if (grade === undefined) return undefined;
  const start = at - before.length + match.index + whole.indexOf(`${quote}${user}:`) + quote.length + user.length + 1;
  const facts = { command: "chpasswd", user };
  return {
    rule: ordinaryRule,
    start,
    end: start + value.length,
    name: "chpasswd",
    facts,
    confidence: grade,
    reason: "a password that is piped into chpasswd",
  };
}
