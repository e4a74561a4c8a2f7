import { Fn, Lazy, type TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import type { MediaEnvironment } from "../handlers/media";
import type { MigrateEnvironment } from "../handlers/migrate";
import type { ProcessorEnvironment } from "../handlers/processor";
import { BaseStack } from "./base-stack";
import { Backups } from "./constructs/recovery/backups";
import { Cache } from "./constructs/data/cache";
import type { CacheConsumer } from "./constructs/data/cache-users";
import { Database } from "./constructs/data/database";
import { Edge } from "./constructs/edge/edge";
import { EncryptionKeys } from "./constructs/encryption/encryption-keys";
import { Invalidations } from "./constructs/edge/invalidations";
import { edgeFirewall, Firewall } from "./constructs/edge/firewall";
import { LoadBalancer } from "./constructs/edge/load-balancer";
import { Migrations } from "./constructs/data/migrations";
import { Network } from "./constructs/network/network";
import { LAMBDA_CA_FILE, NodeFunction } from "./constructs/compute/node-function";
import { PlaybackKeys } from "./constructs/edge/playback-keys";
import { Processor } from "./constructs/compute/processor";
import { IMAGE_CA_FILE } from "./constructs/compute/processor-image";
import { largestSourceBytes, PROCESSOR_PORT } from "./constructs/compute/processor-task";
import { PublicAddress } from "./constructs/edge/public-address";
import { RestApi } from "./constructs/api/rest-api";
import { Storage } from "./constructs/data/storage";
import { Users } from "./constructs/api/users";
import type { MonitoredResources } from "./constructs/observability/metrics";
import { Monitoring } from "./constructs/observability/monitoring";
import { SyntheticCheck } from "./constructs/observability/synthetic-check";
import { WebApp } from "./constructs/edge/web-app";
import { WorkQueue } from "./constructs/data/work-queue";
import { boundRoles, workloadBoundaryArn } from "./constructs/delivery/workload-boundary";
import { mediaPermissions, mediaRoutes } from "./constructs/api/media-api";
import { type EnvironmentSettings, stackTags } from "./settings";
import { optional } from "./lib/optional";
import type { Permission } from "./lib/permissions";

/** Constructs with data, in the order of the diagram. */
interface DataStores {
  readonly database: Database;
  readonly cache: Cache;
  readonly queue: WorkQueue;
  readonly storage: Storage;
  /** Undefined without the setting. */
  readonly invalidations: Invalidations | undefined;
}

interface Functions {
  readonly media: NodeFunction<MediaEnvironment>;
  readonly migrate: NodeFunction<MigrateEnvironment>;
  readonly migrations: Migrations;
}

interface VideoProcessing {
  readonly balancer: LoadBalancer;
  readonly processor: Processor;
}

interface PublicApi {
  /** User pool of the creators. */
  readonly users: Users;
  /** Undefined without the setting. */
  readonly check: SyntheticCheck | undefined;
  readonly api: RestApi;
}

/** Names and keys of the edge that earlier constructs need. */
interface EdgeIdentity {
  readonly address: PublicAddress;
  readonly playbackKeys: PlaybackKeys;
  readonly usEast1: TerraformProvider;
}

interface PublicEdge {
  readonly app: WebApp;
  readonly edge: Edge;
  /** Metric names of the regional web ACL and, if there is one, of the edge's. */
  readonly webAcls: { readonly region: string; readonly edge: string | undefined };
  /** Undefined without the setting. */
  readonly invalidate: MonitoredResources["invalidations"];
}

/** All constructs that monitoring and outputs need. */
type Parts = DataStores &
  Functions &
  VideoProcessing &
  PublicApi &
  PublicEdge &
  Pick<EdgeIdentity, "address" | "playbackKeys">;

interface ComputeInput {
  readonly settings: EnvironmentSettings;
  readonly network: Network;
  readonly stores: DataStores;
  readonly identity: EdgeIdentity;
  readonly migrations: Migrations;
}

interface EdgeInput {
  readonly settings: EnvironmentSettings;
  readonly stores: DataStores;
  readonly processing: VideoProcessing;
  readonly users: Users;
  readonly api: RestApi;
  readonly identity: EdgeIdentity;
}

/** One environment of StreamFlow: constructs connected in the order of the diagram. */
export class StreamflowStack extends BaseStack {
  private backups: Backups | undefined;

  constructor(scope: Construct, settings: EnvironmentSettings) {
    const { name, account, region, state, protect, logs } = settings;
    super(scope, `streamflow-${name}`, { account, region, state, tags: stackTags(settings, name) });
    boundRoles(this, workloadBoundaryArn({ account, environment: name }));
    // Before all constructs with data: they find the keys by the stack.
    if (settings.encryption === "customer") new EncryptionKeys(this, { environment: name, region });
    const identity = this.createEdgeIdentity(settings);
    const network = new Network(this, "network", { ...settings.network, region, logs });
    const stores = this.createStores(settings, network, identity.address);
    const { migrate, migrations } = this.createMigrations({ settings, network, stores, identity });
    const compute = { settings, network, stores, identity, migrations };
    const media = this.createMedia(compute);
    const processing = this.createProcessing(compute);
    const users = new Users(this, "users", { protect });
    const check = this.createCheck(settings, identity.address);
    const userPoolArns = [users, ...(check === undefined ? [] : [check])].map(({ poolArn }) => poolArn);
    const api = this.createApi(settings, { media, migrations }, userPoolArns);
    const edge = this.createEdge({ settings, stores, processing, users, api, identity });
    const { address, playbackKeys } = identity;
    check?.start([api.stage, processing.processor.resource, edge.edge.resource, ...address.records]);
    const parts: Parts = {
      ...stores,
      media,
      migrate,
      migrations,
      ...processing,
      ...edge,
      users,
      check,
      api,
      address,
      playbackKeys,
    };
    const monitoring = this.createMonitoring(settings, parts, identity.usEast1);
    this.createBackups(settings, stores, monitoring.topicArn);
    this.createOutputs(parts, monitoring);
    this.leaveToFoundation("aws_ecr_repository.processor_task_images");
    this.leaveToFoundation("aws_ecr_lifecycle_policy.processor_task_images_lifecycle");
  }

  private createEdgeIdentity(settings: EnvironmentSettings): EdgeIdentity {
    const { domain, dns, protect } = settings;
    const usEast1 = this.provider("aws-us-east-1", { region: "us-east-1", alias: "us_east_1" });
    const address = new PublicAddress(this, "address", { domain, dns, provider: usEast1 });
    const playbackKeys = new PlaybackKeys(this, "edge-playback-keys", {
      playbackKeys: settings.edge.playbackKeys,
      protect,
    });
    return { address, playbackKeys, usEast1 };
  }

  private createStores(settings: EnvironmentSettings, network: Network, address: PublicAddress): DataStores {
    const { account, region, protect, logs } = settings;
    const place = { account, region, network, protect, logs };
    const database = new Database(this, "database", { ...settings.database, ...place });
    const cache = new Cache(this, "cache", { ...settings.cache, network, protect });
    const queue = new WorkQueue(this, "media-queue", { ...settings.queue, account, region });
    const storage = new Storage(this, "storage", { ...settings.storage, account, protect, address, queue });
    const invalidations =
      settings.edge.invalidateDeleted === true
        ? new Invalidations(this, "invalidations", { account, region })
        : undefined;
    return { database, cache, queue, storage, invalidations };
  }

  /** The migrate function, and its run in every apply that changes the schema. */
  private createMigrations({ settings, network, stores }: Omit<ComputeInput, "migrations">) {
    const { account, region, logs } = settings;
    const { database } = stores;
    const users = ["media", "processor"];
    const migrate = new NodeFunction<MigrateEnvironment>(this, "migrate", {
      account,
      region,
      network,
      logs,
      memory: 256,
      timeout: "15 minutes",
      handler: "migrate",
      include: ["migrations"],
      description: "Migrates the database schema and users",
      environment: {
        ...databaseVariables(settings, database),
        DATABASE_SECRET_ARN: database.masterSecretArn,
        DATABASE_USERS: users.join(","),
        NODE_EXTRA_CA_CERTS: LAMBDA_CA_FILE,
      },
      permissions: [database.readMasterSecret()],
      connections: { database: database.connection, ...network.awsServices },
    });
    const migrations = new Migrations(this, "migrations", { database, users, migrate, network });
    return { migrate, migrations };
  }

  private createMedia({ settings, network, stores, identity, migrations }: ComputeInput) {
    const { account, region, logs } = settings;
    const { database, cache, queue, storage, invalidations } = stores;
    const { address, playbackKeys } = identity;
    return new NodeFunction<MediaEnvironment>(this, "media", {
      ...settings.media,
      account,
      region,
      network,
      logs,
      handler: "media",
      after: [migrations.done],
      description: "Serves the StreamFlow API",
      environment: {
        ...databaseVariables(settings, database),
        ...cacheVariables(cache, "media"),
        ...bucketVariables(storage),
        DATABASE_USER: "media",
        PLAYBACK_KEYS_SECRET_ARN: playbackKeys.secretArn,
        QUEUE_URL: queue.url,
        ...invalidationVariables(invalidations),
        PUBLIC_URL: address.url,
        MAX_SOURCE_BYTES: String(largestSourceBytes(settings.processor)),
        QUOTA_VIDEOS: String(settings.quotas.videos),
        QUOTA_BYTES: String(settings.quotas.gibibytes * 1_024 ** 3),
        QUOTA_MINUTES: String(settings.quotas.minutes),
        NODE_EXTRA_CA_CERTS: LAMBDA_CA_FILE,
      },
      permissions: [
        database.connect("media"),
        ...cache.connect("media"),
        playbackKeys.read(),
        ...sendersOf(queue, invalidations),
        ...mediaPermissions(storage),
      ],
      connections: { database: database.connection, cache: cache.connection, ...network.awsServices },
    });
  }

  private createProcessing({
    settings,
    network,
    stores,
    identity,
    migrations,
  }: ComputeInput): VideoProcessing {
    const { account, region, protect, logs } = settings;
    const { database, cache, queue, storage, invalidations } = stores;
    const place = { account, region, network, protect, logs };
    const balancer = new LoadBalancer(this, "balancer", {
      ...place,
      accessLogs: storage.logs,
      targetPort: PROCESSOR_PORT,
      onlyFromEdge: true,
      certificateArn: identity.address.certificates.origin,
    });
    const processor = new Processor(this, "processor", {
      ...settings.processor,
      ...place,
      images: { account, region, environment: settings.name },
      queue,
      loadBalancer: balancer,
      after: [migrations.done],
      environment: {
        ...databaseVariables(settings, database),
        ...cacheVariables(cache, "processor"),
        ...bucketVariables(storage),
        ...encodingVariables(settings.processor),
        DATABASE_USER: "processor",
        QUEUE_URL: queue.url,
        ...invalidationVariables(invalidations),
        MAX_RECEIVES: String(queue.maxReceives),
        NODE_EXTRA_CA_CERTS: IMAGE_CA_FILE,
      } satisfies ProcessorEnvironment,
      permissions: [
        queue.consume(),
        database.connect("processor"),
        ...cache.connect("processor"),
        ...storage.uploads.readVersions("uploads/"),
        storage.streams.write("stream/"),
        // Sweeps: they finish interrupted removals, and send lost messages again.
        ...sendersOf(queue, invalidations),
        storage.uploads.remove("uploads/"),
        storage.streams.list("stream/"),
        storage.streams.remove("stream/"),
      ],
      connections: { database: database.connection, cache: cache.connection, ...network.awsServices },
    });
    return { balancer, processor };
  }

  private createCheck(settings: EnvironmentSettings, { url }: PublicAddress): SyntheticCheck | undefined {
    const { name: environment, account, region, logs, syntheticCheck } = settings;
    if (syntheticCheck === undefined) return undefined;
    const place = { environment, account, region, logs };
    return new SyntheticCheck(this, "synthetic-check", { ...syntheticCheck, ...place, url });
  }

  private createApi(
    settings: EnvironmentSettings,
    { media, migrations }: Pick<Functions, "media" | "migrations">,
    userPoolArns: readonly string[],
  ): RestApi {
    return new RestApi(this, "api", {
      ...settings.api,
      description: "API for StreamFlow platform",
      stage: "api",
      routes: mediaRoutes(media),
      userPoolArns,
      logs: settings.logs,
      after: [migrations.done],
    });
  }

  private createEdge({ settings, stores, processing, users, api, identity }: EdgeInput): PublicEdge {
    const { account, region, logs, domain } = settings;
    const { address, playbackKeys: viewerKeys, usEast1 } = identity;
    const { storage, invalidations } = stores;
    const { balancer } = processing;
    const app = new WebApp(this, "app", {
      ...settings.app,
      region,
      files: storage.static,
      userPoolClientId: users.clientId,
    });
    const edgeAcl = edgeFirewall(this, { ...settings.firewall, provider: usEast1, logs });
    const edge = new Edge(this, "edge", {
      priceClass: settings.edge.priceClass,
      viewerKeys,
      account,
      domain,
      provider: usEast1,
      logs: storage.logs,
      certificateArn: address.certificates.edge,
      webAclArn: edgeAcl?.arn,
      origins: {
        app: app.hostName,
        api: `${api.id}.execute-api.${region}.amazonaws.com`,
        static: storage.static,
        stream: storage.streams,
        events: address.origin(balancer),
      },
    });
    address.publish(edge);
    const regionalAcl = new Firewall(this, "firewall", {
      ...settings.firewall,
      scope: "REGIONAL",
      behindEdge: true,
      // Without a web ACL at the edge, there is nothing to bypass.
      originVerifyValue: edgeAcl === undefined ? undefined : edge.originVerifyValue,
      associations: { api: api.stageArn, balancer: balancer.arn },
      logs,
    });
    const invalidate = invalidations?.of({ environment: settings.name, logs, edge });
    return { app, edge, webAcls: { region: regionalAcl.metricName, edge: edgeAcl?.metricName }, invalidate };
  }

  private createMonitoring(
    settings: EnvironmentSettings,
    parts: Parts,
    usEast1: TerraformProvider,
  ): Monitoring {
    const { account, region, repository, tracing, alarms, slo, budget, grafana } = settings;
    const { database, media, processor, firewall } = settings;
    // The vault is created after the topic that it reports to.
    const vaultName = Lazy.stringValue({ produce: () => this.backups?.vaultName });
    return new Monitoring(this, "watch", {
      account,
      region,
      repository,
      tracing,
      alarms,
      slo,
      budget,
      grafana,
      usEast1,
      thresholds: { database, media, processor, firewall, syntheticCheck: settings.syntheticCheck },
      resources: {
        environment: settings.name,
        region,
        api: parts.api,
        media: parts.media,
        migrate: parts.migrate,
        check: parts.check,
        queue: parts.queue,
        invalidations: parts.invalidate,
        processor: parts.processor,
        balancer: parts.balancer,
        database: parts.database,
        cache: parts.cache,
        edge: parts.edge,
        webAcls: parts.webAcls,
        vaultName: "off" in settings.backup ? undefined : vaultName,
        certificates: parts.address.certificates,
      },
    });
  }

  private createBackups(
    settings: EnvironmentSettings,
    { database, storage }: DataStores,
    topicArn: string | undefined,
  ): void {
    if ("off" in settings.backup) return;
    const streams = settings.backup.streams === true ? [storage.streams.arn] : [];
    this.backups = new Backups(this, "backups", {
      ...settings.backup,
      providerOf: (region) => this.provider("aws-backup-copies", { region, alias: "backup_copies" }),
      protect: settings.protect,
      topicArn,
      resources: [database.arn, storage.uploads.arn, ...streams],
    });
  }

  private createOutputs(parts: Parts, monitoring: Monitoring): void {
    const {
      address,
      api,
      media,
      migrate,
      migrations,
      database,
      cache,
      queue,
      storage,
      users,
      app,
      edge,
      processor,
    } = parts;
    this.outputs({
      url: address.url,
      api_url: api.url,
      api_id: api.id,
      api_stage: api.stageName,
      media_function: media.functionName,
      migrate_function: migrate.functionName,
      migration_result: migrations.result,
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
      processor_image: processor.image,
      processor_cluster: processor.clusterName,
      processor_service: processor.serviceName,
      processor_task: processor.taskDefinitionArn,
      playback_keys_secret: parts.playbackKeys.secretArn,
      playback_key_ids: Fn.jsonencode(parts.playbackKeys.keyIds),
      dashboard: monitoring.dashboardName,
      ...optional({
        grafana_workspace: monitoring.grafana?.workspaceId,
        check_function: parts.check?.functionName,
      }),
    });
  }
}

function databaseVariables({ name }: EnvironmentSettings, database: Database) {
  return {
    ENVIRONMENT: name,
    LOG_LEVEL: "INFO",
    DATABASE_HOST: database.host,
    DATABASE_PORT: database.port,
    DATABASE_NAME: database.databaseName,
  };
}

function cacheVariables(cache: Cache, consumer: CacheConsumer) {
  return {
    CACHE_HOST: cache.host,
    CACHE_PORT: cache.port,
    CACHE_NAME: cache.name,
    ...optional({ CACHE_USER: cache.user(consumer) }),
  };
}

function invalidationVariables(invalidations: Invalidations | undefined) {
  return optional({ INVALIDATIONS_URL: invalidations?.queue.url });
}

/** Permissions to send what processes a video again, and what invalidates a removed one. */
function sendersOf(queue: WorkQueue, invalidations: Invalidations | undefined): Permission[] {
  return [queue.send(), ...(invalidations === undefined ? [] : [invalidations.queue.send()])];
}

/** Variables of the processor for the settings of its streams. */
function encodingVariables({ preset, loudness, av1, downloads }: EnvironmentSettings["processor"]) {
  return optional({
    X264_PRESET: preset,
    LOUDNESS_LUFS: loudness === undefined ? undefined : String(loudness),
    AV1: av1 === true ? ("on" as const) : undefined,
    DOWNLOADS: downloads === true ? ("on" as const) : undefined,
  });
}

function bucketVariables({ uploads, streams }: Storage) {
  return { UPLOADS_BUCKET: uploads.name, STREAMS_BUCKET: streams.name };
}
