import { each } from "../rule";

const HTTPS_VIEWER_POLICIES = ["redirect-to-https", "https-only"];

export const distributionForcesHttps = each("aws_cloudfront_distribution", (distribution) => {
  const behaviours = ["default_cache_behavior", "ordered_cache_behavior"].flatMap(
    (name) => distribution.at(name).list,
  );
  const certificate = distribution.at("viewer_certificate");
  return [
    behaviours.every((behaviour) =>
      HTTPS_VIEWER_POLICIES.includes(behaviour.at("viewer_protocol_policy").text),
    )
      ? undefined
      : {
          finding: "answers viewers over plain HTTP",
          remedy: 'set viewerProtocolPolicy of every behaviour to "redirect-to-https" or "https-only"',
        },
    !certificate.at("acm_certificate_arn").exists ||
    /^TLSv1\.[23]_20(2[1-9]|[3-9]\d)$/.test(certificate.at("minimum_protocol_version").text)
      ? undefined
      : {
          finding: "takes old TLS",
          remedy: 'set viewerCertificate.minimumProtocolVersion to "TLSv1.2_2021" or newer',
        },
  ].filter((fault) => fault !== undefined);
});
