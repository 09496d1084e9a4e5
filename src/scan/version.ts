/** The version in package.json; the bundle carries it inside. */
import packageJson from "../../package.json" with { type: "json" };

export const version: string = packageJson.version;
