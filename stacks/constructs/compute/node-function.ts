import { LambdaAlias } from "@cdktf/provider-aws/lib/lambda-alias";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Connection, Permission } from "../../lib/permissions";
import { TRACE_PERMISSION } from "../../lib/permissions";
import { deployedId } from "../../lib/deployed-path";
import { physicalName } from "../../lib/names";
import { type Duration, seconds } from "../../lib/duration";
import { FunctionCode, type FunctionCodeProps, NODE_MAJOR } from "./function-code";
import { LogGroup, logStreamResources } from "./log-group";
import { QueueConsumer } from "./queue-consumer";
import type { WorkQueue } from "../data/work-queue";
import type { Network } from "../network/network";
import { SecurityGroup } from "../network/security-group";
import type { ScheduleTarget } from "./schedule";
import { ServiceRole } from "./service-role";
import type { FunctionSettings, LogSettings, QueueConsumerSettings } from "./settings";
import { optional } from "../../lib/optional";

/** File of RDS certificate authorities in Lambda's runtime; Node.js reads it at start. */
export const LAMBDA_CA_FILE = "/var/runtime/ca-cert.pem";

/** Environment variables; all values are strings. */
type Variables<Environment> = { readonly [Name in keyof Environment]: string };

export interface NodeFunctionProps<Environment extends Variables<Environment>>
  extends FunctionSettings, FunctionCodeProps {
  readonly description: string;
  /**
   * Its private subnets.
   * @default none: the function is outside of VPCs, and calls the internet
   */
  readonly network?: Network;
  readonly region: string;
  readonly account: string;
  readonly logs: LogSettings;
  /** Environment variables, with the type that the handler exports: missing or misspelt ones don't compile. */
  readonly environment: Environment;
  readonly permissions: readonly Permission[];
  /**
   * Connections to resources in the network.
   * @default none
   */
  readonly connections?: Readonly<Record<string, Connection>>;
  /**
   * What must be done before a new version of it serves.
   * @default nothing
   */
  readonly after?: readonly ITerraformDependable[];
}

/** Permissions of every function in a VPC, which support no resource ARNs. */
const NETWORK_PERMISSIONS: Permission[] = [
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
    reason: "Lambda creates the network interfaces, so their ARNs are unknown",
  },
];

/** A Node.js function, in private subnets or outside of VPCs, with traces and log retention, invoked by its alias. */
export class NodeFunction<Environment extends Variables<Environment>> extends Construct {
  readonly functionName: string;
  /** Number of the version that the code and the configuration of this release have. */
  readonly version: string;
  /** ARN of the alias `live`, which callers invoke, so that a deployment can be rolled back. */
  readonly aliasArn: string;
  readonly aliasName: string;
  /**
   * URI of the alias for API Gateway integrations. It is built from names instead of a reference: the API's deployment
   * is created before its predecessor is destroyed, and Terraform would apply this to everything it depends on,
   * including the database, whose name must be unique.
   */
  readonly invokeArn: string;
  private readonly role: ServiceRole;
  private readonly timeout: Duration;

  constructor(scope: Construct, id: string, props: NodeFunctionProps<Environment>) {
    super(scope, id);
    const functionName = physicalName(this, "Lambda function");
    const logGroup = new LogGroup(this, "log-group", { name: `/aws/lambda/${functionName}`, ...props.logs });
    const { network, connections = {} } = props;
    const role = new ServiceRole(this, "role", {
      service: "lambda.amazonaws.com",
      permissions: [
        ...props.permissions,
        writeLogs(logGroup),
        ...(network === undefined ? [] : NETWORK_PERMISSIONS),
        TRACE_PERMISSION,
      ],
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
      ...optional({
        vpcConfig:
          network && this.placement(network, { description: `Function ${functionName}`, connections }),
      }),
      // Without its policy, the function can't log or join the VPC.
      dependsOn: role.resources,
    });
    const alias = new LambdaAlias(this, "live", {
      name: "live",
      description: "Version that serves requests",
      functionName: lambda.functionName,
      functionVersion: lambda.version,
      ...optional({ dependsOn: props.after && [...props.after] }),
    });
    this.role = role;
    this.timeout = props.timeout;
    this.functionName = lambda.functionName;
    this.version = lambda.version;
    this.aliasName = alias.name;
    this.aliasArn = alias.arn;
    const arn = `arn:aws:lambda:${props.region}:${props.account}:function:${functionName}:live`;
    this.invokeArn = `arn:aws:apigateway:${props.region}:lambda:path/2015-03-31/functions/${arn}/invocations`;
  }

  /** Subnets and a security group of its own. */
  private placement(
    network: Network,
    props: { readonly description: string; readonly connections: Readonly<Record<string, Connection>> },
  ) {
    const group = new SecurityGroup(this, "security-group", { network, ...props });
    return { subnetIds: network.privateSubnetIds, securityGroupIds: [group.id] };
  }

  /** What a `Schedule` needs to call it. */
  scheduleTarget(): ScheduleTarget {
    return {
      arn: this.aliasArn,
      permission: { actions: ["lambda:InvokeFunction"], resources: [this.aliasArn] },
    };
  }

  /**
   * Adds an event source mapping: Lambda polls the queue and invokes the function with batches; build the handler with
   * `eachRecord` of `handlers/runtime/batch`. Throws if AWS would reject the settings, or messages could be handled
   * twice.
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

/** The environment block; undefined if empty, because Lambda drops empty blocks and every plan would add them. */
function variables({ environment }: { readonly environment: object }) {
  return Object.keys(environment).length === 0 ? undefined : { variables: { ...environment } };
}

function writeLogs(group: LogGroup): Permission {
  return {
    actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
    resources: logStreamResources(group.arn),
  };
}
