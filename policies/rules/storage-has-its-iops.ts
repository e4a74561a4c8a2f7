import { each } from "../rule";

const IOPS_SETTABLE_FROM_GB = 400;

export const storageHasItsIops = each("aws_db_instance", (database) =>
  database.at("storage_type").text !== "gp3" ||
  database.at("allocated_storage").number >= IOPS_SETTABLE_FROM_GB ||
  !(database.at("iops").exists || database.at("storage_throughput").exists)
    ? undefined
    : {
        finding: `sets IOPS or throughput of gp3 under ${IOPS_SETTABLE_FROM_GB} GB: AWS refuses it`,
        remedy: `leave iops and storageThroughput out, or set allocatedStorage to ${IOPS_SETTABLE_FROM_GB}`,
      },
);
