// biome-ignore-all lint/suspicious/noTemplateCurlyInString: expressions of workflows, not of JavaScript
/** Stored credentials as projects use them, in jobs of many shapes. */
import fc from "fast-check";
import type { Entry, Tree } from "./variants.ts";

/** Steps that use a stored credential, and env for the job or the workflow where it stands there. */
export type Use = { steps: Entry[][]; jobEnv?: Entry[]; workflowEnv?: Entry[] };

const secret = (name: string): string => `\${{ secrets.${name} }}`;

const awsKeys: Entry[] = [
  ["AWS_ACCESS_KEY_ID", secret("AWS_ACCESS_KEY_ID")],
  ["AWS_SECRET_ACCESS_KEY", secret("AWS_SECRET_ACCESS_KEY")],
];

/** Every form the rewrites know: inputs, env at three levels, commands, registries, publishing. */
export const uses: readonly Use[] = [
  {
    steps: [
      [
        ["uses", "aws-actions/configure-aws-credentials@v4"],
        [
          "with",
          [
            ["aws-access-key-id", secret("KEY_ID")],
            ["aws-secret-access-key", secret("KEY_SECRET")],
            ["aws-region", "eu-west-1"],
          ],
        ],
      ],
      [["run", "aws s3 sync dist s3://site"]],
    ],
  },
  {
    steps: [
      [
        ["name", "Old login"],
        ["if", "env.AWS_ACCESS_KEY_ID != '' && github.ref == 'refs/heads/main'"],
        ["uses", "aws-actions/configure-aws-credentials@v1.5.0"],
        [
          "with",
          [
            ["aws-access-key-id", secret("AWS_ACCESS_KEY_ID")],
            ["aws-secret-access-key", secret("AWS_SECRET_ACCESS_KEY")],
          ],
        ],
        ["env", [["AWS_ACCESS_KEY_ID", secret("AWS_ACCESS_KEY_ID")]]],
      ],
    ],
  },
  {
    steps: [
      [
        ["run", "aws s3 ls"],
        ["env", awsKeys],
      ],
      [
        ["run", "aws s3 sync a b"],
        ["if", "always()"],
        ["env", [...awsKeys, ["AWS_REGION", "eu-central-1"]]],
      ],
    ],
  },
  {
    steps: [
      [
        ["name", "Deploy"],
        ["run", "aws s3 sync dist s3://site"],
      ],
    ],
    jobEnv: [...awsKeys, ["AWS_REGION", "eu-west-1"]],
  },
  {
    steps: [
      [
        ["env", [["CARGO_REGISTRY_TOKEN", secret("CRATES_TOKEN")]]],
        ["run", "cargo publish"],
      ],
    ],
  },
  {
    steps: [[["run", "cargo publish"]]],
    jobEnv: [
      ["CARGO_REGISTRY_TOKEN", secret("CRATES_TOKEN")],
      ["CARGO_TERM_COLOR", "always"],
    ],
  },
  { steps: [[["run", { lines: ["cargo package", "cargo publish --token ${{ secrets.CRATES_IO_TOKEN }}"] }]]] },
  {
    steps: [
      [["run", "npm ci"]],
      [
        ["run", "npm publish"],
        ["env", [["NODE_AUTH_TOKEN", secret("NPM_TOKEN")]]],
      ],
    ],
  },
  {
    steps: [
      [
        ["uses", "JS-DevTools/npm-publish@v4"],
        ["with", [["token", secret("NPM_TOKEN")]]],
      ],
    ],
  },
  {
    steps: [
      [
        ["uses", "changesets/action@v1"],
        ["with", [["publish", "npm run release"]]],
        [
          "env",
          [
            ["GITHUB_TOKEN", secret("GITHUB_TOKEN")],
            ["NPM_TOKEN", secret("NPM_TOKEN")],
          ],
        ],
      ],
    ],
  },
  {
    steps: [
      [
        ["uses", "pypa/gh-action-pypi-publish@release/v1"],
        [
          "with",
          [
            ["user", "__token__"],
            ["password", secret("PYPI_API_TOKEN")],
          ],
        ],
      ],
    ],
  },
  {
    steps: [
      [
        ["uses", "pypa/gh-action-pypi-publish@v1.4.2"],
        ["with", [["password", secret("PYPI_API_TOKEN")]]],
      ],
    ],
  },
  {
    steps: [
      [
        ["name", "Upload"],
        ["run", "twine upload --skip-existing dist/*"],
        [
          "env",
          [
            ["TWINE_USERNAME", "__token__"],
            ["TWINE_PASSWORD", secret("PYPI_TOKEN")],
          ],
        ],
      ],
    ],
  },
  {
    steps: [
      [
        ["uses", "azure/login@v1"],
        ["with", [["creds", secret("AZURE_CREDENTIALS")]]],
      ],
      [["run", "az webapp list"]],
    ],
  },
  {
    steps: [
      [
        ["uses", "google-github-actions/auth@v2"],
        ["id", "auth"],
        [
          "with",
          [
            ["credentials_json", secret("GCP_SA_KEY")],
            ["project_id", "acme"],
          ],
        ],
      ],
    ],
  },
  {
    steps: [
      [
        ["uses", "docker/login-action@v3"],
        [
          "with",
          [
            ["username", secret("DOCKERHUB_USERNAME")],
            ["password", secret("DOCKERHUB_TOKEN")],
          ],
        ],
      ],
    ],
  },
  {
    steps: [
      [
        ["uses", "docker/login-action@v3"],
        [
          "with",
          [
            ["registry", "ghcr.io"],
            ["username", "acme"],
            ["password", secret("GHCR_PAT")],
          ],
        ],
      ],
    ],
  },
  {
    steps: [
      [
        ["uses", "codecov/codecov-action@v5"],
        ["with", [["token", secret("CODECOV_TOKEN")]]],
      ],
    ],
  },
  {
    steps: [
      [
        ["uses", "codecov/codecov-action@v4.1.0"],
        [
          "with",
          [
            ["files", "a.xml"],
            ["token", secret("CODECOV_TOKEN")],
            ["verbose", "true"],
          ],
        ],
      ],
    ],
  },
  {
    steps: [
      [
        ["uses", "codecov/codecov-action@v5"],
        ["env", [["CODECOV_TOKEN", secret("CODECOV_TOKEN")]]],
      ],
    ],
  },
  {
    steps: [
      [
        ["name", "Push"],
        ["run", "dotnet nuget push out/*.nupkg -k ${{ secrets.NUGET_API_KEY }}"],
      ],
    ],
  },
  {
    steps: [
      [
        ["run", 'dotnet nuget push out/a.nupkg --api-key "$NUGET_API_KEY"'],
        ["env", [["NUGET_API_KEY", secret("NUGET_API_KEY")]]],
      ],
    ],
  },
  {
    steps: [
      [
        ["run", "pulumi up --yes"],
        ["env", [["PULUMI_ACCESS_TOKEN", secret("PULUMI_ACCESS_TOKEN")]]],
      ],
    ],
  },
  {
    steps: [
      [
        ["uses", "hashicorp/vault-action@v3"],
        [
          "with",
          [
            ["url", "https://vault.example.org"],
            ["token", secret("VAULT_TOKEN")],
            ["secrets", "a/b c"],
          ],
        ],
      ],
    ],
  },
  {
    steps: [
      [
        ["run", "gem push pkg/a.gem"],
        ["env", [["GEM_HOST_API_KEY", secret("RUBYGEMS_API_KEY")]]],
      ],
    ],
  },
  { steps: [[["run", "npx vsce publish -p ${{ secrets.VSCE_PAT }}"]]] },
  { steps: [[["run", "cargo publish"]]], workflowEnv: [["CARGO_REGISTRY_TOKEN", secret("CRATES_TOKEN")]] },
];

const checkout: Entry[] = [["uses", "actions/checkout@v4"]];
const pinned: Entry[] = [["uses", "step-security/harden-runner@a90bcbc6539c36a85cdfeb73f7e2f433735f215b # v2.15.0"]];

export type Shape = {
  use: Use;
  second: Use | undefined;
  permissions: "none" | "workflow" | "empty" | "job" | "write-all" | "both";
  pinned: boolean;
  matrix: boolean;
  environment: boolean;
  otherJob: boolean;
  call: boolean;
  checkout: boolean;
  /** The env of the job is an anchor that a second job repeats. */
  anchor: boolean;
};

export const shape: fc.Arbitrary<Shape> = fc.record({
  use: fc.constantFrom(...uses),
  second: fc.option(fc.constantFrom(...uses), { nil: undefined, freq: 2 }),
  permissions: fc.constantFrom("none", "workflow", "workflow", "empty", "job", "job", "write-all", "both"),
  pinned: fc.boolean(),
  matrix: fc.boolean(),
  environment: fc.boolean(),
  otherJob: fc.boolean(),
  call: fc.constantFrom(false, false, false, true),
  checkout: fc.constantFrom(true, true, true, false),
  anchor: fc.constantFrom(false, false, false, true),
});

/** A workflow of that shape. */
export function workflowOf(shape: Shape): Entry[] {
  const parts = [shape.use, ...(shape.second === undefined ? [] : [shape.second])];
  const merged = (key: "jobEnv" | "workflowEnv"): Entry[] => {
    const all = new Map(parts.flatMap((part) => part[key] ?? []));
    return [...all];
  };
  const env = (list: Entry[]): Entry[] => (list.length === 0 ? [] : [["env", list]]);
  const ids = new Set<Tree>();
  const steps = parts
    .flatMap((part) => part.steps)
    .filter((step) => {
      const id = step.find(([key]) => key === "id")?.[1];
      if (id === undefined) return true;
      const fresh = !ids.has(id);
      ids.add(id);
      return fresh;
    });
  const jobEntries = merged("jobEnv");
  const jobEnv: Entry[] = shape.anchor
    ? [["env", { anchor: "shared", entries: jobEntries.length > 0 ? jobEntries : [["CI", "true"]] }]]
    : env(jobEntries);
  const job: Entry[] = [
    ["runs-on", "ubuntu-latest"],
    ...(shape.permissions === "job" || shape.permissions === "both"
      ? ([["permissions", [["contents", "read"]]]] as Entry[])
      : []),
    ...(shape.permissions === "write-all" ? ([["permissions", "write-all"]] as Entry[]) : []),
    ...(shape.environment ? ([["environment", "production"]] as Entry[]) : []),
    ...(shape.matrix ? ([["strategy", [["matrix", [["os", { items: ["a", "b"] }]]]]]] as Entry[]) : []),
    ...jobEnv,
    [
      "steps",
      {
        items: [
          ...(shape.checkout ? [checkout] : []),
          ...(shape.pinned ? [pinned] : []),
          [
            ["name", "Build"],
            ["run", { lines: ["make", "# not a comment of YAML", "make test"] }],
          ],
          ...steps,
        ],
      },
    ],
  ];
  const lint: Entry = [
    "lint",
    [
      ["runs-on", "ubuntu-latest"],
      ["steps", { items: [checkout] }],
    ],
  ];
  const report: Entry = [
    "report",
    [
      ["runs-on", "ubuntu-latest"],
      ["permissions", []],
      ["env", "*shared"],
      ["steps", { items: [[["run", "echo done"]]] }],
    ],
  ];
  const on: Entry = shape.call
    ? ["on", [["workflow_call", [["secrets", [["NPM_TOKEN", [["required", "true"]]]]]]]]]
    : ["on", [["push", [["branches", { items: ["main"] }]]]]];
  const permissions: Entry[] =
    shape.permissions === "workflow" || shape.permissions === "both"
      ? [
          [
            "permissions",
            [
              ["contents", "read"],
              ["checks", "write"],
            ],
          ],
        ]
      : shape.permissions === "empty"
        ? [["permissions", []]]
        : [];
  return [
    ["name", "release"],
    on,
    ...permissions,
    ...env(merged("workflowEnv")),
    ["jobs", [...(shape.otherJob ? [lint] : []), ["publish", job], ...(shape.anchor ? [report] : [])]],
  ];
}
