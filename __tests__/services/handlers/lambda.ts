export * from "../../../harness/lambda";
