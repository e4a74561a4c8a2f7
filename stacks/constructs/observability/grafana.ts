import { createHash } from "node:crypto";
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
  private readonly workspace: GrafanaWorkspace;

  constructor(scope: Construct, id: string, settings: GrafanaSettings) {
    super(scope, id);
    const role = new ServiceRole(this, "role", {
      service: "grafana.amazonaws.com",
      permissions: READ_PERMISSIONS,
    });
    this.workspace = new GrafanaWorkspace(this, "Default", {
      name: physicalName(this, "Grafana workspace"),
      description: "Metrics and traces",
      accountAccessType: "CURRENT_ACCOUNT",
      authenticationProviders: [settings.kind === "saml" ? "SAML" : "AWS_SSO"],
      permissionType: "CUSTOMER_MANAGED",
      roleArn: role.arn,
      dataSources: ["CLOUDWATCH", "XRAY"],
      grafanaVersion: "10.4",
      ...(settings.kind === "saml" ? {} : { tags: { Administrators: administratorsTag(settings) } }),
    });
    this.workspaceId = this.workspace.id;
    if (settings.kind === "saml") this.trust(settings);
    else this.appoint(settings);
  }

  private appoint({ adminUsers, adminGroups }: IdentityCenterSettings): void {
    const { terraformResourceType, friendlyUniqueId } = this.workspace;
    new GrafanaRoleAssociation(this, "admins", {
      workspaceId: this.workspaceId,
      role: "ADMIN",
      // An update only adds: who is removed from the settings would stay an administrator. Deletion revokes.
      // https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/grafana/role_association.go
      lifecycle: { replaceTriggeredBy: [`${terraformResourceType}.${friendlyUniqueId}.tags`] },
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

/** A digest of who administers the workspace: another one replaces their association with it. */
function administratorsTag({ adminUsers, adminGroups }: IdentityCenterSettings): string {
  const text = JSON.stringify([adminUsers, adminGroups]);
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

type IdentityCenterSettings = Extract<GrafanaSettings, { kind: "identity-center" }>;
type SamlSettings = Extract<GrafanaSettings, { kind: "saml" }>;
