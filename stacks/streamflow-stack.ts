import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { MediaEnvironment } from "../handlers/media";
import type { MigrateEnvironment } from "../handlers/migrate";
import { BaseStack } from "./base-stack";
import { ApiAccount } from "./constructs/api-account";
import { Cache } from "./constructs/cache";
import { Database } from "./constructs/database";
import { Network } from "./constructs/network";
import { NodeFunction } from "./constructs/node-function";
import { RestApi } from "./constructs/rest-api";
import { WorkQueue } from "./constructs/work-queue";
import type { EnvironmentSettings } from "./settings";

/** Node reads it at its start: the file in which Lambda keeps the certificate authorities of RDS. */
const LAMBDA_CAS = "/var/runtime/ca-cert.pem";

/** One environment of StreamFlow: constructs connected in the order of the diagram. */
export class StreamflowStack extends BaseStack {
  constructor(scope: Construct, settings: EnvironmentSettings) {
    const { name, account, region, state, logs, protect } = settings;
    super(scope, `streamflow-${name}`, {
      account,
      region,
      state,
      tags: {
        Project: "streamflow",
        Environment: name,
        ManagedBy: "terraform",
        Repository: "streamflow-infrastructure",
      },
    });
    const network = new Network(this, "network", { ...settings.network, region, logs });
    const database = new Database(this, "database", {
      ...settings.database,
      network,
      region,
      account,
      logs,
      protect,
    });
    const cache = new Cache(this, "cache", { ...settings.cache, network, protect });
    const queue = new WorkQueue(this, "media-queue", { ...settings.queue, region, account });

    const media = new NodeFunction<MediaEnvironment>(this, "media", {
      ...settings.media,
      handler: "media",
      description: "Answers the StreamFlow API",
      network,
      logs,
      environment: {
        ENVIRONMENT: name,
        DATABASE_HOST: database.host,
        DATABASE_PORT: database.port,
        DATABASE_NAME: database.databaseName,
        DATABASE_USER: "media",
        CACHE_HOST: cache.host,
        CACHE_PORT: cache.port,
        LOG_LEVEL: "INFO",
        NODE_EXTRA_CA_CERTS: LAMBDA_CAS,
      },
      permissions: [database.connect("media")],
      connections: {
        database: database.connection,
        cache: cache.connection,
        ...network.awsServices,
      },
    });
    const migrate = new NodeFunction<MigrateEnvironment>(this, "migrate", {
      memory: 256,
      timeout: "15 minutes",
      handler: "migrate",
      include: ["migrations"],
      description: "Brings the database's tables and users up to date",
      network,
      logs,
      environment: {
        ENVIRONMENT: name,
        DATABASE_HOST: database.host,
        DATABASE_PORT: database.port,
        DATABASE_NAME: database.databaseName,
        DATABASE_SECRET_ARN: database.masterSecretArn,
        DATABASE_USERS: "media",
        LOG_LEVEL: "INFO",
        NODE_EXTRA_CA_CERTS: LAMBDA_CAS,
      },
      permissions: [database.readMasterSecret()],
      connections: { database: database.connection, ...network.awsServices },
    });

    new ApiAccount(this, "api-account", { region, account });
    const api = new RestApi(this, "api", {
      ...settings.api,
      name: "StreamFlow API",
      description: "API for StreamFlow platform",
      stage: "api",
      routes: { "GET /media": media, "GET /media/{id}": media, "GET /health": media },
      logs,
    });

    this.output("api_url", api.url);
    this.output("api_id", api.id);
    this.output("api_stage", api.stageName);
    this.output("media_function", media.functionName);
    this.output("migrate_function", migrate.functionName);
    this.output("database_endpoint", database.host);
    this.output("database_name", database.databaseName);
    this.output("database_identifier", database.identifier);
    this.output("cache_endpoint", cache.host);
    this.output("media_queue_url", queue.url);
  }

  private output(id: string, value: string): void {
    new TerraformOutput(this, id, { value });
  }
}
