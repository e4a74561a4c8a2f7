import openapi from "../../handlers/media/openapi.json";
import { checkEnvironments } from "../../stacks/settings";
import { decoded, settingsOf, synthEnvironment } from "../support/synth";
import { testEnvironments } from "../support/test-environments";

describe.each(testEnvironments.map(({ name }) => name))("the stack of %s", (name) => {
  const stack = synthEnvironment(name);

  test("has a separate state key, in a separate account", () => {
    const { backend } = stack.json.terraform;
    expect(backend.s3.key).toBe(`streamflow-${name}/terraform.tfstate`);
    expect(stack.json.provider.aws[0].allowed_account_ids).toEqual([
      testEnvironments.find((environment) => environment.name === name)?.account,
    ]);
  });

  test("shares no Terraform value with another state", () => {
    expect(stack.json.data).toBeUndefined();
  });

  test("every physical name starts with the stack's", () => {
    // Named by us, and unique in their account, region or the world; other names are local to their parent.
    const attributes: Record<string, string> = {
      aws_cloudwatch_log_group: "name",
      aws_db_instance: "identifier",
      aws_ecs_cluster: "name",
      aws_elasticache_replication_group: "replication_group_id",
      aws_iam_role: "name",
      aws_lambda_function: "function_name",
      aws_lb: "name",
      aws_s3_bucket: "bucket",
      aws_sqs_queue: "name",
      aws_wafv2_web_acl: "name",
    };
    for (const [type, attribute] of Object.entries(attributes)) {
      expect(stack.of(type).length).toBeGreaterThan(0);
      for (const resource of stack.of(type)) {
        expect(resource[attribute]).toMatch(
          new RegExp(`^(/aws/[a-z0-9/]+/|aws-waf-logs-)?streamflow-${name}[-/]`),
        );
      }
    }
  });

  test.each([
    [
      "without a hosted zone is CloudFront's name",
      undefined,
      "${aws_cloudfront_distribution.edge.domain_name}",
    ],
    ["with a hosted zone is the domain", "Z0123456789", settingsOf(name).domain],
  ] as const)("the origin of its pages %s, for uploads, functions and people", (_, hostedZoneId, host) => {
    const synthesized = hostedZoneId === undefined ? stack : synthEnvironment(name, { hostedZoneId });
    const [rule] = synthesized.at("aws_s3_bucket_cors_configuration.storage_uploads_cors").cors_rule;
    expect(rule.allowed_origins).toEqual([`https://${host}`]);
    const { variables } = synthesized.at("aws_lambda_function.media").environment;
    expect(variables.PUBLIC_URL).toBe(`https://${host}`);
    expect(synthesized.json.output.url.value).toBe(`https://${host}`);
  });

  test("what has a public address is made after the internet gateway and the public route, and destroyed before", () => {
    const open = ["aws_nat_gateway", "aws_eip", "aws_lb"].flatMap((type) => stack.of(type));
    expect(open.length).toBeGreaterThan(0);
    for (const { internal, depends_on } of open) {
      expect(internal).not.toBe(true);
      expect(depends_on).toEqual(
        expect.arrayContaining([
          "aws_internet_gateway.network_internet",
          "aws_route.network_public_internet_route",
        ]),
      );
    }
  });

  test("no security group rule names a CIDR of the VPC", () => {
    const rules = [
      ...stack.of("aws_vpc_security_group_ingress_rule"),
      ...stack.of("aws_vpc_security_group_egress_rule"),
    ];
    expect(rules.length).toBeGreaterThan(5);
    for (const rule of rules) expect([undefined, "0.0.0.0/0"]).toContain(rule.cidr_ipv4);
    for (const rule of stack.of("aws_vpc_security_group_ingress_rule")) {
      expect(rule.referenced_security_group_id ?? rule.prefix_list_id).toBeDefined();
    }
  });

  test("the database and the cache accept only their clients, on their port only", () => {
    const into = stack.of("aws_vpc_security_group_ingress_rule");
    const sources = (group: string): unknown[] =>
      into
        .filter((rule) => rule.security_group_id === `\${aws_security_group.${group}_security_group.id}`)
        .map((rule) => [rule.referenced_security_group_id, rule.from_port, rule.to_port]);
    expect(sources("database")).toEqual([
      ["${aws_security_group.media_security_group.id}", 5432, 5432],
      ["${aws_security_group.migrate_security_group.id}", 5432, 5432],
      ["${aws_security_group.processor_security_group.id}", 5432, 5432],
    ]);
    expect(sources("cache")).toEqual([
      ["${aws_security_group.media_security_group.id}", 6379, 6379],
      ["${aws_security_group.processor_security_group.id}", 6379, 6379],
    ]);
  });

  test("the media function may do what its routes do, and nothing with the queue or the master's secret", () => {
    const policy = decoded(stack.at("aws_iam_role_policy.media_role_permissions").policy as string);
    const statements = policy.Statement as { Action: string[]; Resource: string[]; Condition?: object }[];
    const about = (service: string): unknown[] =>
      statements.filter(({ Action }) => Action.some((action) => action.startsWith(`${service}:`)));
    const { account } = settingsOf(name);
    const [uploads, streams] = ["uploads", "streams"].map(
      (bucket) => `arn:aws:s3:::streamflow-${name}-${bucket}-${account}`,
    );
    expect(about("rds-db")).toHaveLength(1);
    expect(about("sqs")).toEqual([]);
    expect(about("secretsmanager")).toMatchObject([
      { Resource: ["${aws_secretsmanager_secret.edge_playback_keys_private_keys.arn}"] },
    ]);
    const s3 = (about("s3") as typeof statements).flatMap(({ Action, Resource }) =>
      Action.map((action) => [action, ...Resource]),
    );
    expect(s3.sort()).toEqual([
      ["s3:AbortMultipartUpload", `${uploads}/uploads/*`],
      ["s3:DeleteObject", `${streams}/stream/*`],
      ["s3:DeleteObject", `${uploads}/uploads/*`],
      ["s3:GetObject", `${uploads}/uploads/*`],
      ["s3:ListBucket", streams],
      ["s3:ListMultipartUploadParts", `${uploads}/uploads/*`],
      ["s3:PutObject", `${uploads}/uploads/*`],
    ]);
    expect(statements.find(({ Action }) => Action.includes("s3:ListBucket"))?.Condition).toEqual({
      StringLike: { "s3:prefix": "stream/*" },
    });
  });

  test("the media function has the public URL, which is the distribution's without a domain", () => {
    const { PUBLIC_URL } = stack.at("aws_lambda_function.media").environment.variables;
    expect(PUBLIC_URL).toBe("https://${aws_cloudfront_distribution.edge.domain_name}");
    const named = synthEnvironment(name, { hostedZoneId: "Z0123456789" });
    expect(named.at("aws_lambda_function.media").environment.variables.PUBLIC_URL).toBe(
      `https://${settingsOf(name).domain}`,
    );
  });

  test("has each route of the API's description, a model for each body, and a token where it writes", () => {
    const paths = new Map<string, string>(
      [...stack.resources].flatMap(([address, { path_part: part }]) =>
        address.startsWith("aws_api_gateway_resource.") ? [[`\${${address}.id}`, String(part)] as const] : [],
      ),
    );
    const described = Object.values(openapi.paths).flatMap((methods) => Object.keys(methods));
    const methods = stack.of("aws_api_gateway_method");
    expect(methods).toHaveLength(described.length);
    const modelled = methods.filter(({ request_models }) => request_models !== undefined);
    expect(modelled.map(({ resource_id }) => paths.get(resource_id)).sort()).toEqual([
      "complete",
      "media",
      "parts",
    ]);
    for (const { http_method: method, authorization } of methods) {
      expect(authorization).toBe(method === "GET" ? "NONE" : "COGNITO_USER_POOLS");
    }
  });

  test("serves GET /media and GET /media/{id} by the media function's alias", () => {
    const methods = stack
      .of("aws_api_gateway_method")
      .map(({ http_method, resource_id }) => [http_method, resource_id]);
    expect(methods).toContainEqual(["GET", "${aws_api_gateway_resource.api_routes_path_media.id}"]);
    expect(methods).toContainEqual(["GET", "${aws_api_gateway_resource.api_routes_path_media_id.id}"]);
    const { account } = settingsOf(name);
    const alias = `arn:aws:lambda:us-east-1:${account}:function:streamflow-${name}-media:live`;
    for (const integration of stack.of("aws_api_gateway_integration")) {
      expect(integration.type).toBe("AWS_PROXY");
      expect(integration.uri).toBe(
        `arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/${alias}/invocations`,
      );
    }
  });

  test("no resource with data uses create_before_destroy: its name would be in use", () => {
    const first = [...stack.resources].filter(
      ([, { lifecycle }]) => lifecycle?.create_before_destroy === true,
    );
    expect(first.length).toBeGreaterThan(2);
    // Terraform extends it to everything that such a resource depends on.
    const reached = new Set(first.map(([address]) => address));
    for (const address of reached) {
      const text = JSON.stringify(stack.resources.get(address));
      for (const [reference = ""] of text.matchAll(/aws_\w+\.\w+/g)) {
        if (stack.resources.has(reference)) reached.add(reference);
      }
    }
    // User pools may have one name: the API's authorizer, on which its deployment depends, reaches theirs.
    const holdsData = /^aws_(db_instance|elasticache_replication_group|s3_bucket|sqs_queue)\./;
    expect([...reached].filter((address) => holdsData.test(address))).toEqual([]);
  });
});

test.each(testEnvironments.map(({ name }) => name))(
  "the settings of %s take the longest name that an environment may have",
  (name) => {
    const longest = "abcdefghijkl";
    expect(() => checkEnvironments([{ ...settingsOf(name), name: `${longest}m` }])).toThrow(/\.name must be/);
    expect(() => checkEnvironments([{ ...settingsOf(name), name: longest }])).not.toThrow();
    expect(() => synthEnvironment(name, { name: longest })).not.toThrow();
  },
);
