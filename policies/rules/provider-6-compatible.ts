import { defineRule } from "../rule";

/** What version 6 of the AWS provider removed: attributes by type. */
const REMOVED_ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  aws_eip: ["vpc"],
  aws_flow_log: ["log_group_name"],
  aws_api_gateway_deployment: ["stage_name", "stage_description", "canary_settings"],
  aws_api_gateway_account: ["reset_on_delete"],
  aws_ecs_task_definition: ["inference_accelerator"],
};
const REMOVED_REFERENCES = [
  /\baws_api_gateway_deployment\.[\w-]+\.(invoke_url|execution_arn)\b/,
  /\bdata\.aws_region\.[\w-]+\.name\b/,
  /(?<!data\.)\baws_s3_bucket\.[\w-]+\.region\b/,
];

export const provider6Compatible = defineRule({
  id: "provider-6-compatible",
  sentence: "No attribute is used that version 6 of the AWS provider removed.",
  source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/version-6-upgrade",
  code: { "stacks/lib/aws-provider.ts": ["AWS_PROVIDER"] },
  find: (stack) =>
    stack.resources.flatMap((resource) => {
      const set = (REMOVED_ATTRIBUTES[resource.type] ?? []).filter(
        (attribute) => resource.at(attribute).exists,
      );
      const text = JSON.stringify(resource.raw);
      const read = REMOVED_REFERENCES.flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
      return [...set, ...read].map((name) => ({
        address: resource.address,
        path: resource.path,
        finding: `uses ${name}, which version 6 of the AWS provider removed`,
        remedy: `replace ${name} as the upgrade guide describes: AWS_PROVIDER allows version 6`,
      }));
    }),
});
