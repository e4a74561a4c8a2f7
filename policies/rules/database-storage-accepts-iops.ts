import { defineRule, each } from "../rule";

const MIN_STORAGE_GIB_FOR_IOPS = 400;

/** RDS refuses IOPS and throughput for gp3 storage of a smaller size. */
export const databaseStorageAcceptsIops = defineRule({
  id: "database-storage-accepts-iops",
  sentence: "IOPS and throughput are set only for storage sizes that accept them.",
  source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html",
  settings: ["database.storageGiB"],
  find: each("aws_db_instance", (database) =>
    database.at("storage_type").text !== "gp3" ||
    database.at("allocated_storage").number >= MIN_STORAGE_GIB_FOR_IOPS ||
    !(database.at("iops").exists || database.at("storage_throughput").exists)
      ? undefined
      : {
          finding: `IOPS or throughput is set for less than ${MIN_STORAGE_GIB_FOR_IOPS} GiB of gp3 storage`,
          remedy: `set database.storageGiB to ${MIN_STORAGE_GIB_FOR_IOPS} or more`,
        },
  ),
});
