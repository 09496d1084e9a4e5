/** The rules as JSON inside a bundle; the bundler replaces this module. From the sources they are read from `rules/`. */
export const embeddedRules: string | undefined = undefined;
