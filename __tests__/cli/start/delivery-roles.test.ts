import { existsSync } from "node:fs";
import { join } from "node:path";
import { deliveryPolicyOf } from "../../../cli/start/delivery-roles";
import { projectFolder } from "../../../packages/cli-kit/paths";

const nothing = "nothing allows it";

test.each([
  ["-plan", "sqs:GetQueueAttributes", nothing, "stacks/constructs/delivery/plan-reads.ts"],
  [
    "-apply",
    "sqs:CreateQueue",
    nothing,
    "RECORDED_ACTIONS in stacks/constructs/delivery/recorded-actions.ts",
  ],
  ["-apply", "iam:PassRole", nothing, "stacks/constructs/delivery/delivery-permissions.ts"],
  [
    "-apply",
    "dynamodb:CreateTable",
    "its boundary does not allow it",
    "BOUNDARY_SERVICES in stacks/constructs/delivery/delivery-permissions.ts",
  ],
])("of a role %s that may not %s as %s, the policy is in %s", (role, action, why, place) => {
  expect(deliveryPolicyOf({ role, action, why })).toBe(place);
  expect(existsSync(join(projectFolder, place.split(" ").at(-1) ?? ""))).toBe(true);
});
