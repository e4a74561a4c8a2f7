import {
  credentials,
  endpointOf,
  names,
  oneOf,
  optional,
  origin,
  port,
  readEnvironment,
  text,
  traceHeader,
  traceId,
  whole,
} from "../../../handlers/runtime/environment";

const readers = { HOST: text, PORT: port, LEVEL: oneOf("INFO", "WARN"), USERS: names };

it("reads every variable into its type", () => {
  const source = { HOST: "db", PORT: "5432", LEVEL: "WARN", USERS: "media, processor", MORE: "x" };
  expect(readEnvironment(readers, source)).toEqual({
    HOST: "db",
    PORT: 5432,
    LEVEL: "WARN",
    USERS: ["media", "processor"],
  });
});

it("fails with all missing and all invalid variables, in one error", () => {
  expect(() => readEnvironment(readers, { HOST: "", PORT: "0", LEVEL: "LOUD" })).toThrow(
    "HOST is missing; " +
      'PORT must be a port from 1 to 65535, got "0"; ' +
      'LEVEL must be one of INFO, WARN, got "LOUD"; ' +
      "USERS is missing: set the variables where the function is defined",
  );
});

it.each(["0", "65536", "99999", "-1", "5432x", " 5432", "1e3", "0x10", "05432"])(
  "fails for the port %s",
  (value) => {
    expect(() => readEnvironment({ PORT: port }, { PORT: value })).toThrow("must be a port");
  },
);

it.each(["Media", "a b", "media,", 'x"; DROP ROLE y', "1media", "a".repeat(64)])(
  "fails for the database user %s",
  (value) => {
    expect(() => readEnvironment({ USERS: names }, { USERS: value })).toThrow("must be names of");
  },
);

it.each([
  ["https://streamflow.example", "https://streamflow.example"],
  ["https://d1.cloudfront.net/", "https://d1.cloudfront.net"],
])("reads the public URL %s", (value, read) => {
  expect(readEnvironment({ URL: origin }, { URL: value })).toEqual({ URL: read });
});

it.each(["http://a.example", "https://a.example/x", "https://*", "https://a.example?x", "a.example"])(
  "fails for the public URL %s",
  (value) => {
    expect(() => readEnvironment({ URL: origin }, { URL: value })).toThrow(
      "must be https:// and a host name",
    );
  },
);

describe("from Lambda", () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  it("reads credentials again each time, with or without a session token", () => {
    process.env.AWS_ACCESS_KEY_ID = "AKIA1";
    process.env.AWS_SECRET_ACCESS_KEY = "one";
    delete process.env.AWS_SESSION_TOKEN;
    expect(credentials()).toEqual({ accessKeyId: "AKIA1", secretAccessKey: "one" });
    process.env.AWS_SECRET_ACCESS_KEY = "two";
    process.env.AWS_SESSION_TOKEN = "session";
    expect(credentials()).toEqual({
      accessKeyId: "AKIA1",
      secretAccessKey: "two",
      sessionToken: "session",
    });
  });

  it("fails without credentials, and does not show those that are set", () => {
    process.env.AWS_ACCESS_KEY_ID = "AKIA1";
    delete process.env.AWS_SECRET_ACCESS_KEY;
    expect(credentials).toThrow(/^AWS_SECRET_ACCESS_KEY is missing: /);
  });

  it("reads the trace of the current invocation", () => {
    delete process.env._X_AMZN_TRACE_ID;
    expect([traceId(), traceHeader()]).toEqual([undefined, undefined]);
    process.env._X_AMZN_TRACE_ID =
      "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
    expect(traceId()).toBe("1-5759e988-bd862e3fe1be46a994272793");
    expect(traceHeader()).toBe(process.env._X_AMZN_TRACE_ID);
  });

  it("reads the AWS endpoint like the AWS SDKs: the service's endpoint before the common one", () => {
    delete process.env.AWS_ENDPOINT_URL;
    expect(endpointOf("s3")).toBeUndefined();
    process.env.AWS_ENDPOINT_URL = "http://127.0.0.1:1";
    process.env.AWS_ENDPOINT_URL_S3 = "http://127.0.0.1:2";
    process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER = "http://127.0.0.1:3";
    const services = ["s3", "secretsmanager", "sqs"];
    expect(services.map(endpointOf)).toEqual(["2", "3", "1"].map((port) => `http://127.0.0.1:${port}`));
  });
});

it("uses the fallback of an unset variable, and validates one that is set", () => {
  const readers = { SPEED: optional(whole(1, 10), 3) };
  expect(readEnvironment(readers, {})).toEqual({ SPEED: 3 });
  expect(readEnvironment(readers, { SPEED: "10" })).toEqual({ SPEED: 10 });
  for (const SPEED of ["0", "11", "1.5", "-1", "x", "1e1"]) {
    expect(() => readEnvironment(readers, { SPEED })).toThrow(
      `SPEED must be a whole number from 1 to 10, got "${SPEED}"`,
    );
  }
});

it("reads whole numbers as large as a video's bytes, and none beyond a safe integer", () => {
  const readers = { BYTES: whole(1, Number.MAX_SAFE_INTEGER) };
  expect(readEnvironment(readers, { BYTES: "53687091200" })).toEqual({ BYTES: 53_687_091_200 });
  expect(() => readEnvironment(readers, { BYTES: "99999999999999999" })).toThrow("must be a whole number");
});
