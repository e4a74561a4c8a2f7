import type { AccessRequest } from "@packages/iam/evaluate";
import { actionOf, type RoleCall } from "./role-call";

/**
 * The action that AWS requires for the tags of a new resource, by the prefix of its service. S3 and IAM name the
 * resource too: see `s3-call.ts` and `control-call.ts`.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const TAG_ACTIONS: Readonly<Record<string, string>> = {
  acm: "AddTagsToCertificate",
  amplify: "TagResource",
  "application-autoscaling": "TagResource",
  backup: "TagResource",
  budgets: "TagResource",
  cloudfront: "TagResource",
  cloudwatch: "TagResource",
  "cognito-idp": "TagResource",
  ec2: "CreateTags",
  ecr: "TagResource",
  ecs: "TagResource",
  elasticache: "AddTagsToResource",
  elasticloadbalancing: "AddTags",
  events: "TagResource",
  grafana: "TagResource",
  kms: "TagResource",
  lambda: "TagResource",
  logs: "TagResource",
  rds: "AddTagsToResource",
  scheduler: "TagResource",
  secretsmanager: "TagResource",
  sns: "TagResource",
  sqs: "TagQueue",
  wafv2: "TagResource",
  xray: "TagResource",
};

const IN_THEIR_OWN_WAY = ["iam", "s3", "sts"];

/**
 * What a request with tags asks for besides its own action. Throws if the service's action is not known. Requests to
 * remove tags have only their own.
 */
export function tagAsks(call: RoleCall): AccessRequest[] {
  const { service, operation, tagged, region } = call;
  if (!tagged || IN_THEIR_OWN_WAY.includes(service) || /^(Delete|Remove|Untag)/.test(operation)) return [];
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
  if (service === "apigateway")
    return [{ action: "apigateway:PUT", resource: `arn:aws:apigateway:${region}::/tags/*`, context: {} }];
  const [prefix = ""] = actionOf(call).split(":");
  const name = TAG_ACTIONS[prefix];
  if (name === undefined) {
    throw new Error(
      `${service} ${operation} has tags: add its action for tags to packages/embedded-aws/permissions/tag-asks.ts`,
    );
  }
  return [{ action: `${prefix}:${name}`, resource: "*", context: {} }];
}
