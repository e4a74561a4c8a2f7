import fc from "fast-check";
import {
  equalsText,
  equalsTextIgnoringCase,
  matchesAction,
  matchesArn,
  matchesResource,
  matchesText,
} from "../../../packages/iam/patterns";

const variables = (values: Readonly<Record<string, string>>) => (key: string) => values[key.toLowerCase()];

test("wildcards cover any text and one character, and nothing else is special", () => {
  expect(matchesText("a*c?", "abbcd")).toBe(true);
  expect(matchesText("a*c?", "abbc")).toBe(false);
  expect(matchesText("a.c", "abc")).toBe(false);
  expect(matchesText("*", "line\nbreak")).toBe(true);
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
test("actions match in any case", () => {
  expect(matchesAction("S3:get*", "s3:GetObject")).toBe(true);
  expect(matchesAction("s3:Get*", "s3:PutObject")).toBe(false);
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
test.each([
  ["*", "arn:aws:s3:::b/k", true],
  ["arn:aws:s3:::b/*", "arn:aws:s3:::b/a/b:c", true],
  ["arn:aws:s3:::b/*/test/*", "arn:aws:s3:::b/1/2/test/3", true],
  ["arn:aws:s3:::B/*", "arn:aws:s3:::b/k", false],
  ["arn:aws:s3:::b?/k", "arn:aws:s3:::b1/k", true],
  ["arn:aws:sqs:*:111122223333:q", "arn:aws:sqs:us-east-1:111122223333:q", true],
  ["arn:aws:sqs:us-*-1:111122223333:q", "arn:aws:sqs:us-east-1:111122223333:q", true],
  ["arn:aws:sqs:us-*1:111122223333:q", "arn:aws:sqs:us-east-2:1:111122223333:q", false],
  ["arn:aws:sqs:us-*1:*:q", "arn:aws:sqs:us-east-2:1:111122223333:q", false],
  ["arn:aws:sqs:us-east-1?:q", "arn:aws:sqs:us-east-1::q", false],
  ["arn:aws:sqs:us-east-1:1*3:q", "arn:aws:sqs:us-east-1:1:3:q", false],
  ["arn:aws:lambda:us-east-1:111122223333:*n:1", "arn:aws:lambda:us-east-1:111122223333:function:n:1", true],
  [
    "arn:aws:lambda:us-east-1:111122223333:function?n",
    "arn:aws:lambda:us-east-1:111122223333:function:n",
    true,
  ],
  ["arn:aws:logs:*", "arn:aws:logs:us-east-1:111122223333:log-group:g:log-stream:s", true],
  [
    "arn:aws:logs:us-east-1:111122223333:log-group:*:log-stream:s",
    "arn:aws:logs:us-east-1:111122223333:log-group:g:log-stream:s",
    true,
  ],
])("the resource %s and %s", (pattern, arn, matches) => {
  expect(matchesResource(pattern, arn)).toBe(matches);
});

// The example of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
test("an ARN matches segment by segment where a text would match over several", () => {
  const pattern = "arn:aws:someservice:*:111122223333:finance/*";
  const arn = "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt";
  expect(matchesText(pattern, arn)).toBe(true);
  expect(matchesArn(pattern, arn)).toBe(false);
  expect(matchesArn(pattern, "arn:aws:someservice:us-east-2:111122223333:finance/document.txt")).toBe(true);
});

describe("of any ARN", () => {
  const word = fc.stringMatching(/^[a-z0-9-]{1,8}$/);
  const resource = fc.stringMatching(/^[a-z0-9/:-]{1,12}$/);
  const arns = fc.tuple(fc.constant("arn"), word, word, word, word, resource);
  /** An ARN and one of its segments. */
  const segments = fc.record({ segments: arns, at: fc.integer({ min: 0, max: 5 }) });
  const put = (all: readonly string[], at: number, segment: string) =>
    all.map((one, index) => (index === at ? segment : one)).join(":");
  const matchers = [matchesResource, matchesArn];

  test.each(matchers)(
    "%p covers the ARN itself, and with a wildcard for a segment or for one character",
    (matches) => {
      fc.assert(
        fc.property(segments, ({ segments: all, at }) => {
          const arn = all.join(":");
          expect(matches(arn, arn)).toBe(true);
          expect(matches(put(all, at, "*"), arn)).toBe(true);
          expect(matches(put(all, at, `?${(all[at] ?? "").slice(1)}`), arn)).toBe(true);
        }),
      );
    },
  );

  test.each(matchers)(
    "%p covers another segment by no wildcard inside of one, except in the resource",
    (matches) => {
      fc.assert(
        fc.property(segments, word, ({ segments: all, at }, more) => {
          const arn = put(all, at, `x${more}:${more}y`);
          expect(matches(put(all, at, "x*y"), arn)).toBe(at === 5);
          expect(matches(put(all, at, `x${more}?${more}y`), arn)).toBe(at === 5);
        }),
      );
    },
  );

  test("an asterisk at the end of a segment covers more segments in a resource, and only its own in a condition", () => {
    fc.assert(
      fc.property(segments, word, ({ segments: all, at }, more) => {
        const arn = put(all, at, `x${more}:${more}`);
        expect(matchesResource(put(all, at, "x*"), arn)).toBe(true);
        expect(matchesArn(put(all, at, "x*"), arn)).toBe(at === 5);
      }),
    );
  });
});

test("one asterisk matches every ARN in a condition", () => {
  expect(matchesArn("*", "arn:aws:sqs:us-east-1:111122223333:q")).toBe(true);
});

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
describe("policy variables", () => {
  const named = variables({ "aws:username": "ann*", "aws:principaltag/team": "red" });

  test.each([
    ["home/${aws:username}/*", "home/ann*/x", true],
    ["home/${aws:username}/*", "home/anna/x", false],
    ["home/${AWS:UserName}", "home/ann*", true],
    ["${aws:PrincipalTag/team, 'all'}", "red", true],
    ["${aws:PrincipalTag/other, 'company-wide'}", "company-wide", true],
    ["${aws:PrincipalTag/other, ''}x", "x", true],
    ["${aws:PrincipalTag/other}*", "anything", false],
    ["${other,aws:username}", "ann*", false],
    ["${aws:username,other}", "ann*", false],
    ["${}x", "x", false],
    ["a${*}", "a*", true],
    ["a${*}", "ab", false],
    ["a${?}", "a?", true],
    ["a${?}", "ab", false],
    ["${$}{x}", "${x}", true],
    ["$1", "$1", true],
  ])("%s and %s", (pattern, text, matches) => {
    expect(matchesText(pattern, text, named)).toBe(matches);
    expect(matchesResource(`arn:aws:s3:::b/${pattern}`, `arn:aws:s3:::b/${text}`, named)).toBe(matches);
  });

  test("stand for themselves in documents of the version 2008-10-17", () => {
    expect(matchesText("${aws:username}", "ann*")).toBe(false);
    expect(matchesText("${aws:username}", "${aws:username}")).toBe(true);
  });

  test("are filled in where wildcards mean themselves too", () => {
    expect(equalsText("${aws:username}*", "ann**", named)).toBe(true);
    expect(equalsText("${aws:username}*", "ann*b", named)).toBe(false);
    expect(equalsText("${aws:nothing}", "", named)).toBe(false);
    expect(equalsTextIgnoringCase("${aws:username}", "ANN*", named)).toBe(true);
    expect(equalsTextIgnoringCase("${aws:nothing}", "", named)).toBe(false);
  });
});
