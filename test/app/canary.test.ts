import { it } from "vitest";
import { plantAndLook } from "./canaries.ts";

it("leaves no value of a secret in checks, logs, figures and tables", () => plantAndLook(10));
