export * from "../../../tools/platform/lambda";
