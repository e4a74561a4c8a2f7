import { each, unless } from "./rule";
import { type Statement, statementsOf } from "./statements";

/** A role trusts services, accounts by name, or a federated subject by name. */
export const trustIsNarrow = each("aws_iam_role", (role) => {
  const allowed = statementsOf(role.at("assume_role_policy")).filter(({ effect }) => effect === "Allow");
  return unless(
    allowed.length > 0 && allowed.every(isNarrow),
    "can be taken on by more than it names",
    "name the principal; for a federated one, its :aud and :sub with StringEquals",
  );
});

function isNarrow({ principals, condition }: Statement): boolean {
  const exact = condition.at("StringEquals");
  const federated = principals.some((who) => who.startsWith("Federated:"));
  return (
    principals.length > 0 &&
    !principals.some((who) => who === "*" || /^AWS:.*[*]/.test(who)) &&
    (!federated || [":aud", ":sub"].every((end) => exact.keys.some((key) => key.endsWith(end))))
  );
}
