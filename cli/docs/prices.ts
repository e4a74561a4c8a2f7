import type { CacheNodeType } from "@packages/aws-sizes/cache";
import type { DatabaseClass } from "@packages/aws-sizes/database";

/** Hours per month in AWS bills. */
export const HOURS_PER_MONTH = 730;

/** Date of the last check of all prices. */
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
  /** gp3, per GiB-month; a standby doubles it and the instance. */
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
  /** Approximate spot price as a share of on demand; it changes daily. */
  fargateSpotShare: 0.31,
  /** Per GiB-hour beyond the 20 GiB included in each task. */
  fargateDiskHour: 0.000111,
  webAcl: 5,
  webAclRule: 1,
  /** Per metric of an alarm; ten per account are free. */
  alarm: 0.1,
  compositeAlarm: 0.5,
  /** A metric of this project's own. */
  customMetric: 0.3,
  secret: 0.4,
  /** A customer managed KMS key; the first and second yearly rotation add as much again each. */
  key: 1,
  grafanaEditor: 9,
  /** Per path of an invalidation beyond 1 000 a month; with a wildcard it is one. https://aws.amazon.com/cloudfront/pricing */
  invalidation: 0.005,
} as const;

/** Prices by monthly quantity: each applies up to `upTo`, in the price's unit. */
export type Tiers = readonly (readonly [upTo: number, price: number])[];

const MILLION = 1_000_000;
/** Tiers with the monthly free quantity first. */
const beyond = (free: number, price: number): Tiers => [
  [free, 0],
  [Infinity, price],
];

/** Usage prices of us-east-1, in tiers where AWS has them. GB are GiB, as AWS bills them. */
export const USAGE_PRICES = {
  /** https://aws.amazon.com/cloudfront/pricing: per GB to viewers in North America and Europe. */
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
  /** The same page: per HTTPS request. */
  edgeRequest: beyond(10 * MILLION, 1 / MILLION),
  /** https://aws.amazon.com/s3/pricing: per GB-month of S3 Standard. */
  storage: [
    [51_200, 0.023],
    [512_000, 0.022],
    [Infinity, 0.021],
  ],
  /** The same page, as the next four: per GB-month of Standard-Infrequent Access. */
  infrequentStorage: beyond(0, 0.0125),
  /** PUT, COPY, POST and LIST. */
  write: beyond(0, 0.005 / 1_000),
  /** A PUT to, or transition into, infrequent access. */
  infrequentWrite: beyond(0, 0.01 / 1_000),
  read: beyond(0, 0.0004 / 1_000),
  /** https://aws.amazon.com/kms/pricing: a request to KMS. */
  keyRequest: beyond(20_000, 0.03 / 10_000),
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
  /** https://aws.amazon.com/cloudwatch/pricing: per GB of logs ingested. */
  logs: beyond(5, 0.5),
  /** https://aws.amazon.com/xray/pricing: a trace recorded. */
  trace: beyond(100_000, 5 / MILLION),
  /** https://aws.amazon.com/waf/pricing: per request inspected. */
  webAclRequest: beyond(0, 0.6 / MILLION),
  /** https://aws.amazon.com/rds/postgresql/pricing: a GB and month of gp3; a standby doubles it. */
  rows: beyond(0, PRICES.databaseStorage),
  /** https://aws.amazon.com/backup/pricing: a GB and month of an S3 backup, warm. */
  backup: beyond(0, 0.05),
  /** The same page: a GB of it to another region. */
  backupTransfer: beyond(0, 0.02),
} as const satisfies Readonly<Record<string, Tiers>>;
export type UsagePrices = Readonly<Record<keyof typeof USAGE_PRICES, Tiers>>;
