import openapi from "../../handlers/media/openapi.json";
import { Stack } from "../../packages/terraform/synthesized-stack";
import { checkEnvironments } from "../../stacks/settings";
import { expectNoFaults } from "../support/faults";
import {
  type Attributes,
  decoded,
  settingsOf,
  synthEnvironment,
  type Synthesized,
  synthSettings,
} from "../support/synth";
import { testEnvironments } from "../support/test-environments";

const certificateArn = (region: string): string =>
  `arn:aws:acm:${region}:111111111111:certificate/12345678-1234-1234-1234-123456789012`;

const groupId = (id: string): string => `\${aws_security_group.${id}_security_group.id}`;

interface Store {
  readonly group: string;
  /** Environment variable with its host. */
  readonly variable: string;
  readonly port: number;
  /** Security groups that it admits, each with its ports. */
  readonly open: readonly string[];
}

/** Clients that have the host of a store but can't connect, and clients that can connect but don't have the host. */
function connectionFaults(told: readonly string[], { group, variable, port, open }: Store): string[] {
  const expected = told.map((id) => `${groupId(id)} ${port}-${port}`);
  return [
    ...told
      .filter((_, index) => !open.includes(expected[index] ?? ""))
      .map((id) => `${id} has ${variable}: add ${group}.connection to its connections`),
    ...open
      .filter((one) => !expected.includes(one))
      .map((one) => `${one} may connect to the ${group} and has no ${variable}: remove the connection`),
  ];
}

test("a client that can't connect, and one that need not, are named", () => {
  const store = { group: "cache", variable: "CACHE_HOST", port: 6379 };
  const open = [`${groupId("media")} 6379-6379`];
  expect(connectionFaults(["media"], { ...store, open })).toEqual([]);
  expect(connectionFaults(["media", "sweep"], { ...store, open })).toEqual([
    "sweep has CACHE_HOST: add cache.connection to its connections",
  ]);
  expect(connectionFaults([], { ...store, open })).toEqual([
    "${aws_security_group.media_security_group.id} 6379-6379 may connect to the cache and has no CACHE_HOST: " +
      "remove the connection",
  ]);
});

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
    const data = Object.keys((stack.json.data ?? {}) as object);
    expect(data).toEqual(settingsOf(name).encryption === "customer" ? ["aws_kms_alias"] : []);
  });

  test("every physical name starts with the stack's", () => {
    // Attributes with names that are unique in an account, a region or the world; other names are local to their
    // parent.
    const attributes: Record<string, string> = {
      aws_cloudwatch_log_group: "name",
      aws_db_instance: "identifier",
      aws_ecs_cluster: "name",
      aws_elasticache_replication_group: "replication_group_id",
      aws_elasticache_user: "user_id",
      aws_elasticache_user_group: "user_group_id",
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
          new RegExp(
            `^((/aws/[a-z0-9/]+/|aws-waf-logs-)?streamflow-${name}[-/]|API-Gateway-Execution-Logs_)`,
          ),
        );
      }
    }
  });

  test.each([
    [
      "without DNS is CloudFront's name",
      { off: "a test" },
      "${aws_cloudfront_distribution.edge.domain_name}",
    ],
    [
      "with a hosted zone is the domain",
      { kind: "route53", hostedZoneId: "Z0123456789" },
      settingsOf(name).domain,
    ],
    [
      "with certificates of another DNS is the domain",
      {
        kind: "certificates",
        edgeCertificateArn: certificateArn("us-east-1"),
        originCertificateArn: certificateArn(settingsOf(name).region),
      },
      settingsOf(name).domain,
    ],
  ] as const)("the origin of its pages %s, for uploads, functions and people", (_, dns, host) => {
    const synthesized = synthEnvironment(name, { dns });
    const [rule] = synthesized.at("aws_s3_bucket_cors_configuration.storage_uploads_cors").cors_rule;
    expect(rule.allowed_origins).toEqual([`https://${host}`]);
    const { variables } = synthesized.at("aws_lambda_function.media").environment;
    expect(variables.PUBLIC_URL).toBe(`https://${host}`);
    // Half of the disk, less 1 GiB for images: the streams must fit beside the source.
    const gibibytes = Math.min(50, Math.floor((settingsOf(name).processor.diskGiB - 1) / 2));
    expect(variables.MAX_SOURCE_BYTES).toBe(String(gibibytes * 1_024 ** 3));
    expect(synthesized.json.output.url.value).toBe(`https://${host}`);
  });

  test.each([
    [{ preset: "slow", loudness: -14, av1: true, downloads: true } as const],
    [{ preset: "veryfast", loudness: -31, av1: false, downloads: false } as const],
  ])("the processor makes streams as the settings say: %j", (changes) => {
    const processor = { ...settingsOf(name).processor, cpu: 1024, memory: 4096, ...changes };
    const [task] = synthEnvironment(name, { processor }).of("aws_ecs_task_definition");
    const valueOf = (variable: string) =>
      new RegExp(`\"name\" = \"${variable}\", \"value\" = \"([^"]+)\"`).exec(
        JSON.stringify(task).replaceAll("\\", ""),
      )?.[1];
    expect(["X264_PRESET", "LOUDNESS_LUFS", "AV1", "DOWNLOADS"].map(valueOf)).toEqual([
      changes.preset,
      String(changes.loudness),
      changes.av1 ? "on" : undefined,
      changes.downloads ? "on" : undefined,
    ]);
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

  test("each program logs in to the cache as the user that its role has permission for, and as no other", () => {
    const userOf = (text: string) => /aws_elasticache_user\.(\w+)\.user_name/.exec(text)?.[1];
    const asked = {
      media_role_permissions: JSON.stringify(stack.at("aws_lambda_function.media").environment),
      processor_task_role_permissions: JSON.stringify(stack.of("aws_ecs_task_definition")),
    };
    const policies = Object.entries(stack.json.resource.aws_iam_role_policy as Record<string, Attributes>);
    const allowed = policies.flatMap(([id, { policy }]) => {
      const users = [...String(policy).matchAll(/aws_elasticache_user\.(\w+)\.arn/g)].map(([, user]) => user);
      return users.length === 0 ? [] : [[id, users] as const];
    });
    expect(Object.fromEntries(allowed)).toEqual({
      media_role_permissions: [userOf(asked.media_role_permissions)],
      processor_task_role_permissions: [userOf(asked.processor_task_role_permissions)],
    });
    expect(new Set(Object.values(asked).map(userOf)).size).toBe(2);
  });

  test("only the clients configured for the database and the cache reach them, on their own port", () => {
    for (const [group, variable, port] of [
      ["database", "DATABASE_HOST", 5432],
      ["cache", "CACHE_HOST", 6379],
    ] as const) {
      const functions = Object.entries(stack.json.resource.aws_lambda_function as Record<string, Attributes>);
      const told = functions.flatMap(([id, { environment }]) =>
        environment?.variables[variable] ? [id] : [],
      );
      const open = stack
        .of("aws_vpc_security_group_ingress_rule")
        .filter((rule) => rule.security_group_id === groupId(group))
        .map((rule) => `${rule.referenced_security_group_id} ${rule.from_port}-${rule.to_port}`);
      expect(told).toContain("media");
      expectNoFaults(connectionFaults([...told, "processor"], { group, variable, port, open }));
    }
  });

  test("the API's stage serves new routes only after the migrations", () => {
    expect(stack.at("aws_api_gateway_stage.api_stage").depends_on).toContain(
      "aws_lambda_invocation.migrations",
    );
  });

  test("the media function may do what its routes do, receive nothing from the queue, and not read the master's secret", () => {
    const policy = decoded(stack.at("aws_iam_role_policy.media_role_permissions").policy as string);
    const statements = policy.Statement as { Action: string[]; Resource: string[]; Condition?: object }[];
    const about = (service: string): unknown[] =>
      statements.filter(({ Action }) => Action.some((action) => action.startsWith(`${service}:`)));
    const { account } = settingsOf(name);
    const [uploads, streams] = ["uploads", "streams"].map(
      (bucket) => `arn:aws:s3:::streamflow-${name}-${bucket}-${account}`,
    );
    expect(about("rds-db")).toHaveLength(1);
    const queues = ["media-queue", "invalidations-queue"].map(
      (queue) => `arn:aws:sqs:us-east-1:${account}:streamflow-${name}-${queue}`,
    );
    expect(about("sqs")).toMatchObject(
      (name === "staging" ? queues.slice(0, 1) : queues).map((queue) => ({
        Action: ["sqs:SendMessage"],
        Resource: [queue],
      })),
    );
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
    const named = synthEnvironment(name, { dns: { kind: "route53", hostedZoneId: "Z0123456789" } });
    expect(named.at("aws_lambda_function.media").environment.variables.PUBLIC_URL).toBe(
      `https://${settingsOf(name).domain}`,
    );
  });

  test("has each route of the API's description, a model for each body, and a token where it writes or reads the caller's own", () => {
    const pathOf = (reference: unknown): string => {
      const [, address = ""] = /^\$\{(.+)\.id\}$/.exec(String(reference)) ?? [];
      const resource = stack.resources.get(address);
      return resource === undefined ? "" : `${pathOf(resource.parent_id)}/${resource.path_part}`;
    };
    const methods = stack.of("aws_api_gateway_method");
    const described = Object.entries(openapi.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]) => ({
        route: `${method.toUpperCase()} ${path}`,
        hasBody: "requestBody" in operation,
      })),
    );
    const made = new Map(
      methods.map((method) => [`${method.http_method} ${pathOf(method.resource_id)}`, method]),
    );
    expectNoFaults(
      described.flatMap(({ route, hasBody }) => {
        const method = made.get(route);
        if (method === undefined) return [`API Gateway has no route ${route}: run npm run openapi`];
        const isPublic = /^(GET|HEAD) (?!\/me\/)/.test(route);
        const token = isPublic ? "NONE" : "COGNITO_USER_POOLS";
        return [
          ...(method.authorization === token ? [] : [`${route} is authorized by ${method.authorization}`]),
          ...((method.request_models !== undefined) === hasBody
            ? []
            : [`${route} has ${hasBody ? "a body, and no model of it" : "a model, and no body"}`]),
        ];
      }),
    );
    expect(methods).toHaveLength(described.length);
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

/** Attributes with a name that AWS knows in the whole account and region, or everywhere. */
const NAME_ATTRIBUTES = [
  "alarm_name",
  "bucket",
  "dashboard_name",
  "function_name",
  "group_name",
  "identifier",
  "name",
  "replication_group_id",
  "rule_name",
];

/** Types whose names need to be unique only in the resource that has them, such as an API's authorizers. */
const NAMED_WITHIN_ANOTHER = [
  "aws_amplify_branch",
  "aws_api_gateway_authorizer",
  "aws_api_gateway_model",
  "aws_api_gateway_request_validator",
  "aws_backup_selection",
  "aws_cognito_user_pool_client",
  "aws_iam_role_policy",
  "aws_lambda_alias",
];

/** Literal names of a stack's resources, each with its type. */
const namesOf = ({ json }: Synthesized): string[] =>
  new Stack("one of two", json).resources
    .filter(({ type }) => !NAMED_WITHIN_ANOTHER.includes(type))
    .flatMap((resource) =>
      NAME_ATTRIBUTES.map((attribute) => [resource.type, resource.at(attribute).text] as const),
    )
    .filter(([, name]) => name !== "" && !name.includes("${"))
    .map(([type, name]) => `${type} ${name}`);

test("two environments in one account have no name in common", () => {
  const others = namesOf(synthEnvironment("prod"));
  const names = namesOf(synthSettings({ ...settingsOf("prod"), name: "second" }));
  expect(names.length).toBeGreaterThan(80);
  expect(names.filter((name) => others.includes(name))).toEqual([]);
});

describe("AWS Backup", () => {
  const arn = (bucket: string): string => `arn:aws:s3:::streamflow-prod-${bucket}-333333333333`;
  const prod = settingsOf("prod");

  test.each([
    ["all but the streams", { off: "a test" }, []],
    ["also the streams", true, [arn("streams")]],
  ] as const)("copies %s, by the setting", (_, streams, more) => {
    const backup = { ...prod.backup, streams } as typeof prod.backup;
    expect(synthSettings({ ...prod, backup }).at("aws_backup_selection.backups_selection").resources).toEqual(
      ["${aws_db_instance.database.arn}", arn("uploads"), ...more],
    );
  });
});
