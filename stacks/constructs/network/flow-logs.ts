import { FlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { Construct } from "constructs";
import { LogGroup, logGroupResources } from "../compute/log-group";
import { deployedPathIds } from "../../lib/names";
import { ServiceRole } from "../compute/service-role";
import type { LogSettings } from "../compute/settings";
import type { NetworkSettings } from "./settings";

export interface FlowLogsProps {
  readonly network: { readonly vpcId: string };
  readonly settings: NetworkSettings["flowLogs"];
  readonly logs: LogSettings;
}

/** Flow logs of the VPC in CloudWatch Logs. */
export class FlowLogs extends Construct {
  constructor(scope: Construct, id: string, { network, settings, logs }: FlowLogsProps) {
    super(scope, id);
    if (typeof settings === "object") return;
    const name = `/aws/vpc/${deployedPathIds(scope).join("/")}`;
    const group = new LogGroup(this, "log-group", { name, ...logs });
    const role = new ServiceRole(this, "role", {
      service: "vpc-flow-logs.amazonaws.com",
      permissions: [
        {
          actions: ["logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogStreams"],
          resources: logGroupResources(group.arn),
        },
      ],
    });
    new FlowLog(this, "Default", {
      vpcId: network.vpcId,
      trafficType: settings,
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 600,
    });
  }
}
