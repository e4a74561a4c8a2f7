import { differences, differencesOf } from "../../../packages/plan-review/difference";
import { changes } from "./plans";

const told = (before: unknown, after: unknown) => differences(before, after, "x");

test("compares JSON texts by their content", () => {
  expect(told('{"a":1,"b":[1,2]}', '{ "b": [2, 1], "a": 1 }')).toEqual([
    { path: "x.b (order)", before: [1, 2], after: [2, 1] },
  ]);
  expect(told('{"a":1}', '{"a":2}')).toEqual([{ path: "x.a", before: 1, after: 2 }]);
});

test("matches a policy's statements by Sid, and treats one action as a list of one", () => {
  const policy = (...Statement: object[]) => JSON.stringify({ Statement });
  const one = { Sid: "One", Effect: "Allow", Action: "a:B", Resource: "*" };
  const two = { Sid: "Two", Effect: "Deny", Action: ["c:D"], Resource: ["x", "y"] };
  expect(
    told(policy(one, two), policy({ ...two, Resource: ["y", "x", "z"] }, { ...one, Action: ["a:B"] })),
  ).toEqual([{ path: "x.Statement[Two].Resource", after: "z" }]);
});

test("lists added and removed members of a set, without the indexes of the others", () => {
  const rule = (port: number, name: string) => ({ name, port });
  expect(
    told([rule(1, "a"), rule(2, "b"), rule(3, "c")], [rule(3, "c"), rule(9, "b"), rule(4, "d")]),
  ).toEqual([
    { path: "x[b].port", before: 2, after: 9 },
    { path: "x[a]", before: rule(1, "a") },
    { path: "x[d]", after: rule(4, "d") },
  ]);
  expect(told(["10.0.0.0/8"], ["10.0.0.0/8", "0.0.0.0/0"])).toEqual([{ path: "x", after: "0.0.0.0/0" }]);
});

test("a single block needs no index, and unnamed blocks are compared by position", () => {
  expect(told([{ a: 1, b: 2 }], [{ a: 1, b: 3 }])).toEqual([{ path: "x.b", before: 2, after: 3 }]);
  expect(told([{ a: 1 }, { a: 2 }], [{ a: 1 }, { a: 3 }])).toEqual([{ path: "x[1].a", before: 2, after: 3 }]);
});

test("all forms of an unset value are equal", () => {
  expect(told({ a: null, b: [], c: "", d: false }, {})).toEqual([]);
  expect(told({ a: true }, {})).toEqual([{ path: "x.a", before: true }]);
});

test("leaves out what AWS fills in, and tags that only follow from the provider's", () => {
  const [change] = changes(
    {
      "aws_lambda_function.f": {
        before: { version: "1", memory: 128, tags_all: { A: "1" } },
        after: { memory: 256, tags_all: { A: "2" } },
        after_unknown: { version: true },
      },
    },
    { "aws_lambda_function.f": { memory: 256 } },
  );
  expect(change && differencesOf(change)).toEqual([{ path: "memory", before: 128, after: 256 }]);
});
