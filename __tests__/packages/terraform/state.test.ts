import { parseState, taintedAddresses, textOutputs } from "../../../packages/terraform/state";

const stateOf = (more: object) =>
  parseState(JSON.stringify({ serial: 1, lineage: "l", ...more }), "the state");

it("names only resources whose creation was interrupted", () => {
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
  expect(taintedAddresses(stateOf(state))).toEqual([
    "aws_sqs_queue.one",
    "aws_sqs_queue.many[1]",
    'aws_sqs_queue.many["a"]',
    "module.m.aws_sqs_queue.inner",
  ]);
  expect(taintedAddresses(stateOf({ resources: [] }))).toEqual([]);
});

test("returns outputs that are strings, and counts every instance except data sources", () => {
  const state = stateOf({
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
  });
  expect([textOutputs(state), state.resources]).toEqual([{ url: "https://a.example" }, 3]);
});

test("a state has its serial, its lineage and its number of resources", () => {
  const resources = [
    { mode: "managed", instances: [{}, {}] },
    { mode: "data", instances: [{}] },
  ];
  const text = JSON.stringify({ serial: 7, lineage: "l", terraform_version: "1.11.4", resources });
  expect(parseState(text, "one")).toMatchObject({
    serial: 7,
    lineage: "l",
    terraform: "1.11.4",
    resources: 2,
  });
});

test("a text that is not a state is rejected with its name", () => {
  expect(() => parseState("{", "version one")).toThrow("version one is not a Terraform state: not JSON");
  expect(() => parseState("{}", "version one")).toThrow(
    "is not a Terraform state: no serial, lineage or resources",
  );
});
