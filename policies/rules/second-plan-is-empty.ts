import { each, type Fault } from "../rule";
import type { Value } from "@packages/terraform/value";

/** Parameters of PostgreSQL that take effect at a restart only. */
const STATIC_PARAMETERS = [
  "max_connections",
  "rds.force_ssl",
  "rds.logical_replication",
  "shared_buffers",
  "shared_preload_libraries",
];

/** What AWS gives back in another form than it took it, so that Terraform changes it with every apply. */
export const secondPlanIsEmpty = each("aws_amplify_app,aws_db_parameter_group", (resource) =>
  resource.type === "aws_amplify_app"
    ? customHeaders(resource)
    : resource.at("parameter").list.flatMap((parameter) => applyMethod(parameter)),
);

/** https://github.com/hashicorp/terraform-provider-aws/issues/34318 */
function customHeaders(app: Value): Fault[] {
  if (!app.at("custom_headers").exists) return [];
  return [
    {
      finding: "has custom headers, written as YAML: Amplify gives them back as JSON, which it does not take",
      remedy: "leave custom_headers out; the distribution's response headers policy sets headers",
    },
  ];
}

/** https://github.com/hashicorp/terraform-provider-aws/issues/39252 */
function applyMethod(parameter: Value): Fault[] {
  const name = parameter.at("name").text;
  if (!STATIC_PARAMETERS.includes(name) || parameter.at("apply_method").text === "pending-reboot") return [];
  return [
    {
      finding: `sets the static parameter ${name} at once: RDS refuses that, or keeps pending-reboot`,
      remedy: 'set apply_method to "pending-reboot"',
    },
  ];
}
