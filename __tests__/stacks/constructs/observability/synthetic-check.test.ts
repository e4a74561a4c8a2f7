import { parsePolicy } from "../../../../packages/iam/document";
import { evaluate } from "../../../../packages/iam/evaluate";
import { SyntheticCheck } from "../../../../stacks/constructs/observability/synthetic-check";
import { here, logs } from "../../../support/network";
import {
  decoded,
  settingsOf,
  type Synthesized,
  synthEnvironment,
  synthFoundation,
  synthOf,
} from "../../../support/synth";

const check = (): Synthesized =>
  synthOf((stack) => {
    const created = new SyntheticCheck(stack, "synthetic-check", {
      ...here,
      logs,
      environment: "test",
      url: "https://streamflow.example",
      everyMinutes: 15,
      readyWithinMinutes: 5,
    });
    created.start([]);
  });

/** Statements of the function's role. */
const statements = (synthesized: Synthesized): { Action: string[]; Resource: string[] }[] =>
  decoded(synthesized.at("aws_iam_role_policy.synthetic_check_function_role_permissions").policy as string)
    .Statement as { Action: string[]; Resource: string[] }[];

test("calls its function as often as the settings say, which knows where to sign in and how long to wait", () => {
  const synthesized = check();
  expect(synthesized.at("aws_scheduler_schedule.synthetic_check_schedule")).toMatchObject({
    schedule_expression: "rate(15 minutes)",
    target: { arn: "${aws_lambda_alias.synthetic_check_function_live.arn}" },
  });
  const {
    environment,
    timeout,
    vpc_config: network,
  } = synthesized.at("aws_lambda_function.synthetic_check_function");
  expect(environment.variables).toEqual({
    ENVIRONMENT: "test",
    LOG_LEVEL: "INFO",
    PUBLIC_URL: "https://streamflow.example",
    USER_POOL_ID: "${aws_cognito_user_pool.synthetic_check_users.id}",
    USER_POOL_CLIENT_ID: "${aws_cognito_user_pool_client.synthetic_check_client.id}",
    READY_WITHIN_SECONDS: "300",
  });
  expect(timeout).toBe(900);
  expect(network).toBeUndefined();
});

test("a call that comes late or fails is not repeated while the next one runs", () => {
  const synthesized = check();
  const schedule = synthesized.at("aws_scheduler_schedule.synthetic_check_schedule");
  expect(schedule.target.retry_policy).toEqual({ maximum_retry_attempts: 0 });
  expect(
    synthesized.at("aws_lambda_function_event_invoke_config.synthetic_check_asynchronous"),
  ).toMatchObject({
    function_name: "${aws_lambda_function.synthetic_check_function.function_name}",
    qualifier: "${aws_lambda_alias.synthetic_check_function_live.name}",
    maximum_retry_attempts: 0,
    maximum_event_age_in_seconds: 900,
  });
});

test("its users are created and signed in with AWS credentials only", () => {
  const synthesized = check();
  expect(synthesized.at("aws_cognito_user_pool.synthetic_check_users")).toMatchObject({
    admin_create_user_config: { allow_admin_create_user_only: true },
    account_recovery_setting: { recovery_mechanism: [{ name: "admin_only", priority: 1 }] },
  });
  expect(synthesized.at("aws_cognito_user_pool_client.synthetic_check_client")).toMatchObject({
    explicit_auth_flows: ["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
    generate_secret: false,
  });
});

test("its function may sign in by its own pool only, write its log and send traces", () => {
  const [signIn, ...others] = statements(check());
  expect(signIn).toEqual({
    Effect: "Allow",
    Action: [
      "cognito-idp:AdminCreateUser",
      "cognito-idp:AdminInitiateAuth",
      "cognito-idp:AdminSetUserPassword",
    ],
    Resource: ["${aws_cognito_user_pool.synthetic_check_users.arn}"],
  });
  expect(others.flatMap(({ Action }) => Action).filter((action) => !/^(logs|xray):/.test(action))).toEqual(
    [],
  );
});

describe("in an environment", () => {
  const prod = synthEnvironment("prod");
  const poolsOf = (stack: Synthesized): unknown =>
    stack.at("aws_api_gateway_authorizer.api_routes_users").provider_arns;

  test("the API accepts the tokens of its pool, and of people's pool only without a check", () => {
    const people = "${aws_cognito_user_pool.users.arn}";
    expect(poolsOf(prod)).toEqual([people, "${aws_cognito_user_pool.synthetic_check_users.arn}"]);
    expect(poolsOf(synthEnvironment("dev"))).toEqual([people]);
  });

  const ZONE = { kind: "route53", hostedZoneId: "Z0123456789ABCDEFGHIJ" } as const;

  test.each([
    ["without DNS", synthEnvironment("prod", { dns: { off: "a test" } }), []],
    ["with records", synthEnvironment("prod", { dns: ZONE }), ["public_a", "public_aaaa"]],
  ])("is called only once all that it calls exists, and calls have their limits: %s", (_, stack, records) => {
    const { depends_on: after } = stack.at("aws_scheduler_schedule.synthetic_check_schedule");
    expect(after).toEqual(
      expect.arrayContaining([
        "aws_api_gateway_stage.api_stage",
        "aws_cloudfront_distribution.edge",
        "aws_ecs_service.processor",
        "aws_lambda_function_event_invoke_config.synthetic_check_asynchronous",
        ...records.map((name) => `aws_route53_record.address_${name}`),
      ]),
    );
    expect(after.filter((one: string) => one.includes("_record.address_public"))).toHaveLength(
      records.length,
    );
  });

  test("no role may sign in people", () => {
    const policies = prod
      .of("aws_iam_role_policy")
      .map(({ policy }) => JSON.stringify(decoded(policy as string)));
    const signing = policies.filter((policy) => policy.includes("cognito-idp:"));
    expect(signing).toHaveLength(1);
    expect(signing[0]).not.toContain("aws_cognito_user_pool.users");
  });

  test("without the setting there is no function, schedule, pool or output", () => {
    const dev = synthEnvironment("dev");
    expect(dev.of("aws_scheduler_schedule")).toEqual([]);
    expect(dev.of("aws_cognito_user_pool")).toHaveLength(1);
    expect(JSON.stringify(dev.json)).not.toContain("synthetic");
  });

  test("the workload boundary lets the check's role sign in, and no other role", () => {
    const name = prod.at("aws_iam_role.synthetic_check_function_role").name as string;
    const { account } = settingsOf("prod");
    const boundary = synthFoundation("prod")
      .of("aws_iam_policy")
      .find((policy) => policy.name === "streamflow-foundation-workload-prod")?.policy as string;
    const decide = (role: string) => {
      const request = {
        action: "cognito-idp:AdminSetUserPassword",
        resource: `arn:aws:cognito-idp:us-east-1:${account}:userpool/us-east-1_a`,
        context: { "aws:principalarn": `arn:aws:iam::${account}:role/${role}` },
      };
      const statement = parsePolicy("boundary", decoded(boundary));
      return evaluate(request, { identityPolicies: statement }).result;
    };
    expect(decide(name)).toBe("allowed");
    expect(decide("streamflow-prod-media-role")).not.toBe("allowed");
  });
});

describe("its alarm", () => {
  const alarmOf = (everyMinutes: number) =>
    synthEnvironment("prod", { syntheticCheck: { everyMinutes, readyWithinMinutes: 5 } })
      .of("aws_cloudwatch_metric_alarm")
      .find(({ alarm_name: name }) => String(name).endsWith("synthetic-check"));

  test("fires after three periods without a success and one whose value may be late, also if no check runs", () => {
    expect(alarmOf(20)).toMatchObject({
      // Missing values count as failed checks, and not as older values.
      metric_query: [
        { expression: "FILL(value, 0)", return_data: true },
        {
          id: "value",
          metric: {
            namespace: "StreamFlow",
            metric_name: "SyntheticCheckSuccess",
            dimensions: { Environment: "prod" },
            stat: "Sum",
            period: 1_200,
          },
        },
      ],
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      evaluation_periods: 4,
      datapoints_to_alarm: 4,
      treat_missing_data: "breaching",
      alarm_description: expect.stringContaining("for 60 minutes, or none ran"),
    });
  });

  test("is missing without a check", () => {
    const { alarms } = settingsOf("prod");
    const names = synthEnvironment("dev", { alarms })
      .of("aws_cloudwatch_metric_alarm")
      .map(({ alarm_name: name }) => String(name));
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => name.includes("synthetic"))).toEqual([]);
  });
});
