import { LambdaAlias } from "@cdktf/provider-aws/lib/lambda-alias";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { Construct } from "constructs";
import type { Connection, Permission } from "../../lib/permissions";
import { TRACE_PERMISSION } from "../../lib/permissions";
import { deployedId } from "../../lib/deployed-path";
import { physicalName } from "../../lib/names";
import { type Duration, seconds } from "../../lib/duration";
import { FunctionCode, type FunctionCodeProps, NODE_MAJOR } from "./function-code";
import { LogGroup } from "./log-group";
import { QueueConsumer } from "./queue-consumer";
import type { WorkQueue } from "../data/work-queue";
import type { Network } from "../network/network";
import { SecurityGroup } from "../network/security-group";
import type { ScheduleTarget } from "./schedule";
import { ServiceRole } from "./service-role";
import type { FunctionSettings, LogSettings, QueueConsumerSettings } from "./settings";
import { optional } from "../../lib/optional";

/** The file in which Lambda keeps the certificate authorities of RDS; Node reads it at its start. */
export const LAMBDA_CA_FILE = "/var/runtime/ca-cert.pem";

/** Environment variables: all of them texts. */
type Variables<Environment> = { readonly [Name in keyof Environment]: string };

export interface NodeFunctionProps<Environment extends Variables<Environment>>
  extends FunctionSettings, FunctionCodeProps {
  readonly description: string;
  readonly network: Network;
  readonly region: string;
  readonly account: string;
  readonly logs: LogSettings;
  /** A missing or misspelt variable does not compile: the handler exports the type. */
  readonly environment: Environment;
  readonly permissions: readonly Permission[];
  readonly connections: Readonly<Record<string, Connection>>;
}

/** What every function in a VPC may do: nothing of it can be narrowed to a resource. */
const RUNTIME_PERMISSIONS: Permission[] = [
  {
    actions: [
      "ec2:CreateNetworkInterface",
      "ec2:DescribeNetworkInterfaces",
      "ec2:DescribeSubnets",
      "ec2:DeleteNetworkInterface",
      "ec2:AssignPrivateIpAddresses",
      "ec2:UnassignPrivateIpAddresses",
    ],
    resources: ["*"],
    reason: "Lambda makes the network interfaces itself, before they have a name",
  },
  TRACE_PERMISSION,
];

/** A Node.js function in the VPC's private subnets: traced, logged for a limited time, called by its alias. */
export class NodeFunction<Environment extends Variables<Environment>> extends Construct {
  readonly functionName: string;
  /** ARN of the alias `live`: what callers call, so that a deployment can be taken back. */
  readonly aliasArn: string;
  readonly aliasName: string;
  /**
   * URI of the alias for an API Gateway integration. Made of names, not of a reference: the API's deployment is
   * created before the old one is destroyed, and Terraform would do the same with all that it depends on, the
   * database that the function depends on among it; two of one name can't be.
   */
  readonly invokeArn: string;
  private readonly role: ServiceRole;
  private readonly timeout: Duration;

  constructor(scope: Construct, id: string, props: NodeFunctionProps<Environment>) {
    super(scope, id);
    const functionName = physicalName(this, "Lambda function");
    const logGroup = new LogGroup(this, "log-group", { name: `/aws/lambda/${functionName}`, ...props.logs });
    const role = new ServiceRole(this, "role", {
      service: "lambda.amazonaws.com",
      permissions: [...props.permissions, writeLogs(logGroup), ...RUNTIME_PERMISSIONS],
    });
    const group = new SecurityGroup(this, "security-group", {
      network: props.network,
      description: `Function ${functionName}`,
      connections: props.connections,
    });
    const code = new FunctionCode(this, "code", props);
    const lambda = new LambdaFunction(this, "Default", {
      functionName,
      description: props.description,
      runtime: `nodejs${NODE_MAJOR}.x`,
      architectures: ["arm64"],
      handler: "index.handler",
      filename: code.path,
      sourceCodeHash: code.hash,
      publish: true,
      role: role.arn,
      memorySize: props.memory,
      timeout: seconds(props.timeout),
      ...optional({ reservedConcurrentExecutions: props.concurrency, environment: variables(props) }),
      tracingConfig: { mode: "Active" },
      loggingConfig: { logFormat: "JSON", logGroup: logGroup.name },
      vpcConfig: { subnetIds: props.network.privateSubnetIds, securityGroupIds: [group.id] },
      // Without its policy the function could neither log nor be put into the VPC.
      dependsOn: role.resources,
    });
    const alias = new LambdaAlias(this, "live", {
      name: "live",
      description: "What callers call",
      functionName: lambda.functionName,
      functionVersion: lambda.version,
    });
    this.role = role;
    this.timeout = props.timeout;
    this.functionName = lambda.functionName;
    this.aliasName = alias.name;
    this.aliasArn = alias.arn;
    const arn = `arn:aws:lambda:${props.region}:${props.account}:function:${functionName}:live`;
    this.invokeArn = `arn:aws:apigateway:${props.region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
  }

  /** What a `Schedule` needs to call it. */
  scheduleTarget(): ScheduleTarget {
    return {
      arn: this.aliasArn,
      permission: { actions: ["lambda:InvokeFunction"], resources: [this.aliasArn] },
    };
  }

  /**
   * Has Lambda poll a queue and call the function with batches of its messages; `eachRecord` of `handlers/runtime/batch`
   * makes such a handler. Throws what AWS would refuse, or what would handle messages twice.
   *
   * ```ts
   * paint.consume(orders, { batchSize: 100, batchingWindow: "5 seconds", maxConcurrency: 10 });
   * ```
   */
  consume(queue: WorkQueue, settings: QueueConsumerSettings = {}): void {
    const { role, timeout, aliasArn } = this;
    new QueueConsumer(this, `from-${deployedId(queue)}`, {
      ...settings,
      queue,
      consumer: { role, timeout, aliasArn },
    });
  }
}

/** Undefined when there are none: Lambda forgets an empty block, and every plan would add it again. */
function variables({ environment }: { readonly environment: object }) {
  return Object.keys(environment).length === 0 ? undefined : { variables: { ...environment } };
}

function writeLogs(group: LogGroup): Permission {
  return { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${group.arn}:*`] };
}
