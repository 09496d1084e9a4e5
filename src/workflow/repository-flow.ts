/**
 * Where secrets go beyond the file that names them: into reusable workflows and composite actions of the same repository, by declared secrets,
 * `inherit`, inputs and the env of a step.
 */
import { inputUses, variableUses } from "./flow.ts";
import type { Model, Uses } from "./model.ts";
import type { SecretReference } from "./secret-reference.ts";
import type { SecretUse } from "./use.ts";

/** An Actions file with its own uses. */
export type FileUses = { model: Model; uses: readonly SecretUse[] };

/** A way through a call: the place and the consumer are in the called file, what starts and holds the job is the caller's. */
export type CalledUse = {
  /** The called file. */
  model: Model;
  use: SecretUse;
  /** The calls on the way, the first of them in the file that names the secret. */
  through: readonly { model: Model; use: SecretUse }[];
};

/** GitHub allows ten levels of reusable workflows; actions of actions are held to the same. */
const deepest = 10;
/** More rows than any real repository gives. */
const mostRows = 20_000;

/**
 * In: all Actions files of one repository. Out: the ways that go on in a called file, in the order of files and uses.
 * A call of a file that is not among them, or of another repository, ends there: the caller's own row says who receives it.
 */
export function calledUses(files: readonly FileUses[]): CalledUse[] {
  const byPath = new Map(files.map((file) => [file.model.source.path, file]));
  const found: CalledUse[] = [];
  const seen = new Set<string>();
  const follow = (caller: Model, use: SecretUse, through: CalledUse["through"]): void => {
    const called = calledFile(byPath, caller, use, through);
    if (called === undefined || through.length >= deepest) return;
    const way = [...through, { model: caller, use }];
    for (const next of continued(called, use)) {
      if (found.length >= mostRows) return;
      const merged = withCaller(next, use);
      const key = [
        way.map((one) => `${one.model.source.path} ${one.use.place.start}`),
        keyOf(called.model, merged),
      ].join("\n");
      if (seen.has(key)) continue;
      seen.add(key);
      found.push({ model: called.model, use: merged, through: way });
      follow(called.model, merged, way);
    }
  };
  for (const { model, uses } of files) for (const use of uses) follow(model, use, []);
  return found;
}

/** A call comes back to itself only through a circle, which GitHub refuses. */
function calledFile(
  byPath: ReadonlyMap<string, FileUses>,
  caller: Model,
  { consumer, role }: SecretUse,
  through: CalledUse["through"],
): FileUses | undefined {
  if (role !== "value" || (consumer.kind !== "workflow" && consumer.kind !== "action") || !consumer.uses.local)
    return undefined;
  const root = rootOf((through[0]?.model ?? caller).source.path);
  const called = pathsOf(consumer.uses).flatMap((path) => byPath.get(root + path) ?? [])[0];
  return called === undefined || called.model === caller || through.some(({ model }) => model === called.model)
    ? undefined
    : called;
}

/** The folder of the repository that a file belongs to, where several lie in one tree. */
function rootOf(path: string): string {
  const at = path.lastIndexOf(".github/");
  return at < 0 ? "" : path.slice(0, at);
}

/** `./path` and `$/path` are paths from the root of the repository. */
function pathsOf({ path = "", kind }: Uses): string[] {
  const clean = path
    .replace(/^[.$]\//, "")
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
  if (kind === "workflow") return [clean];
  const folder = clean === "" ? "" : `${clean}/`;
  return [`${folder}action.yml`, `${folder}action.yaml`];
}

/** Uses in the called file of what one use of the caller hands over. */
function continued({ model, uses }: FileUses, { consumer, form, name }: SecretUse): readonly SecretUse[] {
  const secret: SecretReference = { form: form === "inherit" ? "all" : form, name };
  if (consumer.kind === "action") {
    if (model.kind !== "action") return [];
    if (consumer.env !== undefined) return variableUses(model, consumer.env, secret);
    return consumer.input === undefined ? [] : inputUses(model, new Map([[consumer.input.toLowerCase(), secret]]));
  }
  if (consumer.kind !== "workflow" || model.kind !== "workflow") return [];
  if (consumer.input !== undefined) return inputUses(model, new Map([[consumer.input.toLowerCase(), secret]]));
  if (form === "inherit") return uses.filter((use) => use.form !== "token");
  const declared = consumer.secret?.toUpperCase();
  return uses
    .filter((use) => use.form === "named" && use.name === declared)
    .map((use) => ({ ...use, form: secret.form, name }));
}

/** A called workflow has jobs, runners and environments of its own, and the caller's events; an action runs in the caller's step. */
function withCaller(use: SecretUse, caller: SecretUse): SecretUse {
  const { triggers, runner, job, environment, step } = caller;
  if (caller.consumer.kind === "workflow") return { ...use, triggers };
  return {
    ...use,
    triggers,
    runner,
    ...(job !== undefined && { job }),
    ...(environment !== undefined && { environment }),
    ...(use.step === undefined && step !== undefined && { step }),
  };
}

function keyOf(model: Model, { place, job, step, consumer, name, flow }: SecretUse): string {
  const receiver = consumer.kind === "run" ? String(consumer.span.start) : consumer.kind;
  return [model.source.path, place.start, job, step?.index, receiver, name, ...flow.map((hop) => hop.name)].join(" ");
}
