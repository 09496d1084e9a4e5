/** The controls that this version maps its rules to: embedded in a bundle, read from `rules/` in a checkout. */
import { readFileSync } from "node:fs";
import { type Controls, parseControls } from "../register/controls.ts";
import { embeddedControls } from "./embedded-controls.ts";

/** Throws LeaseholdError("config") when the file of a checkout is wrong. */
export function loadControls(): Controls {
  return parseControls(
    embeddedControls ?? readFileSync(new URL("../../rules/controls.yml", import.meta.url), "utf8"),
    "rules/controls.yml",
  );
}
