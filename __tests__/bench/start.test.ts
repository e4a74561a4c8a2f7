import { Stack } from "../../packages/terraform/synthesized-stack";
import { appliedSeconds } from "../../bench/start/applied";
import { needsOf, slowestChain } from "../../bench/start/chain";

const at = (second: number) => `2026-11-26T00:00:${second.toFixed(3).padStart(6, "0")}Z`;
const event = (type: string, addr: string, second: number) =>
  JSON.stringify({
    type,
    "@timestamp": at(second),
    hook: { resource: { addr }, action: "create" },
  });

describe("what each resource took", () => {
  it("is from its beginning to its end in the applies of a log", () => {
    const log = [
      "",
      "$ terraform plan -json",
      event("apply_start", "aws_vpc.planned", 0),
      event("apply_complete", "aws_vpc.planned", 9),
      "",
      "$ terraform apply -json plan",
      event("apply_start", "aws_vpc.network", 1),
      event("apply_start", "aws_lb.failed", 1),
      "what a provider prints",
      event("apply_errored", "aws_lb.failed", 3),
      event("apply_complete", "aws_vpc.network", 13.5),
      "",
      "$ terraform destroy -json",
      event("apply_start", "aws_vpc.network", 20),
      event("apply_complete", "aws_vpc.network", 50),
    ].join("\n");
    expect([...appliedSeconds(log)]).toEqual([["aws_vpc.network", 12.5]]);
  });

  it("fails for a log in which nothing was applied", () => {
    expect(() => appliedSeconds("\n$ terraform plan -json\n")).toThrow(/no apply/);
  });
});

describe("the slowest chain", () => {
  const needs = new Map([
    ["vpc", []],
    ["subnet", ["vpc"]],
    ["database", ["subnet", "key"]],
    ["function", ["database", "role"]],
    ["bucket", []],
    ["lifecycle", ["bucket"]],
  ]);
  const seconds = (changed: Record<string, number> = {}) =>
    new Map(
      Object.entries({
        vpc: 13,
        subnet: 1,
        key: 8,
        database: 80,
        role: 2,
        function: 10,
        bucket: 2,
        ...changed,
      }),
    );

  it("is the chain of dependencies with the longest total duration", () => {
    expect(slowestChain(seconds(), needs)).toEqual({
      seconds: 104,
      addresses: ["vpc", "subnet", "database", "function"],
    });
  });

  it("passes through the slower of two dependencies", () => {
    expect(slowestChain(seconds({ key: 20 }), needs).addresses).toEqual(["key", "database", "function"]);
  });

  it("can be a completely different chain", () => {
    expect(slowestChain(seconds({ lifecycle: 110 }), needs)).toEqual({
      seconds: 112,
      addresses: ["bucket", "lifecycle"],
    });
  });

  it("continues through steps that took no time", () => {
    const timed = new Map([
      ["database", 80],
      ["vpc", 13],
    ]);
    expect(slowestChain(timed, needs)).toEqual({ seconds: 93, addresses: ["vpc", "subnet", "database"] });
  });

  it("fails where something needs itself", () => {
    const loop = new Map([
      ["a", ["b"]],
      ["b", ["a"]],
    ]);
    expect(() => slowestChain(new Map([["a", 1]]), loop)).toThrow("a needs itself");
  });
});

describe("what a resource needs", () => {
  it("is what its attributes refer to at any depth, once, and not itself", () => {
    const stack = new Stack("example", {
      resource: {
        aws_vpc: { network: {} },
        aws_subnet: { one: { vpc_id: "${aws_vpc.network.id}" } },
        aws_lb: {
          balancer: {
            subnets: ["${aws_subnet.one.id}", "${aws_subnet.one.arn}"],
            tags: { own: "${aws_lb.balancer.name}" },
            depends_on: ["aws_vpc.network"],
          },
        },
      },
    });
    expect(Object.fromEntries(needsOf(stack))).toEqual({
      "aws_vpc.network": [],
      "aws_subnet.one": ["aws_vpc.network"],
      "aws_lb.balancer": ["aws_subnet.one", "aws_vpc.network"],
    });
  });
});
