import fc from "fast-check";
import { parsePolicy } from "../../../packages/iam/document";
import { type AccessRequest, evaluate, type Policies } from "../../../packages/iam/evaluate";

const policy = (name: string, ...Statement: object[]) =>
  parsePolicy(name, { Version: "2012-10-17", Statement });
const allow = (Action: string | string[], Resource: string | string[], Condition?: object) => ({
  Effect: "Allow",
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});
const identity = (...statements: object[]) => policy("permissions", ...statements);
const boundary = (...statements: object[]) => policy("boundary", ...statements);

const STREAMS = "arn:aws:s3:::b/stream/*";
const read: AccessRequest = { action: "s3:GetObject", resource: "arn:aws:s3:::b/stream/1", context: {} };
const ask = (policies: Policies, more: Partial<AccessRequest> = {}) =>
  evaluate({ ...read, ...more }, policies);

test("allows what a statement allows, and names the statement", () => {
  const decision = ask({
    identityPolicies: identity(allow("sqs:*", "*"), allow(["s3:getobject"], [STREAMS])),
  });
  expect(decision).toMatchObject({ result: "allowed", reason: "permissions[1]" });
  expect(decision.statements).toHaveLength(1);
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
describe("policies of an identity", () => {
  test.each<[string, Policies, string]>([
    [
      "another action",
      { identityPolicies: identity(allow("s3:GetObjectVersion", STREAMS)) },
      "nothing allows it",
    ],
    [
      "another resource",
      { identityPolicies: identity(allow("s3:*", "arn:aws:s3:::b/uploads/*")) },
      "nothing allows it",
    ],
    [
      "a resource in another case",
      { identityPolicies: identity(allow("s3:*", "arn:aws:s3:::b/Stream/*")) },
      "nothing allows it",
    ],
    [
      "all actions but this",
      { identityPolicies: identity({ Effect: "Allow", NotAction: "S3:Get*", Resource: "*" }) },
      "nothing allows it",
    ],
    [
      "all resources but this",
      { identityPolicies: identity({ Effect: "Allow", Action: "s3:*", NotResource: [STREAMS] }) },
      "nothing allows it",
    ],
    [
      "an unmet condition",
      { identityPolicies: identity(allow("s3:*", "*", { Bool: { "aws:MultiFactorAuthPresent": "true" } })) },
      "nothing allows it",
    ],
    [
      "a boundary without it",
      { identityPolicies: identity(allow("s3:*", "*")), boundary: boundary(allow("sqs:*", "*")) },
      "its boundary does not allow it",
    ],
    [
      "a session's policy without it",
      {
        identityPolicies: identity(allow("s3:*", "*")),
        sessionPolicy: policy("session", allow("sqs:*", "*")),
      },
      "its session's policy does not allow it",
    ],
    ["a boundary alone", { identityPolicies: [], boundary: boundary(allow("*", "*")) }, "nothing allows it"],
  ])("%s does not allow it", (_what, policies, reason) => {
    expect(ask(policies)).toEqual({ result: "implicitly-denied", statements: [], reason });
  });

  test.each<[string, object]>([
    ["an action", { Action: "s3:GET*", Resource: "*" }],
    ["all actions but some", { NotAction: "sqs:*", Resource: "*" }],
    ["all resources but some", { Action: "*", NotResource: "arn:aws:s3:::b/uploads/*" }],
    [
      "all but one network, for a request that tells none",
      { Action: "*", Resource: "*", Condition: { NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } } },
    ],
  ])("a Deny of %s overrides any Allow, in any position", (_what, statement) => {
    const denied = { Effect: "Deny", ...statement };
    const all = allow("*", "*");
    const open = {
      identityPolicies: identity(all),
      boundary: boundary(all),
      sessionPolicy: policy("session", all),
    };
    expect(ask(open).result).toBe("allowed");
    expect(ask({ ...open, identityPolicies: identity(all, denied) })).toMatchObject({
      result: "explicitly-denied",
      statements: [{ name: "permissions[1]" }],
      reason: "permissions[1] denies it",
    });
    expect(ask({ ...open, boundary: boundary(all, denied) }).reason).toBe("boundary[1] denies it");
    expect(ask({ ...open, sessionPolicy: policy("session", all, denied) }).reason).toBe(
      "session[1] denies it",
    );
    const resourcePolicy = policy("bucket", { ...denied, Principal: "*" });
    expect(ask({ ...open, resourcePolicy }).reason).toBe("bucket[0] denies it");
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
  test("a variable of a resource is the requester's", () => {
    const identityPolicies = identity(allow("s3:GetObject", "arn:aws:s3:::b/home/${aws:username}/*"));
    const of = (context: AccessRequest["context"]) =>
      ask({ identityPolicies }, { resource: "arn:aws:s3:::b/home/ann/1", context }).result;
    expect(of({ "aws:username": "ann" })).toBe("allowed");
    expect(of({ "aws:username": "*" })).toBe("implicitly-denied");
    expect(of({})).toBe("implicitly-denied");
    expect(of({ "aws:username": ["ann", "bob"] })).toBe("implicitly-denied");
  });

  test("a variable is a text in documents of the version 2008-10-17", () => {
    const identityPolicies = parsePolicy("permissions", {
      Version: "2008-10-17",
      Statement: allow("s3:GetObject", "arn:aws:s3:::b/${aws:username}"),
    });
    const of = (key: string) =>
      ask({ identityPolicies }, { resource: `arn:aws:s3:::b/${key}`, context: { "aws:username": "ann" } });
    expect(of("ann").result).toBe("implicitly-denied");
    expect(of("${aws:username}").result).toBe("allowed");
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
describe("lists of a statement", () => {
  const other = "arn:aws:s3:::other/*";

  test.each<[string, object, object]>([
    ["Action", { Action: ["sqs:*", "s3:GetObject"] }, { Resource: "*" }],
    ["Resource", { Resource: [other, STREAMS] }, { Action: "*" }],
  ])("one of %s is enough", (_element, list, rest) => {
    expect(ask({ identityPolicies: identity({ Effect: "Allow", ...list, ...rest }) }).result).toBe("allowed");
  });

  test.each<[string, object, object]>([
    ["NotAction", { NotAction: ["sqs:*", "s3:GetObject"] }, { Resource: "*" }],
    ["NotResource", { NotResource: [other, STREAMS] }, { Action: "*" }],
  ])("one of %s is enough to leave the request out", (_element, list, rest) => {
    expect(ask({ identityPolicies: identity({ Effect: "Allow", ...list, ...rest }) }).result).toBe(
      "implicitly-denied",
    );
  });

  test("one statement of a boundary is enough", () => {
    const policies = {
      identityPolicies: identity(allow("*", "*")),
      boundary: boundary(allow("sqs:*", "*"), allow("s3:*", "*")),
    };
    expect(ask(policies).result).toBe("allowed");
  });
});

const ACCOUNT = "111122223333";
const ROLE = `AWS:arn:aws:iam::${ACCOUNT}:role/r` as const;
const SESSION = `AWS:arn:aws:sts::${ACCOUNT}:assumed-role/r/s` as const;
const USER = `AWS:arn:aws:iam::${ACCOUNT}:user/ann` as const;
const ARN_OF = (principal: string) => principal.replace("AWS:", "");
const bucketPolicy = (Principal: unknown, more: object = {}) =>
  policy("bucket", { ...allow("s3:GetObject", STREAMS), Principal, ...more });

describe("the policy of a resource in the same account", () => {
  const narrow = { identityPolicies: [], boundary: boundary(allow("sqs:*", "*")) };

  // The table of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
  test.each<[string, AccessRequest["principal"], unknown, string, string]>([
    ["a user", USER, { AWS: ARN_OF(USER) }, "allowed", "allowed"],
    ["a session", SESSION, { AWS: ARN_OF(SESSION) }, "allowed", "allowed"],
    ["the role of a session", SESSION, { AWS: ARN_OF(ROLE) }, "allowed", "implicitly-denied"],
    ["a role", ROLE, { AWS: ARN_OF(ROLE) }, "allowed", "implicitly-denied"],
    ["everybody", SESSION, "*", "allowed", "allowed"],
    ["the whole account", USER, { AWS: ACCOUNT }, "implicitly-denied", "implicitly-denied"],
    ["another user", USER, { AWS: `${ARN_OF(USER)}2` }, "implicitly-denied", "implicitly-denied"],
    ["a service", USER, { Service: "s3.amazonaws.com" }, "implicitly-denied", "implicitly-denied"],
  ])("that names %s, without and with a boundary", (_what, principal, named, free, bounded) => {
    const resourcePolicy = bucketPolicy(named);
    expect(ask({ identityPolicies: [], resourcePolicy }, { principal }).result).toBe(free);
    expect(ask({ ...narrow, resourcePolicy }, { principal }).result).toBe(bounded);
  });

  test("is not needed where the identity's own policies allow it", () => {
    const identityPolicies = identity(allow("s3:*", "*"));
    expect(ask({ identityPolicies, resourcePolicy: [] }, { principal: USER }).reason).toBe("permissions[0]");
  });

  test("is named together with the identity's own policies", () => {
    const identityPolicies = identity(allow("s3:*", "*"));
    const resourcePolicy = bucketPolicy({ AWS: ARN_OF(USER) });
    expect(ask({ identityPolicies, resourcePolicy }, { principal: USER }).reason).toBe(
      "bucket[0], permissions[0]",
    );
  });

  test("that names the whole account leaves the decision to the account's own policies", () => {
    const resourcePolicy = bucketPolicy({ AWS: ACCOUNT });
    for (const principal of [USER, `AWS:${ACCOUNT}`, `AWS:arn:aws:iam::${ACCOUNT}:root`] as const) {
      expect(ask({ resourcePolicy }, { principal }).result).toBe("implicitly-denied");
      expect(ask({ resourcePolicy, identityPolicies: [] }, { principal }).result).toBe("implicitly-denied");
    }
  });

  test("names a role by its name, however long, in any partition", () => {
    const principal = `AWS:arn:aws-cn:sts::${ACCOUNT}:assumed-role/processor/i-0123` as const;
    const named = (arn: string) => ask({ resourcePolicy: bucketPolicy({ AWS: arn }) }, { principal }).result;
    expect(named(`arn:aws-cn:iam::${ACCOUNT}:role/processor`)).toBe("allowed");
    expect(named(`arn:aws-cn:iam::${ACCOUNT}:role/process`)).toBe("implicitly-denied");
  });

  test("names a role with a path by the ARN of the role, which its session does not hold", () => {
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/media/r`;
    const resourcePolicy = bucketPolicy({ AWS: roleArn });
    expect(ask({ resourcePolicy }, { principal: SESSION, roleArn }).result).toBe("allowed");
    expect(ask({ resourcePolicy }, { principal: SESSION }).result).toBe("implicitly-denied");
  });

  // https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
  test("must let the account decide where the resource is a key", () => {
    const key = `arn:aws:kms:us-east-1:${ACCOUNT}:key/k`;
    const use = { action: "kms:Decrypt", resource: key, principal: USER, context: {} };
    const identityPolicies = identity(allow("kms:Decrypt", key));
    const root = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
    const open = policy("key", { ...allow("kms:*", "*"), Principal: root });
    expect(evaluate(use, { identityPolicies, resourcePolicy: open }).reason).toBe("permissions[0]");
    expect(evaluate(use, { identityPolicies, resourcePolicy: [] }).result).toBe("implicitly-denied");
    expect(evaluate(use, { identityPolicies: [], resourcePolicy: open }).result).toBe("implicitly-denied");
    expect(evaluate(use, { identityPolicies }).result).toBe("allowed");
  });

  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html
  test.each(["sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"])(
    "must let %s where the resource is a role, whatever the identity's own policies say",
    (action) => {
      const assume = { action, resource: ARN_OF(ROLE), principal: USER, context: {} };
      const identityPolicies = identity(allow("sts:*", "*"));
      const trust = policy("trust", { Effect: "Allow", Action: "sts:*", Principal: { AWS: ACCOUNT } });
      expect(evaluate(assume, { identityPolicies, resourcePolicy: trust }).result).toBe("allowed");
      expect(evaluate(assume, { identityPolicies, resourcePolicy: [] }).result).toBe("implicitly-denied");
    },
  );
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
describe("across accounts", () => {
  const own = identity(allow("s3:*", "*"));
  const elsewhere = { principal: USER, resourceAccount: "999988887777" };

  test.each<[string, Policies, string]>([
    ["both policies", { identityPolicies: own, resourcePolicy: bucketPolicy({ AWS: ACCOUNT }) }, "allowed"],
    ["the identity's policy alone", { identityPolicies: own, resourcePolicy: [] }, "implicitly-denied"],
    ["the identity's policy where there is no other", { identityPolicies: own }, "implicitly-denied"],
    [
      "the resource's policy alone",
      { identityPolicies: [], resourcePolicy: bucketPolicy({ AWS: ARN_OF(USER) }) },
      "implicitly-denied",
    ],
    [
      "both, beyond the boundary",
      {
        identityPolicies: own,
        resourcePolicy: bucketPolicy({ AWS: ARN_OF(USER) }),
        boundary: boundary(allow("sqs:*", "*")),
      },
      "implicitly-denied",
    ],
  ])("%s decide: %#", (_what, policies, result) => {
    expect(ask(policies, elsewhere).result).toBe(result);
  });

  test("the reason names the deciding policies", () => {
    const open = bucketPolicy({ AWS: ACCOUNT });
    const reason = (policies: Policies) => ask(policies, elsewhere).reason;
    expect(reason({ identityPolicies: own, resourcePolicy: open })).toBe("permissions[0], bucket[0]");
    expect(reason({ identityPolicies: own })).toBe("the resource's policy does not allow it");
    expect(reason({ identityPolicies: [], resourcePolicy: open })).toBe("nothing allows it");
  });

  test("the account of a resource is read from its ARN", () => {
    const resource = "arn:aws:sqs:us-east-1:999988887777:q";
    const policies = { identityPolicies: identity(allow("sqs:*", "*")) };
    expect(
      evaluate({ action: "sqs:SendMessage", resource, principal: USER, context: {} }, policies).result,
    ).toBe("implicitly-denied");
  });

  test("a key of an object that looks like an ARN is not the account of its bucket", () => {
    const resource = "arn:aws:s3:::b/arn:aws:sqs:us-east-1:999988887777:q";
    expect(ask({ identityPolicies: own }, { principal: USER, resource }).result).toBe("allowed");
  });
});

describe("services and the anonymous", () => {
  const service = "Service:cloudfront.amazonaws.com" as const;
  const source = { StringEquals: { "AWS:SourceArn": "arn:aws:cloudfront::1:distribution/D" } };
  const resourcePolicy = bucketPolicy({ Service: "cloudfront.amazonaws.com" }, { Condition: source });
  const from = (distribution: string) => ({
    principal: service,
    context: { "aws:SourceArn": `arn:aws:cloudfront::1:distribution/${distribution}` },
  });

  test("may do what the resource's policy allows them, under its conditions", () => {
    expect(ask({ resourcePolicy }, from("D")).result).toBe("allowed");
    expect(ask({ resourcePolicy }, from("E")).result).toBe("implicitly-denied");
    expect(ask({ resourcePolicy }, { principal: "Service:s3.amazonaws.com" }).result).toBe(
      "implicitly-denied",
    );
    expect(ask({ resourcePolicy }).result).toBe("implicitly-denied");
    expect(ask({ resourcePolicy: bucketPolicy("*") }).result).toBe("allowed");
  });

  test("belong to no account: a resource whose ARN has an account can allow them", () => {
    const resource = `arn:aws:sqs:us-east-1:${ACCOUNT}:q`;
    const queuePolicy = policy("queue", {
      ...allow("sqs:SendMessage", resource),
      Principal: { Service: "s3.amazonaws.com" },
    });
    const request = { action: "sqs:SendMessage", resource, context: {} };
    const send = (principal: AccessRequest["principal"]) =>
      evaluate({ ...request, principal }, { resourcePolicy: queuePolicy });
    expect(send("Service:s3.amazonaws.com").reason).toBe("queue[0]");
    expect(send("Service:sns.amazonaws.com").result).toBe("implicitly-denied");
  });

  test("are all matched by an asterisk for their type", () => {
    const provider = "Federated:cognito-identity.amazonaws.com" as const;
    const resourcePolicy = bucketPolicy({ Federated: "*" });
    expect(ask({ resourcePolicy }, { principal: provider }).result).toBe("allowed");
    expect(ask({ resourcePolicy }, { principal: service }).result).toBe("implicitly-denied");
  });
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
describe("NotPrincipal", () => {
  const all = allow("s3:*", "*");
  const sparing = (...arns: string[]) => ({
    identityPolicies: identity(all),
    resourcePolicy: policy("bucket", {
      Effect: "Deny",
      Action: "s3:*",
      Resource: "*",
      NotPrincipal: { AWS: arns },
    }),
  });
  const root = `arn:aws:iam::${ACCOUNT}:root`;

  test("denies every principal that is not named in full, with role and account", () => {
    const result = (principal: AccessRequest["principal"], ...arns: string[]) =>
      ask(sparing(...arns), { principal }).result;
    expect(result(USER, ARN_OF(USER), root)).toBe("allowed");
    expect(result(USER, ARN_OF(USER))).toBe("explicitly-denied");
    expect(result(USER, root)).toBe("explicitly-denied");
    expect(result(SESSION, ARN_OF(SESSION), ARN_OF(ROLE), ACCOUNT)).toBe("allowed");
    expect(result(SESSION, ARN_OF(ROLE), root)).toBe("explicitly-denied");
    expect(result("Service:s3.amazonaws.com", root)).toBe("explicitly-denied");
    expect(result(undefined, root)).toBe("explicitly-denied");
  });

  test("spares a service that is named", () => {
    const NotPrincipal = { Service: "s3.amazonaws.com" };
    const resourcePolicy = policy(
      "bucket",
      { ...all, Principal: "*" },
      { ...all, Effect: "Deny", NotPrincipal },
    );
    expect(ask({ resourcePolicy }, { principal: "Service:s3.amazonaws.com" }).result).toBe("allowed");
    expect(ask({ resourcePolicy }, { principal: "Service:sns.amazonaws.com" }).result).toBe(
      "explicitly-denied",
    );
  });

  test("allows every other principal, also anonymous ones", () => {
    const resourcePolicy = policy("bucket", { ...all, NotPrincipal: { AWS: ARN_OF(USER) } });
    expect(ask({ resourcePolicy }).result).toBe("allowed");
    expect(ask({ identityPolicies: [], resourcePolicy }, { principal: USER }).result).toBe(
      "implicitly-denied",
    );
  });
});

describe("of any policies", () => {
  const one = <T>(...values: T[]) => fc.constantFrom(...values);
  const patterns = one("*", "s3:*", "s3:GetObject", "sqs:*", "s3:Get*");
  const resources = one("*", STREAMS, "arn:aws:s3:::b/uploads/*", "arn:aws:s3:::?/stream/1");
  const conditions = one(
    {},
    { Bool: { "aws:SecureTransport": "true" } },
    { StringNotEquals: { "aws:SourceAccount": "1" } },
    { StringEqualsIfExists: { "aws:SourceAccount": "2" } },
  );
  const statement = fc
    .record({
      action: one("Action", "NotAction"),
      resource: one("Resource", "NotResource"),
      pattern: patterns,
      on: resources,
      Condition: conditions,
    })
    .map(({ action, resource, pattern, on, Condition }) => ({
      [action]: pattern,
      [resource]: on,
      Condition,
    }));
  const any = fc.tuple(one("Allow", "Deny"), statement).map(([Effect, rest]) => ({ Effect, ...rest }));
  const document = fc.array(any, { maxLength: 4 });
  const request = fc.record({
    principal: one(USER, SESSION, ROLE, undefined),
    context: one({}, { "aws:SecureTransport": "true" }, { "aws:SourceAccount": "1" }),
  });
  const all = fc.record({
    identityPolicies: document,
    resourcePolicy: document,
    boundary: fc.option(document, { nil: undefined }),
  });
  type Documents = { identityPolicies: object[]; resourcePolicy: object[]; boundary: object[] | undefined };

  const isAllowed = (
    asked: Partial<AccessRequest>,
    { identityPolicies, resourcePolicy, boundary: most }: Documents,
  ) =>
    ask(
      {
        identityPolicies: identity(...identityPolicies),
        resourcePolicy: policy("bucket", ...resourcePolicy.map((each) => ({ ...each, Principal: "*" }))),
        boundary: most && boundary(...most),
      },
      asked,
    ).result === "allowed";

  test("a denial more never allows more, wherever it is added", () => {
    fc.assert(
      fc.property(
        all,
        request,
        statement,
        one(...(["identityPolicies", "resourcePolicy", "boundary"] as const)),
        (policies, asked, rest, where) => {
          const more = {
            ...policies,
            [where]: [...(policies[where] ?? [allow("*", "*")]), { Effect: "Deny", ...rest }],
          };
          expect(isAllowed(asked, more) && !isAllowed(asked, policies)).toBe(false);
        },
      ),
    );
  });

  test("an allowance more never allows less", () => {
    fc.assert(
      fc.property(
        all,
        request,
        statement,
        one(...(["identityPolicies", "resourcePolicy"] as const)),
        (policies, asked, rest, where) => {
          const more = { ...policies, [where]: [...policies[where], { Effect: "Allow", ...rest }] };
          expect(isAllowed(asked, policies) && !isAllowed(asked, more)).toBe(false);
        },
      ),
    );
  });

  test("a boundary never allows what is not allowed without it", () => {
    fc.assert(
      fc.property(all, request, (policies, asked) => {
        const free = { ...policies, boundary: undefined };
        expect(isAllowed(asked, policies) && !isAllowed(asked, free)).toBe(false);
      }),
    );
  });
});
