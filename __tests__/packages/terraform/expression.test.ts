import { decode, valueOf } from "../../../packages/terraform/expression";

test.each([
  ['{"a" = 1, "b" = [true, null, -2.5], "c" = {}}', { a: 1, b: [true, null, -2.5], c: {} }],
  ["{a = 1, b: 2}", { a: 1, b: 2 }],
  ["[]", []],
  ['"a \\"quoted\\" line\\n\\u00e9"', 'a "quoted" line\né'],
  ["aws_sqs_queue.media.arn", "${aws_sqs_queue.media.arn}"],
  ["[aws_db_instance.d.secret[0].arn, 1]", ["${aws_db_instance.d.secret[0].arn}", 1]],
  ['{"a" = join(",", ["x", "y}"])}', { a: '${join(",", ["x", "y}"])}' }],
  ['["${aws_s3_bucket.b["x"].arn}/*"]', ['${aws_s3_bucket.b["x"].arn}/*']],
  ['"$${left} = "', "$${left} = "],
  ['[1 + 2, "a" == "b"]', ["${1 + 2}", '${"a" == "b"}']],
  ['{"a" = "x = {1, 2}"}', { a: "x = {1, 2}" }],
])("reads %s", (expression, value) => {
  expect(valueOf(expression)).toEqual(value);
});

test("decodes what jsonencode wraps, and JSON as text", () => {
  expect(decode('${jsonencode({"Action" = ["s3:*"]})}')).toEqual({ Action: ["s3:*"] });
  expect(decode('{"Action":["s3:*"]}')).toEqual({ Action: ["s3:*"] });
  expect(decode("${aws_iam_policy.p.policy}")).toBeUndefined();
});

test.each(["[1", '"open', '{"a" 1}', "[1] 2", "{= 1}", "f(1"])("fails on %s", (expression) => {
  expect(() => valueOf(expression)).toThrow(/expected at \d+/);
});
