import { defineRule, each } from "../rule";
import { plannedStatements } from "@packages/iam/planned-policy";

/** Without a boundary, those who may change a role could grant it more than they have themselves. */
export const roleHasPermissionsBoundary = defineRule({
  id: "role-has-permissions-boundary",
  sentence: "A role that a service assumes has a permissions boundary.",
  source: "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html",
  code: { "stacks/constructs/delivery/workload-boundary.ts": ["boundRoles"] },
  find: each("aws_iam_role", (role) => {
    const isForService = plannedStatements(role.at("assume_role_policy")).some(({ principals }) =>
      principals.some((principal) => principal.startsWith("Service:")),
    );
    return !isForService || role.at("permissions_boundary").text !== ""
      ? undefined
      : {
          finding: "a service assumes the role, and it has no permissions boundary",
          remedy: "call boundRoles for the stack or for a construct above the role",
        };
  }),
});
