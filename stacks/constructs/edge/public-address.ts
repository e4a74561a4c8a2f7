import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Lazy, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Certificate } from "./certificate";
import type { Edge } from "./edge";
import type { LoadBalancer } from "./load-balancer";
import { type DnsSettings, originNameOf } from "./settings";

export interface PublicAddressProps {
  /** Public host name of the environment. */
  readonly domain: string;
  /** Without it, there are no certificates and records, only AWS's host names. */
  readonly dns: DnsSettings;
  /** Provider of us-east-1 for CloudFront's certificate. */
  readonly provider: TerraformProvider;
}

interface AliasRecord {
  readonly name: string;
  readonly type: string;
  /** Target host name of an AWS service and its zone. */
  readonly target: string;
  readonly targetZone: string;
}

/** The environment's host names: the public one for CloudFront, and the load balancer's. */
export class PublicAddress extends Construct {
  /**
   * Public URL of the pages: the domain, or CloudFront's host name if DNS is off. Available before the edge exists;
   * `publish` sets it.
   */
  readonly url: string;
  /** Certificate ARNs, unless DNS is off: the public name's in us-east-1 and the load balancer's in the region. */
  readonly certificates: { readonly edge?: string; readonly origin?: string };
  /** Records so far, for `dependsOn` of what calls the public name; none without a zone in Route 53. */
  readonly records: Route53Record[] = [];
  private readonly originName: string;
  private edge: Edge | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PublicAddressProps,
  ) {
    super(scope, id);
    const { domain, dns } = props;
    this.originName = originNameOf(domain);
    this.certificates = this.createCertificates(props);
    this.url =
      "off" in dns
        ? Lazy.stringValue({ produce: () => `https://${this.published().hostName}` })
        : `https://${domain}`;
  }

  private createCertificates({ domain, dns, provider }: PublicAddressProps): PublicAddress["certificates"] {
    if ("off" in dns) return {};
    if (dns.kind === "certificates")
      return { edge: dns.edgeCertificateArn, origin: dns.originCertificateArn };
    const { hostedZoneId } = dns;
    const edge = new Certificate(this, "edge-certificate", { domain, hostedZoneId, provider });
    const origin = new Certificate(this, "origin-certificate", { domain: this.originName, hostedZoneId });
    return { edge: edge.arn, origin: origin.arn };
  }

  /** Host name of the load balancer for CloudFront: the one in its certificate, if any. */
  origin(balancer: LoadBalancer): { hostName: string; secure: boolean } {
    if ("off" in this.props.dns) return { hostName: balancer.dnsName, secure: false };
    this.record("origin", {
      name: this.originName,
      type: "A",
      target: balancer.dnsName,
      targetZone: balancer.zoneId,
    });
    return { hostName: this.originName, secure: true };
  }

  /** Points the public name to CloudFront. */
  publish(edge: Edge): void {
    const { domain } = this.props;
    this.edge = edge;
    for (const type of ["A", "AAAA"]) {
      const target = { target: edge.hostName, targetZone: edge.zoneId };
      this.record(`public-${type.toLowerCase()}`, { name: domain, type, ...target });
    }
  }

  private published(): Edge {
    if (this.edge === undefined)
      throw new Error(`${this.node.path} is not published: its host name is the edge's`);
    return this.edge;
  }

  /** Creates a record in the domain's zone, if the zone is in Route 53. */
  private record(id: string, { name, type, target, targetZone }: AliasRecord): void {
    const { dns } = this.props;
    if ("off" in dns || dns.kind !== "route53") return;
    this.records.push(
      new Route53Record(this, id, {
        zoneId: dns.hostedZoneId,
        name,
        type,
        alias: { name: target, zoneId: targetZone, evaluateTargetHealth: false },
      }),
    );
  }
}
