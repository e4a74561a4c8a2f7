import { each, type Fault } from "../rule";
import { plannedStatements } from "@packages/iam/planned-policy";

const POLICY_TYPES = "aws_iam_policy,aws_iam_role_policy,aws_iam_user_policy,aws_iam_group_policy";
const WIDE_MANAGED_POLICY = /policy\/(AdministratorAccess|PowerUserAccess|\w*FullAccess)$/;

export const roleNamesItsActions = each(
  `${POLICY_TYPES},aws_iam_role_policy_attachment`,
  (policy): Fault[] => {
    const attached = policy.at("policy_arn").text;
    const wide = plannedStatements(policy.at("policy"))
      .filter(({ effect }) => effect === "Allow")
      .flatMap(({ actions, notActions, notResources }) => [
        ...actions.filter((action) => action.includes("*")),
        ...(notActions.length + notResources.length > 0
          ? ["all but what NotAction or NotResource names"]
          : []),
      ]);
    if (WIDE_MANAGED_POLICY.test(attached)) wide.push(attached);
    return wide.length === 0
      ? []
      : [{ finding: `allows ${wide.join(", ")}`, remedy: "list the actions that are called, one by one" }];
  },
);
