import { defineRule, each, type Fault } from "../rule";
import { IDENTITY_POLICY_TYPES } from "../identity-policies";
import { plannedStatements } from "@packages/iam/planned-policy";

const WIDE_MANAGED_POLICY = /policy\/(AdministratorAccess|PowerUserAccess|\w*FullAccess)$/;

export const policyHasNoActionWildcard = defineRule({
  id: "policy-has-no-action-wildcard",
  sentence: "A policy lists its actions, without wildcards.",
  source: "https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-21",
  code: { "stacks/lib/permissions.ts": ["actions"] },
  find: each([...IDENTITY_POLICY_TYPES, "aws_iam_role_policy_attachment"], (policy): Fault[] => {
    const attached = policy.at("policy_arn").text;
    const wide = plannedStatements(policy.at("policy"))
      .filter(({ effect }) => effect === "Allow")
      .flatMap(({ actions, notActions, notResources }) => [
        ...actions.filter((action) => action.includes("*")),
        ...(notActions.length + notResources.length > 0
          ? ["everything except what NotAction or NotResource names"]
          : []),
      ]);
    if (WIDE_MANAGED_POLICY.test(attached)) wide.push(attached);
    return wide.length === 0
      ? []
      : [
          {
            finding: `allows ${wide.join(", ")}`,
            remedy: "list each action that is called in actions of a Permission",
          },
        ];
  }),
});
