import { Construct } from "constructs";
import { deployedId, deployedIds, deployedPath } from "../../../stacks/lib/deployed-path";
import { synthOf } from "../../support/synth";

const renamed = [
  { from: "media-queue", to: "work/queue" },
  { from: "files", to: "work" },
];

test.each([
  ["work/queue", "media-queue"],
  ["work/queue/dead-letters", "media-queue/dead-letters"],
  ["work/other", "files/other"],
  ["worker/queue", "worker/queue"],
  ["a/work/queue", "a/work/queue"],
  ["", ""],
])("the path %p is deployed as %p", (path, deployed) => {
  expect(deployedPath(path, renamed)).toBe(deployed);
  expect(deployedPath(path, renamed.toReversed())).toBe(deployed);
});

test("a construct has the ids that are deployed", () => {
  synthOf(
    (stack) => {
      const queue = new Construct(new Construct(stack, "work"), "queue");
      expect(deployedIds(queue)).toEqual(["media-queue"]);
      expect(deployedId(queue)).toBe("media-queue");
      expect(deployedIds(stack)).toEqual([]);
      expect(deployedIds(new Construct(stack, "plain"))).toEqual(["plain"]);
    },
    { renamed },
  );
});
