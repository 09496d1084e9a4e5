/** The rules as JSON inside a bundle; the bundler replaces this module. From the sources they are read from `rules/`. */
export const embeddedRules: string | undefined = undefined;
/** The keyless rules, a JSON text of their own: it is parsed only when a workflow that uses a secret is met. */
export const embeddedKeyless: string | undefined = undefined;
/** Ids of the keyless rules without their family, which every policy is checked against. */
export const embeddedKeylessIds: readonly string[] | undefined = undefined;
