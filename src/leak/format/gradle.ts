/** Passwords in Gradle builds. */
import type { Format, FormatHit } from "./format.ts";
import { gradeValue } from "./grade.ts";

/** Gradle: `password` as a literal in a `credentials` block, and `signing.password` of `gradle.properties`. */
export const gradle: Format = {
  id: "gradle",
  keywords: ["credentials {", "credentials{", "credentials(", "signing.password", "storepassword", "keypassword"],
  parse: ({ text }, at) => at.map((hit) => gradleHit(text, hit)).filter((hit) => hit !== undefined),
};

function gradleHit(text: string, hit: number): FormatHit | undefined {
  const window = text.slice(hit, hit + 400);
  const literal = "(?:=|\\(|\\.set\\(|\\s)\\s{0,8}([\"'])([^\"'\\n$]{1,200})\\2";
  const block = /^credentials/i.test(window);
  const match = block
    ? new RegExp(`^credentials[^{}]{0,60}\\{[^{}]{0,300}?\\b(password)\\s{0,8}${literal}`, "i").exec(window)
    : (new RegExp(`^(storePassword|keyPassword)\\s{0,8}${literal}`).exec(window) ??
      /^(signing\.password)\s{0,4}=\s{0,4}()([^\s#]{1,200})/.exec(window));
  const value = match?.[3];
  if (match === null || value === undefined) return undefined;
  const confidence = gradeValue(value);
  if (confidence === undefined) return undefined;
  const start = hit + match[0].lastIndexOf(value);
  const user = /\busername\s{0,8}(?:=|\(|\s)\s{0,8}["']([\w.@+-]{1,100})["']/.exec(block ? window : "")?.[1];
  const facts: Record<string, string> = user === undefined ? {} : { user };
  const name = match[1] ?? "password";
  const reason = "a literal password in a Gradle build";
  return { rule: "gradle-credentials", start, end: start + value.length, name, facts, confidence, reason };
}
