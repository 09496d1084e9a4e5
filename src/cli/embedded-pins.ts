/** `rules/actions.yml` as text inside a bundle; the bundler replaces this module. From the sources it is read from `rules/`. */
export const embeddedPins: string | undefined = undefined;
