import { pullRequestName } from "./lib/pull-requests";
import type { EnvironmentSettings } from "./settings";

type Changeable<Settings> = { -readonly [Key in keyof Settings]: Settings[Key] };

const OFF = { off: "an environment of a pull request is temporary" } as const;

/**
 * Settings of a pull request's environment: those of the environment that has `pullRequests`, in the smallest sizes,
 * without NAT gateway, domain, alarms, backups and protection.
 */
export function pullRequestEnvironment(base: EnvironmentSettings, pullRequest: number): EnvironmentSettings {
  const shared: Changeable<EnvironmentSettings> = { ...base };
  delete shared.pullRequests;
  delete shared.grafana;
  delete shared.syntheticCheck;
  const app: Changeable<EnvironmentSettings["app"]> = { ...base.app, stage: "DEVELOPMENT" };
  delete app.domain;
  const name = pullRequestName(pullRequest);
  return {
    ...shared,
    name,
    domain: `${name}.${base.domain}`,
    dns: OFF,
    protect: false,
    encryption: "aws-owned",
    logs: { ...base.logs, retentionDays: 7 },
    network: { ...base.network, nat: "none", endpoints: ["secretsmanager"], endpointZones: "one" },
    database: {
      ...base.database,
      instanceClass: "db.t4g.micro",
      storageGiB: 20,
      maxStorageGiB: 50,
      multiAz: OFF,
      backupRetentionDays: 1,
      monitoringIntervalSeconds: 0,
      performanceInsights: false,
      applyImmediately: true,
    },
    cache: { ...base.cache, nodeType: "cache.t4g.micro", replicas: 0, snapshotRetentionDays: 0 },
    processor: { ...base.processor, minimumTasks: 1, maximumTasks: 2, spot: true, containerInsights: false },
    firewall: { ...base.firewall, managedGroups: [], edge: OFF },
    edge: { ...base.edge, priceClass: "PriceClass_100", invalidateDeleted: false },
    app,
    alarms: OFF,
    slo: OFF,
    budget: OFF,
    backup: OFF,
  };
}

/** All environments, and that of a pull request if one is given. Throws if no environment has `pullRequests`. */
export function withPullRequest(
  environments: readonly EnvironmentSettings[],
  pullRequest: number | undefined,
): readonly EnvironmentSettings[] {
  if (pullRequest === undefined) return environments;
  const base = environments.find(({ pullRequests }) => pullRequests !== undefined);
  return base === undefined ? environments : [...environments, pullRequestEnvironment(base, pullRequest)];
}
