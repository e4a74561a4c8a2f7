import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { Lb } from "@cdktf/provider-aws/lib/lb";
import {
  VpcSecurityGroupIngressRule,
  type VpcSecurityGroupIngressRuleConfig,
} from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { CLOUDFRONT_PREFIX_LISTS } from "../../lib/aws-regions";
import { physicalName } from "../../lib/names";
import type { Bucket } from "../data/bucket";
import type { Network } from "../network/network";
import { SecurityGroup } from "../network/security-group";

/** Seconds after which the load balancer closes an idle connection; its targets must close theirs later. */
export const IDLE_TIMEOUT_SECONDS = 120;

export interface LoadBalancerProps {
  readonly network: Network;
  readonly region: string;
  readonly protect: boolean;
  /** Bucket for access logs; its policy must allow the load balancer to write. */
  readonly accessLogs: Bucket;
  /** TCP port of the targets. */
  readonly targetPort: number;
  /** Certificate in the region; with it HTTPS, without it HTTP. */
  readonly certificateArn?: string | undefined;
  /** Allow only CloudFront's addresses, which all distributions share. */
  readonly onlyFromEdge: boolean;
}

/** An internet-facing load balancer for long-lived connections; targets must serve `/health`. */
export class LoadBalancer extends Construct {
  readonly arn: string;
  readonly dnsName: string;
  readonly zoneId: string;
  /** CloudWatch dimensions of the load balancer and its target group. */
  readonly arnSuffix: string;
  readonly targetGroupArnSuffix: string;
  readonly targetGroupArn: string;
  readonly securityGroup: SecurityGroup;
  /** For `dependsOn` of the service: target groups need a listener. */
  readonly listener: LbListener;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    this.securityGroup = new SecurityGroup(this, "security-group", {
      network: props.network,
      description: "Load balancer",
    });
    const balancer = new Lb(this, "Default", {
      name: physicalName(this, "load balancer"),
      loadBalancerType: "application",
      internal: false,
      subnets: props.network.publicSubnetIds,
      securityGroups: [this.securityGroup.id],
      dropInvalidHeaderFields: true,
      enableDeletionProtection: props.protect,
      // Longer than CloudFront's keep-alive (at most 60 s), so that CloudFront never reuses a closed connection.
      idleTimeout: IDLE_TIMEOUT_SECONDS,
      accessLogs: { bucket: props.accessLogs.name, prefix: "load-balancer", enabled: true },
      // AWS checks write access to the bucket at creation, and rejects load balancers in a VPC without internet
      // gateway.
      dependsOn: [props.accessLogs.policy, ...props.network.internet],
    });
    const targets = this.targets(props);
    this.listener = this.listen(balancer, targets, props.certificateArn);
    this.admit(props);
    this.arn = balancer.arn;
    this.dnsName = balancer.dnsName;
    this.zoneId = balancer.zoneId;
    this.arnSuffix = balancer.arnSuffix;
    this.targetGroupArn = targets.arn;
    this.targetGroupArnSuffix = targets.arnSuffix;
  }

  private targets({ network, targetPort }: LoadBalancerProps): LbTargetGroup {
    return new LbTargetGroup(this, "targets", {
      name: physicalName(this, "target group"),
      targetType: "ip",
      protocol: "HTTP",
      port: targetPort,
      vpcId: network.vpcId,
      deregistrationDelay: "30",
      healthCheck: {
        path: "/health",
        matcher: "200",
        interval: 15,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
    });
  }

  private listen(balancer: Lb, targets: LbTargetGroup, certificateArn?: string): LbListener {
    const loadBalancerArn = balancer.arn;
    const forward = [{ type: "forward", targetGroupArn: targets.arn }];
    if (certificateArn === undefined) {
      return new LbListener(this, "http", {
        loadBalancerArn,
        port: 80,
        protocol: "HTTP",
        defaultAction: forward,
      });
    }
    new LbListener(this, "http", {
      loadBalancerArn,
      port: 80,
      protocol: "HTTP",
      defaultAction: [
        { type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } },
      ],
    });
    return new LbListener(this, "https", {
      loadBalancerArn,
      port: 443,
      protocol: "HTTPS",
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
      certificateArn,
      defaultAction: forward,
    });
  }

  private admit(props: LoadBalancerProps): void {
    const securePort = props.certificateArn === undefined ? 80 : 443;
    if (props.onlyFromEdge) {
      const prefixListId = CLOUDFRONT_PREFIX_LISTS[props.region];
      const sources = prefixListId === undefined ? { cidrIpv4: "0.0.0.0/0" } : { prefixListId };
      // CloudFront's list fills 55 of the 60 rules that a group can have. With another port the rule is changed in
      // place: a second one would not fit beside it.
      const rule = this.allow("from-edge", securePort, { description: "CloudFront", ...sources });
      // The rule was named after its port until November 2026.
      rule.moveFromId(`${rule.terraformResourceType}.${rule.friendlyUniqueId}_${securePort}`);
      return;
    }
    for (const port of new Set([80, securePort])) {
      this.allow(`from-internet-${port}`, port, { description: "Internet", cidrIpv4: "0.0.0.0/0" });
    }
  }

  private allow(id: string, port: number, from: IngressSource): VpcSecurityGroupIngressRule {
    return new VpcSecurityGroupIngressRule(this, id, {
      securityGroupId: this.securityGroup.id,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      ...from,
    });
  }
}

type IngressSource = Pick<VpcSecurityGroupIngressRuleConfig, "description" | "cidrIpv4" | "prefixListId">;
