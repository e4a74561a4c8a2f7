import { defineRule, each, type Fault } from "../rule";
import type { Value } from "@packages/terraform/value";

/** Parameters of PostgreSQL that take effect at a restart only. */
const STATIC_PARAMETERS = [
  "max_connections",
  "rds.force_ssl",
  "rds.logical_replication",
  "shared_buffers",
  "shared_preload_libraries",
];

/** AWS returns these in another form than Terraform sent them, so that every plan changes them again. */
export const secondPlanIsEmpty = defineRule({
  id: "second-plan-is-empty",
  sentence: "No attribute is set in a form that AWS returns differently.",
  source:
    "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_parameter_group#problematic-plan-changes",
  code: {
    "stacks/constructs/data/database.ts": ["applyMethod"],
    "stacks/constructs/edge/edge-policies.ts": ["CloudfrontResponseHeadersPolicy"],
  },
  find: each(["aws_amplify_app", "aws_db_parameter_group"], (resource) =>
    resource.type === "aws_amplify_app"
      ? customHeaders(resource)
      : resource.at("parameter").list.flatMap((parameter) => applyMethod(parameter)),
  ),
});

function customHeaders(app: Value): Fault[] {
  if (!app.at("custom_headers").exists) return [];
  return [
    {
      finding: "Amplify returns customHeaders as JSON although it accepts YAML only",
      remedy: "remove customHeaders; set the headers in a CloudfrontResponseHeadersPolicy",
      source: "https://github.com/hashicorp/terraform-provider-aws/issues/34318",
    },
  ];
}

/** https://github.com/hashicorp/terraform-provider-aws/issues/39252 */
function applyMethod(parameter: Value): Fault[] {
  const name = parameter.at("name").text;
  if (!STATIC_PARAMETERS.includes(name) || parameter.at("apply_method").text === "pending-reboot") return [];
  return [
    {
      finding: `the static parameter ${name} is set immediately, which RDS refuses or stores as pending-reboot`,
      remedy: 'set applyMethod of the parameter to "pending-reboot"',
    },
  ];
}
