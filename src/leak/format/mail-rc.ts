/** Configurations of mail programs whose password is not a plain `key = value`. */
import type { Format, FormatHit } from "./format.ts";
import { gradeValue } from "./grade.ts";
import { lineStart } from "./lines.ts";

/** `muttrc`: `set imap_pass="…"`; fetchmail: `poll h user u password p` on one line. */
export const mailRc: Format = {
  id: "mail-rc",
  keywords: ["imap_pass", "smtp_pass", "pop_pass", "nntp_pass", "poll "],
  parse: ({ text }, at) =>
    at
      .map((hit): FormatHit | undefined => {
        const from = lineStart(text, hit, 300);
        const line = text.slice(from, from + 700).split(/\r?\n/, 1)[0] ?? "";
        const mutt =
          /^\s{0,20}set\s{1,4}(?:my_)?((?:imap|smtp|pop|nntp)_pass)\s{0,4}=\s{0,4}(["']?)([^"'\n]{3,200}?)\2\s{0,20}$/.exec(
            line,
          );
        const fetch =
          /^\s{0,20}poll\s{1,4}([\w.-]{1,253})\s.{0,200}?\b(?:password|pass)\s{1,4}(?:is\s{1,4})?(["']?)([^"'\s]{3,200})\2(?:[\s,;]|$)/.exec(
            line,
          );
        const match = mutt ?? fetch;
        if (match === null) return undefined;
        const value = match[3] ?? "";
        const grade = gradeValue(value);
        if (grade === undefined) return undefined;
        const start = from + match[0].lastIndexOf(value);
        const facts: Record<string, string> =
          mutt === null ? { program: "fetchmail", host: match[1] ?? "" } : { program: "mutt" };
        const user = /\buser(?:name)?\s{1,4}["']?([\w.@+-]{1,100})/.exec(line)?.[1];
        if (user !== undefined) facts.user = user;
        return {
          rule: "mail-rc-password",
          start,
          end: start + value.length,
          name: mutt?.[1] ?? "password",
          facts,
          confidence: grade,
          reason: `a password in the configuration of ${facts.program}`,
        };
      })
      .filter((hit) => hit !== undefined),
};
