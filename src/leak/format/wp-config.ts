/** Constants of WordPress's configuration. */
import type { Format, FormatHit } from "./format.ts";
import { gradeValue } from "./grade.ts";
import { lineStart } from "./lines.ts";

/** `wp-config.php`: the database password and the eight keys and salts that sign cookies. */
export const wpConfig: Format = {
  id: "wp-config",
  keywords: ["db_password", "auth_key", "logged_in_key", "nonce_key", "auth_salt", "logged_in_salt", "nonce_salt"],
  parse: ({ text }, at) =>
    at
      .map((hit): FormatHit | undefined => {
        const from = lineStart(text, hit, 80);
        const match = /define\s{0,4}\(\s{0,4}(["'])([A-Z_]{5,20})\1\s{0,8},\s{0,20}(["'])$/.exec(
          definition(text, from, hit),
        );
        const key = match?.[2];
        const quote = match?.[3];
        if (key === undefined || quote === undefined) return undefined;
        const start = from + definition(text, from, hit).length;
        const window = text.slice(start, start + 300);
        const close = closingQuote(window, quote);
        if (close < 3) return undefined;
        const value = window.slice(0, close);
        const isPassword = key === "DB_PASSWORD";
        if (!isPassword && (close < 24 || /unique phrase|^ENC\[|getenv\(|^(?:\$\{|\{\{|<%).*(?:\}|>)$/i.test(value)))
          return undefined;
        const confidence = isPassword ? gradeValue(value) : new Set(value).size > 16 ? "likely" : "weak";
        return (
          confidence && {
            rule: isPassword ? "wp-config-password" : "wp-config-salt",
            start,
            end: start + close,
            name: key,
            facts: { constant: key },
            confidence,
            reason: "a constant of a WordPress configuration",
          }
        );
      })
      .filter((hit) => hit !== undefined),
};

/** From `define` up to and with the quote that opens the value. */
function definition(text: string, from: number, hit: number): string {
  const line = text.slice(from, hit + 60);
  const comma = line.indexOf(",", hit - from);
  const quote = comma === -1 ? -1 : line.slice(comma).search(/["']/);
  return quote === -1 ? "" : line.slice(0, comma + quote + 1);
}

function closingQuote(window: string, quote: string): number {
  for (let i = 0; i < window.length; i++) {
    if (window[i] === quote) return i;
    if (window[i] === "\\") i++;
    else if (window[i] === "\n") return -1;
  }
  return -1;
}
