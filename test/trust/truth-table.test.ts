import { describe, expect, test } from "vitest";
import { auditTrust } from "../../src/trust/audit.ts";
import { named, runs } from "./truth-table.ts";
import { cases } from "./truth-table-policies.ts";
import { celCases, flexibleCases, octoCases, vaultCases } from "./truth-table-services.ts";

const salt = "test";
const issuer = "token.actions.githubusercontent.com";

/** The matcher of the only policy in a file. */
function policyIn(path: string, text: string) {
  const { policies } = auditTrust([{ path, bytes: Buffer.from(text) }], { salt });
  expect(policies).toHaveLength(1);
  return policies[0]!;
}

/** The names of the runs that an answer takes in. */
function taken(answer: (claims: Map<string, string>) => string | boolean): string[] {
  return runs.filter(({ claims }) => answer(claims) === "yes" || answer(claims) === true).map(({ name }) => name);
}

/** IAM by regular expressions and enumeration: each operator is turned into an expression over the text, or into a set. */
function bruteIam(
  condition: Record<string, Record<string, string | string[]>> | undefined,
  claims: Map<string, string>,
): boolean {
  const supported =
    "sub aud amr actor actor_id enterprise_id environment job_workflow_ref ref repository repository_id repository_owner_id workflow".split(
      " ",
    );
  for (const [operator, block] of Object.entries(condition ?? {})) {
    const parts = /^(?:(ForAllValues|ForAnyValue):)?(.*?)(IfExists)?$/.exec(operator)!;
    for (const [key, written] of Object.entries(block)) {
      const values = Array.isArray(written) ? written : [written];
      const claim = supported.find((name) => `${issuer}:${name}` === key.toLowerCase());
      const present = claim === undefined ? [] : [claims.get(claim)].filter((value) => value !== undefined);
      if (parts[2] === "Null") {
        if (!values.some((value) => (value === "true") === (present.length === 0))) return false;
        continue;
      }
      if (present.length === 0 && (parts[3] !== undefined || parts[1] === "ForAllValues")) continue;
      const like = parts[2]!.includes("Like");
      const source = (value: string) =>
        [...value]
          .map((unit) =>
            like && unit === "*"
              ? "[\\s\\S]*"
              : like && unit === "?"
                ? "[\\s\\S]"
                : `\\u{${unit.codePointAt(0)!.toString(16)}}`,
          )
          .join("");
      const one = new RegExp(`^(?:${values.map(source).join("|")})$`, parts[2]!.includes("IgnoreCase") ? "iu" : "u");
      const negated = parts[2]!.includes("Not");
      const fits = (value: string) => one.test(value) !== negated;
      const holds = present.length === 0 ? negated && parts[1] !== "ForAnyValue" : present.every(fits);
      if (!holds) return false;
    }
  }
  return true;
}

function iamDocument(condition: object | undefined): string {
  const statement = {
    Effect: "Allow",
    Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${issuer}` },
    Action: "sts:AssumeRoleWithWebIdentity",
    ...(condition === undefined ? {} : { Condition: condition }),
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

describe("AWS", () => {
  test.each(cases)("$id", ({ condition, takes }) => {
    const policy = policyIn("trust.json", iamDocument(condition));
    const computed = taken((claims) => policy.verdict(claims));
    expect(computed).toEqual(taken((claims) => bruteIam(condition as never, claims)));
    if (takes !== undefined) expect(new Set(computed)).toEqual(named(takes));
    for (const { claims } of runs) expect(policy.verdict(claims)).not.toBe("unknown");
  });

  test("the table is as large as it is said to be", () => {
    const all = cases.length + celCases.length + flexibleCases.length + vaultCases.length + octoCases.length;
    const byHand = [...cases, ...celCases, ...flexibleCases, ...vaultCases, ...octoCases].filter(
      ({ takes }) => takes !== undefined,
    ).length;
    expect(runs.length).toBe(104);
    expect(all).toBeGreaterThanOrEqual(200);
    expect(byHand).toBeGreaterThanOrEqual(all / 3);
  });
});

/** CEL by translation to JavaScript, which has the same operators; a missing claim throws, and a throw refuses. */
function bruteCel(condition: string, claims: Map<string, string>): boolean {
  // Each side of a top-level || is tried alone: in CEL an error on one side does not spoil the other.
  return condition.split(" || ").some((side) => {
    const body = side
      .replaceAll(/(assertion\.\w+) in (\[[^\]]*\])/g, "$2.includes($1)")
      .replaceAll(/has\(assertion\.(\w+)\)/g, "claims.has('$1')")
      .replaceAll(/assertion\.(\w+)/g, "read('$1')")
      .replaceAll(/assertion\['(\w+)'\]/g, "read('$1')")
      .replaceAll(".contains(", ".includes(")
      .replaceAll(/\.matches\(('[^']*')\)/g, ".search($1) >= 0");
    const read = (name: string): string => {
      const value = claims.get(name);
      if (value === undefined) throw new RangeError(name);
      return value;
    };
    try {
      return new Function("read", "claims", `return ${body};`)(read, claims) === true;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  });
}

describe("Google Cloud", () => {
  test.each(celCases)("$condition", ({ condition, takes }) => {
    const text = `resource "google_iam_workload_identity_pool_provider" "github" {
  workload_identity_pool_id = "ci"
  attribute_mapping   = { "google.subject" = "assertion.sub" }
  attribute_condition = ${JSON.stringify(condition).replaceAll("${", "$${")}
  oidc { issuer_uri = "https://${issuer}" }
}`;
    const policy = policyIn("main.tf", text);
    const computed = taken((claims) => policy.verdict(claims));
    expect(computed).toEqual(taken((claims) => bruteCel(condition, claims)));
    if (takes !== undefined) expect(new Set(computed)).toEqual(named(takes));
  });
});

describe("Entra", () => {
  test.each(flexibleCases)("$expression", ({ expression, takes }) => {
    const text = `resource "azuread_application_flexible_federated_identity_credential" "x" {
  issuer   = "https://${issuer}"
  audience = "sts.amazonaws.com"
  claims_matching_expression = ${JSON.stringify(expression)}
}`;
    const policy = policyIn("main.tf", text);
    const computed = taken((claims) => policy.verdict(claims));
    const brute = (claims: Map<string, string>) =>
      expression.split(" and ").every((part) => {
        const [, claim, operator, value] = /claims\['(\w+)'\] (matches|eq) '(.*)'/.exec(part.trim())!;
        const source = value!
          .split("")
          .map((unit) =>
            operator === "matches" && unit === "*"
              ? ".*"
              : operator === "matches" && unit === "?"
                ? "."
                : `[${unit === "^" || unit === "\\" || unit === "]" ? "\\" : ""}${unit}]`,
          );
        return new RegExp(`^${source.join("")}$`).test(claims.get(claim!) ?? "\n");
      });
    expect(computed).toEqual(taken(brute));
    if (takes !== undefined) expect(new Set(computed)).toEqual(named(takes));
  });
});

describe("Vault", () => {
  test.each(vaultCases)("$id", ({ role, takes }) => {
    const policy = policyIn(
      "role.json",
      JSON.stringify({ role_type: "jwt", user_claim: "repository", bound_audiences: ["sts.amazonaws.com"], ...role }),
    );
    const computed = taken((claims) => policy.verdict(claims));
    const brute = (claims: Map<string, string>) => {
      if (role.bound_subject !== undefined && claims.get("sub") !== role.bound_subject) return false;
      return Object.entries(role.bound_claims ?? {}).every(([claim, written]) =>
        [written].flat().some((value) => {
          const actual = claims.get(claim);
          if (actual === undefined) return false;
          if (role.bound_claims_type !== "glob") return actual === value;
          // Between stars, the pieces must follow each other, the first and last at the ends.
          const pieces = value.split("*");
          if (pieces.length === 1) return actual === value;
          if (!actual.startsWith(pieces[0]!) || !actual.slice(pieces[0]!.length).endsWith(pieces.at(-1)!)) return false;
          let at = pieces[0]!.length;
          for (const piece of pieces.slice(1, -1)) {
            const found = actual.indexOf(piece, at);
            if (found < 0) return false;
            at = found + piece.length;
          }
          return at <= actual.length - pieces.at(-1)!.length;
        }),
      );
    };
    expect(computed).toEqual(taken(brute));
    if (takes !== undefined) expect(new Set(computed)).toEqual(named(takes));
  });
});

describe("Octo STS", () => {
  test.each(octoCases)("$id", ({ policy: fields, takes }) => {
    const lines = Object.entries(fields).map(([key, value]) =>
      typeof value === "string"
        ? `${key}: ${JSON.stringify(value)}`
        : `${key}:\n${Object.entries(value)
            .map(([name, pattern]) => `  ${name}: ${JSON.stringify(pattern)}`)
            .join("\n")}`,
    );
    const policy = policyIn(".github/chainguard/x.sts.yaml", `${lines.join("\n")}\npermissions:\n  contents: read\n`);
    const computed = taken((claims) => policy.verdict(claims));
    const brute = (claims: Map<string, string>) => {
      const fits = (claim: string, exact: string | undefined, pattern: string | undefined) =>
        (exact === undefined || claims.get(claim) === exact) &&
        (pattern === undefined || (claims.has(claim) && new RegExp(`^(?:${pattern})$`).test(claims.get(claim)!)));
      return (
        fits("iss", fields.issuer, fields.issuer_pattern) &&
        fits("sub", fields.subject, fields.subject_pattern) &&
        Object.entries(fields.claim_pattern ?? {}).every(([claim, pattern]) => fits(claim, undefined, pattern))
      );
    };
    expect(computed).toEqual(taken(brute));
    if (takes !== undefined) expect(new Set(computed)).toEqual(named(takes));
  });
});
