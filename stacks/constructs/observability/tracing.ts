import { XrayGroup } from "@cdktf/provider-aws/lib/xray-group";
import { XraySamplingRule } from "@cdktf/provider-aws/lib/xray-sampling-rule";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import type { Check } from "../../lib/validation";
import { checkedName } from "../../lib/names";

export interface TracingSettings {
  /** Share of requests that are traced, 0 to 1, beyond the first of each second. */
  readonly samplingRate: number;
}

/** Which requests X-Ray keeps, and those of them that failed or were slow as a group of their own. */
export class Tracing extends Construct {
  constructor(scope: Construct, id: string, { samplingRate }: TracingSettings) {
    super(scope, id);
    // Without the path: X-Ray takes 32 characters, and an environment's name may have 12 of them.
    const name = `${TerraformStack.of(this).node.id}-${id}`;
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

export function checkTracing({ samplingRate }: TracingSettings, check: Check): void {
  if (!(samplingRate >= 0 && samplingRate <= 1)) {
    check.reject("samplingRate", samplingRate, { allowed: "from 0 to 1" });
  }
}
