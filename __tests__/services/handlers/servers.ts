export * from "../../../harness/database";
