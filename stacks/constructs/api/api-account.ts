import { ApiGatewayAccount } from "@cdktf/provider-aws/lib/api-gateway-account";
import { Construct } from "constructs";
import { logGroupResources } from "../compute/log-group";
import { ServiceRole } from "../compute/service-role";

export interface ApiAccountProps {
  readonly region: string;
  readonly account: string;
}

/** Allows API Gateway to write logs. This is a setting of account and region that every stage with logs needs. */
export class ApiAccount extends Construct {
  constructor(scope: Construct, id: string, { region, account }: ApiAccountProps) {
    super(scope, id);
    const groups = `arn:aws:logs:${region}:${account}:log-group`;
    const role = new ServiceRole(this, "role", {
      service: "apigateway.amazonaws.com",
      permissions: [
        {
          actions: [
            "logs:DescribeLogGroups",
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:DescribeLogStreams",
            "logs:PutLogEvents",
            "logs:GetLogEvents",
            "logs:FilterLogEvents",
          ],
          // APIs of other teams in the account log by this role too, to groups of their own names.
          resources: logGroupResources(`${groups}:*`),
        },
      ],
    });
    new ApiGatewayAccount(this, "Default", {
      cloudwatchRoleArn: role.arn,
      dependsOn: role.resources,
    });
  }
}
