import { defineRule, each, type Fault } from "../rule";

const HTTPS_VIEWER_POLICIES = ["redirect-to-https", "https-only"];
const CURRENT_TLS_POLICY = /^TLSv1\.[23]_20(2[1-9]|[3-9]\d)$/;

export const distributionRequiresHttps = defineRule({
  id: "distribution-requires-https",
  sentence: "A distribution serves viewers by HTTPS only, with TLS 1.2 or newer.",
  source: "https://docs.aws.amazon.com/securityhub/latest/userguide/cloudfront-controls.html#cloudfront-3",
  code: {
    "stacks/constructs/edge/edge-policies.ts": ["viewerProtocolPolicy"],
    "stacks/constructs/edge/edge.ts": ["minimumProtocolVersion"],
  },
  find: each("aws_cloudfront_distribution", (distribution) => {
    const behaviors = ["default_cache_behavior", "ordered_cache_behavior"].flatMap(
      (name) => distribution.at(name).list,
    );
    const certificate = distribution.at("viewer_certificate");
    const faults: Fault[] = [];
    if (
      behaviors.some(
        (behavior) => !HTTPS_VIEWER_POLICIES.includes(behavior.at("viewer_protocol_policy").text),
      )
    ) {
      faults.push({
        finding: "a cache behavior serves viewers by plain HTTP",
        remedy: 'set viewerProtocolPolicy of every cache behavior to "redirect-to-https" or "https-only"',
      });
    }
    if (
      certificate.at("acm_certificate_arn").exists &&
      !CURRENT_TLS_POLICY.test(certificate.at("minimum_protocol_version").text)
    ) {
      faults.push({
        finding: "versions of TLS before 1.2 are accepted",
        remedy: 'set viewerCertificate.minimumProtocolVersion to "TLSv1.2_2021" or newer',
        source:
          "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html",
      });
    }
    return faults;
  }),
});
