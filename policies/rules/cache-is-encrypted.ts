import { defineRule, each } from "../rule";

export const cacheIsEncrypted = defineRule({
  id: "cache-is-encrypted",
  sentence: "A cache is encrypted at rest and in transit.",
  source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/encryption.html",
  code: {
    "stacks/constructs/data/cache.ts": [
      "atRestEncryptionEnabled",
      "transitEncryptionEnabled",
      "transitEncryptionMode",
    ],
  },
  find: each("aws_elasticache_replication_group", (cache) =>
    cache.at("at_rest_encryption_enabled").isTrue &&
    cache.at("transit_encryption_enabled").isTrue &&
    cache.at("transit_encryption_mode").text !== "preferred"
      ? undefined
      : {
          finding: "data is not encrypted both at rest and in transit",
          remedy:
            'set atRestEncryptionEnabled and transitEncryptionEnabled to true, transitEncryptionMode to "required"',
        },
  ),
});
