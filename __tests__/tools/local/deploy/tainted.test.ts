import { taintedAddresses } from "../../../../tools/local/deploy/tainted";

it("names what was interrupted while it was made, and nothing else", () => {
  const resource = (name: string, instances: object[], more = {}) => ({
    ...{ mode: "managed", type: "aws_sqs_queue", name, instances },
    ...more,
  });
  const state = {
    resources: [
      resource("one", [{ status: "tainted" }]),
      resource("whole", [{}]),
      resource("many", [
        { index_key: 0 },
        { index_key: 1, status: "tainted" },
        { index_key: "a", status: "tainted" },
      ]),
      resource("inner", [{ status: "tainted" }], { module: "module.m" }),
      resource("read", [{ status: "tainted" }], { mode: "data" }),
    ],
  };
  expect(taintedAddresses(state)).toEqual([
    "aws_sqs_queue.one",
    "aws_sqs_queue.many[1]",
    'aws_sqs_queue.many["a"]',
    "module.m.aws_sqs_queue.inner",
  ]);
  expect(taintedAddresses({})).toEqual([]);
});
