import { each } from "../rule";

export const databaseIsPrivate = each("aws_db_instance", (database) =>
  !database.at("publicly_accessible").isTrue && database.at("db_subnet_group_name").exists
    ? undefined
    : {
        finding: "can be reached from the internet, or is in no subnet group of ours",
        remedy: "set publiclyAccessible: false and dbSubnetGroupName to isolated subnets",
      },
);
