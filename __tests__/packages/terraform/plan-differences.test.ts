import {
  compareGaps,
  gapFault,
  type PlanJson,
  type ResourceChange,
} from "../../../packages/terraform/plan-differences";

const gap = { type: "aws_db_instance", attribute: "monitoring_interval", reason: "forgotten" };

function update(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  after_unknown: Record<string, unknown> = {},
): ResourceChange {
  const change = { actions: ["update"], before, after, after_unknown };
  return { address: "aws_db_instance.database", type: "aws_db_instance", mode: "managed", change };
}

const unchanged: ResourceChange = {
  address: "aws_db_instance.database",
  type: "aws_db_instance",
  change: { actions: ["no-op"], before: {}, after: {} },
};

const faultOf = (plan: PlanJson, table = [gap]) => gapFault(compareGaps(plan, table));

describe("the plan after an apply", () => {
  it("may change an attribute that the table names", () => {
    const plan = { resource_changes: [update({ monitoring_interval: 0 }, { monitoring_interval: 60 })] };
    expect(faultOf(plan)).toBeUndefined();
    expect(compareGaps(plan, [gap]).explained).toHaveLength(1);
  });

  it("may change nothing else of the same resource", () => {
    const change = update(
      { monitoring_interval: 0, tags: { a: "1" } },
      { monitoring_interval: 60, tags: { a: "2" } },
    );
    expect(faultOf({ resource_changes: [change] })).toBe("aws_db_instance.database: tags would change again");
  });

  it("counts an attribute that is known only after the apply as a change", () => {
    const change = update({ endpoint: "a" }, {}, { endpoint: true, other: { nested: false } });
    expect(faultOf({ resource_changes: [change] }, [])).toBe(
      "aws_db_instance.database: endpoint would change again",
    );
  });

  it.each([["create"], ["delete"], ["delete", "create"]])(
    "may never %s %s, whatever the table says",
    (...actions) => {
      const change = { ...unchanged, change: { actions, before: null, after: null } };
      expect(faultOf({ resource_changes: [change] })).toContain(
        `${actions.join(" and ")} would change again`,
      );
    },
  );

  it("may not change an output", () => {
    const plan = { output_changes: { api_url: { actions: ["update"] }, api_id: { actions: ["no-op"] } } };
    expect(faultOf(plan)).toBe("output.api_url: value would change again");
  });

  it("does not count what a data source reads", () => {
    const read: ResourceChange = {
      ...unchanged,
      mode: "data",
      change: { actions: ["read"], before: null, after: {} },
    };
    expect(faultOf({ resource_changes: [read] }, [])).toBeUndefined();
  });
});

describe("an entry of the table", () => {
  it("fails when its resource no longer changes", () => {
    expect(faultOf({ resource_changes: [unchanged] })).toBe(
      "aws_db_instance.monitoring_interval: no longer changes, delete it from known-gaps.ts",
    );
  });

  it("may stay while no resource of its type is deployed", () => {
    expect(faultOf({ resource_changes: [] })).toBeUndefined();
  });
});
