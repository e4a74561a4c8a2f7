import { XrayGroup } from "@cdktf/provider-aws/lib/xray-group";
import { XraySamplingRule } from "@cdktf/provider-aws/lib/xray-sampling-rule";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { deployedId } from "../../lib/deployed-path";
import { checkedName } from "../../lib/names";
import type { TracingSettings } from "./settings";

/** X-Ray sampling, and a group of requests that failed or were slow. */
export class Tracing extends Construct {
  constructor(scope: Construct, id: string, { samplingRate }: TracingSettings) {
    super(scope, id);
    // Without the construct path: X-Ray allows 32 characters, and an environment's name can have 12.
    const name = `${TerraformStack.of(this).node.id}-${deployedId(this)}`;
    new XraySamplingRule(this, "sampling", {
      ruleName: checkedName(name, "X-Ray sampling rule"),
      priority: 1_000,
      version: 1,
      reservoirSize: 1,
      fixedRate: samplingRate,
      host: "*",
      httpMethod: "*",
      urlPath: "*",
      serviceName: "*",
      serviceType: "*",
      resourceArn: "*",
    });
    new XrayGroup(this, "Default", {
      groupName: checkedName(name, "X-Ray group"),
      filterExpression: "fault = true OR error = true OR responsetime > 2",
      insightsConfiguration: { insightsEnabled: true, notificationsEnabled: false },
    });
  }
}
