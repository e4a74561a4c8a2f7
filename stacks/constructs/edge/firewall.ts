import { Wafv2WebAcl } from "@cdktf/provider-aws/lib/wafv2-web-acl";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import { Wafv2WebAclLoggingConfiguration } from "@cdktf/provider-aws/lib/wafv2-web-acl-logging-configuration";
import type { TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { physicalName } from "../../lib/names";
import { type RuleProps, webAclRules } from "./firewall-rules";
import { LogGroup } from "../compute/log-group";
import type { LogSettings } from "../compute/settings";
import type { FirewallSettings } from "./settings";
import { optional } from "../../lib/optional";

export interface FirewallProps extends FirewallSettings, RuleProps {
  readonly scope: "CLOUDFRONT" | "REGIONAL";
  /** Provider of us-east-1 for CloudFront's web ACL. */
  readonly provider?: TerraformProvider;
  readonly logs: LogSettings;
  /** ARNs of API stages and load balancers to associate; distributions refer to their web ACL themselves. */
  readonly associations?: Readonly<Record<string, string>>;
}

/** A web ACL with associations and logs of blocked requests. */
export class Firewall extends Construct {
  readonly arn: string;
  readonly metricName: string;

  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    this.metricName = physicalName(this, "web ACL");
    const acl = new Wafv2WebAcl(this, "Default", {
      ...optional({ provider: props.provider }),
      name: physicalName(this, "web ACL"),
      description: props.scope === "CLOUDFRONT" ? "The edge" : "The API and the load balancer",
      scope: props.scope,
      defaultAction: { allow: {} },
      rule: webAclRules(props),
      visibilityConfig: {
        cloudwatchMetricsEnabled: true,
        metricName: this.metricName,
        sampledRequestsEnabled: true,
      },
    });
    this.arn = acl.arn;
    for (const [name, resourceArn] of Object.entries(props.associations ?? {})) {
      new Wafv2WebAclAssociation(this, name, { webAclArn: acl.arn, resourceArn });
    }
    this.logBlocked(acl, props);
  }

  private logBlocked(acl: Wafv2WebAcl, { logs, provider }: FirewallProps): void {
    // WAF requires this prefix of log groups.
    const group = new LogGroup(this, "log-group", {
      name: `aws-waf-logs-${this.metricName}`,
      ...logs,
      provider,
    });
    new Wafv2WebAclLoggingConfiguration(this, "logging", {
      ...optional({ provider }),
      resourceArn: acl.arn,
      logDestinationConfigs: [group.arn],
      // Tokens of shared links are in the query, and in the referer of requests that their page makes. WAF redacts them
      // where a rule matched that part; its samples of requests, which it keeps for three hours, are not redacted.
      redactedFields: [
        { singleHeader: { name: "authorization" } },
        { singleHeader: { name: "cookie" } },
        { singleHeader: { name: "referer" } },
        { queryString: {} },
      ],
      loggingFilter: {
        defaultBehavior: "DROP",
        filter: [
          {
            behavior: "KEEP",
            requirement: "MEETS_ANY",
            condition: [{ actionCondition: { action: "BLOCK" } }, { actionCondition: { action: "COUNT" } }],
          },
        ],
      },
    });
  }
}

/** The distribution's web ACL in us-east-1, if enabled in the settings. */
export function edgeFirewall(
  scope: Construct,
  props: Pick<FirewallProps, keyof FirewallSettings | "logs"> & { readonly provider: TerraformProvider },
): Firewall | undefined {
  if (props.edge !== true) return undefined;
  return new Firewall(scope, "edge-firewall", {
    ...props,
    scope: "CLOUDFRONT",
    behindEdge: false,
  });
}
