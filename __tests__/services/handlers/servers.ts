export * from "../../../tools/platform/database";
