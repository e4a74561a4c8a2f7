import { createLog, type Level } from "../../../handlers/runtime/log";

function setUp(level: Level = "DEBUG") {
  const text: string[] = [];
  const write = (line: string): void => void text.push(line);
  const log = createLog({ service: "media", environment: "dev", level, write });
  const lines = () => text.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { log, lines, text: () => text.join("\n") };
}

it("writes one line of JSON, with the field names that Lambda knows", () => {
  const out = setUp();
  out.log.info("request", { status: 200 });
  expect(out.lines()).toEqual([
    {
      level: "INFO",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      service: "media",
      environment: "dev",
      message: "request",
      status: 200,
    },
  ]);
});

it.each([
  ["DEBUG", ["DEBUG", "INFO", "WARN", "ERROR"]],
  ["WARN", ["WARN", "ERROR"]],
  ["ERROR", ["ERROR"]],
] as const)("at level %s writes %j", (level, expected) => {
  const out = setUp(level);
  out.log.debug("x");
  out.log.info("x");
  out.log.warn("x");
  out.log.error("x");
  expect(out.lines().map((line) => line.level)).toEqual(expected);
});

it("adds the current context to every line", () => {
  const out = setUp();
  out.log.about({ requestId: "1", cold: true });
  out.log.info("a");
  out.log.about({ requestId: "2" });
  out.log.info("b");
  expect(out.lines().map(({ requestId, cold }) => [requestId, cold])).toEqual([
    ["1", true],
    ["2", undefined],
  ]);
});

it("writes an error with its cause, and no other properties", () => {
  const out = setUp();
  const cause = Object.assign(new Error("refused"), { code: "ECONNREFUSED", command: { args: ["hunter2"] } });
  out.log.error("failed", { error: new Error("outer", { cause }) });
  expect(out.lines()[0]).toMatchObject({
    error: {
      name: "Error",
      message: "outer",
      stack: expect.stringContaining("log.test"),
      cause: { message: "refused", code: "ECONNREFUSED" },
    },
  });
  expect(out.text()).not.toContain("hunter2");
});

it.each([
  ["a password field", { password: "hunter2" }],
  ["a nested token", { deep: [{ sessionToken: "hunter2" }] }],
  ["an authorization header", { headers: { Authorization: "hunter2" } }],
  ["a cookie", { "set-cookie": ["hunter2"] }],
  ["a signed URL", { url: "https://b/k?X-Amz-Credential=a&X-Amz-Signature=hunter2&X-Amz-Date=1" }],
  ["an IAM token in an error", { error: new Error("bad db:5432/?X-Amz-Security-Token=hunter2&x") }],
  ["a connection string", { error: new Error("no route to postgres://media:hunter2@db:5432/x") }],
])("keeps %s secret", (_, fields) => {
  const out = setUp();
  out.log.error("x", fields);
  expect(out.text()).toContain("[secret]");
  expect(out.text()).not.toContain("hunter2");
});

it("never throws, whatever it is given", () => {
  const out = setUp();
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  out.log.info("a circle", circle);
  out.log.info("a number", { big: 12n });
  out.log.info("a trap", {
    toJSON() {
      throw new Error("trap");
    },
  });
  expect(out.lines()).toMatchObject([
    { message: "a circle", unprintable: expect.arrayContaining(["self"]) },
    { message: "a number", big: "12" },
    { message: "a trap" },
  ]);
});
