import { each } from "../rule";
import { plannedStatements } from "@packages/iam/planned-policy";

/** Who may change roles could otherwise give one of them more than they have themselves. */
export const roleHasABoundary = each("aws_iam_role", (role) => {
  const forService = plannedStatements(role.at("assume_role_policy")).some(({ principals }) =>
    principals.some((who) => who.startsWith("Service:")),
  );
  return !forService || role.at("permissions_boundary").text !== ""
    ? undefined
    : {
        finding: "is a service's, and nothing limits what it may be given",
        remedy: "put it below a construct with boundRoles, or set permissions_boundary",
      };
});
