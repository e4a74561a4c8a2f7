import { TerraformOutput } from "cdktf";
import { Cache, type CacheProps } from "../../../../stacks/constructs/data/cache";
import { environments } from "../../../../stacks/environments";
import { policyOf } from "../../../../stacks/lib/permissions";
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

const USER_TYPES = ["aws_elasticache_user", "aws_elasticache_user_group"];

/** A cache, with what its consumers get as outputs. */
function consumed(change: Partial<CacheProps> = {}): Synthesized {
  return synthOf((stack) => {
    const network = networkIn(stack);
    const made = new Cache(stack, "cache", {
      ...settingsOf("dev").cache,
      protect: false,
      network,
      ...change,
    });
    for (const consumer of ["media", "processor"] as const) {
      new TerraformOutput(stack, `${consumer}_user`, { value: made.user(consumer) ?? "none" });
      new TerraformOutput(stack, `${consumer}_policy`, { value: policyOf(made.connect(consumer)) });
    }
  });
}

test("has a user for each consumer, who logs in with IAM and may use its own keys and commands only", () => {
  const synthesized = cache();
  const [name] = [synthesized.at("aws_elasticache_user.cache_users_media").user_id];
  expect(synthesized.at("aws_elasticache_user.cache_users_media")).toMatchObject({
    user_name: name,
    engine: "redis",
    authentication_mode: { type: "iam" },
    access_string: "on ~streamflow:v1:{*}:* %R~streamflow:v1:progress:* -@all +mget +ping +set",
  });
  expect(synthesized.at("aws_elasticache_user.cache_users_processor")).toMatchObject({
    authentication_mode: { type: "iam" },
    access_string: "on %W~streamflow:v1:{*}:stamp ~streamflow:v1:progress:* -@all +mget +set",
  });
});

test("lets nobody in without login: its user default is disabled", () => {
  const synthesized = cache();
  expect(synthesized.at("aws_elasticache_user.cache_users_default")).toMatchObject({
    user_name: "default",
    access_string: "off ~* -@all",
    no_password_required: true,
  });
  expect(synthesized.at("aws_elasticache_user_group.cache_users_group").user_ids).toEqual([
    "${aws_elasticache_user.cache_users_default.user_id}",
    "${aws_elasticache_user.cache_users_media.user_id}",
    "${aws_elasticache_user.cache_users_processor.user_id}",
  ]);
  expect(synthesized.at("aws_elasticache_replication_group.cache").user_group_ids).toEqual([
    "${aws_elasticache_user_group.cache_users_group.user_group_id}",
  ]);
});

test.each(["media", "processor"])("lets %s log in as its own user of this cache only", (consumer) => {
  const { json } = consumed();
  const outputs = json.output as Record<string, { value: string }>;
  expect(outputs[`${consumer}_user`]?.value).toBe(
    `\${aws_elasticache_user.cache_users_${consumer}.user_name}`,
  );
  const policy = outputs[`${consumer}_policy`]?.value ?? "";
  expect(policy).toContain('"Action" = ["elasticache:Connect"]');
  expect(policy.match(/\w+\.\w+\.arn/g)).toEqual([
    "aws_elasticache_replication_group.cache.arn",
    `aws_elasticache_user.cache_users_${consumer}.arn`,
  ]);
});

test("keeps its user group until the cache has left it", () => {
  expect(cache().at("aws_elasticache_user_group.cache_users_group").lifecycle).toEqual({
    create_before_destroy: true,
  });
});

test("has no users when authentication is off", () => {
  const synthesized = consumed({ authentication: { off: "a test" } });
  expect(synthesized.at("aws_elasticache_replication_group.cache")).not.toHaveProperty("user_group_ids");
  for (const type of USER_TYPES) expect(synthesized.of(type)).toEqual([]);
  const outputs = synthesized.json.output as Record<string, { value: string }>;
  expect(outputs.media_user?.value).toBe("none");
  expect(outputs.media_policy?.value).not.toContain("elasticache");
});

test.each(environments.map(({ cache: settings }) => settings))("is on in every environment", (settings) => {
  expect(settings.authentication).toBe("iam");
});
