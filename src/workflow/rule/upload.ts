/** Steps that put files where others can fetch them. */
import type { Step } from "../model.ts";
import { actionName } from "./reach.ts";

/** The actions, and what they make. */
export const uploads = new Map([
  ["actions/upload-artifact", "artifact"],
  ["actions/upload-pages-artifact", "artifact"],
  ["actions/cache", "cache"],
  ["actions/cache/save", "cache"],
]);

/** Whether a step uploads a file: by its name, through its folder, or with everything. */
export function uploadsFile(step: Step, file: string): boolean {
  if (!uploads.has(actionName(step.uses))) return false;
  const paths = (step.with.find((variable) => variable.name === "path")?.value.value ?? "")
    .split("\n")
    .map((path) => normal(path.trim()));
  if (paths.includes(`!${normal(file)}`)) return false;
  return paths.some(
    (path) =>
      path === "." || path === "**" || path === normal(file) || (path !== "" && normal(file).startsWith(`${path}/`)),
  );
}

function normal(path: string): string {
  if (path === "./" || path === ".") return ".";
  return path.replace(/^\.\//, "").replace(/\/(?:\*{1,2})?$/, "");
}
