import { allow, type Case, policy } from "./planted";

const may = (more: object) => ({ policy: policy(allow(more)) });
const trusts = (...statements: object[]) => ({ assume_role_policy: policy(...statements.map(allow)) });
const one = (address: string, plant: object, repair: object): Case => ({
  plant: { [address]: plant as never },
  at: address,
  repair: { [address]: repair as never },
});
const POLICY = "aws_iam_role_policy.p";
const LOG_GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:RDSOSMetrics";
const INGRESS = "aws_vpc_security_group_ingress_rule.r";
const open = {
  cidr_ipv4: "0.0.0.0/0",
  from_port: 443,
  to_port: 443,
  security_group_id: "${aws_security_group.g.id}",
};
const FEDERATED = { Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions" };

const onDatabase = { variables: { DATABASE_HOST: "${aws_db_instance.d.address}" } };

/** A database, and a run of the function that migrates it. */
const migrating = {
  "aws_db_instance.d": { identifier: "d" },
  "aws_lambda_function.m": { function_name: "m", environment: onDatabase },
  "aws_lambda_alias.m": { function_name: "${aws_lambda_function.m.function_name}" },
  "aws_lambda_invocation.i": { function_name: "${aws_lambda_function.m.function_name}" },
};

/** A run of a function in a VPC. */
const invoked = {
  "aws_iam_role.r": { name: "r" },
  "aws_security_group.g": { name: "g" },
  "aws_lambda_function.f": {
    function_name: "f",
    role: "${aws_iam_role.r.arn}",
    vpc_config: { security_group_ids: ["${aws_security_group.g.id}"] },
  },
  "aws_lambda_invocation.i": { function_name: "${aws_lambda_function.f.function_name}" },
};

const internet = {
  "aws_internet_gateway.g": {},
  "aws_route.r": { gateway_id: "${aws_internet_gateway.g.id}" },
  "aws_route.nat": { nat_gateway_id: "${aws_nat_gateway.n.id}" },
};

/** Violations of the rules about access. */
export const accessCases = {
  "security-group-is-closed-to-internet": [
    {
      plant: { "aws_security_group.g": {}, [INGRESS]: open },
      at: INGRESS,
      repair: { "aws_lb.l": { security_groups: ["${aws_security_group.g.id}"] } },
    },
    ...[{ from_port: 22 }, { to_port: 8443 }].map((range) => ({
      plant: {
        "aws_security_group.g": {},
        [INGRESS]: { ...open, ...range },
        "aws_lb.l": { security_groups: ["${aws_security_group.g.id}"] },
      },
      at: INGRESS,
      repair: { [INGRESS]: { from_port: 443, to_port: 443 } },
    })),
    one(INGRESS, { cidr_ipv6: "::/0" }, { cidr_ipv6: "fd00::/8" }),
    one("aws_security_group.g", { ingress: [{ ipv6_cidr_blocks: ["::/0"] }] }, { ingress: [] }),
    one(
      "aws_security_group_rule.r",
      { type: "ingress", cidr_blocks: ["10.0.0.0/8", "0.0.0.0/0"] },
      { cidr_blocks: ["10.0.0.0/8"] },
    ),
    one("aws_security_group_rule.r", { type: "ingress", cidr_blocks: ["0.0.0.0/0"] }, { type: "egress" }),
  ],
  "role-has-permissions-boundary": [
    one(
      "aws_iam_role.r",
      trusts({ Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }),
      { permissions_boundary: "arn:aws:iam::123456789012:policy/workload" },
    ),
    one(
      "aws_iam_role.r",
      trusts(
        { Principal: { AWS: "123456789012" } },
        { Principal: { Service: "lambda.amazonaws.com", AWS: "123456789012" } },
      ),
      trusts({ Principal: { AWS: "123456789012" } }),
    ),
  ],
  "log-permission-covers-streams": [
    one(
      POLICY,
      may({ Action: ["logs:CreateLogStream"], Resource: [LOG_GROUP] }),
      may({ Action: ["logs:CreateLogStream"], Resource: [LOG_GROUP, `${LOG_GROUP}:*`] }),
    ),
    one(
      "aws_iam_policy.p",
      may({
        Action: ["s3:GetObject", "logs:CreateLogGroup"],
        Resource: ["${aws_cloudwatch_log_group.g.arn}"],
      }),
      may({
        Action: ["s3:GetObject", "logs:CreateLogGroup"],
        Resource: ["${aws_cloudwatch_log_group.g.arn}:*"],
      }),
    ),
    one(
      POLICY,
      may({ Action: ["logs:PutLogEvents"], Resource: [LOG_GROUP] }),
      may({ Action: ["sqs:SendMessage"], Resource: [LOG_GROUP] }),
    ),
    one(
      POLICY,
      may({ Action: ["logs:TagResource", "logs:PutLogEvents"], Resource: [LOG_GROUP] }),
      may({ Action: ["logs:TagResource"], Resource: [LOG_GROUP] }),
    ),
    one(
      POLICY,
      may({ Action: ["logs:PutLogEvents"], Resource: [LOG_GROUP] }),
      may({
        Action: ["logs:PutLogEvents"],
        Resource: ["arn:aws:logs:us-east-1:123456789012:log-group:RDS*"],
      }),
    ),
    one(
      POLICY,
      may({ Action: ["logs:PutLogEvents"], Resource: [LOG_GROUP] }),
      may({ Effect: "Deny", Action: ["logs:PutLogEvents"], Resource: [LOG_GROUP] }),
    ),
  ],
  "policy-has-no-action-wildcard": [
    one(POLICY, may({ Action: ["sqs:SendMessage", "s3:Get*"] }), may({ Action: ["sqs:SendMessage"] })),
    one("aws_iam_policy.p", may({ Action: "*" }), { policy: policy({ Effect: "Deny", Action: "*" }) }),
    one(POLICY, may({ NotAction: "iam:PassRole" }), may({ Action: "s3:GetObject" })),
    one(
      POLICY,
      may({ Action: "s3:GetObject", NotResource: "arn:aws:s3:::b/*" }),
      may({ Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" }),
    ),
    one(
      "aws_iam_role_policy_attachment.a",
      { policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess" },
      { policy_arn: "arn:aws:iam::aws:policy/ReadOnlyAccess" },
    ),
  ],
  "policy-has-no-resource-wildcard": [
    one(
      POLICY,
      may({ Action: ["xray:PutTraceSegments", "s3:GetObject"], Resource: ["*"] }),
      may({ Action: ["xray:PutTraceSegments"], Resource: ["*"] }),
    ),
    one(
      POLICY,
      may({ Action: "s3:GetObject", Resource: "*" }),
      may({ Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" }),
    ),
    one(POLICY, may({ Action: "s3:GetObject", Resource: "*" }), {
      policy: policy({ Effect: "Deny", Action: "s3:GetObject", Resource: "*" }),
    }),
  ],
  "public-address-depends-on-internet-gateway": [
    {
      plant: { ...internet, "aws_lb.l": { internal: false, depends_on: ["aws_internet_gateway.g"] } },
      at: "aws_lb.l",
      repair: { "aws_lb.l": { depends_on: ["aws_internet_gateway.g", "aws_route.r"] } },
    },
    {
      plant: { ...internet, "aws_nat_gateway.n": { depends_on: ["aws_route.nat"] } },
      at: "aws_nat_gateway.n",
      repair: { "aws_nat_gateway.n": { depends_on: ["aws_internet_gateway.g", "aws_route.r"] } },
    },
    {
      plant: { ...internet, "aws_nat_gateway.n": {} },
      at: "aws_nat_gateway.n",
      repair: { "aws_nat_gateway.n": { connectivity_type: "private" } },
    },
    {
      plant: { ...internet, "aws_eip.e": { domain: "vpc" } },
      at: "aws_eip.e",
      repair: { "aws_eip.e": { depends_on: ["aws_internet_gateway.g", "aws_route.r"] } },
    },
    {
      plant: { ...internet, "aws_lb.l": { internal: false } },
      at: "aws_lb.l",
      repair: { "aws_lb.l": { internal: true } },
    },
  ],
  "new-code-waits-for-migrations": [
    {
      plant: {
        ...migrating,
        "aws_lambda_function.f": { function_name: "f", environment: onDatabase },
        "aws_lambda_alias.a": { function_name: "${aws_lambda_function.f.function_name}" },
      },
      at: "aws_lambda_alias.a",
      repair: { "aws_lambda_alias.a": { depends_on: ["aws_lambda_invocation.i"] } },
    },
    {
      plant: {
        ...migrating,
        "aws_ecs_task_definition.t": { container_definitions: "[${aws_db_instance.d.address}]" },
        "aws_ecs_service.s": { task_definition: "${aws_ecs_task_definition.t.arn}", depends_on: [] },
      },
      at: "aws_ecs_service.s",
      // by what it depends on
      repair: {
        "aws_lb_listener.l": { depends_on: ["aws_lambda_invocation.i"] },
        "aws_ecs_service.s": { depends_on: ["aws_lb_listener.l"] },
      },
    },
    {
      plant: {
        "aws_db_instance.d": { identifier: "d" },
        "aws_lambda_function.f": { function_name: "f", environment: onDatabase },
        "aws_lambda_alias.a": { function_name: "f" },
      },
      at: "aws_lambda_alias.a",
      repair: { "aws_lambda_function.f": { environment: {} } },
    },
  ],
  "invocation-waits-for-its-function": [
    ...(
      [
        ["aws_iam_role_policy.p", { role: "${aws_iam_role.r.name}" }],
        ["aws_vpc_security_group_egress_rule.e", { security_group_id: "${aws_security_group.g.id}" }],
        [
          "aws_vpc_security_group_ingress_rule.n",
          { security_group_id: "sg-1", referenced_security_group_id: "${aws_security_group.g.id}" },
        ],
        ["aws_vpc_endpoint.v", { service_name: "com.amazonaws.us-east-1.secretsmanager" }],
        ["aws_route.o", { route_table_id: "rtb-1" }],
        ["aws_route_table_association.s", { route_table_id: "rtb-1" }],
      ] as const
    ).map(([needed, attributes]) => ({
      plant: { ...invoked, [needed]: attributes },
      at: "aws_lambda_invocation.i",
      repair: { "aws_lambda_invocation.i": { depends_on: [needed] } },
    })),
  ],
  "role-trust-names-principals": [
    one(
      "aws_iam_role.r",
      trusts({ Principal: { AWS: "*" } }),
      trusts({ Principal: { Service: "lambda.amazonaws.com" } }),
    ),
    one(
      "aws_iam_role.r",
      trusts({
        Principal: FEDERATED,
        Condition: { StringEquals: { "t:aud": "sts" }, StringLike: { "t:sub": "*" } },
      }),
      trusts({
        Principal: FEDERATED,
        Condition: { StringEquals: { "t:aud": "sts", "t:sub": "repo:a/b:ref:refs/heads/main" } },
      }),
    ),
    one("aws_iam_role.r", trusts({ Principal: { Service: "lambda.amazonaws.com" } }, { Principal: "*" }), {
      assume_role_policy: policy(allow({ Principal: { Service: "lambda.amazonaws.com" } }), {
        Effect: "Deny",
        Principal: "*",
      }),
    }),
    ...[
      trusts(),
      trusts({}),
      trusts({
        Principal: { AWS: ["arn:aws:iam::123456789012:role/a", "arn:aws:iam::123456789012:role/*"] },
      }),
    ].map((trust) =>
      one("aws_iam_role.r", trust, trusts({ Principal: { AWS: "arn:aws:iam::123456789012:role/a" } })),
    ),
    ...[
      { StringEquals: { "t:sub": "repo:a/b:environment:dev" } },
      { StringEquals: { "t:aud": "sts" }, StringLike: { "t:sub": "repo:a/b:environment:dev" } },
      { StringLike: { "t:aud": "sts" }, StringEquals: { "t:sub": "repo:a/b:environment:dev" } },
    ].map((Condition) =>
      one(
        "aws_iam_role.r",
        trusts({ Principal: FEDERATED, Condition }),
        trusts({
          Principal: FEDERATED,
          Condition: { StringEquals: { "t:aud": "sts", "t:sub": "repo:a/b:environment:dev" } },
        }),
      ),
    ),
    ...[
      ["repo:a/b:environment:dev", "repo:a@*/b@*:environment:dev"],
      ["repo:a/b:environment:dev", "repo:a@1/b:environment:dev"],
      ["repo:a/b"],
      ["organization:a:project:b c:workspace:*:run_phase:plan"],
      ["organization:a:project:b c:workspace:d:run_phase:*"],
      ["organization:a:project:b c:workspace:d"],
    ].map((subjects) =>
      one(
        "aws_iam_role.r",
        trusts({
          Principal: FEDERATED,
          Condition: { StringEquals: { "t:aud": "sts", "t:sub": subjects } },
        }),
        trusts({
          Principal: FEDERATED,
          Condition: {
            StringEquals: {
              "t:aud": "sts",
              "t:sub": ["repo:a/b:environment:dev", "repo:a@1/b@2:environment:dev"],
            },
          },
        }),
      ),
    ),
  ],
  "physical-name-fits-limit": [
    one("aws_lb.l", { name: "n".repeat(33) }, { name: "n".repeat(32) }),
    one("aws_lb.l", { name: "n".repeat(33) }, { name: "${aws_lb_target_group.of_another_stack.name}" }),
    one("aws_s3_bucket.b", { bucket: "n".repeat(64) }, { bucket: "n".repeat(63) }),
  ],
  "provider-6-compatible": [
    one("aws_eip.e", { vpc: true }, { vpc: undefined, domain: "vpc" }),
    one(
      "aws_ssm_parameter.p",
      { value: "${aws_api_gateway_deployment.d.invoke_url}/x" },
      { value: "${aws_api_gateway_stage.s.invoke_url}/x" },
    ),
  ],
  "resources-are-tagged": [
    {
      plant: {
        "provider.aws": { default_tags: [{ tags: { Project: "p", Environment: "e", ManagedBy: "t" } }] },
      },
      at: "provider.aws",
      repair: {
        "provider.aws": {
          default_tags: [{ tags: { Project: "p", Environment: "e", ManagedBy: "t", Repository: "r" } }],
        },
      },
    },
  ],
} satisfies Record<string, readonly Case[]>;
