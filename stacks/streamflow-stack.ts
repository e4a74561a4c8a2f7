import { Lazy } from "cdktf";
import type { Construct } from "constructs";
import type { MediaEnvironment } from "../handlers/media";
import type { MigrateEnvironment } from "../handlers/migrate";
import type { ProcessorEnvironment } from "../handlers/processor";
import { BaseStack } from "./base-stack";
import { Backups } from "./constructs/recovery/backups";
import { Cache } from "./constructs/data/cache";
import { Database } from "./constructs/data/database";
import { Edge } from "./constructs/edge/edge";
import { edgeFirewall, Firewall } from "./constructs/edge/firewall";
import { LoadBalancer } from "./constructs/edge/load-balancer";
import { Network } from "./constructs/network/network";
import { LAMBDA_CA_FILE, NodeFunction } from "./constructs/compute/node-function";
import { PlaybackKeys } from "./constructs/edge/playback-keys";
import { Processor } from "./constructs/compute/processor";
import { IMAGE_CA_FILE, PROCESSOR_PORT } from "./constructs/compute/processor-task";
import { PublicAddress } from "./constructs/edge/public-address";
import { RestApi } from "./constructs/api/rest-api";
import { Storage } from "./constructs/data/storage";
import { Users } from "./constructs/api/users";
import { Monitoring } from "./constructs/observability/monitoring";
import { WebApp } from "./constructs/edge/web-app";
import { WorkQueue } from "./constructs/data/work-queue";
import { boundRoles, workloadBoundaryArn } from "./constructs/delivery/workload-boundary";
import { mediaPermissions, mediaRoutes } from "./constructs/api/media-api";
import { type EnvironmentSettings, stackTags } from "./settings";

/** One environment of StreamFlow: constructs connected in the order of the diagram. */
export class StreamflowStack extends BaseStack {
  constructor(scope: Construct, settings: EnvironmentSettings) {
    const { name, account, region, state, logs, protect, domain } = settings;
    super(scope, `streamflow-${name}`, { account, region, state, tags: stackTags(settings, name) });
    boundRoles(this, workloadBoundaryArn(account, name));
    const here = { account, region };
    const usEast1 = this.provider("aws-us-east-1", "us-east-1", "us_east_1");
    const network = new Network(this, "network", { ...settings.network, region, logs });
    const inside = { ...here, network, protect, logs };
    const database = new Database(this, "database", { ...settings.database, ...inside });
    const cache = new Cache(this, "cache", { ...settings.cache, network, protect });
    const queue = new WorkQueue(this, "media-queue", { ...settings.queue, ...here });
    const address = new PublicAddress(this, "address", { ...settings, provider: usEast1 });
    const storage = new Storage(this, "storage", { ...settings.storage, account, protect, address, queue });
    const users = new Users(this, "users", { protect });
    const viewerKeys = new PlaybackKeys(this, "edge-playback-keys", { ...settings.edge, protect });
    const stores = {
      ENVIRONMENT: name,
      LOG_LEVEL: "INFO",
      DATABASE_HOST: database.host,
      DATABASE_PORT: database.port,
      DATABASE_NAME: database.databaseName,
    };
    const cached = { CACHE_HOST: cache.host, CACHE_PORT: cache.port };
    const buckets = { UPLOADS_BUCKET: storage.uploads.name, STREAMS_BUCKET: storage.streams.name };
    const media = new NodeFunction<MediaEnvironment>(this, "media", {
      ...settings.media,
      handler: "media",
      description: "Answers the StreamFlow API",
      ...inside,
      environment: {
        ...stores,
        ...cached,
        DATABASE_USER: "media",
        ...buckets,
        PLAYBACK_KEYS_SECRET_ARN: viewerKeys.secretArn,
        PUBLIC_URL: address.url,
        NODE_EXTRA_CA_CERTS: LAMBDA_CA_FILE,
      },
      permissions: [database.connect("media"), viewerKeys.read(), ...mediaPermissions(storage)],
      connections: { database: database.connection, cache: cache.connection, ...network.awsServices },
    });
    const migrate = new NodeFunction<MigrateEnvironment>(this, "migrate", {
      memory: 256,
      timeout: "15 minutes",
      handler: "migrate",
      include: ["migrations"],
      description: "Brings the database's tables and users up to date",
      ...inside,
      environment: {
        ...stores,
        DATABASE_SECRET_ARN: database.masterSecretArn,
        DATABASE_USERS: "media,processor",
        NODE_EXTRA_CA_CERTS: LAMBDA_CA_FILE,
      },
      permissions: [database.readMasterSecret()],
      connections: { database: database.connection, ...network.awsServices },
    });
    const api = new RestApi(this, "api", {
      ...settings.api,
      name: "StreamFlow API",
      description: "API for StreamFlow platform",
      stage: "api",
      routes: mediaRoutes(media),
      userPoolArn: users.poolArn,
      logs,
    });

    const balancer = new LoadBalancer(this, "balancer", {
      ...inside,
      accessLogs: storage.logs,
      targetPort: PROCESSOR_PORT,
      onlyFromEdge: true,
      ...address.originCertificate,
    });
    const processor = new Processor(this, "processor", {
      ...settings.processor,
      ...inside,
      queue,
      loadBalancer: balancer,
      environment: {
        ...stores,
        ...cached,
        DATABASE_USER: "processor",
        QUEUE_URL: queue.url,
        MAX_RECEIVES: String(queue.maxReceives),
        ...buckets,
        NODE_EXTRA_CA_CERTS: IMAGE_CA_FILE,
      } satisfies ProcessorEnvironment,
      permissions: [
        queue.consume(),
        database.connect("processor"),
        ...storage.uploads.readVersions("uploads/"),
        storage.streams.write("stream/"),
      ],
      connections: { database: database.connection, cache: cache.connection, ...network.awsServices },
    });

    const app = new WebApp(this, "app", {
      ...settings.app,
      region,
      files: storage.static,
      userPoolClientId: users.clientId,
    });
    const acl = edgeFirewall(this, { ...settings.firewall, provider: usEast1, logs });
    const edge = new Edge(this, "edge", {
      ...settings.edge,
      viewerKeys,
      account,
      protect,
      domain,
      provider: usEast1,
      logs: storage.logs,
      ...address.edgeCertificate,
      ...acl,
      origins: {
        app: app.hostName,
        api: `${api.id}.execute-api.${region}.amazonaws.com`,
        static: storage.static,
        stream: storage.streams,
        events: address.origin(balancer),
      },
    });
    address.publish(edge);

    const firewall = new Firewall(this, "firewall", {
      ...settings.firewall,
      scope: "REGIONAL",
      behindEdge: true,
      // Where the edge has no web ACL there is nothing to go around.
      ...(settings.firewall.edge === true ? { originVerifyValue: edge.originVerifyValue } : {}),
      associations: { api: api.stageArn, balancer: balancer.arn },
      logs,
    });

    let backups: Backups | undefined;
    const vaultName = Lazy.stringValue({ produce: () => backups?.vaultName });
    const monitoring = new Monitoring(this, "watch", {
      ...settings,
      usEast1,
      resources: {
        environment: name,
        region,
        api,
        media,
        migrate,
        queue,
        processor,
        balancer,
        database,
        cache,
        edge,
        webAcls: { region: firewall.metricName, edge: acl.metricName },
        ...("off" in settings.backup ? {} : { vaultName }),
        certificates: address.certificates,
      },
    });
    if (!("off" in settings.backup)) {
      backups = new Backups(this, "backups", {
        ...settings.backup,
        providerOf: (elsewhere) => this.provider("aws-backup-copies", elsewhere, "backup_copies"),
        protect,
        topicArn: monitoring.topicArn,
        resources: [database.arn, storage.uploads.arn, storage.streams.arn],
      });
    }

    this.outputs({
      url: address.url,
      api_url: api.url,
      api_id: api.id,
      api_stage: api.stageName,
      media_function: media.functionName,
      migrate_function: migrate.functionName,
      database_endpoint: database.host,
      database_name: database.databaseName,
      database_identifier: database.identifier,
      cache_endpoint: cache.host,
      media_queue_url: queue.url,
      dead_letters_url: queue.deadLettersUrl,
      uploads_bucket: storage.uploads.name,
      streams_bucket: storage.streams.name,
      static_bucket: storage.static.name,
      user_pool_id: users.poolId,
      user_pool_client_id: users.clientId,
      app_id: app.appId,
      app_branch: app.branch,
      distribution_id: edge.distributionId,
      processor_images: processor.imagesUrl,
      dashboard: monitoring.dashboardName,
      ...(monitoring.grafana === undefined ? {} : { grafana_workspace: monitoring.grafana.workspaceId }),
    });
  }
}
