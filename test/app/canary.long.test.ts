import { it } from "vitest";
import { plantAndLook } from "./canaries.ts";

it("leaves none of 200", { timeout: 1_200_000 }, () => plantAndLook(200));
