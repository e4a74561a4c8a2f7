import { anyResource } from "../exceptions";
import { defineRule, each, type Fault } from "../rule";
import { IDENTITY_POLICY_TYPES } from "../identity-policies";
import { plannedStatements } from "@packages/iam/planned-policy";

export const policyHasNoResourceWildcard = defineRule({
  id: "policy-has-no-resource-wildcard",
  sentence: 'A policy names its resources, or has a reason for "*".',
  source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
  code: { "stacks/lib/permissions.ts": ["resources"] },
  find: each(IDENTITY_POLICY_TYPES, (policy): Fault[] => {
    const unexplained = plannedStatements(policy.at("policy"))
      .filter(({ effect, resources }) => effect === "Allow" && resources.includes("*"))
      .flatMap(({ actions }) => actions.filter((action) => !(action in anyResource)));
    return unexplained.length === 0
      ? []
      : [
          {
            finding: `allows ${unexplained.join(", ")} on every resource`,
            remedy:
              "list ARNs in resources of the Permission; if the action supports none, add it with the reason to anyResource in policies/exceptions.ts",
          },
        ];
  }),
});
