/** The rate limit, read without being spent, and the revocation of leaked credentials. */
import { type Operations, Refusal } from "../call.ts";

export const metaOperations: Operations = {
  "rate-limit/get": {
    only: "anyone",
    handle: (call) => {
      const core = call.budget();
      return {
        body: { rate: core, resources: { core, search: { limit: 30, used: 0, remaining: 30, reset: core.reset } } },
      };
    },
  },
  "credentials/revoke": {
    only: "anyone",
    handle: (call) => {
      // Whoever is signed in is refused (GitHub's API description, `credentials/revoke`).
      if (call.actor.kind !== "nobody") throw new Refusal(403, "This endpoint must be called without authentication.");
      const { credentials } = call.body as { credentials: string[] };
      for (const one of credentials)
        if (call.state.tokens.get(one)?.kind !== "installation") call.state.tokens.delete(one);
      return { status: 202, body: {} };
    },
  },
};
