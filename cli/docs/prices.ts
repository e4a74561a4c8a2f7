import type { CacheNodeType } from "@packages/aws-sizes/cache";
import type { DatabaseClass } from "@packages/aws-sizes/database";

/** Hours in a month, as AWS bills them. */
export const HOURS = 730;

/** The day on which the prices were last gone through. */
export const PRICES_OF = "2026-11-23";

/**
 * List prices of us-east-1 in US dollars, on demand, without taxes, free tiers of new accounts, and traffic, as published
 * on the services' price pages.
 */
export const PRICES = {
  natGatewayHour: 0.045,
  publicAddressHour: 0.005,
  loadBalancerHour: 0.0225,
  interfaceEndpointHour: 0.01,
  databaseHour: {
    "db.t3.micro": 0.018,
    "db.t4g.micro": 0.016,
    "db.t4g.small": 0.032,
    "db.t4g.medium": 0.065,
    "db.m7g.large": 0.168,
    "db.m7g.xlarge": 0.337,
  } satisfies Partial<Record<DatabaseClass, number>> as Readonly<Record<string, number>>,
  /** gp3, for a GiB and month; a standby doubles it, and the instance. */
  databaseStorage: 0.115,
  cacheHour: {
    "cache.t3.micro": 0.017,
    "cache.t4g.micro": 0.016,
    "cache.t4g.small": 0.032,
    "cache.m7g.large": 0.158,
  } satisfies Partial<Record<CacheNodeType, number>> as Readonly<Record<string, number>>,
  /** Valkey's share of Redis OSS's price. */
  valkeyShare: 0.8,
  fargate: {
    X86_64: { processorHour: 0.04048, memoryHour: 0.004445 },
    ARM64: { processorHour: 0.03238, memoryHour: 0.00356 },
  },
  /** Spot moves daily; about this share of on demand. */
  fargateSpotShare: 0.31,
  /** Beyond the 20 GiB that each task has, for a GiB and hour. */
  fargateDiskHour: 0.000111,
  webAcl: 5,
  webAclRule: 1,
  /** For each metric that an alarm asks for; ten of an account are free. */
  alarm: 0.1,
  compositeAlarm: 0.5,
  secret: 0.4,
  /** A key of one's own. */
  key: 1,
  grafanaEditor: 9,
} as const;

/** Prices by quantity: each up to so much of a month, in the unit of the price. */
export type Tiers = readonly (readonly [upTo: number, price: number])[];

const MILLION = 1_000_000;
/** What is free each month of every account comes first. */
const beyond = (free: number, price: number): Tiers => [
  [free, 0],
  [Infinity, price],
];

/**
 * What videos cost beside what is always there, of us-east-1 too: each a price of one unit, by tiers where there are.
 * GB are GiB, as AWS bills them.
 */
export const USAGE_PRICES = {
  /** https://aws.amazon.com/cloudfront/pricing: a GB to viewers in North America and Europe. */
  edgeTraffic: [
    [1_024, 0],
    [10_240, 0.085],
    [51_200, 0.08],
    [153_600, 0.06],
    [512_000, 0.04],
    [1_048_576, 0.03],
    [5_242_880, 0.025],
    [Infinity, 0.02],
  ],
  /** The same page: a request by HTTPS. */
  edgeRequest: beyond(10 * MILLION, 1 / MILLION),
  /** https://aws.amazon.com/s3/pricing: a GB and month of S3 Standard. */
  storage: [
    [51_200, 0.023],
    [512_000, 0.022],
    [Infinity, 0.021],
  ],
  /** The same page, as the next four: a GB and month of Standard-Infrequent Access. */
  infrequentStorage: beyond(0, 0.0125),
  /** PUT, COPY, POST and LIST. */
  write: beyond(0, 0.005 / 1_000),
  /** A PUT into infrequent access, or a move there. */
  infrequentWrite: beyond(0, 0.01 / 1_000),
  read: beyond(0, 0.0004 / 1_000),
  /** https://aws.amazon.com/api-gateway/pricing: a request to a REST API. */
  apiRequest: [
    [333 * MILLION, 3.5 / MILLION],
    [1_000 * MILLION, 2.8 / MILLION],
    [20_000 * MILLION, 2.38 / MILLION],
    [Infinity, 1.51 / MILLION],
  ],
  /** https://aws.amazon.com/lambda/pricing: an invocation. */
  functionRequest: beyond(MILLION, 0.2 / MILLION),
  /** The same page, as the next: a GB-second on x86_64. */
  functionX86: beyond(400_000, 0.0000166667),
  functionArm: beyond(400_000, 0.0000133334),
  /** https://aws.amazon.com/sqs/pricing: a request to a standard queue. */
  queueRequest: beyond(MILLION, 0.4 / MILLION),
  /** https://aws.amazon.com/vpc/pricing: a GB through a NAT gateway, either way. */
  natTraffic: beyond(0, 0.045),
  /** https://aws.amazon.com/cloudwatch/pricing: a GB of logs taken in. */
  logs: beyond(5, 0.5),
  /** https://aws.amazon.com/xray/pricing: a trace recorded. */
  trace: beyond(100_000, 5 / MILLION),
  /** https://aws.amazon.com/waf/pricing: a request that a web ACL looks at. */
  webAclRequest: beyond(0, 0.6 / MILLION),
  /** https://aws.amazon.com/rds/postgresql/pricing: a GB and month of gp3; a standby doubles it. */
  rows: beyond(0, PRICES.databaseStorage),
  /** https://aws.amazon.com/backup/pricing: a GB and month of an S3 backup, warm. */
  backup: beyond(0, 0.05),
  /** The same page: a GB of it to another region. */
  backupTransfer: beyond(0, 0.02),
} as const satisfies Readonly<Record<string, Tiers>>;
export type UsagePrices = Readonly<Record<keyof typeof USAGE_PRICES, Tiers>>;
