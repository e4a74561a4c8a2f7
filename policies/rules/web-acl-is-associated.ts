import { each } from "../rule";

export const webAclIsAssociated = each("aws_wafv2_web_acl", (acl, stack) =>
  (
    acl.at("scope").text === "CLOUDFRONT"
      ? stack.pointing("aws_cloudfront_distribution", "web_acl_id", acl).length > 0
      : stack.pointing("aws_wafv2_web_acl_association", "web_acl_arn", acl).length > 0
  )
    ? undefined
    : {
        finding: "guards nothing",
        remedy: "add a Wafv2WebAclAssociation (REGIONAL) or set webAclId of the distribution (CLOUDFRONT)",
      },
);
