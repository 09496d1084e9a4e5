/** Which secret a context access means. */
import type { Reference } from "./model.ts";
import type { SecretForm } from "./use.ts";

export type SecretReference = { form: Exclude<SecretForm, "inherit">; name: string };

/**
 * The secret that a reference reads, or undefined when it reads none.
 * `secrets` without a name is all of them (`toJSON(secrets)`), and so is `secrets.*`; names have no letter case at GitHub, so they come in upper case.
 * `github.token` is `secrets.GITHUB_TOKEN`; the whole `github` context holds it too.
 */
export function secretOf(reference: Reference): SecretReference | undefined {
  const { context, path } = reference;
  if (context === "github") {
    const first = path[0];
    const whole = path.length === 0 && reference.within.includes("tojson");
    return whole || (first !== undefined && first.toLowerCase() === "token")
      ? { form: "token", name: "GITHUB_TOKEN" }
      : undefined;
  }
  if (context !== "secrets") return undefined;
  if (path.length === 0 || path[0] === "*") return { form: "all", name: "*" };
  const name = path[0];
  if (name === undefined) return { form: "dynamic", name: reference.source };
  const upper = name.toUpperCase();
  return upper === "GITHUB_TOKEN" ? { form: "token", name: upper } : { form: "named", name: upper };
}
