import { defineRule, each } from "../rule";
import type { Condition } from "@packages/iam/conditions";
import { isEverybody, type Statement } from "@packages/iam/document";
import { plannedStatements } from "@packages/iam/planned-policy";

/** A subject of GitHub that names one repository, by names or by names and ids, and where in it a job runs. */
const GITHUB_SUBJECT =
  /^repo:([\w.-]+\/[\w.-]+|[\w.-]+@\d+\/[\w.-]+@\d+):(pull_request|environment:[^*?]+|ref:refs\/heads\/[^*?]+)$/;

/** A subject of Terraform Cloud that names one workspace and the phase of its runs. */
const TERRAFORM_CLOUD_SUBJECT =
  /^organization:[\w-]+:project:[\w -]+:workspace:[\w-]+:run_phase:(plan|apply)$/;

export const roleTrustNamesPrincipals = defineRule({
  id: "role-trust-names-principals",
  sentence: "A role trusts services, named accounts, or named federated subjects.",
  source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
  code: {
    "stacks/constructs/compute/service-role.ts": ["trustService"],
    "stacks/constructs/delivery/delivery-roles.ts": ["assumeRolePolicy"],
  },
  find: each("aws_iam_role", (role) => {
    const allowed = plannedStatements(role.at("assume_role_policy")).filter(
      ({ effect }) => effect === "Allow",
    );
    if (allowed.length > 0 && allowed.every(isNarrow)) return undefined;
    return {
      finding: "the trust policy does not name each principal",
      remedy: allowed.some(isFederated)
        ? "in assumeRolePolicy, compare :aud and each complete :sub with StringEquals"
        : "set the trust policy to the result of trustService",
    };
  }),
});

const isFederated = ({ principals }: Pick<Statement, "principals">): boolean =>
  principals.some((principal) => principal.startsWith("Federated:"));

function isNarrow({ principals, conditions }: Statement): boolean {
  return (
    principals.length > 0 &&
    !principals.some((principal) => isEverybody(principal) || /^AWS:.*[*]/.test(principal)) &&
    (!isFederated({ principals }) || (valuesOf(conditions, ":aud").length > 0 && namesSubjects(conditions)))
  );
}

function namesSubjects(conditions: readonly Condition[]): boolean {
  const subjects = valuesOf(conditions, ":sub");
  return (
    subjects.length > 0 &&
    subjects.every((subject) => GITHUB_SUBJECT.test(subject) || TERRAFORM_CLOUD_SUBJECT.test(subject))
  );
}

/** The values that a claim of the token must equal. */
function valuesOf(conditions: readonly Condition[], claim: string): string[] {
  return conditions
    .filter(({ operator, key }) => operator === "StringEquals" && key.endsWith(claim))
    .flatMap((condition) => condition.values);
}
