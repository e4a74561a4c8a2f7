import { defineRule, each } from "../rule";

export const webAclIsAssociated = defineRule({
  id: "web-acl-is-associated",
  sentence: "A web ACL is associated with a resource or named by a distribution.",
  source: "https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-associating-aws-resource.html",
  code: {
    "stacks/constructs/edge/firewall.ts": ["associations"],
    "stacks/constructs/edge/edge.ts": ["webAclId"],
  },
  find: each("aws_wafv2_web_acl", (acl, stack) => {
    if (acl.at("scope").text === "CLOUDFRONT") {
      return stack.pointing("aws_cloudfront_distribution", "web_acl_id", acl).length > 0
        ? undefined
        : {
            finding: "no distribution uses the web ACL",
            remedy: "set webAclId of a distribution to its ARN",
          };
    }
    return stack.pointing("aws_wafv2_web_acl_association", "web_acl_arn", acl).length > 0
      ? undefined
      : {
          finding: "the web ACL is associated with no resource",
          remedy: "add the ARN of an API stage or of a load balancer to associations of the Firewall",
        };
  }),
});
