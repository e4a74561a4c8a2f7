import {
  type CredentialsEndpoint,
  startCredentialsEndpoint,
} from "../../../../packages/embedded-aws/ecs/credentials";
import type { RoleCredentials, RoleSession } from "../../../../packages/embedded-aws/lambda/credentials";

let endpoint: CredentialsEndpoint;
const asked: string[] = [];
const credentials = {
  of: ({ role, sessionName }: RoleSession) => {
    asked.push(`${role} ${sessionName}`);
    return Promise.resolve({ accessKeyId: "id", secretAccessKey: "secret", sessionToken: "token" });
  },
} as unknown as RoleCredentials;

beforeAll(
  async () =>
    (endpoint = await startCredentialsEndpoint(credentials, { role: "arn:role", sessionName: "processor" })),
);
afterAll(() => endpoint.stop());

const get = (authorization?: string) =>
  fetch(endpoint.environment.AWS_CONTAINER_CREDENTIALS_FULL_URI ?? "", {
    ...(authorization === undefined ? {} : { headers: { authorization } }),
  });

test("gives the role's credentials as ECS does, for some minutes", async () => {
  const answer = (await (await get(endpoint.environment.AWS_CONTAINER_AUTHORIZATION_TOKEN)).json()) as {
    Expiration: string;
  };
  expect(answer).toMatchObject({
    RoleArn: "arn:role",
    AccessKeyId: "id",
    SecretAccessKey: "secret",
    Token: "token",
  });
  expect(Date.parse(answer.Expiration)).toBeGreaterThan(Date.now() + 60_000);
  expect(asked).toEqual(["arn:role processor"]);
});

test("rejects requests without the container's token", async () => {
  for (const wrong of [undefined, "", "another"]) expect((await get(wrong)).status).toBe(403);
  expect(asked).toHaveLength(1);
});
