import { anyResource } from "../exceptions";
import { each, type Fault } from "../rule";
import { plannedStatements } from "@packages/iam/planned-policy";

const POLICY_TYPES = "aws_iam_policy,aws_iam_role_policy,aws_iam_user_policy,aws_iam_group_policy";

export const roleNamesItsResources = each(POLICY_TYPES, (policy): Fault[] => {
  const unexplained = plannedStatements(policy.at("policy"))
    .filter(({ effect, resources }) => effect === "Allow" && resources.includes("*"))
    .flatMap(({ actions }) => actions.filter((action) => !(action in anyResource)));
  return unexplained.length === 0
    ? []
    : [
        {
          finding: `allows ${unexplained.join(", ")} on every resource`,
          remedy:
            "name the resources; if AWS knows none for the action, add it with the reason to anyResource in policies/exceptions.ts",
        },
      ];
});
