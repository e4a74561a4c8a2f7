import { generateKeyPairSync } from "node:crypto";
import { join } from "node:path";
import { S3 } from "@aws-sdk/client-s3";
import { SecretsManager } from "@aws-sdk/client-secrets-manager";
import { SQS } from "@aws-sdk/client-sqs";
import type { APIGatewayProxyResult } from "aws-lambda";
import type { MediaEnvironment } from "../../../handlers/media";
import { type Emulator, startEmulator } from "../../../packages/embedded-aws/servers/emulator";
import { TestCache } from "../../../harness/cache";
import { type Lambda, startLambda, startUnpacked } from "./lambda";
import { host, keys, region, startDatabase, type TestDatabase } from "./servers";

export const uploads = "uploads-test";
export const streams = "streams-test";
export const publicUrl = "https://streamflow.example";
export const trace = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
export const keyId = "K2JCJMDEHXQW5F";

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: unknown;
}

export interface Call {
  readonly body?: unknown;
  readonly caller?: string;
  readonly query?: Record<string, string[]>;
}

/** The deployed media function, with PostgreSQL, Redis, S3 and Secrets Manager. */
export class ApiPlatform {
  private constructor(
    readonly database: TestDatabase,
    readonly cache: TestCache,
    readonly emulator: Emulator,
    readonly s3: S3,
    readonly secrets: SecretsManager,
    readonly sqs: SQS,
    readonly queueUrl: string,
    readonly media: Lambda,
    /** Starts another process of the function; variables replace those of the first. */
    readonly startAnother: (variables: Record<string, string>) => Lambda,
    /** Private key in PEM. */
    readonly publicKey: string,
  ) {}

  static async start(): Promise<ApiPlatform> {
    const database = await startDatabase({ migrated: true });
    const cache = await TestCache.start(database);
    const log = join(database.folder, "emulator.log");
    const emulator = await startEmulator({ accountId: "111111111111", log });
    const config = { endpoint: emulator.endpoint, region, credentials: keys };
    const [s3, secrets, sqs] = [new S3(config), new SecretsManager(config), new SQS(config)];
    for (const Bucket of [uploads, streams]) {
      await s3.createBucket({ Bucket });
      await s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Enabled" } });
    }
    const { QueueUrl: queueUrl = "" } = await sqs.createQueue({ QueueName: "media" });
    const { publicKey, privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    const secret = await secrets.createSecret({
      Name: "playback-keys",
      SecretString: JSON.stringify({ [keyId]: privateKey }),
    });
    const environment: MediaEnvironment = {
      ENVIRONMENT: "test",
      LOG_LEVEL: "INFO",
      NODE_EXTRA_CA_CERTS: database.caFile,
      DATABASE_HOST: host,
      DATABASE_PORT: String(database.port),
      DATABASE_NAME: database.name,
      DATABASE_USER: "media",
      ...cache.variables("media"),
      UPLOADS_BUCKET: uploads,
      STREAMS_BUCKET: streams,
      QUEUE_URL: queueUrl,
      QUOTA_VIDEOS: "100000",
      QUOTA_BYTES: "999999999999999",
      QUOTA_MINUTES: "1000000",
      PUBLIC_URL: publicUrl,
      PLAYBACK_KEYS_SECRET_ARN: secret.ARN ?? "",
    };
    const folder = join(database.folder, "media");
    const variables = {
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      AWS_SESSION_TOKEN: keys.sessionToken,
      AWS_ENDPOINT_URL: emulator.endpoint,
      _X_AMZN_TRACE_ID: trace,
      ...environment,
    };
    const media = startLambda(folder, { handler: "media" }, variables);
    const another = (more: Record<string, string>): Lambda =>
      startUnpacked(folder, Object.assign({}, variables, more));
    return new ApiPlatform(database, cache, emulator, s3, secrets, sqs, queueUrl, media, another, publicKey);
  }

  /** Calls the API like API Gateway, with the caller's claims. */
  async call(
    route: string,
    { body, caller, query }: Call = {},
    media: Pick<Lambda, "invoke"> = this.media,
  ): Promise<Reply> {
    const [httpMethod = "", path = ""] = route.split(" ");
    const result = (await media.invoke({
      httpMethod,
      path,
      multiValueQueryStringParameters: query ?? null,
      multiValueHeaders: body === undefined ? null : { "content-type": ["application/json"] },
      body: body === undefined ? null : JSON.stringify(body),
      requestContext: {
        requestId: "8c1e5f0a-0000-4000-8000-00000000cafe",
        authorizer: caller === undefined ? null : { claims: { sub: caller } },
      },
    })) as APIGatewayProxyResult;
    return {
      status: result.statusCode,
      headers: (result.multiValueHeaders ?? {}) as Record<string, string[]>,
      body: result.body === "" ? undefined : (JSON.parse(result.body) as unknown),
    };
  }

  async row(id: string): Promise<Record<string, unknown> | undefined> {
    const { rows } = await this.database.admin().query("SELECT * FROM media WHERE id = $1", [id]);
    return rows[0] as Record<string, unknown> | undefined;
  }

  /** Keys of the existing objects. */
  async keys(bucket: string, prefix: string): Promise<string[]> {
    const { Contents = [] } = await this.s3.listObjectsV2({ Bucket: bucket, Prefix: prefix });
    return Contents.map(({ Key = "" }) => Key);
  }

  async uploadsUnderWay(): Promise<number> {
    return (await this.s3.listMultipartUploads({ Bucket: uploads })).Uploads?.length ?? 0;
  }

  async stop(): Promise<void> {
    await this.media.stop();
    this.s3.destroy();
    this.secrets.destroy();
    this.sqs.destroy();
    await this.emulator.stop();
    await this.cache.stop();
    await this.database.stop();
  }
}
