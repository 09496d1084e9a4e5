/** Workflows and policies for tests. They name secrets and hold none. */

/** An expression that reads a secret. */
export function secret(name: string): string {
  return `\${{ secrets.${name} }}`;
}

/** A workflow with one job and these steps. */
export function workflow(
  steps: string,
  top = "on: push\npermissions:\n  contents: read\n",
  job = "    environment: production\n",
): string {
  return `${top}jobs:\n  release:\n    runs-on: ubuntu-latest\n${job}    steps:\n${steps}`;
}

/** A step that publishes with a stored token, which a keyless route replaces. */
export const publish = `      - run: npm publish\n        env:\n          NODE_AUTH_TOKEN: ${secret("NPM_TOKEN")}\n`;

/** A job that takes an AWS role, in an environment. */
export function deployment(environment: string, role = "deploy"): string {
  return workflow(
    `      - uses: aws-actions/configure-aws-credentials@v5\n        with:\n          role-to-assume: arn:aws:iam::123456789012:role/${role}\n          aws-region: eu-central-1\n`,
    "on:\n  push:\n    branches: [main]\n",
    `    environment: ${environment}\n    permissions:\n      contents: read\n      id-token: write\n`,
  );
}

/** The role, for one subject. */
export function role(subject: string, name = "deploy"): string {
  const issuer = "token.actions.githubusercontent.com";
  const bound = { [`${issuer}:sub`]: subject };
  const wild = subject.includes("*");
  return `${JSON.stringify(
    {
      Role: {
        RoleName: name,
        AssumeRolePolicyDocument: {
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${issuer}` },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com", ...(wild ? {} : bound) },
                ...(wild ? { StringLike: bound } : {}),
              },
            },
          ],
        },
      },
    },
    null,
    2,
  )}\n`;
}
