import { each } from "../rule";

export const databaseIsEncrypted = each("aws_db_instance", (database) =>
  database.at("storage_encrypted").isTrue
    ? undefined
    : { finding: "storage is not encrypted", remedy: "set storageEncrypted: true" },
);
