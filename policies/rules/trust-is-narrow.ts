import { each, unless } from "../rule";
import { type Statement, statementsOf } from "@packages/terraform/iam-statements";

/** A subject of GitHub's that names one repository, by its names or by names and ids, and where in it a job runs. */
const GITHUB_SUBJECT =
  /^repo:([\w.-]+\/[\w.-]+|[\w.-]+@\d+\/[\w.-]+@\d+):(pull_request|environment:[^*?]+|ref:refs\/heads\/[^*?]+)$/;

/** A role trusts services, accounts by name, or a federated subject by name. */
export const trustIsNarrow = each("aws_iam_role", (role) => {
  const allowed = statementsOf(role.at("assume_role_policy")).filter(({ effect }) => effect === "Allow");
  return unless(
    allowed.length > 0 && allowed.every(isNarrow),
    "can be taken on by more than it names",
    "name the principal; for a federated one, its :aud and each :sub whole, with StringEquals",
  );
});

function isNarrow({ principals, condition }: Statement): boolean {
  const federated = principals.some((who) => who.startsWith("Federated:"));
  return (
    principals.length > 0 &&
    !principals.some((who) => who === "*" || /^AWS:.*[*]/.test(who)) &&
    (!federated || (values(condition, ":aud").length > 0 && namesSubjects(condition)))
  );
}

function namesSubjects(condition: Statement["condition"]): boolean {
  const subjects = values(condition, ":sub");
  return subjects.length > 0 && subjects.every((subject) => GITHUB_SUBJECT.test(subject));
}

/** What the claim must equal. */
function values(condition: Statement["condition"], claim: string): string[] {
  const block = condition.at("StringEquals").raw as Record<string, unknown> | undefined;
  return Object.entries(block ?? {})
    .filter(([key]) => key.endsWith(claim))
    .flatMap(([, value]) => [value].flat().map(String));
}
