import { AcmCertificate } from "@cdktf/provider-aws/lib/acm-certificate";
import { AcmCertificateValidation } from "@cdktf/provider-aws/lib/acm-certificate-validation";
import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { optional } from "../../lib/optional";

export interface CertificateProps {
  readonly domain: string;
  /** Hosted zone of the domain, for the validation record. */
  readonly hostedZoneId: string;
  /** Provider of us-east-1 for CloudFront's certificate. */
  readonly provider?: TerraformProvider;
}

/** A certificate with DNS validation; it renews automatically while the record exists. */
export class Certificate extends Construct {
  /** ARN of the issued certificate. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: CertificateProps) {
    super(scope, id);
    const provider = optional({ provider: props.provider });
    const certificate = new AcmCertificate(this, "Default", {
      ...provider,
      domainName: props.domain,
      validationMethod: "DNS",
      lifecycle: { createBeforeDestroy: true },
    });
    const proof = certificate.domainValidationOptions.get(0);
    const record = new Route53Record(this, "proof", {
      zoneId: props.hostedZoneId,
      name: proof.resourceRecordName,
      type: proof.resourceRecordType,
      records: [proof.resourceRecordValue],
      ttl: 300,
      // The same record validates the domain in all regions.
      allowOverwrite: true,
    });
    this.arn = new AcmCertificateValidation(this, "validation", {
      ...provider,
      certificateArn: certificate.arn,
      validationRecordFqdns: [record.fqdn],
    }).certificateArn;
  }
}
