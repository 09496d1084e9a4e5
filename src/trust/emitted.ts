/** What the jobs of a workflow present to a cloud: filled in from the workflow model, judged by `auditConsistency`. */
import type { Place } from "../finding.ts";
import type { TrustSystem } from "./draft.ts";
import { type NamedRepository, type SubjectContext, type SubjectForm, subjectForms, subjectOf } from "./subject.ts";

/** One way in which a job can run. */
export type EmittedRun = {
  /** `push`, `pull_request`, `workflow_dispatch`, … */
  event: string;
  /** By GitHub's precedence: environment, then pull request, then ref. */
  context: SubjectContext;
  /** `refs/heads/main`, where the context does not say it (a job in an environment). */
  ref?: string | undefined;
  /** False where the context is one example of many (`branches: ['release/**']`) or rests on an expression: a refusal of it is not told. */
  certain: boolean;
};

/** One job that asks for a token of one cloud. */
export type EmittedSubject = {
  /** The workflow file. */
  path: string;
  /** Key of the job. */
  job: string;
  /** Where the job federates: the login step, or the job. */
  place: Place;
  system: TrustSystem;
  /** The repository whose subjects are meant, the caller's for a reusable workflow; ids where they are known. */
  repository: NamedRepository;
  runs: EmittedRun[];
  /** The audience that is asked for, where the workflow names one; else the login action's default is taken. */
  audience?: string | undefined;
  /** Role ARN, provider path or policy name where the workflow has it as a literal. */
  identifier?: string | undefined;
  /** `octo-org/ci/.github/workflows/deploy.yml@refs/heads/main` for a job of a reusable workflow. */
  jobWorkflowRef?: string | undefined;
  /** The `name:` of the workflow. */
  workflow?: string | undefined;
};

/** The subjects of one run, in the forms that the repository may emit. Ids that are not known are shown as `ID`. */
export function emittedSubjects(repository: NamedRepository, run: EmittedRun): Record<SubjectForm, string> {
  const known = { ...repository, ownerId: repository.ownerId ?? "ID", repoId: repository.repoId ?? "ID" };
  const [legacy, immutable] = subjectForms.map((form) => subjectOf(known, run.context, form));
  return { legacy: legacy!, immutable: immutable! };
}
