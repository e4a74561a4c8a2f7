import {
  CloudfrontDistribution,
  type CloudfrontDistributionOrigin,
} from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { CloudfrontOriginAccessControl } from "@cdktf/provider-aws/lib/cloudfront-origin-access-control";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../../lib/names";
import type { Bucket } from "../data/bucket";
import { ORIGIN_VERIFY_HEADER } from "./origin-verify";
import { EdgeLogs } from "./edge-logs";
import { EdgePolicies } from "./edge-policies";
import type { PlaybackKeys } from "./playback-keys";
import { optional } from "../../lib/optional";
import type { EdgeSettings } from "./settings";

export interface EdgeProps extends Pick<EdgeSettings, "priceClass"> {
  /** Keys that verify viewers' cookies. */
  readonly viewerKeys: PlaybackKeys;
  readonly account: string;
  /** Provider of us-east-1, for CloudFront's resources. */
  readonly provider: TerraformProvider;
  readonly domain: string;
  /** Certificate of the domain in us-east-1; without it, only CloudFront's own host name works. */
  readonly certificateArn: string | undefined;
  /** Web ACL of the distribution, if it has one. */
  readonly webAclArn: string | undefined;
  readonly logs: Bucket;
  /** Origins of the behaviours. */
  readonly origins: {
    readonly app: string;
    readonly static: Bucket;
    readonly api: string;
    readonly stream: Bucket;
    readonly events: { readonly hostName: string; readonly secure: boolean };
  };
}

/** The CloudFront distribution: one host name for the app, static files, the API, links, streams and events. */
export class Edge extends Construct {
  readonly distributionId: string;
  readonly distributionArn: string;
  readonly hostName: string;
  readonly zoneId: string;
  /** Value of the header `ORIGIN_VERIFY_HEADER` in requests to the API and the load balancer. */
  readonly originVerifyValue: string;
  /** For `dependsOn` of what calls it. */
  readonly resource: CloudfrontDistribution;

  constructor(scope: Construct, id: string, props: EdgeProps) {
    super(scope, id);
    const { domain, certificateArn } = props;
    const policies = new EdgePolicies(this, "policies");
    this.originVerifyValue = policies.streamCacheId;
    const distribution = new CloudfrontDistribution(this, "Default", {
      enabled: true,
      comment: physicalName(this, "CloudFront policy"),
      httpVersion: "http2and3",
      isIpv6Enabled: true,
      priceClass: props.priceClass,
      waitForDeployment: false,
      ...optional({ webAclId: props.webAclArn }),
      origin: this.origins(props.origins),
      defaultCacheBehavior: policies.page("app"),
      // The first match applies.
      orderedCacheBehavior: [
        {
          pathPattern: "/api/*/playback",
          ...policies.passThrough("api", { setsCookies: true, writes: true }),
        },
        { pathPattern: "/api/*", ...policies.passThrough("api", { writes: true }) },
        { pathPattern: "/v/*", ...policies.passThrough("links") },
        { pathPattern: "/embed/*", ...policies.player("app") },
        { pathPattern: "/events/*", ...policies.passThrough("events") },
        { pathPattern: "/static/*", ...policies.files("static") },
        { pathPattern: "/stream/*", ...policies.stream("stream", { signedBy: props.viewerKeys }) },
      ],
      restrictions: { geoRestriction: { restrictionType: "none" } },
      ...publicName({ domain, certificateArn }),
    });
    this.resource = distribution;
    this.distributionId = distribution.id;
    this.distributionArn = distribution.arn;
    this.hostName = distribution.domainName;
    this.zoneId = distribution.hostedZoneId;
    this.letRead(props.origins.static, "static");
    this.letRead(props.origins.stream, "stream");
    new EdgeLogs(this, "logs", {
      account: props.account,
      provider: props.provider,
      logs: props.logs,
      distributionArn: distribution.arn,
    });
  }

  private origins(origins: EdgeProps["origins"]): CloudfrontDistributionOrigin[] {
    const access = new CloudfrontOriginAccessControl(this, "bucket-access", {
      name: physicalName(this, "CloudFront policy", "bucket-access"),
      description: "CloudFront signs its requests to buckets",
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
    const bucket = (originId: string, { regionalDomainName }: Bucket): CloudfrontDistributionOrigin => ({
      originId,
      domainName: regionalDomainName,
      originAccessControlId: access.id,
    });
    const marked = { customHeader: [{ name: ORIGIN_VERIFY_HEADER, value: this.originVerifyValue }] };
    return [
      custom("app", { domainName: origins.app, originProtocolPolicy: "https-only" }),
      bucket("static", origins.static),
      { ...custom("api", { domainName: origins.api, originProtocolPolicy: "https-only" }), ...marked },
      {
        ...custom("links", { domainName: origins.api, originProtocolPolicy: "https-only" }),
        ...marked,
        // The API's stage, which other paths of the API begin with.
        originPath: "/api",
      },
      bucket("stream", origins.stream),
      {
        ...custom("events", {
          domainName: origins.events.hostName,
          originProtocolPolicy: origins.events.secure ? "https-only" : "http-only",
        }),
        ...marked,
      },
    ];
  }

  /** Allows only this distribution to read objects below a path. */
  private letRead(bucket: Bucket, prefix: string): void {
    bucket.allow({
      Sid: "Edge",
      Principal: { Service: "cloudfront.amazonaws.com" },
      Action: "s3:GetObject",
      Resource: `${bucket.arn}/${prefix}/*`,
      Condition: { StringEquals: { "AWS:SourceArn": this.distributionArn } },
    });
  }
}

interface CustomOrigin {
  readonly domainName: string;
  readonly originProtocolPolicy: "https-only" | "http-only";
}

function custom(
  originId: string,
  { domainName, originProtocolPolicy }: CustomOrigin,
): CloudfrontDistributionOrigin {
  return {
    originId,
    domainName,
    customOriginConfig: {
      httpPort: 80,
      httpsPort: 443,
      originProtocolPolicy,
      originSslProtocols: ["TLSv1.2"],
      originReadTimeout: 60,
      originKeepaliveTimeout: 60,
    },
  };
}

/** Domain and certificate; CloudFront's own name without a certificate. */
function publicName({ domain, certificateArn }: Pick<EdgeProps, "domain" | "certificateArn">) {
  if (certificateArn === undefined) {
    return { viewerCertificate: { cloudfrontDefaultCertificate: true, minimumProtocolVersion: "TLSv1" } };
  }
  return {
    aliases: [domain],
    viewerCertificate: {
      acmCertificateArn: certificateArn,
      sslSupportMethod: "sni-only",
      minimumProtocolVersion: "TLSv1.2_2021",
    },
  };
}
