export * from "../../../harness/clips";
