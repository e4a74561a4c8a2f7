import { each, type Fault } from "../rule";
import type { Resource, Stack } from "@packages/terraform/synthesized-stack";

const EDGE_REGION = "us-east-1";

/** CloudFront takes web ACLs of its own scope and certificates, both from us-east-1 only. */
export const webAclLivesWhereItMust = each(
  "aws_wafv2_web_acl,aws_wafv2_web_acl_association,aws_cloudfront_distribution",
  (resource, stack): Fault[] => {
    if (resource.type === "aws_wafv2_web_acl") {
      return resource.at("scope").text === "CLOUDFRONT" ? elsewhere(resource, stack) : [];
    }
    const acl = (attribute: string) => stack.meant("aws_wafv2_web_acl", resource.at(attribute).text);
    if (resource.type === "aws_wafv2_web_acl_association") return scoped(acl("web_acl_arn"), "REGIONAL");
    return [...scoped(acl("web_acl_id"), "CLOUDFRONT"), ...certificate(resource, stack)];
  },
);

function scoped(acl: Resource | undefined, scope: string): Fault[] {
  return acl === undefined || acl.at("scope").text === scope
    ? []
    : [
        {
          finding: `uses ${acl.address}, whose scope is not ${scope}`,
          remedy: `give it a web ACL of scope ${scope}`,
        },
      ];
}

function certificate(distribution: Resource, stack: Stack): Fault[] {
  const text = distribution.at("viewer_certificate.acm_certificate_arn").text;
  const validated = stack.meant("aws_acm_certificate_validation", text)?.at("certificate_arn").text ?? text;
  const found = stack.meant("aws_acm_certificate", validated);
  return found === undefined ? [] : elsewhere(found, stack);
}

function elsewhere(resource: Resource, stack: Stack): Fault[] {
  const region = stack.regionOf(resource);
  return region === EDGE_REGION
    ? []
    : [
        {
          finding: `${resource.address} of CloudFront is in ${region || "an unknown region"}`,
          remedy: `give it the provider of ${EDGE_REGION} (aws.us_east_1)`,
        },
      ];
}
