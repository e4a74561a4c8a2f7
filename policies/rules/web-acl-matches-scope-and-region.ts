import { defineRule, each, type Fault } from "../rule";
import type { Resource, Stack } from "@packages/terraform/synthesized-stack";

const CLOUDFRONT_REGION = "us-east-1";

/** CloudFront accepts web ACLs of scope CLOUDFRONT and certificates, both from us-east-1 only. */
export const webAclMatchesScopeAndRegion = defineRule({
  id: "web-acl-matches-scope-and-region",
  sentence:
    "CloudFront's web ACL has the scope CLOUDFRONT, every other REGIONAL; CloudFront's web ACL and certificate are in us-east-1.",
  source: "https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html",
  code: {
    "stacks/constructs/edge/firewall.ts": ["Firewall"],
    "stacks/constructs/edge/certificate.ts": ["Certificate"],
  },
  find: each(
    ["aws_wafv2_web_acl", "aws_wafv2_web_acl_association", "aws_cloudfront_distribution"],
    (resource, stack): Fault[] => {
      if (resource.type === "aws_wafv2_web_acl") {
        return resource.at("scope").text === "CLOUDFRONT" ? wrongRegion(resource, "Firewall", stack) : [];
      }
      const acl = (attribute: string) => stack.meant("aws_wafv2_web_acl", resource.at(attribute).text);
      if (resource.type === "aws_wafv2_web_acl_association") {
        return wrongScope(acl("web_acl_arn"), "REGIONAL");
      }
      return [...wrongScope(acl("web_acl_id"), "CLOUDFRONT"), ...certificateInWrongRegion(resource, stack)];
    },
  ),
});

function wrongScope(acl: Resource | undefined, scope: string): Fault[] {
  return acl === undefined || acl.at("scope").text === scope
    ? []
    : [
        {
          finding: `${acl.address} does not have the scope ${scope}`,
          remedy: `use a Firewall with scope "${scope}"`,
        },
      ];
}

function certificateInWrongRegion(distribution: Resource, stack: Stack): Fault[] {
  const text = distribution.at("viewer_certificate.acm_certificate_arn").text;
  const validated = stack.meant("aws_acm_certificate_validation", text)?.at("certificate_arn").text ?? text;
  const certificate = stack.meant("aws_acm_certificate", validated);
  if (certificate === undefined) return [];
  return wrongRegion(certificate, "Certificate", stack).map((fault) => ({
    ...fault,
    source:
      "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html",
  }));
}

function wrongRegion(resource: Resource, construct: "Firewall" | "Certificate", stack: Stack): Fault[] {
  const region = stack.regionOf(resource);
  return region === CLOUDFRONT_REGION
    ? []
    : [
        {
          finding: `${resource.address} is for CloudFront, and is in ${region || "an unknown region"}`,
          remedy: `give the ${construct} the provider of ${CLOUDFRONT_REGION} (aws.us_east_1)`,
        },
      ];
}
