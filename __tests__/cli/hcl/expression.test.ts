import { expression } from "../../../cli/hcl/expression";

test.each<[string, unknown, string]>([
  ["a text is quoted", "a", '"a"'],
  ["quotes, backslashes and line ends are escaped", 'a "b" \\ c\n', '"a \\"b\\" \\\\ c\\n"'],
  ["letters beyond ASCII stay", "São Paulo ✓", '"São Paulo ✓"'],
  ["a reference alone becomes a reference", "${aws_sqs_queue.media.arn}", "aws_sqs_queue.media.arn"],
  ["a reference within a text stays a template", "${aws_s3_bucket.a.arn}/*", '"${aws_s3_bucket.a.arn}/*"'],
  ["two references are a template", "${a.b}${c.d}", '"${a.b}${c.d}"'],
  ["quotes within a reference are not escaped", '${a["b"].c}/"x"', '"${a["b"].c}/\\"x\\""'],
  ["an escaped interpolation stays escaped", "$${not} a reference", '"$${not} a reference"'],
  ["numbers and truth values are bare", [1, true], "[1, true]"],
  ["an empty object stays one", {}, "{}"],
  ["names that are no identifiers are quoted", { "a:b": 1 }, '{\n"a:b" = 1\n}'],
])("%s", (_, value, expected) => {
  expect(expression(value)).toBe(expected);
});

test("a policy is laid out over lines", () => {
  const policy =
    '${jsonencode({"Statement" = [{"Resource" = aws_sqs_queue.media.arn, "Action" = "sqs:*"}]})}';
  expect(expression(policy)).toBe(
    [
      "jsonencode({",
      "Statement = [",
      "{",
      "Resource = aws_sqs_queue.media.arn",
      'Action = "sqs:*"',
      "},",
      "]",
      "})",
    ].join("\n"),
  );
});
