import { each } from "../rule";
import type { Condition } from "@packages/iam/conditions";
import { isEverybody, type Statement } from "@packages/iam/document";
import { plannedStatements } from "@packages/iam/planned-policy";

/** A subject of GitHub's that names one repository, by its names or by names and ids, and where in it a job runs. */
const GITHUB_SUBJECT =
  /^repo:([\w.-]+\/[\w.-]+|[\w.-]+@\d+\/[\w.-]+@\d+):(pull_request|environment:[^*?]+|ref:refs\/heads\/[^*?]+)$/;

/** A role trusts services, accounts by name, or a federated subject by name. */
export const trustIsNarrow = each("aws_iam_role", (role) => {
  const allowed = plannedStatements(role.at("assume_role_policy")).filter(({ effect }) => effect === "Allow");
  return allowed.length > 0 && allowed.every(isNarrow)
    ? undefined
    : {
        finding: "can be taken on by more than it names",
        remedy: "name the principal; for a federated one, its :aud and each :sub whole, with StringEquals",
      };
});

function isNarrow({ principals, conditions }: Statement): boolean {
  const federated = principals.some((who) => who.startsWith("Federated:"));
  return (
    principals.length > 0 &&
    !principals.some((who) => isEverybody(who) || /^AWS:.*[*]/.test(who)) &&
    (!federated || (values(conditions, ":aud").length > 0 && namesSubjects(conditions)))
  );
}

function namesSubjects(conditions: readonly Condition[]): boolean {
  const subjects = values(conditions, ":sub");
  return subjects.length > 0 && subjects.every((subject) => GITHUB_SUBJECT.test(subject));
}

/** What the claim must equal. */
function values(conditions: readonly Condition[], claim: string): string[] {
  return conditions
    .filter(({ operator, key }) => operator === "StringEquals" && key.endsWith(claim))
    .flatMap((condition) => condition.values);
}
