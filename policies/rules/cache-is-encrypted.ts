import { each } from "../rule";

export const cacheIsEncrypted = each("aws_elasticache_replication_group", (cache) =>
  cache.at("at_rest_encryption_enabled").isTrue &&
  cache.at("transit_encryption_enabled").isTrue &&
  cache.at("transit_encryption_mode").text !== "preferred"
    ? undefined
    : {
        finding: "is not encrypted at rest and on the way",
        remedy: 'set atRestEncryptionEnabled, transitEncryptionEnabled and transitEncryptionMode: "required"',
      },
);
