import { GrafanaRoleAssociation } from "@cdktf/provider-aws/lib/grafana-role-association";
import { GrafanaWorkspaceSamlConfiguration } from "@cdktf/provider-aws/lib/grafana-workspace-saml-configuration";
import { GrafanaWorkspace } from "@cdktf/provider-aws/lib/grafana-workspace";
import { Construct } from "constructs";
import type { Permission } from "../../lib/permissions";
import { physicalName } from "../../lib/names";
import { ServiceRole } from "../compute/service-role";
import type { GrafanaSettings } from "./settings";

/**
 * What panels of the data sources CloudWatch and X-Ray ask for.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonGrafanaCloudWatchAccess.html
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSXrayReadOnlyAccess.html
 */
const READ_PERMISSIONS: Permission[] = [
  {
    actions: [
      "cloudwatch:DescribeAlarmHistory",
      "cloudwatch:DescribeAlarms",
      "cloudwatch:DescribeAlarmsForMetric",
      "cloudwatch:GetInsightRuleReport",
      "cloudwatch:GetMetricData",
      "cloudwatch:GetMetricStatistics",
      "cloudwatch:ListMetrics",
      "ec2:DescribeRegions",
      "tag:GetResources",
      "xray:BatchGetTraces",
      "xray:GetGroup",
      "xray:GetGroups",
      "xray:GetInsight",
      "xray:GetInsightEvents",
      "xray:GetInsightImpactGraph",
      "xray:GetInsightSummaries",
      "xray:GetServiceGraph",
      "xray:GetTimeSeriesServiceStatistics",
      "xray:GetTraceGraph",
      "xray:GetTraceSummaries",
    ],
    resources: ["*"],
    reason: "CloudWatch and X-Ray read actions support no resource ARNs",
  },
];

/** A Managed Grafana workspace that reads this account's metrics and traces. */
export class Grafana extends Construct {
  readonly workspaceId: string;

  constructor(scope: Construct, id: string, settings: GrafanaSettings) {
    super(scope, id);
    const role = new ServiceRole(this, "role", {
      service: "grafana.amazonaws.com",
      permissions: READ_PERMISSIONS,
    });
    this.workspaceId = new GrafanaWorkspace(this, "Default", {
      name: physicalName(this, "Grafana workspace"),
      description: "Metrics and traces",
      accountAccessType: "CURRENT_ACCOUNT",
      authenticationProviders: [settings.kind === "saml" ? "SAML" : "AWS_SSO"],
      permissionType: "CUSTOMER_MANAGED",
      roleArn: role.arn,
      dataSources: ["CLOUDWATCH", "XRAY"],
      grafanaVersion: "10.4",
    }).id;
    if (settings.kind === "saml") this.trust(settings);
    else this.appoint(settings);
  }

  private appoint({ adminUsers, adminGroups }: IdentityCenterSettings): void {
    new GrafanaRoleAssociation(this, "admins", {
      workspaceId: this.workspaceId,
      role: "ADMIN",
      ...(adminUsers.length > 0 ? { userIds: [...adminUsers] } : {}),
      ...(adminGroups.length > 0 ? { groupIds: [...adminGroups] } : {}),
    });
  }

  private trust({ metadataUrl, roleAttribute, adminRoles, editorRoles }: SamlSettings): void {
    new GrafanaWorkspaceSamlConfiguration(this, "saml", {
      workspaceId: this.workspaceId,
      idpMetadataUrl: metadataUrl,
      roleAssertion: roleAttribute,
      adminRoleValues: [...adminRoles],
      editorRoleValues: [...editorRoles],
    });
  }
}

type IdentityCenterSettings = Extract<GrafanaSettings, { kind: "identity-center" }>;
type SamlSettings = Extract<GrafanaSettings, { kind: "saml" }>;
