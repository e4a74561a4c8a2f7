import { Construct } from "constructs";
import { physicalName } from "../../../stacks/lib/names";
import { synthOf } from "../../support/synth";

test("a name is the stack and the path below it", () => {
  synthOf((stack) => {
    const queue = new Construct(new Construct(stack, "media"), "queue");
    expect(physicalName(queue, "queue")).toBe("streamflow-test-media-queue");
    expect(physicalName(queue, "queue", "dead-letters")).toBe("streamflow-test-media-queue-dead-letters");
  });
});

test("fails on a name that is longer than AWS accepts", () => {
  synthOf((stack) => {
    const cache = new Construct(stack, "a-cache-with-a-very-long-name");
    expect(() => physicalName(cache, "cache replication group")).toThrow(
      'the name of a cache replication group must be at most 40 characters, got "streamflow-test-a-cache-with-a-very-long-name" (45): shorten a construct id',
    );
  });
});
