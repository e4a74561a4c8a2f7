import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type * as Migrate from "../../handlers/migrate";

const migrate = jest.fn();
let handler: (typeof Migrate)["handler"];

beforeAll(async () => {
  jest.doMock("../../handlers/services/migrate", () => ({ migrate }));
  ({ handler } = await import("../../handlers/migrate"));
});

const environment = { ...process.env };

beforeEach(() => {
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    ENVIRONMENT: "test",
    DATABASE_HOST: "database.example",
    DATABASE_PORT: "5432",
    DATABASE_NAME: "streamflow",
    DATABASE_SECRET_ARN: "arn:aws:secretsmanager:us-east-1:123456789012:secret:master",
    DATABASE_USERS: "media,processor",
    LOG_LEVEL: "ERROR",
    NODE_EXTRA_CA_CERTS: "/ca.pem",
  });
  jest
    .spyOn(SecretsManagerClient.prototype, "send")
    .mockImplementation(() => ({ SecretString: '{"username":"master","password":"secret"}' }));
  migrate.mockResolvedValue({ applied: [], pending: [], version: 10 });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...environment };
});

test.each<[Migrate.MigrateEvent, { dryRun: boolean; restored: boolean }]>([
  [{}, { dryRun: false, restored: false }],
  [{ dryRun: true }, { dryRun: true, restored: false }],
  [{ restored: true }, { dryRun: false, restored: true }],
])("the event %j decides how it migrates", async (event, expected) => {
  await handler(event);
  expect(migrate).toHaveBeenLastCalledWith(expect.objectContaining(expected));
});
