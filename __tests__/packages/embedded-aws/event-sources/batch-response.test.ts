import { failedMessages } from "../../../../packages/embedded-aws/event-sources/batch-response";

const failedOf = (payload: string) => [...failedMessages(payload, ["a", "b", "c"])];

test("fails the messages that the function names, and no other", () => {
  expect(failedOf('{"batchItemFailures":[{"itemIdentifier":"c"},{"itemIdentifier":"a"}]}')).toEqual([
    "c",
    "a",
  ]);
});

// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
test.each([
  ["an empty list of failures", '{"batchItemFailures":[]}'],
  ["no list of failures", '{"batchItemFailures":null}'],
  ["an empty response", "{}"],
  ["no response", "null"],
  ["a text", '"done"'],
])("takes %s for a complete success", (_what, payload) => {
  expect(failedOf(payload)).toEqual([]);
});

test.each([
  ["a response that is no JSON", "done"],
  ["an empty identifier", '{"batchItemFailures":[{"itemIdentifier":""}]}'],
  ["a null identifier", '{"batchItemFailures":[{"itemIdentifier":null}]}'],
  ["an identifier by another key", '{"batchItemFailures":[{"messageId":"a"}]}'],
  [
    "a message that is not in the batch",
    '{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":"d"}]}',
  ],
  ["a list that is none", '{"batchItemFailures":"a"}'],
  ["a null failure", '{"batchItemFailures":[null]}'],
])("takes %s for a complete failure", (_what, payload) => {
  expect(failedOf(payload)).toEqual(["a", "b", "c"]);
});
