import { decode } from "../../../tools/docs/expression";

test("reads objects, lists, texts, numbers and truth values", () => {
  expect(decode('${jsonencode({"a" = [1, true, "x"], "b" = {"c" = null}})}')).toEqual({
    a: [1, true, "x"],
    b: { c: null },
  });
});

test("keeps references, alone and within texts", () => {
  expect(
    decode(
      '${jsonencode({"arn" = aws_sqs_queue.media.arn, "all" = "${aws_s3_bucket.logs["a"].arn}/*", "n" = 1})}',
    ),
  ).toEqual({ arn: "${aws_sqs_queue.media.arn}", all: '${aws_s3_bucket.logs["a"].arn}/*', n: 1 });
});

test("does not end a text at a comma or a bracket", () => {
  expect(decode('${jsonencode(["a, b]", "c}"])}')).toEqual(["a, b]", "c}"]);
});

test("reads plain JSON too", () => {
  expect(decode('{"a": 1}')).toEqual({ a: 1 });
});

test("fails on what it can't read", () => {
  expect(() => decode('${jsonencode({"a" 1})}')).toThrow('expected "="');
});
