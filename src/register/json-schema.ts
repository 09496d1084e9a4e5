/** JSON Schemas of the register's files and of snapshots, for editors and for `leasehold schema`. */
import type { z } from "zod";
import { inventorySchema } from "./inventory.ts";
import { registerFileSchema, secretFileSchema } from "./register-file.ts";

/** Schema by name of its file: `schema/<name>.json`. */
export const registerSchemas: Readonly<Record<"register" | "secret" | "inventory", z.ZodType>> = {
  register: registerFileSchema,
  secret: secretFileSchema,
  inventory: inventorySchema,
};
