import { driftBySomeone, type DriftOptions } from "../../../packages/terraform/drift";
import type { ResourceChange } from "../../../packages/terraform/plan";

const options: DriftOptions = {
  readOnly: (type) => (type === "aws_db_instance" ? ["latest_restorable_time", "listener.port"] : []),
  ignored: (address) => (address === "aws_ecs_service.processor" ? ["desired_count"] : []),
};

function changed(address: string, before: object, after: object | null): ResourceChange {
  const [type = "", name = ""] = address.split(".");
  const actions = after === null ? ["delete"] : ["update"];
  return { address, mode: "managed", type, name, change: { actions, before, after } };
}

test.each<[string, ResourceChange]>([
  [
    "an attribute that only AWS sets",
    changed("aws_db_instance.one", { latest_restorable_time: "1" }, { latest_restorable_time: "2" }),
  ],
  [
    "such an attribute in a nested block",
    changed("aws_db_instance.one", { listener: [{ port: 1 }] }, { listener: [{ port: 2 }] }),
  ],
  [
    "an attribute that the code leaves to autoscaling",
    changed("aws_ecs_service.processor", { desired_count: 1 }, { desired_count: 4 }),
  ],
  [
    "another notation of nothing",
    changed(
      "aws_lb.one",
      { tags: null, name: "", rule: [{ on: null }] },
      { tags: {}, name: null, rule: [{ on: false }] },
    ),
  ],
])("is nobody's change: %s", (_, drift) => {
  expect(driftBySomeone([drift], options)).toEqual([]);
});

test.each<[string, ResourceChange]>([
  [
    "the same attribute of another type",
    changed("aws_lb.one", { latest_restorable_time: "1" }, { latest_restorable_time: "2" }),
  ],
  [
    "the same attribute of another resource",
    changed("aws_ecs_service.other", { desired_count: 1 }, { desired_count: 4 }),
  ],
  ["a tag", changed("aws_lb.one", { tags: null }, { tags: { owner: "me" } })],
  [
    "something turned off",
    changed("aws_lb.one", { deletion_protection: true }, { deletion_protection: false }),
  ],
  [
    "a rule more than the security group had",
    changed(
      "aws_security_group.one",
      { ingress: [{ port: 443 }] },
      { ingress: [{ port: 443 }, { port: 22 }] },
    ),
  ],
  [
    "a rule fewer",
    changed(
      "aws_security_group.one",
      { ingress: [{ port: 443 }, { port: 22 }] },
      { ingress: [{ port: 443 }] },
    ),
  ],
  ["a deletion", changed("aws_db_instance.one", { latest_restorable_time: "1" }, null)],
])("is someone's change: %s", (_, drift) => {
  expect(driftBySomeone([drift], options)).toEqual([drift]);
});

test("shows of a change only what someone changed", () => {
  const drift = changed(
    "aws_db_instance.one",
    { latest_restorable_time: "1", multi_az: true },
    { latest_restorable_time: "2", multi_az: false },
  );
  const [shown] = driftBySomeone([drift], options);
  expect(shown?.change.after).toEqual({ latest_restorable_time: "1", multi_az: false });
});
