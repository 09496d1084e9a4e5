/** `rules/controls.yml` as text inside a bundle; the bundler replaces this module. From the sources it is read from `rules/`. */
export const embeddedControls: string | undefined = undefined;
