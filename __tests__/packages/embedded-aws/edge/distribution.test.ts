import { type Behavior, behaviorOf } from "../../../../packages/embedded-aws/edge/distribution";

const behavior = (pattern: string) => ({ pattern }) as Behavior;
const distribution = {
  id: "D",
  arn: "arn",
  host: "streamflow.example",
  behaviors: ["/api/*", "/events/*", "/stream/?/*.m3u8", "/stream/*", "*"].map(behavior),
};

test.each([
  ["/api/media", "/api/*"],
  ["/api", "*"],
  ["/stream/a/master.m3u8", "/stream/?/*.m3u8"],
  ["/stream/ab/master.m3u8", "/stream/*"],
  ["/streams/x", "*"],
  ["/", "*"],
])("the first behaviour that matches %s is %s", (path, pattern) => {
  expect(behaviorOf(distribution, path).pattern).toBe(pattern);
});
