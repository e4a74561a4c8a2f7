import { Route53Record } from "@cdktf/provider-aws/lib/route53-record";
import { Lazy, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { Certificate } from "./certificate";
import type { Edge } from "./edge";
import type { LoadBalancer } from "./load-balancer";

export interface PublicAddressProps {
  /** Public host name of the environment. */
  readonly domain: string;
  /** Zone of the domain; without it there are no certificates and no records, only AWS's own host names. */
  readonly hostedZoneId: string | undefined;
  /** Of us-east-1, where CloudFront wants its certificate. */
  readonly provider: TerraformProvider;
}

interface AliasRecord {
  readonly name: string;
  readonly type: string;
  /** Host name of an AWS service, and the zone that it is in. */
  readonly target: string;
  readonly targetZone: string;
}

/** The environment's host names: the public one, which leads to CloudFront, and the load balancer's. */
export class PublicAddress extends Construct {
  /**
   * Origin of the pages, `https://` and a host name: the domain where there is a zone, else CloudFront's own name. For
   * whatever must know it, constructs before the edge too; `publish` makes it known.
   */
  readonly url: string;
  /**
   * ARNs, where there is a zone: of the public name in us-east-1, for CloudFront, and of the load balancer's name in the
   * stack's region.
   */
  readonly certificates: { readonly edge?: string; readonly origin?: string } = {};
  private readonly originName: string;
  private edge: Edge | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PublicAddressProps,
  ) {
    super(scope, id);
    const { domain, hostedZoneId, provider } = props;
    this.originName = `origin.${domain}`;
    this.url =
      hostedZoneId === undefined
        ? Lazy.stringValue({ produce: () => `https://${this.published().hostName}` })
        : `https://${domain}`;
    if (hostedZoneId === undefined) return;
    const edge = new Certificate(this, "edge-certificate", { domain, hostedZoneId, provider });
    const origin = new Certificate(this, "origin-certificate", { domain: this.originName, hostedZoneId });
    this.certificates = { edge: edge.arn, origin: origin.arn };
  }

  /** Where CloudFront finds the load balancer: by a name that its certificate holds, if there is one. */
  origin(balancer: LoadBalancer): { hostName: string; secure: boolean } {
    if (this.props.hostedZoneId === undefined) return { hostName: balancer.dnsName, secure: false };
    this.record("origin", {
      name: this.originName,
      type: "A",
      target: balancer.dnsName,
      targetZone: balancer.zoneId,
    });
    return { hostName: this.originName, secure: true };
  }

  /** Leads the public name to CloudFront. */
  publish(edge: Edge): void {
    const { domain, hostedZoneId } = this.props;
    this.edge = edge;
    for (const type of hostedZoneId === undefined ? [] : ["A", "AAAA"]) {
      const target = { target: edge.hostName, targetZone: edge.zoneId };
      this.record(`public-${type.toLowerCase()}`, { name: domain, type, ...target });
    }
  }

  private published(): Edge {
    if (this.edge === undefined)
      throw new Error(`${this.node.path} was not published: its host name is the edge's`);
    return this.edge;
  }

  private record(id: string, { name, type, target, targetZone }: AliasRecord): void {
    if (this.props.hostedZoneId === undefined) return;
    new Route53Record(this, id, {
      zoneId: this.props.hostedZoneId,
      name,
      type,
      alias: { name: target, zoneId: targetZone, evaluateTargetHealth: false },
    });
  }
}
