import { each, type Fault } from "../rule";
import { plannedStatements } from "@packages/iam/planned-policy";

const POLICIES = "aws_iam_policy,aws_iam_role_policy,aws_iam_user_policy,aws_iam_group_policy";
const TOO_WIDE = /policy\/(AdministratorAccess|PowerUserAccess|\w*FullAccess)$/;

export const roleNamesItsActions = each(`${POLICIES},aws_iam_role_policy_attachment`, (policy): Fault[] => {
  const attached = policy.at("policy_arn").text;
  const wide = plannedStatements(policy.at("policy"))
    .filter(({ effect }) => effect === "Allow")
    .flatMap(({ actions, notActions, notResources }) => [
      ...actions.filter((action) => action.includes("*")),
      ...(notActions.length + notResources.length > 0 ? ["all but what NotAction or NotResource names"] : []),
    ]);
  if (TOO_WIDE.test(attached)) wide.push(attached);
  return wide.length === 0
    ? []
    : [{ what: `allows ${wide.join(", ")}`, mend: "list the actions that are called, one by one" }];
});
