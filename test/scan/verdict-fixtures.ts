/** Repositories whose verdict must be the same whoever gives it. */
import { renameSync } from "node:fs";
import { join } from "node:path";
import { branch, origin } from "../action/runner.ts";
import { standaloneSlugs, tokenOf } from "../e2e/leasehold.ts";
import { commit, git } from "../git/temporary-repository.ts";
import { deployment, publish, role, workflow } from "./workflow-text.ts";

const pat = (seed: number) => tokenOf("github-pat", seed);

/** Each makes a repository with a branch `topic` that leaves `main`. */
export const fixtures: [name: string, make: () => string][] = [
  [
    "nothing",
    () => {
      const folder = origin();
      branch(folder, "topic", [{}]);
      return folder;
    },
  ],
  [
    "tokens of many providers, some moved and some taken away again",
    () => {
      const slugs = standaloneSlugs().filter((_, at) => at % 12 === 0);
      const folder = origin({ "old.env": `A=${pat(51)}\n` });
      branch(folder, "topic", [
        Object.fromEntries(slugs.map((slug, at) => [`src/${slug}.txt`, `value: ${tokenOf(slug, at)}\n`])),
        { [`src/${slugs[0]}.txt`]: "value: none\n" },
      ]);
      renameSync(join(folder, "old.env"), join(folder, "moved.env"));
      commit(folder, {}, `a message with ${pat(52)}`);
      return folder;
    },
  ],
  [
    "workflows and cloud trust",
    () => {
      const folder = origin({ ".github/workflows/deploy.yml": deployment("staging") });
      branch(folder, "topic", [
        { ".github/workflows/release.yml": workflow(publish), ".github/workflows/broken.yml": "jobs:\n  a: [\n" },
        {
          "infra/role.json": role("repo:octo-org/octo-repo:ref:refs/heads/*"),
          "infra/open.json": role("repo:octo-org*", "open"),
        },
      ]);
      return folder;
    },
  ],
  [
    "a policy with a detector of its own, a baseline, an inline exception and a merge",
    () => {
      const folder = origin({
        ".github/leasehold.yml":
          'version: 1\nsalt: "abcdefgh12345678"\npaths: { ignore: ["vendor/**"] }\ndetectors:\n  - { id: acme-key, shape: \'"acme_" <hex{24}>\', severity: high }\n',
        "side.txt": "side\n",
      });
      branch(folder, "side", [{ "side.txt": `${pat(53)}\n` }]);
      branch(folder, "topic", [
        {
          "vendor/x.txt": `${pat(54)}\n`,
          "own.txt": `acme_${"0123456789abcdef01234567"}\n`,
          "allowed.txt": `k = ${pat(55)} # leasehold:allow leak/github-pat until=2099-01-01 reason="sample"\n`,
        },
      ]);
      git(folder, ["merge", "-q", "-m", "side in", "side"]);
      return folder;
    },
  ],
];
