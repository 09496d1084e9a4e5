/** What a policy asks of a register, in the register's own terms. */
import { builtInLimits, type RegisterLimits } from "../register/limits.ts";
import type { Policy } from "./policy.ts";

/** The limits that a policy sets; what a policy cannot set is the built-in value. */
export function registerLimits({ register, keyless, salt }: Policy): RegisterLimits {
  return { ...builtInLimits, ...register, keyless, salt };
}
