import { describe, expect, it } from "vitest";
import { codeOwners } from "../../src/policy/code-owners.ts";

const owners = codeOwners(`# who looks after what
*       @acme/all
*.js    @js-owner other@example.com   # scripts
/build/logs/ @doctocat
docs/*  docs@example.com
apps/   @octocat
/scripts/ @doctocat @octocat
**/logs @octo
/apps/github
!x.js   @nobody
.github/leasehold-waivers.yml @acme/security
`);

describe("codeOwners", () => {
  it.each([
    ["readme.md", ["@acme/all"]],
    ["src/deep/a.js", ["@js-owner", "other@example.com"]],
    ["build/logs/a/b.txt", ["@octo"]],
    ["docs/getting-started.md", ["docs@example.com"]],
    ["docs/build-app/trouble.md", ["@acme/all"]],
    ["web/apps/x/y.ts", ["@octocat"]],
    ["scripts/run.sh", ["@doctocat", "@octocat"]],
    ["other/scripts/run.sh", ["@acme/all"]],
    ["deploy/logs/x", ["@octo"]],
    ["apps/github", []],
    ["apps/github/a", []],
    [".github/leasehold-waivers.yml", ["@acme/security"]],
  ])("%s", (path, expected) => {
    expect(owners(path)).toEqual(expected);
  });

  it("knows nobody without lines", () => {
    expect(codeOwners("\n# none\n")("a")).toEqual([]);
  });
});
