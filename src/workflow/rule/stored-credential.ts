/** The rule for stored credentials that no keyless route replaces. Its check is part of the search for keyless routes. */
import type { SyntaxRule } from "./syntax.ts";

export const storedCredential: SyntaxRule = {
  id: "workflow/stored-credential",
  title: "Stored credential without a known keyless route",
  why: "It lives until somebody ends it, and every job that can read it can copy it. No short-lived way in is known for its service, or no rule knows the service.",
  silent:
    "Values that only identify (accounts, regions, hosts), conditions, the job's own token, and credentials with a keyless route, which have a rule of their own.",
  bad: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy
        env:
          BACKOFFICE_PASSWORD: \${{ secrets.BACKOFFICE_PASSWORD }}
`,
  good: `on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - run: ./deploy
        env:
          BACKOFFICE_USER: \${{ vars.BACKOFFICE_USER }}
`,
};
