import { readState, taintedAddresses } from "../../../packages/terraform/state";

it("names what was interrupted while it was made, and nothing else", () => {
  const resource = (name: string, instances: object[], more = {}) => ({
    mode: "managed",
    type: "aws_sqs_queue",
    name,
    instances,
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

describe("readState", () => {
  test("gives outputs that are texts, and counts every instance but those of data sources", () => {
    const state = {
      outputs: { url: { value: "https://a.example" }, names: { value: ["a"] } },
      resources: [
        {
          mode: "managed",
          type: "aws_subnet",
          name: "private",
          instances: [{ index_key: 0 }, { index_key: 1 }],
        },
        { mode: "managed", type: "aws_vpc", name: "network", instances: [{}] },
        { mode: "data", type: "aws_region", name: "here", instances: [{}] },
      ],
    };
    expect(readState(JSON.stringify(state))).toEqual({ outputs: { url: "https://a.example" }, resources: 3 });
  });

  test("has neither where a state is new", () => {
    expect(readState('{"version":4}')).toEqual({ outputs: {}, resources: 0 });
  });
});
