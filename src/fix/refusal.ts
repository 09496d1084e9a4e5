/** Saying no: a fix that cannot be sure is not written, and the reason is the answer. */

/** Why a fix is not written; one sentence for a person. */
export type Refusal = { refused: string };

/** Thrown inside the planner to leave a fix from any depth; it never leaves this folder. */
export class Refused extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.name = "Refused";
    this.reason = reason;
  }
}

/** Gives up the fix being planned. Throws Refused. */
export function refuse(reason: string): never {
  throw new Refused(reason);
}

/** Runs a plan; its refusal becomes a value. Everything else that is thrown goes on. */
export function orRefusal<T>(plan: () => T): T | Refusal {
  try {
    return plan();
  } catch (error) {
    if (error instanceof Refused) return { refused: error.reason };
    throw error;
  }
}

export function isRefusal(value: object): value is Refusal {
  return "refused" in value;
}
