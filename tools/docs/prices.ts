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
  } as Readonly<Record<string, number>>,
  /** gp3, for a GiB and month; a standby doubles it, and the instance. */
  databaseStorage: 0.115,
  cacheHour: {
    "cache.t3.micro": 0.017,
    "cache.t4g.micro": 0.016,
    "cache.t4g.small": 0.032,
    "cache.m7g.large": 0.158,
  } as Readonly<Record<string, number>>,
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
