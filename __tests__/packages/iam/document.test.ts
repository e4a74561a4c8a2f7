import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isEverybody, parsePolicy } from "../../../packages/iam/document";
import { plannedStatements } from "../../../packages/iam/planned-policy";
import { Value } from "../../../packages/terraform/value";

const allow = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
const parse = (...Statement: unknown[]) => parsePolicy("p", { Statement });

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
test("single values and lists are the same, in an object and in JSON", () => {
  const single = {
    Version: "2012-10-17",
    Statement: {
      Effect: "Deny",
      NotAction: "s3:*",
      NotResource: "arn:a",
      NotPrincipal: { AWS: "111122223333" },
    },
  };
  const lists = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Deny",
        NotAction: ["s3:*"],
        NotResource: ["arn:a"],
        NotPrincipal: { AWS: ["111122223333"] },
      },
    ],
  };
  const [statement] = parsePolicy("p", single);
  expect(statement).toEqual({
    name: "p[0]",
    effect: "Deny",
    actions: [],
    notActions: ["s3:*"],
    resources: [],
    notResources: ["arn:a"],
    principals: [],
    notPrincipals: ["AWS:111122223333"],
    conditions: [],
    hasVariables: true,
  });
  expect(parsePolicy("p", JSON.stringify(lists))).toEqual([statement]);
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
test("principals are read with their types; both spellings of a public principal are equal", () => {
  const principals = (Principal: unknown) => parse({ ...allow, Principal })[0]?.principals;
  expect(principals("*")).toEqual(["*"]);
  expect(principals({ AWS: "*" })).toEqual(["*"]);
  expect(principals({ Federated: "*" })).toEqual(["Federated:*"]);
  expect(
    principals({
      AWS: ["arn:aws:iam::1:root"],
      Service: "s3.amazonaws.com",
      Federated: "f",
      CanonicalUser: "c",
    }),
  ).toEqual(["AWS:arn:aws:iam::1:root", "Service:s3.amazonaws.com", "Federated:f", "CanonicalUser:c"]);
});

test("conditions are read with texts for numbers and booleans", () => {
  const Condition = {
    Bool: { "aws:SecureTransport": false },
    NumericLessThan: { "s3:max-keys": [10, "20"] },
  };
  expect(parse({ ...allow, Condition })[0]?.conditions).toEqual([
    { operator: "Bool", key: "aws:SecureTransport", values: ["false"] },
    { operator: "NumericLessThan", key: "s3:max-keys", values: ["10", "20"] },
  ]);
});

test("every element of the grammar is taken", () => {
  const statement = {
    ...allow,
    Sid: "Read",
    Principal: "*",
    Condition: { Bool: { "aws:SecureTransport": true } },
  };
  const document = { Version: "2012-10-17", Id: "media", Statement: [statement] };
  expect(parsePolicy("p", document)).toHaveLength(1);
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
test.each([
  ["2012-10-17", true],
  ["2008-10-17", false],
  [undefined, false],
])("a document of the version %p has variables: %p", (Version, hasVariables) => {
  expect(parsePolicy("p", { Version, Statement: allow })).toMatchObject([{ hasVariables }]);
});

test.each([
  ["*", true],
  ["AWS:*", true],
  ["Federated:*", true],
  ["AWS:arn:aws:iam::111122223333:root", false],
  ["Service:s3.amazonaws.com", false],
])("%s is public: %p", (principal, result) => {
  expect(isEverybody(principal)).toBe(result);
});

test("the policy of a resource may leave the resource out, as a role's trust policy does", () => {
  expect(parse({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "a" } })).toHaveLength(1);
});

test.each<[unknown, string]>([
  [{ ...allow, Effect: "allow" }, 'p[0] must have the Effect Allow or Deny, got "allow"'],
  [{ ...allow, NotResource: "*" }, "p[0] must not have both Resource and NotResource"],
  [{ ...allow, Principal: "*", NotPrincipal: "*" }, "p[0] must not have both Principal and NotPrincipal"],
  [{ ...allow, Resource: ["*", 1] }, 'p[0] must have a string or a list of strings as Resource, got ["*",1]'],
  ...[{}, "111122223333", { AWS: [] }, { AWS: "1", aws: "2" }].map((Principal): [unknown, string] => [
    { ...allow, Principal },
    `p[0] must have "*" or AWS, Service, Federated, CanonicalUser as Principal, got ${JSON.stringify(Principal)}`,
  ]),
  [
    { ...allow, Condition: { Bool: { a: "true" }, StringEqual: { a: "b" } } },
    "p[0] unknown condition operator StringEqual",
  ],
  [{ ...allow, Actions: "s3:*" }, "p[0] has the unknown element Actions"],
  [{ ...allow, NotAction: "s3:*" }, "p[0] must not have both Action and NotAction"],
  [{ Effect: "Allow", Resource: "*" }, "p[0] has neither Action nor NotAction"],
  [{ Effect: "Allow", Action: "*" }, "p[0] has neither Resource nor NotResource"],
  [{ ...allow, Action: [] }, "p[0] must have a string or a list of strings as Action, got []"],
  [{ ...allow, Resource: [1] }, "p[0] must have a string or a list of strings as Resource, got [1]"],
  [
    { ...allow, Principal: { aws: "1" } },
    'p[0] must have "*" or AWS, Service, Federated, CanonicalUser as Principal, got {"aws":"1"}',
  ],
  [{ ...allow, Condition: { StringEqual: { a: "b" } } }, "p[0] unknown condition operator StringEqual"],
  [
    { ...allow, Condition: { Bool: "true" } },
    'p[0] must have operators with keys as Condition, got {"Bool":"true"}',
  ],
  [
    { ...allow, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/33" } } },
    'p[0] IpAddress can\'t compare aws:SourceIp with "10.0.0.0/33"',
  ],
  [
    { ...allow, Condition: { NumericEqualsIfExists: { "s3:max-keys": "ten" } } },
    'p[0] NumericEqualsIfExists can\'t compare s3:max-keys with "ten"',
  ],
  [
    { ...allow, Condition: { DateLessThan: { "aws:CurrentTime": "tomorrow" } } },
    'p[0] DateLessThan can\'t compare aws:CurrentTime with "tomorrow"',
  ],
  ["s3:*", "p[0] must be a JSON object"],
])("%j is refused in one line", (statement, message) => {
  expect(() => parse(statement)).toThrow(new Error(message));
});

test.each([
  ["[]", "p must be a JSON object"],
  ["null", "p must be a JSON object"],
  ["{}", "p has no Statement"],
  [
    '{"Version":"2020-01-01","Statement":[]}',
    'p must have the Version 2008-10-17 or 2012-10-17, got "2020-01-01"',
  ],
  ['{"statement":[]}', "p has the unknown element statement"],
])("the document %s is refused in one line", (document, message) => {
  expect(() => parsePolicy("p", document)).toThrow(new Error(message));
});

test("what is no JSON is refused in one line, with its cause", () => {
  const parseText = () => parsePolicy("p", '{"a":\n\n  no}');
  expect(parseText).toThrow(/^p is not JSON: [^\s]+( [^\s]+)*$/);
  expect(parseText).toThrow('{"a": no}');
  expect(parseText).toThrow(
    expect.objectContaining({ cause: expect.objectContaining({ name: "SyntaxError" }) }),
  );
});

describe("a planned policy", () => {
  const statements = (raw: unknown) => plannedStatements(new Value(raw));

  test("is read from jsonencode with its references as they are", () => {
    const encoded =
      '${jsonencode({"Statement" = [{"Effect" = "Deny", "Resource" = [aws_sqs_queue.media.arn]}]})}';
    expect(statements(encoded)).toMatchObject([
      { effect: "Deny", resources: ["${aws_sqs_queue.media.arn}"] },
    ]);
  });

  test("has names, variables, and principals as they are written", () => {
    const principals = (Principal: unknown) =>
      statements({ Version: "2012-10-17", Statement: { ...allow, Principal } })[0];
    const name = "policy[0]";
    expect(principals("*")).toMatchObject({ name, hasVariables: true, principals: ["*"] });
    expect(principals("${aws_iam_role.r.arn}")).toMatchObject({ principals: ["AWS:${aws_iam_role.r.arn}"] });
  });

  test("leaves out what is no text", () => {
    expect(statements({ Statement: { ...allow, Action: [{}, null, "s3:*"] } })).toMatchObject([
      { actions: ["s3:*"] },
    ]);
  });

  test.each([undefined, null, {}, { Statement: null }])("has no statements where it is %j", (raw) => {
    expect(statements(raw)).toEqual([]);
  });

  test("keeps its condition as it is written", () => {
    const Condition = { Bool: { "aws:SecureTransport": [false] } };
    expect(statements(JSON.stringify({ Statement: [allow, { ...allow, Condition }] }))).toMatchObject([
      { condition: undefined },
      { condition: Condition },
    ]);
  });

  test.each([undefined, null, "", "(known after apply)", 7, [], {}, { Statement: "${local.statement}" }])(
    "allows nothing and does not fail where it is %j",
    (raw) => {
      expect(statements(raw).flatMap(({ actions }) => actions)).toEqual([]);
    },
  );

  test("of every reviewed case is read, and would be taken by IAM", () => {
    const folder = join(__dirname, "../plan-review/cases");
    const documents = readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), "utf8"))
      .flatMap((text) => policiesIn(JSON.parse(text)));
    expect(documents.length).toBeGreaterThan(20);
    const parsed = documents.flatMap((document) => parsePolicy("case", document));
    expect(parsed.some(({ notActions }) => notActions.length > 0)).toBe(true);
    expect(parsed.some(({ notPrincipals }) => notPrincipals.length > 0)).toBe(true);
  });
});

/** Policies anywhere in a plan, as JSON text. */
function policiesIn(value: unknown): string[] {
  if (typeof value === "string") return /^\{"Version".*"Statement"/s.test(value) ? [value] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(policiesIn);
}
