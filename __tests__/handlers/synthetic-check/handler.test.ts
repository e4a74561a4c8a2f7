import { handler } from "../../../handlers/synthetic-check";
import { FakeProduct, ID, route, TOKEN, URL_OF_PRODUCT } from "./fake-product";

interface CognitoCall {
  readonly operation: string;
  readonly input: { readonly Password?: string; readonly [name: string]: unknown };
}

const COGNITO = "https://cognito-idp.us-east-1.amazonaws.com";
const environment = { ...process.env };

let product: FakeProduct;
let calls: CognitoCall[];
/** Error codes of Cognito by operation. */
let refusals: Record<string, string>;
let lines: string[];

beforeEach(() => {
  product = new FakeProduct();
  product.statuses = ["ready"];
  [calls, refusals, lines] = [[], {}, []];
  Object.assign(process.env, {
    ENVIRONMENT: "test",
    PUBLIC_URL: URL_OF_PRODUCT,
    USER_POOL_ID: "us-east-1_check",
    USER_POOL_CLIENT_ID: "client",
    READY_WITHIN_SECONDS: "1",
    LOG_LEVEL: "INFO",
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "AKIA",
    AWS_SECRET_ACCESS_KEY: "s3cret",
  });
  delete process.env.AWS_ENDPOINT_URL;
  jest.spyOn(globalThis, "fetch").mockImplementation((input, init) => {
    const { origin } = new URL(input instanceof Request ? input.url : input);
    return origin === COGNITO ? Promise.resolve(cognito(init)) : product.fetch(input, init);
  });
  jest.spyOn(process.stdout, "write").mockImplementation((text) => lines.push(String(text)) > 0);
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...environment };
});

function cognito({ headers, body }: RequestInit = {}): Response {
  const operation = new Headers(headers).get("x-amz-target")?.split(".")[1] ?? "";
  calls.push({ operation, input: JSON.parse(body as string) as CognitoCall["input"] });
  const __type = refusals[operation];
  if (__type !== undefined) return new Response(JSON.stringify({ __type, message: "no" }), { status: 400 });
  const tokens = operation === "AdminInitiateAuth" ? { AuthenticationResult: { IdToken: TOKEN } } : {};
  return new Response(JSON.stringify(tokens));
}

const written = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
const logged = (message: string) => written().find((line) => line.message === message);
const measured = (name: string) => written().find((line) => name in line && "_aws" in line);

test("reports a success with the time to ready", async () => {
  expect(await handler()).toMatchObject({ ok: true, mediaId: ID });
  expect(measured("SyntheticCheckSuccess")).toMatchObject({ Environment: "test", SyntheticCheckSuccess: 1 });
  expect(measured("SyntheticCheckTimeToReady")).toMatchObject({
    SyntheticCheckTimeToReady: expect.any(Number),
    _aws: { CloudWatchMetrics: [{ Metrics: [{ Name: "SyntheticCheckTimeToReady", Unit: "Seconds" }] }] },
  });
  expect(logged("check succeeded")).toMatchObject({ level: "INFO", service: "synthetic-check", mediaId: ID });
});

test("reports a failure with its step, and does not fail, so that Lambda does not repeat it", async () => {
  product.set(route("POST /api/media"), () => new Response("broken", { status: 500 }));
  expect(await handler()).toMatchObject({ ok: false, step: "register" });
  expect(measured("SyntheticCheckSuccess")).toMatchObject({ SyntheticCheckSuccess: 0 });
  expect(measured("SyntheticCheckTimeToReady")).toBeUndefined();
  expect(logged("check failed")).toMatchObject({
    level: "ERROR",
    step: "register",
    reason: expect.stringContaining("POST /api/media answered 500"),
  });
});

test("waits for the video as long as the variable says", async () => {
  product.statuses = ["processing"];
  expect(await handler()).toMatchObject({ step: "processing", reason: "the video is processing after 1 s" });
});

test("signs in with a password that is new each time, permanent, and only sent to the user pool", async () => {
  await handler();
  product.statuses = ["ready"];
  await handler();
  const user = { UserPoolId: "us-east-1_check", Username: "synthetic-check" };
  expect(calls.slice(0, 3)).toEqual([
    { operation: "AdminCreateUser", input: { ...user, MessageAction: "SUPPRESS" } },
    { operation: "AdminSetUserPassword", input: { ...user, Password: expect.any(String), Permanent: true } },
    {
      operation: "AdminInitiateAuth",
      input: {
        UserPoolId: user.UserPoolId,
        ClientId: "client",
        AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: user.Username, PASSWORD: calls[1]?.input.Password },
      },
    },
  ]);
  const passwords = calls.flatMap(({ input }) => input.Password ?? []);
  expect(new Set(passwords).size).toBe(2);
  for (const password of passwords) {
    expect(password).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*-).{40,}$/);
    expect(lines.join("")).not.toContain(password);
    expect(JSON.stringify(product.sent)).not.toContain(password);
  }
  expect(lines.join("")).not.toContain(TOKEN);
});

test("continues with the user of an earlier check", async () => {
  refusals.AdminCreateUser = "UsernameExistsException";
  expect(await handler()).toMatchObject({ ok: true });
});

test.each(["AdminCreateUser", "AdminSetUserPassword", "AdminInitiateAuth"])(
  "fails at the sign-in if %s is refused",
  async (operation) => {
    refusals[operation] = "AccessDeniedException";
    expect(await handler()).toMatchObject({
      ok: false,
      step: "sign-in",
      reason: expect.stringContaining(`${operation}: AccessDeniedException`),
    });
    expect(product.sent).toEqual([]);
  },
);

test("fails with all missing variables", async () => {
  delete process.env.PUBLIC_URL;
  process.env.READY_WITHIN_SECONDS = "soon";
  await expect(handler()).rejects.toThrow(
    /PUBLIC_URL is missing; READY_WITHIN_SECONDS must be a whole number/,
  );
});
