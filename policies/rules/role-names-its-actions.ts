import { each, type Fault } from "../rule";
import { statementsOf } from "@packages/terraform/iam-statements";

const POLICY_TYPES = "aws_iam_policy,aws_iam_role_policy,aws_iam_user_policy,aws_iam_group_policy";
const WIDE_MANAGED_POLICY = /policy\/(AdministratorAccess|PowerUserAccess|\w*FullAccess)$/;

export const roleNamesItsActions = each(
  `${POLICY_TYPES},aws_iam_role_policy_attachment`,
  (policy): Fault[] => {
    const attached = policy.at("policy_arn").text;
    const wide = statementsOf(policy.at("policy"))
      .filter(({ effect }) => effect === "Allow")
      .flatMap(({ actions, excepts }) => [
        ...actions.filter((action) => action.includes("*")),
        ...(excepts ? ["all but what NotAction or NotResource names"] : []),
      ]);
    if (WIDE_MANAGED_POLICY.test(attached)) wide.push(attached);
    return wide.length === 0
      ? []
      : [{ finding: `allows ${wide.join(", ")}`, remedy: "list the actions that are called, one by one" }];
  },
);
