import { each, unless } from "../rule";

export const databaseIsEncrypted = each("aws_db_instance", (database) =>
  unless(database.at("storage_encrypted").isTrue, "storage is not encrypted", "set storageEncrypted: true"),
);
