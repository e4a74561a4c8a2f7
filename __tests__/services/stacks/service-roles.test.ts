import { execFileSync } from "node:child_process";
import { motoPython } from "../../../packages/embedded-aws/programs/moto";
import { parsePolicy, type Statement } from "../../../packages/iam/document";
import { evaluate } from "../../../packages/iam/evaluate";
import {
  type Attributes,
  decoded,
  settingsOf,
  type Synthesized,
  synthEnvironment,
  synthFoundation,
} from "../../support/synth";

/** Documents of AWS's managed policies by name, from moto. */
const managedPolicies = (async (): Promise<Readonly<Record<string, object>>> => {
  const { python } = await motoPython();
  const script = [
    "import json",
    "from moto.iam.aws_managed_policies import aws_managed_policies_data as data",
    "print(json.dumps({name: policy['Document'] for name, policy in json.loads(data).items()}))",
  ].join("\n");
  const text = execFileSync(python, ["-c", script], { encoding: "utf8", maxBuffer: 2 ** 26 });
  return JSON.parse(text) as Readonly<Record<string, object>>;
})();

const { account, region } = settingsOf("prod");
const logs = `arn:aws:logs:${region}:${account}:log-group`;

/** Actions on log groups; IAM evaluates them on the group's ARN with an empty log stream. */
const GROUP_ACTIONS = [
  ...["logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:DescribeLogStreams"],
  ...["logs:DescribeLogGroups", "logs:FilterLogEvents", "logs:GetLogGroupFields", "logs:StartQuery"],
];

/** A role that an AWS service assumes, and the managed policy with which AWS documents the service's actions. */
interface ServiceCase {
  readonly service: string;
  readonly policy: string;
  /** Log group that the service writes to. */
  readonly logGroup?: string;
  /** Actions of the managed policy that the service does not need here, each with its reason. */
  readonly unneeded: Readonly<Record<string, string>>;
}

const GROUP_IS_MADE = "the stack makes the log group, with its retention";
const TAGS = "nothing here is looked up by the tags of instances";

const CASES: readonly ServiceCase[] = [
  {
    service: "monitoring.rds.amazonaws.com",
    policy: "AmazonRDSEnhancedMonitoringRole",
    logGroup: "RDSOSMetrics",
    unneeded: {},
  },
  {
    service: "apigateway.amazonaws.com",
    policy: "AmazonAPIGatewayPushToCloudWatchLogs",
    logGroup: "API-Gateway-Execution-Logs_abc/api",
    unneeded: {},
  },
  {
    service: "grafana.amazonaws.com",
    policy: "AmazonGrafanaCloudWatchAccess",
    unneeded: {
      "oam:ListSinks": "there is no monitoring account",
      "oam:ListAttachedLinks": "there is no monitoring account",
      "ec2:DescribeTags": TAGS,
      "ec2:DescribeInstances": "there are no instances",
      "logs:GetLogEvents": "logs hold addresses of viewers: they are read in CloudWatch, not on dashboards",
      "logs:StartQuery": "as logs:GetLogEvents",
      "logs:StopQuery": "as logs:GetLogEvents",
      "logs:GetQueryResults": "as logs:GetLogEvents",
      "logs:GetLogGroupFields": "as logs:GetLogEvents",
      "logs:DescribeLogGroups": "as logs:GetLogEvents",
    },
  },
  {
    service: "grafana.amazonaws.com",
    policy: "AWSXrayReadOnlyAccess",
    unneeded: {
      "xray:GetSamplingRules": "for SDKs that sample",
      "xray:GetSamplingTargets": "for SDKs that sample",
      "xray:GetSamplingStatisticSummaries": "for SDKs that sample",
      "xray:ListResourcePolicies": "no panel shows policies",
      "xray:ListTagsForResource": TAGS,
      "xray:BatchGetTraceSummaryById": "of the X-Ray console",
      "xray:GetDistinctTraceGraphs": "of the X-Ray console",
    },
  },
  {
    service: "lambda.amazonaws.com",
    policy: "AWSLambdaVPCAccessExecutionRole",
    logGroup: "/aws/lambda/NAME",
    unneeded: { "logs:CreateLogGroup": GROUP_IS_MADE },
  },
];

interface Role {
  readonly address: string;
  readonly statements: readonly Statement[];
}

/** Roles that a service assumes, with their policies; ARNs of log groups are filled in. */
function rolesOf(stack: Synthesized, service: string): Role[] {
  return [...stack.resources]
    .filter(([address, role]) => address.startsWith("aws_iam_role.") && trusts(role, service))
    .map(([address]) => ({ address, statements: statementsOf(stack, address) }));
}

const trusts = ({ assume_role_policy: trust }: Attributes, service: string): boolean =>
  parsePolicy("trust", decoded(trust as string)).some(({ principals }) =>
    principals.includes(`Service:${service}`),
  );

function statementsOf(stack: Synthesized, role: string): Statement[] {
  return stack
    .of("aws_iam_role_policy")
    .filter((policy) => policy.role === `\${${role}.name}`)
    .flatMap(({ policy }) => {
      const text = JSON.stringify(decoded(policy as string)).replace(
        /\$\{(aws_cloudwatch_log_group\.\w+)\.arn\}/g,
        (_, address: string) => `${logs}:${stack.at(address).name as string}`,
      );
      return parsePolicy(role, text);
    });
}

/** The resource on which IAM evaluates an action; the role's policy must cover it. */
function resourceOf(action: string, logGroup: string): string {
  if (!action.startsWith("logs:")) return "*";
  return GROUP_ACTIONS.includes(action)
    ? `${logs}:${logGroup}:log-stream:`
    : `${logs}:${logGroup}:log-stream:stream`;
}

/** A function's role can write to the function's log group. */
function groupOf(role: Role, { logGroup = "none" }: ServiceCase): string {
  const written = role.statements.flatMap(({ actions, resources }) =>
    actions.includes("logs:PutLogEvents") ? resources : [],
  );
  const [own = ""] = written;
  return logGroup.includes("NAME") ? (/:log-group:([^:]+)/.exec(own)?.[1] ?? logGroup) : logGroup;
}

describe.each(CASES)("by the role of $service", (one) => {
  test(`AWS can do what its policy ${one.policy} lists`, async () => {
    const managed = await managedPolicies;
    const listed = parsePolicy(one.policy, JSON.stringify(managed[one.policy])).flatMap(
      ({ actions }) => actions,
    );
    expect(listed.length).toBeGreaterThan(3);
    const needed = listed.filter((action) => !(action in one.unneeded));
    const stacks = [synthEnvironment("prod"), synthFoundation("prod")];
    const roles = stacks.flatMap((stack) => rolesOf(stack, one.service));
    expect(roles.length).toBeGreaterThan(0);
    const denied = roles.flatMap((role) =>
      needed
        .map((action) => ({ action, resource: resourceOf(action, groupOf(role, one)), context: {} }))
        .filter((request) => evaluate(request, { identityPolicies: role.statements }).result !== "allowed")
        .map(({ action, resource }) => `${role.address}: ${action} on ${resource}`),
    );
    expect(denied).toEqual([]);
    // A reason for an action that the managed policy does not list is unused.
    expect(Object.keys(one.unneeded).filter((action) => !listed.includes(action))).toEqual([]);
  });
});
