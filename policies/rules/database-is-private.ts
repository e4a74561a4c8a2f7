import { each, unless } from "../rule";

export const databaseIsPrivate = each("aws_db_instance", (database) =>
  unless(
    !database.at("publicly_accessible").isTrue && database.at("db_subnet_group_name").exists,
    "can be reached from the internet, or is in no subnet group of ours",
    "set publiclyAccessible: false and dbSubnetGroupName to isolated subnets",
  ),
);
