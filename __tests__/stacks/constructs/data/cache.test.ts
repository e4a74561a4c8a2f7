import { Cache, type CacheProps } from "../../../../stacks/constructs/data/cache";
import { networkIn } from "../../../support/network";
import { settingsOf, type Synthesized, synthOf } from "../../../support/synth";

function cache(change: Partial<CacheProps> = {}): Synthesized {
  return synthOf((stack) => {
    const network = networkIn(stack);
    new Cache(stack, "cache", { ...settingsOf("dev").cache, protect: false, network, ...change });
  });
}

test("is encrypted at rest and accepts TLS only", () => {
  expect(cache().at("aws_elasticache_replication_group.cache")).toMatchObject({
    at_rest_encryption_enabled: "true",
    transit_encryption_enabled: true,
    transit_encryption_mode: "required",
  });
});

test("is in isolated subnets, with a separate security group", () => {
  const synthesized = cache();
  expect(synthesized.at("aws_elasticache_subnet_group.cache_subnet_group").subnet_ids).toEqual([
    "${aws_subnet.network_isolated_a.id}",
    "${aws_subnet.network_isolated_b.id}",
  ]);
  expect(synthesized.at("aws_elasticache_replication_group.cache").security_group_ids).toEqual([
    "${aws_security_group.cache_security_group.id}",
  ]);
});

test.each([
  ["redis", "7.1", "redis7"],
  ["valkey", "8.0", "valkey8"],
] as const)("%s %s takes the parameters of %s", (engine, engineVersion, family) => {
  const group = cache({ engine, engineVersion }).at("aws_elasticache_parameter_group.cache_parameter_group");
  expect(group.family).toBe(family);
  expect(group.parameter).toContainEqual({ name: "maxmemory-policy", value: "allkeys-lru" });
});

test("fails over by itself once it has a replica", () => {
  expect(cache({ replicas: 0 }).at("aws_elasticache_replication_group.cache")).toMatchObject({
    num_cache_clusters: 1,
    automatic_failover_enabled: false,
    multi_az_enabled: false,
  });
  expect(cache({ replicas: 1 }).at("aws_elasticache_replication_group.cache")).toMatchObject({
    num_cache_clusters: 2,
    automatic_failover_enabled: true,
    multi_az_enabled: true,
  });
});
