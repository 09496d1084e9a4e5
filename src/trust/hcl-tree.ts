/**
 * The Terraform modules of a tree: a folder that others call by a local path is evaluated once for each call, with the arguments of the call.
 * Source: https://developer.hashicorp.com/terraform/language/modules/sources (local paths begin with ./ or ../).
 */
import { evaluate } from "./evaluate.ts";
import { type HclModule, instancesOf, moduleOf } from "./hcl-module.ts";
import { attributeOf, type HclBlock, type HclBody } from "./hcl-read.ts";
import type { Value } from "./value.ts";

/** The files of a folder: bodies, and those of the `.tfvars` files that Terraform loads by itself for a root module. */
export type HclFolder = { bodies: readonly HclBody[]; settings: readonly HclBody[] };

/** Calls of calls, and copies of one folder; beyond them a folder is evaluated by itself, and what it does not know is unknown. */
const deepest = 10;
const mostCopies = 100;

/** Arguments of the module block itself, which are no variables of the module. */
const own = new Set(["source", "version", "providers", "for_each", "count", "depends_on"]);

/**
 * In: the folders by path (`""`, or ending with a slash). Out: for each the modules it stands for: one for each call in the tree; where nobody calls
 * it, or more do than are followed, the folder by itself.
 */
export function modulesOf(folders: ReadonlyMap<string, HclFolder>): Map<string, HclModule[]> {
  const called = new Set<string>();
  for (const [path, { bodies }] of folders)
    for (const block of bodies.flatMap((body) => body.blocks)) {
      const target = targetOf(path, block);
      if (target !== undefined && target !== path && folders.has(target)) called.add(target);
    }
  const found = new Map<string, HclModule[]>();
  const full = new Set<string>();
  const add = (path: string, module: HclModule, way: readonly string[]): void => {
    const list = found.get(path) ?? [];
    found.set(path, list);
    if (list.length >= mostCopies || way.length >= deepest) {
      full.add(path);
      return;
    }
    list.push(module);
    for (const block of module.blocks) {
      const target = targetOf(path, block);
      const folder = target === undefined ? undefined : folders.get(target);
      if (target === undefined || folder === undefined || target === path || way.includes(target)) continue;
      module.followed.add(block);
      for (const { scope } of instancesOf(block.body, module.scope)) {
        const given = new Map<string, Value>();
        for (const { name, value } of block.body.attributes)
          if (!own.has(name)) given.set(name, evaluate(value, scope));
        add(target, moduleOf(folder.bodies, [], given), [...way, path]);
      }
    }
  };
  for (const [path, { bodies, settings }] of folders) if (!called.has(path)) add(path, moduleOf(bodies, settings), []);
  // A circle, which Terraform refuses, has no root; and what was cut off must not be lost.
  for (const [path, { bodies, settings }] of folders)
    if (full.has(path) || !found.has(path)) found.set(path, [...(found.get(path) ?? []), moduleOf(bodies, settings)]);
  return found;
}

/** The folder that a module block names by a local path. */
function targetOf(folder: string, block: HclBlock): string | undefined {
  if (block.type !== "module") return undefined;
  const expression = attributeOf(block.body, "source")?.value;
  if (expression?.kind !== "template") return undefined;
  const [part, more] = expression.parts;
  if (part?.kind !== "text" || more !== undefined || !/^\.\.?\//.test(part.text)) return undefined;
  const parts = folder.split("/").filter((step) => step !== "");
  for (const step of part.text.split("/")) {
    if (step === "..") {
      if (parts.pop() === undefined) return undefined;
    } else if (step !== "" && step !== ".") parts.push(step);
  }
  return parts.length === 0 ? "" : `${parts.join("/")}/`;
}
