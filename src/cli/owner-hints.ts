/** Who may own what is not declared yet: what the files, the history and a snapshot say of it. */
import { lastEditor } from "../git/last-editor.ts";
import { openRepository } from "../git/repository.ts";
import { codeOwners } from "../policy/code-owners.ts";
import type { AuditContext } from "../register/draft.ts";
import type { OwnerHints } from "../register/register-import.ts";
import { repositoryOf, type Subject } from "../register/subject.ts";
import type { RegisterHere } from "./register-here.ts";

/** In: what lies here; the context that is drafted from; whether commits may be asked. Out: what each source says of a target. */
export async function ownerHints(
  here: Pick<RegisterHere, "root" | "steeringFiles">,
  context: AuditContext,
  git: boolean,
): Promise<(target: string) => OwnerHints> {
  const { codeOwners: file } = here.steeringFiles;
  const owners = file === undefined ? undefined : codeOwners(file.text);
  const editors = git ? await editorsOf(here.root, context.subjects.all) : new Map<string, string>();
  const byTarget = new Map(context.subjects.all.map((subject) => [subject.target, subject]));
  return (target) => {
    const subject = byTarget.get(target);
    const path = workflowOf(subject);
    const property = subject === undefined ? undefined : repositoryOf(subject.asset, context.subjects)?.owner;
    const owner = path === undefined ? undefined : owners?.(path)[0];
    const editor = path === undefined ? undefined : editors.get(path);
    return {
      ...(property !== undefined && { "custom property": property.startsWith("@") ? property : `@${property}` }),
      ...(owner !== undefined && { CODEOWNERS: owner }),
      ...(editor !== undefined && { "last editor": `@${editor}` }),
    };
  };
}

/** The file of this repository that uses it first. */
function workflowOf(subject: Subject | undefined): string | undefined {
  return subject?.uses.find(({ repository }) => repository === undefined)?.place.path;
}

async function editorsOf(root: string, subjects: readonly Subject[]): Promise<Map<string, string>> {
  const repository = await openRepository(root);
  const editors = new Map<string, string>();
  if (repository === undefined) return editors;
  const paths = new Set(
    subjects.flatMap((subject) => (subject.entry === undefined ? (workflowOf(subject) ?? []) : [])),
  );
  for (const path of paths) {
    const login = await lastEditor(repository, path);
    if (login !== undefined) editors.set(path, login);
  }
  return editors;
}
