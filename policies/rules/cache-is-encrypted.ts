import { each, unless } from "../rule";

export const cacheIsEncrypted = each("aws_elasticache_replication_group", (cache) =>
  unless(
    cache.at("at_rest_encryption_enabled").isTrue &&
      cache.at("transit_encryption_enabled").isTrue &&
      cache.at("transit_encryption_mode").text !== "preferred",
    "is not encrypted at rest and on the way",
    'set atRestEncryptionEnabled, transitEncryptionEnabled and transitEncryptionMode: "required"',
  ),
);
